package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// What stands between the braces of a budget.
public sealed interface BudgetProperty {
    Span span();

    /// `at 95% use route fast`.
    record At(Span span, Literal.Percent share, Consequence consequence)
            implements BudgetProperty {}

    /// `raise by $500 from "2026-11-20" until "2026-12-01"`: more money for a time.
    ///
    /// @param from null for from the beginning
    record Raise(Span span, Literal.Money by, Literal.@Nullable Text from, Literal.Text until)
            implements BudgetProperty {}

    /// `zone "Europe/Berlin"`: whose midnight ends a day of the calendar.
    record Zone(Span span, Literal.Text zone) implements BudgetProperty {}

    /// `starts on sunday`, `starts on 15`: the first day of a week or a month.
    ///
    /// @param day null where a weekday is written
    record Starts(Span span, @Nullable Name weekday, Literal.@Nullable Quantity day)
            implements BudgetProperty {}

    /// `was "team/support/budget/old"`: goes on with what was spent under another name.
    record Was(Span span, Literal.Text path) implements BudgetProperty {}

    /// A word that is no property of a budget.
    record Unknown(Span span, Name keyword) implements BudgetProperty {}

    /// What happens at a share of a budget.
    sealed interface Consequence {
        record Warn() implements Consequence {}

        record Deny(Item.Denial denial) implements Consequence {}

        /// `use route fast`: requests go there instead of where they wanted.
        record Use(Item.Target target) implements Consequence {}
    }
}
