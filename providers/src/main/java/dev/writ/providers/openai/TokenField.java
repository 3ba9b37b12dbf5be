package dev.writ.providers.openai;

/// The two names of the field that bounds an answer in tokens.
public enum TokenField {
    /// What most compatible servers know, and OpenAI's newest models refuse.
    MAX_TOKENS("max_tokens"),
    /// OpenAI's newer name, which counts reasoning too.
    MAX_COMPLETION_TOKENS("max_completion_tokens");

    private final String field;

    TokenField(String field) {
        this.field = field;
    }

    /// Returns the name of the field.
    public String field() {
        return field;
    }

    TokenField other() {
        return this == MAX_TOKENS ? MAX_COMPLETION_TOKENS : MAX_TOKENS;
    }
}
