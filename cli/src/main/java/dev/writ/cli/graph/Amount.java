package dev.writ.cli.graph;

import java.math.BigDecimal;

/// Amounts as policies write them.
final class Amount {
    private static final int NANO_DIGITS = 9;

    private Amount() {}

    /// Returns `0.5%`.
    static String percent(int basisPoints) {
        return plain(BigDecimal.valueOf(basisPoints, 2)) + "%";
    }

    /// Returns `128k`, `1M`.
    static String tokens(long tokens) {
        if (tokens % 1_000_000 == 0) {
            return tokens / 1_000_000 + "M";
        }
        return tokens % 1_000 == 0 ? tokens / 1_000 + "k" : String.valueOf(tokens);
    }

    /// Returns `$2.00`, `$0.075`.
    static String dollars(long nanos) {
        BigDecimal dollars = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
        return "$" + (dollars.scale() < 2 ? dollars.setScale(2) : dollars).toPlainString();
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
