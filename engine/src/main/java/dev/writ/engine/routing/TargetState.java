package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import java.util.concurrent.atomic.AtomicInteger;

/// What is known of one model of one provider. Threads: any.
final class TargetState {
    /// The least that a failure counts as latency, so that a target that fails fast is not taken
    /// for the fastest.
    static final long FAILURE_LATENCY_NANOS = 5_000_000_000L;

    /// The score of a target that is being tried for the first time: above any real latency.
    private static final double UNKNOWN_SCORE = 1e12;

    private static final double NANOS_PER_MICRO = 1_000;

    final String provider;
    final String model;
    final Breaker breaker;
    private final PeakEwma latency;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean retired;

    TargetState(String provider, String model, long nowNanos) {
        this.provider = provider;
        this.model = model;
        this.breaker = new Breaker(nowNanos);
        this.latency = new PeakEwma(nowNanos);
    }

    int inFlight() {
        return inFlight.get();
    }

    /// Returns the expected wait: the latency times the calls that would then be under way.
    ///
    /// A target that was never called comes first, but only for one call at a time.
    double score(long nowNanos) {
        double micros = latency.micros(nowNanos);
        int under = inFlight.get();
        return micros == 0 && under > 0 ? UNKNOWN_SCORE + under : micros * (under + 1);
    }

    void begin() {
        inFlight.incrementAndGet();
    }

    /// Counts the call out.
    ///
    /// @return the calls still under way
    int end() {
        return inFlight.decrementAndGet();
    }

    void firstByteAfter(long elapsedNanos, long nowNanos) {
        latency.observe(elapsedNanos, nowNanos);
    }

    void failedAfter(long elapsedNanos, long nowNanos) {
        latency.observe(Math.max(elapsedNanos, FAILURE_LATENCY_NANOS), nowNanos);
    }

    /// It was silent for so long, and then given up: bad news only.
    void silentFor(long elapsedNanos, long nowNanos) {
        if (elapsedNanos > latency.micros(nowNanos) * NANOS_PER_MICRO) {
            latency.observe(elapsedNanos, nowNanos);
        }
    }

    /// No current policy names it; it goes when its last call ends.
    void retire(boolean retired) {
        this.retired = retired;
    }

    boolean retired() {
        return retired;
    }

    TargetView view(long nowNanos) {
        return new TargetView(
                provider,
                model,
                inFlight.get(),
                Math.round(latency.micros(nowNanos)),
                breaker.state());
    }

    /// Returns whether the breaker counts `cause` as the target's failure.
    ///
    /// A provider that limits our rate or refuses our credentials works: fallbacks answer that,
    /// and clients must see it.
    static boolean breaks(Cause cause) {
        return switch (cause) {
            case TIMEOUT, OVERLOADED, SERVER_ERROR, UNREACHABLE -> true;
            case RATE_LIMITED, UNAUTHORIZED -> false;
        };
    }
}
