package dev.writ.server.identity;

import java.time.Duration;

/// How keys of issuers are fetched and kept.
///
/// @param refreshAfter how old keys become before they are fetched again
/// @param retryAfter how long after a failure they are
/// @param refetchAfter how long after a fetch a token with an unknown key may cause the next
/// @param usableFor how long keys are good that cannot be fetched again
/// @param fetchTime how long a fetch may take
/// @param waitingMax how many requests wait for the keys of one issuer at a time
public record KeyLimits(
        Duration refreshAfter,
        Duration retryAfter,
        Duration refetchAfter,
        Duration usableFor,
        Duration fetchTime,
        int waitingMax) {
    /// 5 minutes; 10 seconds after a failure or for an unknown key; good for 4 hours; 10 seconds
    /// for a fetch, 256 requests waiting.
    public static final KeyLimits DEFAULT =
            new KeyLimits(
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofHours(4),
                    Duration.ofSeconds(10),
                    256);

    /// @throws IllegalArgumentException if one is not positive
    public KeyLimits {
        if (!refreshAfter.isPositive()
                || !retryAfter.isPositive()
                || !refetchAfter.isPositive()
                || !usableFor.isPositive()
                || !fetchTime.isPositive()
                || waitingMax < 1) {
            throw new IllegalArgumentException("a limit must be positive");
        }
    }
}
