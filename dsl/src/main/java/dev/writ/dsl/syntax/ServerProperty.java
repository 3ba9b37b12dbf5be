package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;

/// What stands between the braces of a server of tools.
public sealed interface ServerProperty {
    Span span();

    record Url(Span span, Literal.Text url) implements ServerProperty {}

    record Key(Span span, Name secret) implements ServerProperty {}

    record Region(Span span, Name region) implements ServerProperty {}

    /// `schema "schemas/github.tools.json"`: which tools it has, and what they take.
    record Schema(Span span, Literal.Text file) implements ServerProperty {}

    record Timeout(Span span, Literal.Time time) implements ServerProperty {}

    /// A word that is no property of a server.
    record Unknown(Span span, Name keyword) implements ServerProperty {}
}
