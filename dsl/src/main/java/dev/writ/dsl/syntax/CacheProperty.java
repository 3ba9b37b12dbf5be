package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// What stands between the braces of a cache.
public sealed interface CacheProperty {
    Span span();

    /// `scope team`: who may be given an answer that another got.
    record Scope(Span span, Name scope) implements CacheProperty {}

    /// `exact for 24h`: answers to the same request.
    record Exact(Span span, Literal.Time time) implements CacheProperty {}

    /// `semantic gated for 6h, wrong at most 1% of hits`: answers to requests that mean the same.
    ///
    /// @param mode `shadow`, `alias` or `gated`
    /// @param wrongMost null where none is written
    record Semantic(Span span, Name mode, Literal.Time time, Literal.@Nullable Percent wrongMost)
            implements CacheProperty {}

    /// `skip when request.tools present`.
    record Skip(Span span, Expr when) implements CacheProperty {}

    /// `judge by model llama budget $5 per day`: who labels a sample of the hits.
    ///
    /// @param budget null together with `period`
    record Judge(
            Span span, QualifiedName model, Literal.@Nullable Money budget, @Nullable Name period)
            implements CacheProperty {}

    /// A word that is no property of a cache.
    record Unknown(Span span, Name keyword) implements CacheProperty {}
}
