package dev.writ.engine.internal;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.List;

/// Conditions that hold no more than their meaning, so that equal ones are equal wherever they
/// stand, and cheap to compare: no place in a file, facts without the words of their closed sets.
public final class Canonical {
    private static final Span NOWHERE = new Span(new Source("", ""), 0, 0);

    private Canonical() {}

    /// Returns what the condition means, and nothing else of it.
    public static Condition of(Condition condition) {
        return switch (condition) {
            case Condition.Constant c -> new Condition.Constant(NOWHERE, c.value());
            case Condition.Not c -> new Condition.Not(NOWHERE, of(c.operand()));
            case Condition.All c -> new Condition.All(NOWHERE, of(c.operands()));
            case Condition.Any c -> new Condition.Any(NOWHERE, of(c.operands()));
            case Condition.LabelIn c -> new Condition.LabelIn(NOWHERE, of(c.fact()), c.labels());
            case Condition.Flag c -> new Condition.Flag(NOWHERE, of(c.fact()));
            case Condition.Present c -> new Condition.Present(NOWHERE, of(c.fact()));
            case Condition.NumberCompare c ->
                    new Condition.NumberCompare(
                            NOWHERE, of(c.left()), c.comparison(), of(c.right()));
            case Condition.TextPasses c ->
                    new Condition.TextPasses(
                            NOWHERE,
                            new TextTerm(of(c.text().fact()), c.text().fallback()),
                            c.test());
        };
    }

    /// Returns a canonical `when and not required`.
    ///
    /// @param when canonical
    public static Condition butNot(Condition when, Condition required) {
        return new Condition.All(NOWHERE, List.of(when, new Condition.Not(NOWHERE, of(required))));
    }

    private static List<Condition> of(List<Condition> conditions) {
        return conditions.stream().map(Canonical::of).toList();
    }

    private static NumberTerm of(NumberTerm term) {
        return switch (term) {
            case NumberTerm.Constant t -> t;
            case NumberTerm.FactNumber t -> new NumberTerm.FactNumber(of(t.fact()), t.fallback());
            case NumberTerm.Plus t -> new NumberTerm.Plus(t.type(), of(t.left()), of(t.right()));
            case NumberTerm.Minus t -> new NumberTerm.Minus(t.type(), of(t.left()), of(t.right()));
            case NumberTerm.Scaled t ->
                    new NumberTerm.Scaled(
                            t.type(), of(t.operand()), t.numerator(), t.denominator());
        };
    }

    private static Fact of(Fact fact) {
        return new Fact(fact.slot(), fact.attribute(), null, null);
    }
}
