package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// `$2_000 per month for team`.
///
/// @param scope null where none is written, which the checker explains
public record Spending(Span span, Literal.Money amount, Period period, @Nullable UseScope scope) {}
