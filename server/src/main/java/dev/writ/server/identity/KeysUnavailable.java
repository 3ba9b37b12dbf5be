package dev.writ.server.identity;

/// The keys of an issuer cannot be had.
final class KeysUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param why a clause for people
    KeysUnavailable(String why) {
        super(why);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
