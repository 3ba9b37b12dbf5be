package dev.writ.engine;

import dev.writ.dsl.policy.Policy;

/// The value that a rule gave to a field of the request.
public sealed interface SetValue {
    /// Returns the value as policies write it.
    ///
    /// @param field the one that has it
    default String text(Policy.Settable field) {
        return ConditionText.of(field, this);
    }

    /// A number in the unit of the field's type.
    record OfNumber(long number) implements SetValue {}

    record OfText(String text) implements SetValue {}

    record OfFlag(boolean yes) implements SetValue {}
}
