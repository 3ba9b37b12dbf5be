package dev.writ.dsl.lint;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// Something that could be written better.
///
/// @param fix null where only the author knows what to write
public record Lint(Diagnostic diagnostic, @Nullable Fix fix) {
    /// Text for a stretch of a file, with the same meaning.
    ///
    /// @param span what it replaces; empty where it is inserted
    public record Fix(Span span, String text) {}

    static Lint of(Diagnostic diagnostic) {
        return new Lint(diagnostic, null);
    }

    /// Returns a finding whose hint is its fix.
    static Lint fixed(Diagnostic diagnostic, Span span, String text) {
        String written = text.isEmpty() ? "" : "Write `%s`.".formatted(text.strip());
        return new Lint(
                written.isEmpty() ? diagnostic : diagnostic.hint(written), new Fix(span, text));
    }
}
