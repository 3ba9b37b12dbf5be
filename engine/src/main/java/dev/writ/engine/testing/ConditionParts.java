package dev.writ.engine.testing;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;

/// Conditions taken apart.
///
/// What an author writes as one test may be several atoms: `time.hour in 8..18` is two comparisons.
/// These stand at the place of the whole, by which they are told from those that were written.
final class ConditionParts {
    private ConditionParts() {}

    /// Returns what its author joined by `and`, `or` and `not`; empty for what was written as one
    /// test.
    static List<Condition> operands(Condition condition) {
        List<Condition> operands =
                switch (condition) {
                    case Condition.Not(_, Condition operand) -> List.of(operand);
                    case Condition.All(_, List<Condition> all) -> all;
                    case Condition.Any(_, List<Condition> any) -> any;
                    case Condition.Constant _,
                            Condition.LabelIn _,
                            Condition.Flag _,
                            Condition.Present _,
                            Condition.NumberCompare _,
                            Condition.TextPasses _ ->
                            List.<Condition>of();
                };
        boolean written =
                operands.stream().noneMatch(operand -> same(operand.span(), condition.span()));
        return written ? operands : List.of();
    }

    private static boolean same(Span a, Span b) {
        return a.start() == b.start() && a.end() == b.end();
    }

    /// Returns the atoms, from left to right; constants are none.
    static List<Condition> atoms(Condition condition) {
        List<Condition> atoms = new ArrayList<>();
        addAtoms(condition, atoms);
        return atoms;
    }

    private static void addAtoms(Condition condition, List<Condition> atoms) {
        switch (condition) {
            case Condition.Not(_, Condition operand) -> addAtoms(operand, atoms);
            case Condition.All(_, List<Condition> all) ->
                    all.forEach(each -> addAtoms(each, atoms));
            case Condition.Any(_, List<Condition> any) ->
                    any.forEach(each -> addAtoms(each, atoms));
            case Condition.Constant _ -> {}
            case Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    atoms.add(condition);
        }
    }
}
