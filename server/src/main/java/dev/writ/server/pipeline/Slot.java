package dev.writ.server.pipeline;

/// A part of an [Exchange] that one phase finds out and later ones read.
public enum Slot {
    /// Who is calling.
    CALLER,
    /// The body, read.
    REQUEST,
    /// What the policy says.
    DECISION,
    /// The answer of a provider.
    COMPLETION
}
