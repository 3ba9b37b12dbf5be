package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// `200k input tokens per minute per user burst 400k`, `5 requests at once per user`.
///
/// @param direction `input` or `output`; null for both together
/// @param period null for `at once`
/// @param scope null where none is written
/// @param burst null where none is written
public record Allowance(
        Span span,
        Literal.Quantity amount,
        @Nullable Name direction,
        @Nullable Period period,
        @Nullable UseScope scope,
        Literal.@Nullable Quantity burst) {}
