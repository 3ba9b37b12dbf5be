package dev.writ.server.pipeline;

import java.time.Duration;

/// What one request may take of the gateway.
///
/// @param bodyBytesMax largest request body; above it 413
/// @param answerBytesMax largest answer that is not a stream; above it the attempt has failed
/// @param bodyTime how long a body may take, and one second more for each 64 KiB that came
/// @param offloadBytes from this size of a body on it is read and decided on a worker thread, so
///     that it does not hold up the others of its I/O thread
/// @param streamHeldBytesMax how much of a stream is held back before its commit point; what is
///     read at once comes on top
/// @param streamHeldMax how long, from the head of the provider's answer on
public record GatewayLimits(
        int bodyBytesMax,
        int answerBytesMax,
        Duration bodyTime,
        int offloadBytes,
        int streamHeldBytesMax,
        Duration streamHeldMax) {
    /// 32 MiB of body, 32 MiB of answer, 30 seconds, 64 KiB; of a stream 64 KiB for 10 seconds.
    public static final GatewayLimits DEFAULT =
            new GatewayLimits(
                    32 * 1024 * 1024, 32 * 1024 * 1024, Duration.ofSeconds(30), 64 * 1024);

    /// Like the canonical one, with what is held of streams as in [#DEFAULT].
    public GatewayLimits(
            int bodyBytesMax, int answerBytesMax, Duration bodyTime, int offloadBytes) {
        this(
                bodyBytesMax,
                answerBytesMax,
                bodyTime,
                offloadBytes,
                64 * 1024,
                Duration.ofSeconds(10));
    }

    /// @throws IllegalArgumentException if one is not positive
    public GatewayLimits {
        if (bodyBytesMax < 1
                || answerBytesMax < 1
                || offloadBytes < 1
                || streamHeldBytesMax < 1
                || !bodyTime.isPositive()
                || !streamHeldMax.isPositive()) {
            throw new IllegalArgumentException("a limit must be positive");
        }
    }
}
