package dev.writ.dsl.source;

import java.util.Arrays;

/// One policy file: its path as people know it and its text.
public final class Source {
    private final String path;
    private final String text;
    private final int[] lineStarts;

    /// @param path relative to the root of the policy tree, with `/` between folders
    /// @param text the whole file
    public Source(String path, String text) {
        this.path = path;
        this.text = text;
        this.lineStarts = lineStarts(text);
    }

    public String path() {
        return path;
    }

    public String text() {
        return text;
    }

    /// Returns the line of the UTF-16 offset, counted from 1.
    public int line(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /// Returns the column of the UTF-16 offset in code points, counted from 1.
    public int column(int offset) {
        return text.codePointCount(lineStarts[line(offset) - 1], offset) + 1;
    }

    /// Returns how many lines there are; at least 1.
    public int lineCount() {
        return lineStarts.length;
    }

    /// Returns the UTF-16 offset at which the line starts.
    ///
    /// @param line counted from 1
    public int lineStart(int line) {
        return lineStarts[line - 1];
    }

    /// Returns a line without its line break.
    ///
    /// @param line counted from 1
    public String lineText(int line) {
        int start = lineStarts[line - 1];
        int end = line < lineStarts.length ? lineStarts[line] : text.length();
        while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return path;
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}
