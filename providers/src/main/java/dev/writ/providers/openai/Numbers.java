package dev.writ.providers.openai;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Exact numbers from JSON's, whatever their exponent.
final class Numbers {
    /// No `long` holds it, or it has a fraction and may not.
    static final long NONE = Long.MIN_VALUE;

    private static final int LONG_DIGITS = 19;
    private static final int MICRO_DIGITS = 6;

    private Numbers() {}

    /// Returns a whole number, also one that is written as `1e3` or `8.0`; or [#NONE].
    static long whole(String number) {
        BigDecimal exact = exact(number);
        if (exact == null || (exact.signum() != 0 && exact.stripTrailingZeros().scale() > 0)) {
            return NONE;
        }
        return rounded(exact, 0);
    }

    /// Returns millionths, rounded half up; or [#NONE].
    static long micros(String number) {
        BigDecimal exact = exact(number);
        return exact == null ? NONE : rounded(exact, MICRO_DIGITS);
    }

    private static @Nullable BigDecimal exact(String number) {
        try {
            return new BigDecimal(number);
        } catch (NumberFormatException _) {
            return null; // its exponent is beyond an int
        }
    }

    private static long rounded(BigDecimal exact, int digits) {
        // Digits before the point: known before any digit is written out.
        long before = (long) exact.precision() - exact.scale();
        if (exact.signum() == 0 || before < -digits) {
            return 0;
        }
        if (before + digits > LONG_DIGITS) {
            return NONE;
        }
        try {
            return exact.movePointRight(digits).setScale(0, RoundingMode.HALF_UP).longValueExact();
        } catch (ArithmeticException _) {
            return NONE;
        }
    }
}
