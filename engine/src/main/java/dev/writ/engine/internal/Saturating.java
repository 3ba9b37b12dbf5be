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
    ///
    /// @param denominator from 1
    static long scaled(long operand, long numerator, long denominator) {
        long high = Math.multiplyHigh(operand, numerator);
        long low = operand * numerator;
        if (high == low >> 63) {
            return low / denominator;
        }
        boolean negative = high < 0;
        if (negative) {
            low = -low;
            high = low == 0 ? -high : ~high;
        }
        if (Long.compareUnsigned(high, denominator) >= 0) {
            return end(negative); // the quotient has more than 64 bits
        }
        long quotient = quotient(high, low, denominator);
        if (quotient < 0) {
            return end(negative); // it has 64: beyond the range, or the lowest number itself
        }
        return negative ? -quotient : quotient;
    }

    /// Returns the 64 bits of `(high * 2^64 + low) / divisor`, bit by bit as with paper and pencil.
    ///
    /// @param high unsigned, below `divisor`
    /// @param divisor from 1
    private static long quotient(long high, long low, long divisor) {
        // INVARIANT: the remainder is below the divisor, which is below 2^63, so twice the
        // remainder has no more than 64 bits.
        long remainder = high;
        long quotient = 0;
        for (int bit = 63; bit >= 0; bit--) {
            remainder = remainder << 1 | (low >>> bit & 1);
            if (Long.compareUnsigned(remainder, divisor) >= 0) {
                remainder -= divisor;
                quotient |= 1L << bit;
            }
        }
        return quotient;
    }

    /// Returns the `long` nearest to `exact`.
    static long clamp(BigInteger exact) {
        return exact.max(MIN).min(MAX).longValueExact();
    }

    private static long end(boolean low) {
        return low ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
