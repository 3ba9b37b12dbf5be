package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.providers.openai.Usage;
import java.math.BigDecimal;

/// What an answer cost, in nano-dollars.
final class Cost {
    private static final long MILLION = 1_000_000L;

    private Cost() {}

    /// Returns what the usage costs at the price, rounded up; at the end of the range of `long`
    /// where it would leave it.
    static long nanos(Policy.Price price, Usage usage) {
        long in = perMillion(usage.inputTokens(), price.inNanosPerMillion());
        long out = perMillion(usage.outputTokens(), price.outNanosPerMillion());
        return in > Long.MAX_VALUE - out ? Long.MAX_VALUE : in + out;
    }

    private static long perMillion(long tokens, long nanosPerMillion) {
        if (Math.multiplyHigh(tokens, nanosPerMillion) != 0 || tokens * nanosPerMillion < 0) {
            return Long.MAX_VALUE;
        }
        return Math.ceilDiv(tokens * nanosPerMillion, MILLION);
    }

    /// Returns dollars as a decimal number: `0.00123`.
    static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }
}
