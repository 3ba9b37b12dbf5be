package dev.writ.dsl.policy;

import java.math.BigDecimal;

/// Amounts as policies write them.
public final class Amount {
    private static final int BASIS_POINT_DIGITS = 2;
    private static final int NANO_DIGITS = 9;

    private Amount() {}

    /// Returns `0.5%`.
    public static String percent(long basisPoints) {
        return BigDecimal.valueOf(basisPoints, BASIS_POINT_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }

    /// Returns `128k`, `1M`.
    public static String tokens(long tokens) {
        if (tokens % 1_000_000 == 0) {
            return tokens / 1_000_000 + "M";
        }
        return tokens % 1_000 == 0 ? tokens / 1_000 + "k" : String.valueOf(tokens);
    }

    /// Returns `$2.00`, `$0.075`.
    public static String dollars(long nanos) {
        BigDecimal dollars = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
        return "$" + dollars.setScale(Math.max(2, dollars.scale())).toPlainString();
    }
}
