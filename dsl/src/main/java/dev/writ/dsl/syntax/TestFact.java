package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;

/// What a test says of a request and of the world around it, as written.
public sealed interface TestFact {
    Span span();

    /// `team support`.
    record Team(Span span, QualifiedName team) implements TestFact {}

    /// `user alice`, `user "alice@acme.example"`.
    ///
    /// @param declared whether it is written as a name, which some team must declare
    record User(Span span, Name user, boolean declared) implements TestFact {}

    /// `identity acme-sso`.
    record Identity(Span span, QualifiedName identity) implements TestFact {}

    /// `key laptop`, `key support.laptop`.
    record Key(Span span, QualifiedName key) implements TestFact {}

    /// `route chat`.
    record Route(Span span, QualifiedName route) implements TestFact {}

    /// `prompt "text"`, `prompt 300 tokens`.
    ///
    /// @param value a text or a quantity
    record Prompt(Span span, Literal value) implements TestFact {}

    /// `tools ["a", "b"]`.
    record Tools(Span span, Expr.ListOf tools) implements TestFact {}

    /// `stream`.
    record Stream(Span span) implements TestFact {}

    /// `canary`: it is of those that try their pool's canary.
    record Canary(Span span) implements TestFact {}

    /// `mirror`: it is of those that their pool mirrors.
    record Mirror(Span span) implements TestFact {}

    /// `at "2026-01-31T12:00:00Z"`.
    record At(Span span, Literal.Text time) implements TestFact {}

    /// `after 10s`.
    record After(Span span, Literal.Time time) implements TestFact {}

    /// `5 times`.
    record Times(Span span, Literal.Quantity times) implements TestFact {}

    /// `request-id "x"`.
    record RequestId(Span span, Literal.Text id) implements TestFact {}

    /// `provider openai down`.
    record Provider(Span span, QualifiedName provider, Behaviour behaviour) implements TestFact {}

    /// How a provider behaves.
    sealed interface Behaviour {
        /// `up`: answers at once.
        record Up() implements Behaviour {}

        /// `down`: cannot be reached.
        record Down() implements Behaviour {}

        /// `slow 3s`: answers after that time.
        record Slow(Literal.Time time) implements Behaviour {}

        /// `answers 429`.
        record Answers(Literal.Quantity status) implements Behaviour {}

        /// `breaks after 10 tokens`.
        record Breaks(Literal.Quantity after) implements Behaviour {}
    }

    /// `request.max_tokens = 4k`, `request.header("x-tier") = "gold"`.
    ///
    /// @param attribute a path or a call
    /// @param value a constant or a path
    record Is(Span span, Expr attribute, Expr value) implements TestFact {}

    /// `request.images present`, `request.max_tokens absent`.
    ///
    /// @param attribute a path or a call
    record Has(Span span, Expr attribute, boolean present) implements TestFact {}

    /// A fact about a part of the language that this version does not carry out yet.
    record NotYet(Span span, Name keyword) implements TestFact {}
}
