package dev.writ.server.upstream;

import java.time.Duration;

/// How long each part of a call may take. They are watched in steps of about 25 ms, and a call
/// never ends early because of one.
///
/// @param connect name lookup, TCP and TLS handshake together; not used on a pooled connection
/// @param firstByte from the moment the request begins to be sent until the answer's headers are
///     there
/// @param idle between two reads of the answer's body; does not run while the client is slow
/// @param total from the start of the call until the end of the answer
public record UpstreamTimeouts(
        Duration connect, Duration firstByte, Duration idle, Duration total) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /// 5 seconds, 60 seconds, 30 seconds, 10 minutes.
    public static final UpstreamTimeouts DEFAULT =
            new UpstreamTimeouts(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10));

    /// @throws IllegalArgumentException if one is not positive or above a day
    public UpstreamTimeouts {
        check("connect", connect);
        check("first-byte", firstByte);
        check("idle", idle);
        check("total", total);
    }

    private static void check(String name, Duration timeout) {
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "timeout %s must be above 0 and at most a day, was %s"
                            .formatted(name, timeout));
        }
    }
}
