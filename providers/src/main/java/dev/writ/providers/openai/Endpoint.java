package dev.writ.providers.openai;

/// What a request asks for; each has its own shape of body.
public enum Endpoint {
    CHAT("chat", "/chat/completions"),
    COMPLETIONS("completions", "/completions"),
    EMBEDDINGS("embeddings", "/embeddings");

    private final String word;
    private final String path;

    Endpoint(String word, String path) {
        this.word = word;
        this.path = path;
    }

    /// Returns how policies write it.
    public String word() {
        return word;
    }

    /// Returns where it lies below a base URL such as `https://api.openai.com/v1`.
    public String path() {
        return path;
    }
}
