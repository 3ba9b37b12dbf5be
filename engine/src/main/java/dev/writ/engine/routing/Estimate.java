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

    public Estimate {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException(
                    "tokens must not be negative, got %d and %d"
                            .formatted(inputTokens, outputTokens));
        }
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
