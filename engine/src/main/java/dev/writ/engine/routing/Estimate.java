package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import org.jspecify.annotations.Nullable;

/// How many tokens a request is expected to cost, for `choose cheapest`.
///
/// @param inputTokens at least 0
/// @param outputTokens at least 0
public record Estimate(long inputTokens, long outputTokens) {
    /// Nothing is known of the request.
    public static final Estimate UNKNOWN = new Estimate(0, 0);

    /// What a request is expected to answer with that does not say how much it may.
    private static final long OUTPUT_TOKENS_EXPECTED = 500;

    private static final int BYTES_PER_TOKEN = 4;

    public Estimate {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException(
                    "tokens must not be negative, got %d and %d"
                            .formatted(inputTokens, outputTokens));
        }
    }

    /// Returns the estimate for a request whose prompt was not counted.
    ///
    /// @param textBytes of the prompt, in UTF-8
    /// @param maxTokens the most output that it asks for; null where it does not say
    public static Estimate ofText(long textBytes, @Nullable Long maxTokens) {
        return ofTokens(textBytes / BYTES_PER_TOKEN, maxTokens);
    }

    /// Returns the estimate for a request.
    ///
    /// @param maxTokens the most output that it asks for; null where it does not say
    public static Estimate ofTokens(long inputTokens, @Nullable Long maxTokens) {
        return new Estimate(inputTokens, maxTokens == null ? OUTPUT_TOKENS_EXPECTED : maxTokens);
    }

    /// Returns what the request costs at `price`, in millionths of a nano-dollar.
    ///
    /// An unknown price is the highest that there is, as is one that does not fit into a double's
    /// integers: only the order of the results matters.
    double at(Policy.@Nullable Price price) {
        if (price == null) {
            return Double.POSITIVE_INFINITY;
        }
        return (double) price.inNanosPerMillion() * inputTokens
                + (double) price.outNanosPerMillion() * outputTokens;
    }
}
