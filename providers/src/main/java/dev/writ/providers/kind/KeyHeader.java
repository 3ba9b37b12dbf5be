package dev.writ.providers.kind;

/// How a provider's key is sent.
public enum KeyHeader {
    BEARER("authorization", "Bearer "),
    API_KEY("api-key", "");

    private final String header;
    private final String before;

    KeyHeader(String header, String before) {
        this.header = header;
        this.before = before;
    }

    /// Returns the name of the header, in small letters.
    public String header() {
        return header;
    }

    /// Returns the value of the header.
    public String value(String key) {
        return before + key;
    }
}
