package dev.writ.dsl.policy;

import org.jspecify.annotations.Nullable;

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

    /// Returns what an answer with a status is, or null for one that the client gets.
    public static @Nullable Cause ofStatus(int status) {
        return switch (status) {
            case 401, 403 -> UNAUTHORIZED;
            case 408 -> TIMEOUT;
            case 429 -> RATE_LIMITED;
            case 503, 529 -> OVERLOADED;
            default -> status >= 500 ? SERVER_ERROR : null;
        };
    }

    /// Returns the status that a client gets where nothing is left to try. Refused credentials are
    /// never a 401: the client's own key is fine.
    public int clientStatus() {
        return switch (this) {
            case TIMEOUT -> 504;
            case OVERLOADED -> 503;
            case RATE_LIMITED -> 429;
            case SERVER_ERROR, UNREACHABLE, UNAUTHORIZED -> 502;
        };
    }

    /// Returns how policies write it.
    public String word() {
        return word;
    }
}
