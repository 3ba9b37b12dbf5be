package dev.writ.engine.testing;

import dev.writ.dsl.policy.Condition;
import dev.writ.engine.KeptFacts;
import dev.writ.engine.Truth;
import java.util.List;

/// The value that a condition would have if one of its atoms had the other value.
final class Flipped {
    private Flipped() {}

    /// Returns the value.
    ///
    /// @param atom one of the condition's own atoms, not one that equals it
    static Truth value(Condition condition, Condition atom, KeptFacts facts) {
        return switch (condition) {
            case Condition.Not(_, Condition operand) -> value(operand, atom, facts).not();
            case Condition.All(_, List<Condition> operands) -> {
                Truth value = Truth.TRUE;
                for (Condition operand : operands) {
                    value = value.and(value(operand, atom, facts));
                }
                yield value;
            }
            case Condition.Any(_, List<Condition> operands) -> {
                Truth value = Truth.FALSE;
                for (Condition operand : operands) {
                    value = value.or(value(operand, atom, facts));
                }
                yield value;
            }
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    isSame(condition, atom) ? facts.value(atom).not() : facts.value(condition);
        };
    }

    @SuppressWarnings("ReferenceEquality") // two atoms of a condition may be equal
    private static boolean isSame(Condition a, Condition b) {
        return a == b;
    }
}
