package dev.writ.dsl.policy;

import java.util.Set;

/// What a model can do beyond text.
public enum Capability {
    TOOLS("tools"),
    VISION("vision"),
    JSON("json"),
    STREAMING("streaming"),
    EMBEDDINGS("embeddings");

    /// The values of `request.response_format` that need [#JSON].
    public static final Set<String> JSON_FORMATS = Set.of("json_object", "json_schema");

    private final String word;

    Capability(String word) {
        this.word = word;
    }

    /// Returns how policies write it.
    public String word() {
        return word;
    }
}
