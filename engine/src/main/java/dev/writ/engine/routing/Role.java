package dev.writ.engine.routing;

/// What an attempt is among those of its request.
public enum Role {
    /// Of the model that is on trial in the pool.
    CANARY,
    /// Of the model that the target chose.
    FIRST,
    /// Of the same model as the one before, after a failure.
    AGAIN,
    /// Of another model, after a failure or because the first choice could not be tried.
    FALLBACK,
    /// Beside another that is silent.
    HEDGE
}
