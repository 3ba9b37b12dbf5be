package dev.writ.engine.routing;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/// A circuit breaker: keeps calls from a target that fails, and finds out when it has recovered.
///
/// Closed, it opens after [#CONSECUTIVE_FAILURES_MAX] failures in a row, or when of at least
/// [#CALLS_MIN] calls that ended in the last [#WINDOW_SECONDS] seconds [#FAILURES_BASIS_POINTS_MAX]
/// or more failed. Open, it refuses calls for [#STAY_NANOS_MIN], then lets one through as a probe
/// and refuses all others while that is under way. The probe's success closes it; its failure opens
/// it again for twice as long as before, up to [#STAY_NANOS_MAX].
///
/// Threads: any. Transitions are compare-and-set on one reference, so that of many threads one
/// becomes the probe. Counters may lag a transition by calls that end in the same instant.
///
/// Source: Nygard, Release It!, 2007, chapter 5; the numbers are in `docs/design/routing.md`.
final class Breaker {
    static final int CONSECUTIVE_FAILURES_MAX = 5;
    static final int WINDOW_SECONDS = 10;
    static final int CALLS_MIN = 20;
    static final int FAILURES_BASIS_POINTS_MAX = 5000;
    static final long STAY_NANOS_MIN = 5_000_000_000L;
    static final long STAY_NANOS_MAX = 60_000_000_000L;

    /// After this a probe without any outcome is given up, and the next call probes.
    static final long PROBE_NANOS_MAX = 600_000_000_000L;

    private static final long SECOND_NANOS = 1_000_000_000L;

    /// What a call that asked may do.
    enum Admission {
        REFUSED,
        ADMITTED,
        /// Admitted to find out whether the target has recovered.
        PROBE
    }

    private sealed interface Position {
        record Closed() implements Position {}

        /// @param stayNanos how long this time; the next is twice that
        record Open(long sinceNanos, long stayNanos) implements Position {}

        /// @param stayNanos how long it was open before the probe
        record HalfOpen(long sinceNanos, long stayNanos) implements Position {}
    }

    private static final Position CLOSED = new Position.Closed();

    private final long epochNanos;
    private final AtomicReference<Position> position = new AtomicReference<>(CLOSED);
    private final AtomicInteger failuresInRow = new AtomicInteger();

    /// A slot a second of the window: which second (24 bits), calls (20 bits), failures (20 bits).
    private final AtomicLongArray seconds = new AtomicLongArray(WINDOW_SECONDS);

    private static final int COUNT_BITS = 20;
    private static final long COUNT_MAX = (1L << COUNT_BITS) - 1;
    private static final long SECOND_MASK = (1L << 24) - 1;

    Breaker(long nowNanos) {
        this.epochNanos = nowNanos;
    }

    /// Asks for a call. What is admitted must be ended, the probe by a method of its own.
    Admission enter(long nowNanos) {
        Position seen = position.get();
        return switch (seen) {
            case Position.Closed _ -> Admission.ADMITTED;
            case Position.HalfOpen probing ->
                    nowNanos - probing.sinceNanos() < PROBE_NANOS_MAX
                            ? Admission.REFUSED
                            : probe(seen, nowNanos, probing.stayNanos());
            case Position.Open open ->
                    nowNanos - open.sinceNanos() < open.stayNanos()
                            ? Admission.REFUSED
                            : probe(seen, nowNanos, open.stayNanos());
        };
    }

    private Admission probe(Position seen, long nowNanos, long stayNanos) {
        // INVARIANT (one probe): only the thread that makes this transition probes.
        Position probing = new Position.HalfOpen(nowNanos, stayNanos);
        return position.compareAndSet(seen, probing) ? Admission.PROBE : Admission.REFUSED;
    }

