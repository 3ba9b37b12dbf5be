package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// Whose use is counted together: `for team`, `per user`, `for model gpt`, `for tag "legal"`.
///
/// @param kind `team`, `model`, or whatever word stands there
/// @param of the one model or provider that counts; null for each of the kind on its own
/// @param tag null but for a tag
public record UseScope(
        Span span, Name kind, @Nullable QualifiedName of, Literal.@Nullable Text tag) {}
