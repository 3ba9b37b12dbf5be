package dev.writ.dsl.policy;

/// On which side of a share a request is.
public enum Side {
    OUT,
    IN,
    /// Wherever its id, or its caller, puts it.
    DRAWN
}
