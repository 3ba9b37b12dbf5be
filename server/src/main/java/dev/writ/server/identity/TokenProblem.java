package dev.writ.server.identity;

/// Why a token is not taken. What clients are told says which, and nothing of what stands in the
/// token.
public enum TokenProblem {
    TOO_LARGE(
            "token_too_large",
            "The token is longer than %,d characters.".formatted(TokenIdentities.TOKEN_CHARS_MAX)),
    MALFORMED("token_malformed", "The token cannot be read."),
    INCOMPLETE(
            "token_incomplete", "The token lacks `iss`, `aud` or `exp`, or has a wrong one there."),
    ALGORITHM(
            "token_algorithm_refused",
            "The token is not signed with RS, PS or ES of 256, 384 or 512 bits."),
    TYPE("token_type_wrong", "The token is of a type that is not accepted here."),
    ISSUER("token_issuer_unknown", "The token is of an issuer that is not accepted here."),
    AUDIENCE("token_audience_wrong", "The token is made for somebody else."),
    EXPIRED("token_expired", "The token has expired."),
    NOT_YET("token_not_yet_valid", "The token is not valid yet."),
    KEY("token_key_unknown", "The token is signed with a key that its issuer does not publish."),
    SIGNATURE("token_signature_wrong", "The token's signature is wrong."),
    USER("token_user_missing", "The token does not name a user that can be relied on.");

    private final String code;
    private final String message;

    TokenProblem(String code, String message) {
        this.code = code;
        this.message = message;
    }

    /// Returns a stable word.
    public String code() {
        return code;
    }

    /// Returns a sentence for the client.
    public String message() {
        return message;
    }
}
