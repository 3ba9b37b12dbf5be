package dev.writ.engine.routing;

import java.util.concurrent.atomic.AtomicLong;

/// An average latency that rises at once and falls with time.
///
/// A latency above the average replaces it; one below pulls it down by how long ago the last one
/// was: `average × w + latency × (1 − w)` with `w = e^(−elapsed / 10 s)`. Reading decays it towards
/// 0 in the same way, so that a target that was slow is tried again.
///
/// Both numbers lie in one word (milliseconds since the first clock reading above, the average in
/// microseconds as float below), so that threads need no lock. Milliseconds wrap after 49 days; a
/// target untouched for half of that is taken as just touched, which one call repairs.
///
/// Source: Twitter, Finagle, `PeakEwma.scala`.
final class PeakEwma {
    /// How long until a latency counts only 1/e.
    static final long DECAY_NANOS = 10_000_000_000L;

    private final long epochNanos;
    private final AtomicLong word = new AtomicLong();

    PeakEwma(long nowNanos) {
        this.epochNanos = nowNanos;
    }

    /// Adds a latency.
    ///
    /// @param latencyNanos below a microsecond counts as one, because 0 means that nothing is known
    void observe(long latencyNanos, long nowNanos) {
        float latency = Math.max(1000, latencyNanos) / 1000f;
        int nowMillis = millis(nowNanos);
        while (true) {
            long seen = word.get();
            float average = Float.intBitsToFloat((int) seen);
            float next;
            if (latency > average) {
                next = latency;
            } else {
                double w = weight(seen, nowMillis);
                next = (float) (average * w + latency * (1 - w));
            }
            long made =
                    ((long) nowMillis << 32) | Integer.toUnsignedLong(Float.floatToIntBits(next));
            if (word.compareAndSet(seen, made)) {
                return;
            }
        }
    }

    /// Returns the average in microseconds as of now; 0 if nothing was observed.
    double micros(long nowNanos) {
        long seen = word.get();
        float average = Float.intBitsToFloat((int) seen);
        return average == 0 ? 0 : average * weight(seen, millis(nowNanos));
    }

    private int millis(long nowNanos) {
        return (int) ((nowNanos - epochNanos) / 1_000_000);
    }

    private static double weight(long word, int nowMillis) {
        int elapsed = Math.max(0, nowMillis - (int) (word >>> 32));
        return Math.exp(-elapsed * 1e6 / DECAY_NANOS);
    }
}
