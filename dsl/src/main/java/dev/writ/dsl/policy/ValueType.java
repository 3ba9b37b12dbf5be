package dev.writ.dsl.policy;

/// The type of a value, and for those that are numbers the unit that a `long` of it counts.
public enum ValueType {
    BOOL("a yes or no"),
    /// Millionths: `0.7` is 700,000.
    NUMBER("a number"),
    /// Single tokens.
    TOKENS("an amount of tokens"),
    /// Nano-dollars.
    USD("an amount of money"),
    /// Nanoseconds.
    DURATION("a duration"),
    /// Basis points: `95%` is 9,500.
    PERCENT("a share"),
    /// Single bytes.
    BYTES("an amount of bytes"),
    TEXT("a text"),
    /// The place of a word in a closed set.
    LABEL("a label"),
    /// Only whether there is one, and how many.
    COLLECTION("a collection");

    private final String noun;

    ValueType(String noun) {
        this.noun = noun;
    }

    /// Returns what to call it in a message, with its article.
    public String noun() {
        return noun;
    }

    /// Tells whether values are `long`s that can be compared and added.
    public boolean isNumeric() {
        return switch (this) {
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> true;
            case BOOL, TEXT, LABEL, COLLECTION -> false;
        };
    }
}
