package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.providers.openai.Usage;
import java.math.BigDecimal;

/// What an answer cost, in nano-dollars.
final class Cost {
    private Cost() {}

    /// Returns what the usage costs at the price, rounded up; at the end of the range of `long`
    /// where it would leave it.
    static long nanos(Policy.Price price, Usage usage) {
        return price.nanos(usage.inputTokens(), usage.outputTokens());
    }

    /// Returns dollars as a decimal number: `0.00123`.
    static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }
}
