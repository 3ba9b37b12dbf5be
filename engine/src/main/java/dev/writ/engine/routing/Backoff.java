package dev.writ.engine.routing;

/// How long to wait before the same model is tried again: half to the whole of a delay that doubles
/// with each retry; which part follows from the request hash, so that clients that failed together
/// do not come back together.
///
/// Source: Brooker, Exponential Backoff and Jitter, 2015 ("equal jitter").
final class Backoff {
    /// The whole delay before the first retry.
    static final long DELAY_NANOS = 50_000_000L;

    /// The longest whole delay.
    static final long DELAY_NANOS_MAX = 1_000_000_000L;

    private Backoff() {}

    /// Returns the delay before the next attempt.
    ///
    /// @param retries how often the model was tried again before
    /// @param attempts how many were made for the request so far
    static long nanos(long requestHash, int retries, int attempts) {
        long whole = Math.min(DELAY_NANOS_MAX, DELAY_NANOS << Math.min(retries, 10));
        int half = (int) (whole / 2);
        return (long) half + Mix.below(Mix.draw(requestHash, Mix.DELAYS + attempts), half + 1);
    }
}
