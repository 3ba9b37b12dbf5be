package dev.writ.dsl.policy;

/// When in the life of a request a rule runs; what is visible grows from each to the next.
public enum Phase {
    REQUEST("request"),
    ROUTE("route"),
    /// As an answer comes, piece by piece, and before any of it is sent on.
    STREAM("stream"),
    RESPONSE("response");

    private final String word;

    Phase(String word) {
        this.word = word;
    }

    /// Returns how policies write it.
    public String word() {
        return word;
    }
}
