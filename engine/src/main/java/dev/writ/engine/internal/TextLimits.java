package dev.writ.engine.internal;

/// How long a text may be to be searched; a test of a longer one is unknown, which denies under
/// `deny` and does not grant under `may use`.
///
/// `is`, `in`, `starts with` and `ends with` need no limit: they read no more of a text than the
/// policy's own words are long.
public final class TextLimits {
    /// UTF-16 units that `contains any` reads at most.
    public static final int CONTAINS_CHARS_MAX = 4 << 20;

    /// UTF-16 units that `matches` reads at most.
    public static final int MATCHES_CHARS_MAX = 256 << 10;

    private TextLimits() {}
}
