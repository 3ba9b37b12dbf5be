package dev.writ.engine;

/// A value of Kleene's three-valued logic.
public enum Truth {
    FALSE,
    UNKNOWN,
    TRUE;

    /// Returns the certain value.
    public static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /// Returns Kleene's not: unknown stays unknown.
    public Truth not() {
        return switch (this) {
            case FALSE -> TRUE;
            case UNKNOWN -> UNKNOWN;
            case TRUE -> FALSE;
        };
    }

    /// Returns Kleene's and: the lesser of both.
    public Truth and(Truth other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /// Returns Kleene's or: the greater of both.
    public Truth or(Truth other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
