package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;

/// A name as written, without the back quotes that may stand around it.
public record Name(Span span, String text) {}
