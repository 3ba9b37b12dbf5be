package dev.writ.dsl.format;

import java.util.ArrayList;
import java.util.List;

/// A line that is being laid out.
final class Line {
    private static final int INDENT_COLUMNS = 2;

    private final int indent;
    private final boolean blankBefore;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder comments = new StringBuilder();

    /// Where columns may start, as offsets in `text`, from left to right.
    private final List<Integer> columns = new ArrayList<>();

    /// @param indent counted in levels
    Line(int indent, boolean blankBefore) {
        this.indent = indent;
        this.blankBefore = blankBefore;
    }

    int indent() {
        return indent;
    }

    void append(String more) {
        text.append(more);
    }

    /// Adds a comment behind everything else; it does not count where lines are made to fit.
    void comment(Piece comment) {
        comments.append(comment.spaces() == 1 ? " " : "  ").append(comment.text());
    }

    /// Lets a column start here.
    void startColumn() {
        columns.add(text.length());
    }

    /// Tells whether columns can be told from offsets: not behind a comment of several lines.
    boolean hasColumn(int column) {
        return column < columns.size() && text.indexOf("\n") < 0;
    }

    /// Returns how wide the text before a column is.
    int columnStart(int column) {
        return text.codePointCount(0, columns.get(column));
    }

    int width() {
        return width(indent, text);
    }

    static int width(int indent, CharSequence text) {
        return indent * INDENT_COLUMNS + Character.codePointCount(text, 0, text.length());
    }

    /// Moves a column to the right.
    void pad(int column, int spaces) {
        text.insert(columns.get(column), " ".repeat(spaces));
        for (int i = column; i < columns.size(); i++) {
            columns.set(i, columns.get(i) + spaces);
        }
    }

    void writeTo(StringBuilder out) {
        if (blankBefore) {
            out.append('\n');
        }
        out.repeat(' ', indent * INDENT_COLUMNS).append(text).append(comments).append('\n');
    }
}
