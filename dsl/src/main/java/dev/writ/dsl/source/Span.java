package dev.writ.dsl.source;

/// A stretch of a policy file.
///
/// @param source the file
/// @param start UTF-16 offset of the first character
/// @param end UTF-16 offset behind the last character; not before `start`
public record Span(Source source, int start, int end) {
    public Span {
        if (start < 0 || end < start || end > source.text().length()) {
            throw new IllegalArgumentException("span %d..%d is not a range".formatted(start, end));
        }
    }

    /// Returns the line on which it starts, counted from 1.
    public int line() {
        return source.line(start);
    }

    /// Returns the column at which it starts, counted from 1.
    public int column() {
        return source.column(start);
    }

    /// Returns the text that it covers.
    public String text() {
        return source.text().substring(start, end);
    }

    /// Returns `path:line:column`.
    @Override
    public String toString() {
        return source.path() + ":" + line() + ":" + column();
    }
}
