package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;

/// The time of a budget or a limit.
public sealed interface Period {
    Span span();

    /// `per month`: a time of the calendar.
    record Named(Span span, Name name) implements Period {}

    /// `per 30d`: a time that rolls on.
    record Lasting(Span span, Literal.Time time) implements Period {}
}
