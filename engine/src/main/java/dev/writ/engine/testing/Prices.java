package dev.writ.engine.testing;

import java.math.BigInteger;

/// What tokens cost, in nano-dollars.
final class Prices {
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE / 2);

    private Prices() {}

    /// Returns what tokens cost, rounded up; half of the largest `long` where it would be more, so
    /// that two can be added.
    static long nanos(long tokens, long nanosPerMillion) {
        return BigInteger.valueOf(tokens)
                .multiply(BigInteger.valueOf(nanosPerMillion))
                .add(MILLION.subtract(BigInteger.ONE))
                .divide(MILLION)
                .min(MOST)
                .longValueExact();
    }
}
