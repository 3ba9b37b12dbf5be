package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;

/// What a test expects of a request, as written.
public sealed interface TestOutcome {
    Span span();

    /// `not outcome`.
    record Not(Span span, TestOutcome outcome) implements TestOutcome {}

    /// `allow`.
    record Allow(Span span) implements TestOutcome {}

    /// `deny 429 "text"`.
    record Deny(Span span, Item.Denial denial) implements TestOutcome {}

    /// `arm rest`, `arm chat.rest`.
    record Arm(Span span, QualifiedName arm) implements TestOutcome {}

    /// `route chat`.
    record Route(Span span, QualifiedName route) implements TestOutcome {}

    /// `model gpt`.
    record Model(Span span, QualifiedName model) implements TestOutcome {}

    /// `canary gpt-next`.
    record Canary(Span span, QualifiedName model) implements TestOutcome {}

    /// `mirror llama`.
    record Mirror(Span span, QualifiedName model) implements TestOutcome {}

    /// `provider openai`.
    record Provider(Span span, QualifiedName provider) implements TestOutcome {}

    /// `region eu`.
    record Region(Span span, Name region) implements TestOutcome {}

    /// `rule large`.
    record Rule(Span span, QualifiedName rule) implements TestOutcome {}

    /// `tag "large"`.
    record Tag(Span span, Literal.Text tag) implements TestOutcome {}

    /// `set request.max_tokens = 4k`.
    record Set(Span span, Expr.Path path, Literal value) implements TestOutcome {}

    /// `attempts 2`.
    record Attempts(Span span, Literal.Quantity count) implements TestOutcome {}

    /// `status 502`.
    record Status(Span span, Literal.Quantity status) implements TestOutcome {}

    /// `broken`.
    record Broken(Span span) implements TestOutcome {}

    /// An outcome of a part of the language that this version does not carry out yet.
    record NotYet(Span span, Name keyword) implements TestOutcome {}
}
