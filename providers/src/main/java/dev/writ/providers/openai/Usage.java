package dev.writ.providers.openai;

/// What a provider says that an answer took, in tokens; 0 where it does not say.
///
/// @param inputTokens `prompt_tokens`, with those that were cached
/// @param outputTokens `completion_tokens`, with those of reasoning
/// @param cachedInputTokens the part of the input that came from the provider's cache
/// @param reasoningTokens the part of the output that nobody sees
public record Usage(
        long inputTokens, long outputTokens, long cachedInputTokens, long reasoningTokens) {
    /// @throws IllegalArgumentException if one is negative
    public Usage {
        if (inputTokens < 0 || outputTokens < 0 || cachedInputTokens < 0 || reasoningTokens < 0) {
            throw new IllegalArgumentException("tokens must not be negative");
        }
    }
}
