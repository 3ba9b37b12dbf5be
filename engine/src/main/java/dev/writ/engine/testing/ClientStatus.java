package dev.writ.engine.testing;

import dev.writ.dsl.policy.Cause;
import dev.writ.engine.routing.Exhausted;
import org.jspecify.annotations.Nullable;

/// The status that a client gets where no model answered. The gateway's faults say the same; a
/// test there compares them.
public final class ClientStatus {
    private ClientStatus() {}

    /// Returns the status.
    ///
    /// @param cause of the last failed attempt; null if none failed
    public static int of(Exhausted exhausted, @Nullable Cause cause) {
        return switch (exhausted) {
            case BREAKERS_OPEN -> 503;
            case OUTSIDE_REGIONS -> 403;
            case UNABLE -> 400;
            case FAILED -> (cause == null ? Cause.SERVER_ERROR : cause).clientStatus();
            case NO, ANSWERED, ABANDONED ->
                    throw new IllegalArgumentException("attempts must be over, are " + exhausted);
        };
    }
}
