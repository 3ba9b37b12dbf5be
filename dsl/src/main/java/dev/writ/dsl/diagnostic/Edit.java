package dev.writ.dsl.diagnostic;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;

/// A change of a policy file.
///
/// @param span what is taken away; empty where something is only put in
/// @param text what is put there; empty where something is only taken away
public record Edit(Span span, String text) {
    /// Puts a text before a span.
    public static Edit before(Span span, String text) {
        return new Edit(new Span(span.source(), span.start(), span.start()), text);
    }

    /// Puts a text behind a span.
    public static Edit behind(Span span, String text) {
        return new Edit(new Span(span.source(), span.end(), span.end()), text);
    }

    /// Takes a span away, with the white space that parts it from what stands before; where nothing
    /// else stands on its lines, with these lines.
    public static Edit remove(Span span) {
        Source source = span.source();
        String text = source.text();
        int start = span.start();
        int end = span.end();
        while (start > 0 && isBlank(text.charAt(start - 1))) {
            start--;
        }
        int next = end;
        while (next < text.length() && isBlank(text.charAt(next))) {
            next++;
        }
        boolean first = start == 0 || text.charAt(start - 1) == '\n';
        boolean last =
                next == text.length() || text.charAt(next) == '\n' || text.charAt(next) == '\r';
        if (first && last) {
            int line = text.indexOf('\n', next);
            return new Edit(new Span(source, start, line < 0 ? text.length() : line + 1), "");
        }
        return first
                ? new Edit(new Span(source, span.start(), next), "")
                : new Edit(new Span(source, start, end), "");
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
