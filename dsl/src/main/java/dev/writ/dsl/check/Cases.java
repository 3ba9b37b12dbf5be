package dev.writ.dsl.check;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.syntax.Comparison;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The alternatives in which a condition can be true, or can be false: its disjunctive normal form,
/// with what contradicts itself dropped.
///
/// If there is none, no request fits. The reverse does not hold: some contradictions are not seen.
record Cases(List<Case> cases) {
    // INVARIANT (unknown is not excluded): a test that can be unknown, such as a search in a text
    // that is too long for it, demands nothing of a request. So what is unknown fits both ways, and
    // an arm that is passed over because its condition is unknown counts as passed over here too.

    /// Every request fits.
    static final Cases ANY = new Cases(List.of(Case.ANY));

    Cases {
        cases = List.copyOf(cases);
    }

    /// Returns the alternatives in which the condition has the value or is unknown, or null if they
    /// are more than [Limits#CASES_MAX].
    static @Nullable Cases of(Condition condition, boolean value) {
        return switch (condition) {
            case Condition.Constant constant ->
                    constant.value() == value ? ANY : new Cases(List.of());
            case Condition.Not not -> of(not.operand(), !value);
            case Condition.All all ->
                    value ? every(all.operands(), true) : some(all.operands(), false);
            case Condition.Any any ->
                    value ? some(any.operands(), true) : every(any.operands(), false);
            case Condition.LabelIn in -> one(Case.labels(in.fact(), in.labels(), !value));
            case Condition.Flag flag ->
                    one(
                            Case.of(
                                    new Case.Demanded(flag.fact().slot(), Case.Aspect.FLAG, null),
                                    new Case.Answer(value, !value)));
            case Condition.Present present -> one(Case.present(present.fact(), value));
            case Condition.NumberCompare compare -> numbers(compare, value);
            case Condition.TextPasses(var _, Condition.TextTerm text, TextTest test) ->
                    test instanceof TextTest.In in
                            ? one(
                                    Case.of(
                                            new Case.Demanded(
                                                    text.fact().slot(),
                                                    Case.Aspect.TEXT,
                                                    text.fallback()),
                                            new Case.Texts(in.texts(), !value)))
                            : ANY;
        };
    }

    private static Cases one(Case only) {
        for (Case.Demand demand : only.demands().values()) {
            if (demand.isImpossible()) {
                return new Cases(List.of());
            }
        }
        return new Cases(List.of(only));
    }

    private static @Nullable Cases every(List<Condition> conditions, boolean value) {
        Cases all = ANY;
        for (Condition condition : conditions) {
            Cases here = of(condition, value);
            all = here == null || all == null ? null : all.and(here);
        }
        return all;
    }

    private static @Nullable Cases some(List<Condition> conditions, boolean value) {
        List<Case> any = new ArrayList<>();
        for (Condition condition : conditions) {
            Cases here = of(condition, value);
            if (here == null || any.size() + here.cases.size() > Limits.CASES_MAX) {
                return null;
            }
            any.addAll(here.cases);
        }
        return new Cases(any);
    }

    private static Cases numbers(Condition.NumberCompare compare, boolean value) {
        if (compare.left() instanceof NumberTerm.FactNumber(Fact fact, Long fallback)
                && compare.right() instanceof NumberTerm.Constant constant) {
            return numbers(fact, fallback, compare.comparison(), constant.value(), value);
        }
        if (compare.right() instanceof NumberTerm.FactNumber(Fact fact, Long fallback)
                && compare.left() instanceof NumberTerm.Constant constant) {
            return numbers(fact, fallback, turned(compare.comparison()), constant.value(), value);
        }
        return ANY;
    }

    private static Comparison turned(Comparison comparison) {
        return switch (comparison) {
            case EQUAL, NOT_EQUAL -> comparison;
            case LESS -> Comparison.GREATER;
            case AT_MOST -> Comparison.AT_LEAST;
            case GREATER -> Comparison.LESS;
            case AT_LEAST -> Comparison.AT_MOST;
        };
    }

    private static Comparison opposite(Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> Comparison.NOT_EQUAL;
            case NOT_EQUAL -> Comparison.EQUAL;
            case LESS -> Comparison.AT_LEAST;
            case AT_MOST -> Comparison.GREATER;
            case GREATER -> Comparison.AT_MOST;
            case AT_LEAST -> Comparison.LESS;
        };
    }

    private static Cases numbers(
            Fact fact, @Nullable Long fallback, Comparison written, long bound, boolean value) {
        Comparison comparison = value ? written : opposite(written);
        return switch (comparison) {
            case EQUAL -> one(Case.number(fact, fallback, bound, bound));
            case NOT_EQUAL -> {
                List<Case> sides = new ArrayList<>();
                sides.addAll(below(fact, fallback, bound).cases);
                sides.addAll(above(fact, fallback, bound).cases);
                yield new Cases(sides);
            }
            case LESS -> below(fact, fallback, bound);
            case AT_MOST -> one(Case.number(fact, fallback, Long.MIN_VALUE, bound));
            case GREATER -> above(fact, fallback, bound);
            case AT_LEAST -> one(Case.number(fact, fallback, bound, Long.MAX_VALUE));
        };
    }

    private static Cases below(Fact fact, @Nullable Long fallback, long bound) {
        return bound == Long.MIN_VALUE
                ? new Cases(List.of())
                : one(Case.number(fact, fallback, Long.MIN_VALUE, bound - 1));
    }

    private static Cases above(Fact fact, @Nullable Long fallback, long bound) {
        return bound == Long.MAX_VALUE
                ? new Cases(List.of())
                : one(Case.number(fact, fallback, bound + 1, Long.MAX_VALUE));
    }

    /// Returns the alternatives that fit both, or null if they are too many.
    @Nullable Cases and(Cases other) {
        List<Case> both = new ArrayList<>();
        for (Case here : cases) {
            for (Case there : other.cases) {
                Case joined = here.and(there);
                if (joined != null) {
                    if (both.size() == Limits.CASES_MAX) {
                        return null;
                    }
                    both.add(joined);
                }
            }
        }
        return new Cases(both);
    }

    /// Returns the alternatives that fit one of them; every request where they are too many.
    Cases or(Cases other) {
        if (cases.size() + other.cases.size() > Limits.CASES_MAX) {
            return ANY;
        }
        List<Case> either = new ArrayList<>(cases);
        either.addAll(other.cases);
        return new Cases(either);
    }

    /// Returns the alternatives without what they demand of some facts.
    Cases forgetting(BitSet slots) {
        return slots.isEmpty()
                ? this
                : new Cases(cases.stream().map(each -> each.forgetting(slots)).toList());
    }

    /// Tells that no request fits both.
    boolean excludes(Cases other) {
        for (Case here : cases) {
            for (Case there : other.cases) {
                if (!here.excludes(there)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Tells that no request fits.
    boolean isEmpty() {
        return cases.isEmpty();
    }
}
