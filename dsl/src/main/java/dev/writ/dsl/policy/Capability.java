package dev.writ.dsl.policy;

/// What a model can do beyond text.
public enum Capability {
    TOOLS("tools"),
    VISION("vision"),
    JSON("json"),
    STREAMING("streaming"),
    EMBEDDINGS("embeddings");

    private final String word;

    Capability(String word) {
        this.word = word;
    }

    /// Returns how policies write it.
    public String word() {
        return word;
    }
}
