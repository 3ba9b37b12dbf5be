package dev.writ.engine.internal;

import java.math.BigInteger;

/// Arithmetic that stops at the ends of the range of `long` instead of wrapping around.
final class Saturating {
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private Saturating() {}

    static long plus(long left, long right) {
        long sum = left + right;
        // Overflow: both have one sign and the sum has the other.
        return ((left ^ sum) & (right ^ sum)) < 0 ? end(left < 0) : sum;
    }

    static long minus(long left, long right) {
        long difference = left - right;
        // Overflow: the signs differ and the difference has not that of `left`.
        return ((left ^ right) & (left ^ difference)) < 0 ? end(left < 0) : difference;
    }

    /// Returns `operand * numerator / denominator`, rounded towards zero.
    static long scaled(long operand, long numerator, long denominator) {
        long product = operand * numerator;
        if (Math.multiplyHigh(operand, numerator) == product >> 63) {
            return product / denominator;
        }
        return clamp(
                BigInteger.valueOf(operand)
                        .multiply(BigInteger.valueOf(numerator))
                        .divide(BigInteger.valueOf(denominator)));
    }

    /// Returns the `long` nearest to `exact`.
    static long clamp(BigInteger exact) {
        return exact.max(MIN).min(MAX).longValueExact();
    }

    private static long end(boolean low) {
        return low ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
