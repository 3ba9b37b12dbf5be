package dev.writ.dsl.diagnostic;

/// A line of a file as a terminal shows it, and where a part of it stands there, in columns.
///
/// @param text at most [#WIDTH_MAX] columns wide, cut around the marked part
/// @param markStart columns before the marked part
/// @param markWidth columns of the marked part; at least 1
record Excerpt(String text, int markStart, int markWidth) {
    /// The widest excerpt, in columns.
    static final int WIDTH_MAX = 100;

    private static final int TAB_WIDTH = 4;
    private static final String CUT = "…";

    /// How much stands before the marked part in a line that is cut there.
    private static final int CONTEXT_WIDTH = 30;

    /// @param line a line of a file
    /// @param start UTF-16 offset of the marked part; may lie behind the end of the line
    /// @param end UTF-16 offset behind it; may lie behind the end of the line
    static Excerpt of(String line, int start, int end) {
        int markStart = width(line, Math.min(start, line.length()));
        int markEnd = width(line, Math.min(Math.max(start, end), line.length()));
        int all = width(line, line.length());
        if (all <= WIDTH_MAX) {
            String whole = columns(line, 0, all).stripTrailing();
            return new Excerpt(whole, markStart, Math.max(1, markEnd - markStart));
        }
        int from = 0;
        if (markEnd > WIDTH_MAX - 1) {
            from = Math.clamp(markStart - CONTEXT_WIDTH, 0, all - WIDTH_MAX);
        }
        int to = Math.min(all, from + WIDTH_MAX);
        boolean cutBefore = from > 0;
        boolean cutBehind = to < all;
        String text =
                (cutBefore ? CUT : "")
                        + columns(line, cutBefore ? from + 1 : from, cutBehind ? to - 1 : to)
                        + (cutBehind ? CUT : "");
        int shownEnd = Math.min(markEnd, to);
        return new Excerpt(text, markStart - from, Math.max(1, shownEnd - markStart));
    }

    /// Returns a text with everything that terminals act upon or do not show by its number.
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> shown.append(shown(c)));
        return shown.toString();
    }

    /// Returns the columns from `from` to `to`; half of a wide character becomes a space.
    private static String columns(String line, int from, int to) {
        StringBuilder columns = new StringBuilder();
        int column = 0;
        for (int i = 0; i < line.length() && column < to; ) {
            int c = line.codePointAt(i);
            int width = width(c, column);
            if (column >= from && column + width <= to) {
                columns.append(c == '\t' ? " ".repeat(width) : shown(c));
            } else if (column + width > from) {
                columns.append(" ".repeat(Math.min(column + width, to) - Math.max(column, from)));
            }
            column += width;
            i += Character.charCount(c);
        }
        return columns.toString();
    }

    /// Returns how many columns the line takes up to an offset.
    private static int width(String line, int offset) {
        int column = 0;
        for (int i = 0; i < offset; ) {
            int c = line.codePointAt(i);
            column += width(c, column);
            i += Character.charCount(c);
        }
        return column;
    }

    private static int width(int c, int column) {
        if (c == '\t') {
            return TAB_WIDTH - column % TAB_WIDTH;
        }
        if (c < 0x300) {
            return shown(c).length();
        }
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
            case Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    shown(c).length();
            default -> isWide(c) ? 2 : 1;
        };
    }

    private static String shown(int c) {
        boolean visible =
                switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR ->
                            false;
                    default -> true;
                };
        return visible ? Character.toString(c) : "<U+%04X>".formatted(c);
    }

    /// Tells whether a character takes two columns.
    ///
    /// Source: Unicode, EastAsianWidth.txt, the blocks that are wide as a whole.
    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0x303E)
                || (c >= 0x3041 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1F64F)
                || (c >= 0x1F680 && c <= 0x1F6FF)
                || (c >= 0x1F900 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
    }
}
