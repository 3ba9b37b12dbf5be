package dev.writ.server.identity;

import dev.writ.engine.Caller;

/// What came of a token.
public sealed interface Verification {
    /// Somebody of a team.
    record Known(Caller caller) implements Verification {}

    /// It is not taken.
    record Refused(TokenProblem problem) implements Verification {}

    /// It is good, and its claims lead to no team.
    record NoTeam() implements Verification {}

    /// It cannot be told without keys that are not there.
    record KeysMissing(IssuerKeys keys) implements Verification {}
}
