package dev.writ.server.upstream;

import java.time.Duration;

/// What upstream calls may use. All counts are for one endpoint on one I/O thread.
///
/// @param connectionsMax open connections, idle ones included; above it a call fails at once
/// @param idleMax idle connections that are kept
/// @param idleTtl how long an idle connection is kept; below the keep-alive of common servers, so
///     that they seldom close one just when it is used again
/// @param headBytesMax status line and headers of an answer, and trailers
/// @param wholeBytesMax body of an answer that is collected whole
/// @param clientStallMax how long a client may read nothing of a stream that waits for it
/// @param addressTtl how long looked-up addresses are used
public record UpstreamLimits(
        int connectionsMax,
        int idleMax,
        Duration idleTtl,
        int headBytesMax,
        int wholeBytesMax,
        Duration clientStallMax,
        Duration addressTtl) {
    /// 10,000 connections; 64 idle, for 30 seconds; 64 KiB of headers; 32 MiB of body; 60 seconds
    /// for a client; 30 seconds for addresses.
    public static final UpstreamLimits DEFAULT =
            new UpstreamLimits(
                    10_000,
                    64,
                    Duration.ofSeconds(30),
                    64 * 1024,
                    32 * 1024 * 1024,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30));

    /// @throws IllegalArgumentException if one is negative, or zero where that would stop all calls
    public UpstreamLimits {
        if (connectionsMax < 1 || idleMax < 0 || headBytesMax < 64 || wholeBytesMax < 0) {
            throw new IllegalArgumentException("a limit is too small");
        }
        if (idleTtl.isNegative() || addressTtl.isNegative() || !clientStallMax.isPositive()) {
            throw new IllegalArgumentException("a duration may not be negative");
        }
    }
}
