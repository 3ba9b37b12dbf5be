package dev.writ.engine.routing;

import java.util.concurrent.atomic.AtomicLong;

/// How many requests of a pool may still be hedged: a bucket that each request fills by the share
/// that may be, and each hedge empties by one. So a provider that is slow for everybody does not
/// get everybody's request twice, nor does the next one.
///
/// Threads: any.
final class HedgeBudget {
    /// Hedges that a pool may make before any request has earned one.
    static final int HEDGES_AT_FIRST = 10;

    /// Of how many requests the share is kept that was not used.
    static final int REQUESTS_KEPT = 1_000;

    private static final int ALL = 10_000;
    private static final long ONE = 10_000;

    /// In ten-thousandths of a hedge.
    private final AtomicLong left = new AtomicLong(HEDGES_AT_FIRST * ONE);

    /// A request has come.
    ///
    /// @param basisPoints share of the requests that may be hedged
    void earn(int basisPoints) {
        add(basisPoints, HEDGES_AT_FIRST * ONE + (long) REQUESTS_KEPT * basisPoints);
    }

    /// Returns false if no hedge is left. Where every request may be hedged, one always is.
    boolean take(int basisPoints) {
        if (basisPoints >= ALL) {
            return true;
        }
        long seen = left.get();
        while (seen >= ONE) {
            if (left.compareAndSet(seen, seen - ONE)) {
                return true;
            }
            seen = left.get();
        }
        return false;
    }

    /// What was taken was not used.
    void giveBack(int basisPoints) {
        if (basisPoints < ALL) {
            left.addAndGet(ONE);
        }
    }

    private void add(long more, long most) {
        long seen = left.get();
        while (seen < most && !left.compareAndSet(seen, Math.min(most, seen + more))) {
            seen = left.get();
        }
    }
}