    /// The probe has an answer: the target has recovered. Its end counts as that of any call.
    void recovered() {
        if (position.get() instanceof Position.HalfOpen halfOpen) {
            failuresInRow.set(0);
            for (int i = 0; i < WINDOW_SECONDS; i++) {
                seconds.set(i, 0);
            }
            position.compareAndSet(halfOpen, CLOSED);
        }
    }

    /// An admitted call ended well.
    void succeeded(long nowNanos) {
        if (failuresInRow.get() != 0) {
            failuresInRow.set(0);
        }
        count(nowNanos, 0);
    }

    /// An admitted call that was no probe failed.
    ///
    /// Failures of calls from before it opened change nothing any more.
    void failed(long nowNanos) {
        int inRow = failuresInRow.incrementAndGet();
        count(nowNanos, 1);
        if (position.get() instanceof Position.Closed closed
                && (inRow >= CONSECUTIVE_FAILURES_MAX || tooManyFail(nowNanos))) {
            position.compareAndSet(closed, new Position.Open(nowNanos, STAY_NANOS_MIN));
        }
    }

    /// The probe failed: open for longer.
    void probeFailed(long nowNanos) {
        if (position.get() instanceof Position.HalfOpen halfOpen) {
            long stay = Math.min(STAY_NANOS_MAX, halfOpen.stayNanos() * 2);
            position.compareAndSet(halfOpen, new Position.Open(nowNanos, stay));
        }
    }

    /// The probe ended without an outcome: the next call probes.
    void probeAbandoned(long nowNanos) {
        if (position.get() instanceof Position.HalfOpen halfOpen) {
            long stay = halfOpen.stayNanos();
            position.compareAndSet(halfOpen, new Position.Open(nowNanos - stay, stay));
        }
    }

    BreakerState state() {
        return switch (position.get()) {
            case Position.Closed _ -> BreakerState.CLOSED;
            case Position.Open _ -> BreakerState.OPEN;
            case Position.HalfOpen _ -> BreakerState.HALF_OPEN;
        };
    }

    /// Returns how long until a probe passes; 0 if a call may pass now.
    long waitNanos(long nowNanos) {
        return switch (position.get()) {
            case Position.Closed _ -> 0;
            case Position.Open open ->
                    Math.max(0, open.stayNanos() - (nowNanos - open.sinceNanos()));
            // Nobody knows how long the probe takes.
            case Position.HalfOpen _ -> SECOND_NANOS;
        };
    }

    private void count(long nowNanos, long failures) {
        long second = second(nowNanos);
        int slot = (int) (second % WINDOW_SECONDS);
        while (true) {
            long seen = seconds.get(slot);
            long calls = 0;
            long failed = 0;
            if (seen >>> (2 * COUNT_BITS) == (second & SECOND_MASK)) {
                calls = (seen >>> COUNT_BITS) & COUNT_MAX;
                failed = seen & COUNT_MAX;
                if (calls == COUNT_MAX) {
                    return;
                }
            }
            long made =
                    ((second & SECOND_MASK) << (2 * COUNT_BITS))
                            | ((calls + 1) << COUNT_BITS)
                            | (failed + failures);
            if (seconds.compareAndSet(slot, seen, made)) {
                return;
            }
        }
    }

    private boolean tooManyFail(long nowNanos) {
        long now = second(nowNanos);
        long calls = 0;
        long failures = 0;
        for (int slot = 0; slot < WINDOW_SECONDS; slot++) {
            long seen = seconds.get(slot);
            long age = (now - (seen >>> (2 * COUNT_BITS))) & SECOND_MASK;
            if (age < WINDOW_SECONDS) {
                calls += (seen >>> COUNT_BITS) & COUNT_MAX;
                failures += seen & COUNT_MAX;
            }
        }
        return calls >= CALLS_MIN && failures * 10_000 >= calls * FAILURES_BASIS_POINTS_MAX;
    }

    private long second(long nowNanos) {
        return (nowNanos - epochNanos) / SECOND_NANOS;
    }
}
