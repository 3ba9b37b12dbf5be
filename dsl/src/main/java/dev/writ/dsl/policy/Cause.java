package dev.writ.dsl.policy;

/// Why an attempt at a model failed, as pools name it.
public enum Cause {
    /// Neither a connection nor a first byte in time.
    TIMEOUT("timeout"),
    /// The provider says that it has no room: 503, 529.
    OVERLOADED("overloaded"),
    /// The provider says that we ask too often: 429.
    RATE_LIMITED("rate-limited"),
    /// Any other answer from 500 on, or none that can be read.
    SERVER_ERROR("server-error"),
    /// No connection, or none that can be trusted.
    UNREACHABLE("unreachable"),
    /// The provider refuses our credentials: 401, 403.
    UNAUTHORIZED("unauthorized");

    private final String word;

    Cause(String word) {
        this.word = word;
    }

    /// Returns how policies write it.
    public String word() {
        return word;
    }
}
