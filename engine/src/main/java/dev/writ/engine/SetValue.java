package dev.writ.engine;

/// The value that a rule gave to a field of the request.
public sealed interface SetValue {
    /// A number in the unit of the field's type.
    record OfNumber(long number) implements SetValue {}

    record OfText(String text) implements SetValue {}

    record OfFlag(boolean yes) implements SetValue {}
}
