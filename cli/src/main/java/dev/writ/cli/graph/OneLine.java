package dev.writ.cli.graph;

/// Policy text on one line.
final class OneLine {
    private OneLine() {}

    /// Returns the text without comments, and with one space for any white space outside of texts.
    static String of(String text) {
        StringBuilder line = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end = i + 1;
            if (c == '"' || c == '`') {
                end = behindQuote(text, i);
                line.append(text, i, end);
            } else if (text.startsWith("//", i)) {
                int stop = text.indexOf('\n', i);
                end = stop < 0 ? text.length() : stop;
            } else if (text.startsWith("/*", i)) {
                int stop = text.indexOf("*/", i + 2);
                end = stop < 0 ? text.length() : stop + 2;
            } else if (!Character.isWhitespace(c)) {
                line.append(c);
            } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
            i = end;
        }
        return line.toString().strip();
    }

    private static int behindQuote(String text, int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != text.charAt(start)) {
            i += text.charAt(i) == '\\' && text.charAt(start) == '"' ? 2 : 1;
        }
        return Math.min(i + 1, text.length());
    }
}
