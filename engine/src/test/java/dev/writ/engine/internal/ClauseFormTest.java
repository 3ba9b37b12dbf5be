package dev.writ.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClauseFormTest {
    private static final Span SPAN = new Span(new Source("t.writ", "x"), 0, 1);

    private final Atoms atoms = new Atoms();

    @Test
    void multipliesOut() {
        // (a or b) and (c or not a)
        Condition condition = all(any(flag(0), flag(1)), any(flag(2), not(flag(0))));
        assertEquals(
                Set.of(Set.of(lit(0), lit(2)), Set.of(lit(1), lit(2)), Set.of(lit(1), neg(0))),
                clauses(condition, Polarity.CERTAIN, 64));
    }

    @Test
    void keepsAContradictionForWhoFiresOnUnknown() {
        Condition condition = all(flag(0), not(flag(0)));
        assertEquals(Set.of(), clauses(condition, Polarity.CERTAIN, 64));
        assertEquals(Set.of(Set.of(lit(0), neg(0))), clauses(condition, Polarity.POSSIBLE, 64));
    }

    @Test
    void takesApartUpToTheCapOnly() {
        Condition atTheCap = all(pairs(0, 6));
        assertEquals(64, clauses(atTheCap, Polarity.CERTAIN, 64).size());

        // One pair more: it stays whole, and the others do not.
        Condition overTheCap = all(pairs(0, 7));
        Set<Set<Integer>> clauses = clauses(overTheCap, Polarity.CERTAIN, 64);
        assertEquals(64, clauses.size());
        int whole = atoms.literal(Canonical.of(any(flag(12), flag(13))), false);
        clauses.forEach(clause -> assertTrue(clause.contains(whole), clause::toString));
    }

    @Test
    void keepsAnOrOverTheCapWhole() {
        Condition or = any(flag(0), flag(1), flag(2));
        assertEquals(
                Set.of(Set.of(lit(0)), Set.of(lit(1)), Set.of(lit(2))),
                clauses(or, Polarity.POSSIBLE, 3));
        assertEquals(
                Set.of(Set.of(atoms.literal(Canonical.of(or), false))),
                clauses(or, Polarity.POSSIBLE, 2));
        assertEquals(
                Set.of(Set.of(atoms.literal(Canonical.of(all(flag(0), flag(1), flag(2))), true))),
                clauses(not(all(flag(0), flag(1), flag(2))), Polarity.POSSIBLE, 2));
    }

    private Set<Set<Integer>> clauses(Condition condition, Polarity polarity, int max) {
        return Set.copyOf(
                ClauseForm.of(
                        Canonical.of(condition), atoms, polarity, ClauseForm.Knowledge.NONE, max));
    }

    private static Condition[] pairs(int from, int count) {
        List<Condition> pairs = new ArrayList<>();
        for (int pair = from; pair < from + count; pair++) {
            pairs.add(any(flag(2 * pair), flag(2 * pair + 1)));
        }
        return pairs.toArray(Condition[]::new);
    }

    private int lit(int slot) {
        return atoms.literal(Canonical.of(flag(slot)), false);
    }

    private int neg(int slot) {
        return atoms.literal(Canonical.of(flag(slot)), true);
    }

    private static Condition flag(int slot) {
        return new Condition.Flag(SPAN, new Fact(slot, Attribute.REQUEST_STREAM, null, null));
    }

    private static Condition not(Condition operand) {
        return new Condition.Not(SPAN, operand);
    }

    private static Condition all(Condition... operands) {
        return new Condition.All(SPAN, List.of(operands));
    }

    private static Condition any(Condition... operands) {
        return new Condition.Any(SPAN, List.of(operands));
    }
}
