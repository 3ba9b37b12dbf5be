package dev.writ.engine.routing;

/// Whether a circuit breaker lets calls through.
public enum BreakerState {
    /// All calls pass.
    CLOSED,
    /// No call passes until its time is over; then the next call is a probe.
    OPEN,
    /// One call, the probe, is under way; no other passes until it ends.
    HALF_OPEN
}
