package dev.writ.dsl.policy;

/// How rules on `stream` read the text of an answer.
public final class StreamText {
    /// The most UTF-16 units that are held back while they could be the beginning of what a rule
    /// looks for. What stands before them is sent.
    public static final int HELD_CHARS_MAX = 256;

    /// How many bytes of text, in UTF-8, are taken for a token.
    public static final int BYTES_PER_TOKEN = 4;

    private StreamText() {}
}
