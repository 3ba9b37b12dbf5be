package dev.writ.dsl.check;

import dev.writ.dsl.source.Span;

/// A place where a declared name is used.
///
/// @param span the name alone, without an alias before it: with back quotes around it, but without
///     the quotes of a text
/// @param inText whether it stands in a text, as in `team is "support"`
public record Mention(Span span, boolean inText, Symbol symbol) {}
