package dev.writ.engine.internal;

import static dev.writ.engine.Truth.FALSE;
import static dev.writ.engine.Truth.TRUE;
import static dev.writ.engine.Truth.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Comparison;
import dev.writ.engine.Truth;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What conditions mean, case by case.
class TreeEvaluatorTest {
    private static final Span SPAN = new Span(new Source("t.writ", "x"), 0, 1);
    private static final Fact STREAM = new Fact(0, Attribute.REQUEST_STREAM, null, null);
    private static final Fact MAX_TOKENS = new Fact(1, Attribute.REQUEST_MAX_TOKENS, null, null);
    private static final Fact TIER = new Fact(2, Attribute.REQUEST_HEADER, "x-tier", null);
    private static final Fact ENDPOINT =
            new Fact(
                    3,
                    Attribute.REQUEST_ENDPOINT,
                    null,
                    new LabelSet("endpoint", List.of("chat", "embeddings")));
    private static final List<Truth> VALUES = List.of(FALSE, UNKNOWN, TRUE);

    private final FactValues facts = new FactValues(4);

    @Test
    void andOrNotAreKleenes() {
        List<List<Truth>> and =
                List.of(
                        List.of(FALSE, FALSE, FALSE),
                        List.of(FALSE, UNKNOWN, UNKNOWN),
                        List.of(FALSE, UNKNOWN, TRUE));
        List<List<Truth>> or =
                List.of(
                        List.of(FALSE, UNKNOWN, TRUE),
                        List.of(UNKNOWN, UNKNOWN, TRUE),
                        List.of(TRUE, TRUE, TRUE));
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                Condition left = valued(VALUES.get(a), 0);
                Condition right = valued(VALUES.get(b), 1);
                assertEquals(
                        and.get(a).get(b), value(new Condition.All(SPAN, List.of(left, right))));
                assertEquals(
                        or.get(a).get(b), value(new Condition.Any(SPAN, List.of(left, right))));
            }
        }
        assertEquals(UNKNOWN, value(new Condition.Not(SPAN, valued(UNKNOWN, 0))));
        assertEquals(FALSE, value(new Condition.Not(SPAN, valued(TRUE, 0))));
    }

    @Test
    void absentIsFalseAndUnknownIsUnknown() {
        BitSet chat = new BitSet();
        chat.set(0);
        for (Condition atom :
                List.of(
                        new Condition.Flag(SPAN, STREAM),
                        new Condition.Present(SPAN, MAX_TOKENS),
                        new Condition.LabelIn(SPAN, ENDPOINT, chat))) {
            for (int slot = 0; slot < 4; slot++) {
                facts.putAbsent(slot);
            }
            assertEquals(FALSE, value(atom), atom.toString());
            for (int slot = 0; slot < 4; slot++) {
                facts.putUnknown(slot);
            }
            assertEquals(UNKNOWN, value(atom), atom.toString());
        }
    }

    @Test
    void aWordOutsideOfTheClosedSetIsNoneOfItsLabels() {
        BitSet both = new BitSet();
        both.set(0, 2);
        Condition in = new Condition.LabelIn(SPAN, ENDPOINT, both);
        facts.put(ENDPOINT.slot(), 1);
        assertEquals(TRUE, value(in));
        for (long other : List.of(-1L, 2L, Long.MAX_VALUE)) {
            facts.put(ENDPOINT.slot(), other);
            assertEquals(FALSE, value(in));
            assertEquals(TRUE, value(new Condition.Present(SPAN, ENDPOINT)));
        }
    }

    @Test
    void anAbsentNumberIsItsFallbackElseUnknown() {
        facts.putAbsent(MAX_TOKENS.slot());
        assertEquals(TRUE, value(moreThan(new NumberTerm.FactNumber(MAX_TOKENS, 5L), 4)));
        assertEquals(FALSE, value(moreThan(new NumberTerm.FactNumber(MAX_TOKENS, 4L), 4)));
        assertEquals(UNKNOWN, value(moreThan(new NumberTerm.FactNumber(MAX_TOKENS, null), 4)));
        facts.putUnknown(MAX_TOKENS.slot());
        assertEquals(UNKNOWN, value(moreThan(new NumberTerm.FactNumber(MAX_TOKENS, 5L), 4)));
    }

    @Test
    void sumsStopAtTheEndOfTheRange() {
        NumberTerm most = new NumberTerm.Constant(ValueType.TOKENS, Long.MAX_VALUE);
        facts.put(MAX_TOKENS.slot(), 10);
        NumberTerm term = new NumberTerm.FactNumber(MAX_TOKENS, null);
        assertEquals(
                OptionalLong.of(Long.MAX_VALUE),
                TreeEvaluator.evaluate(new NumberTerm.Plus(ValueType.TOKENS, term, most), facts));
        assertEquals(
                OptionalLong.of(7),
                TreeEvaluator.evaluate(new NumberTerm.Scaled(ValueType.TOKENS, term, 3, 4), facts));
    }

    @Test
    void textsAreTested() {
        facts.put(TIER.slot(), "gold-plus");
        assertEquals(TRUE, value(text(new TextTest.In(Set.of("gold-plus", "x")))));
        assertEquals(FALSE, value(text(new TextTest.In(Set.of("gold")))));
        assertEquals(TRUE, value(text(new TextTest.StartsWith("gold"))));
        assertEquals(FALSE, value(text(new TextTest.StartsWith("plus"))));
        assertEquals(TRUE, value(text(new TextTest.EndsWith("plus"))));
        assertEquals(TRUE, value(text(new TextTest.ContainsAny(List.of("zz", "d-p")))));
        assertEquals(FALSE, value(text(new TextTest.ContainsAny(List.of("zz")))));
        assertEquals(TRUE, value(text(new TextTest.Matches("d-p.+s$"))));
        assertEquals(FALSE, value(text(new TextTest.Matches("^plus"))));
    }

    @Test
    void aTextOverTheLimitIsUnknown() {
        Condition contains = text(new TextTest.ContainsAny(List.of("b")));
        facts.put(TIER.slot(), "a".repeat(TextLimits.CONTAINS_CHARS_MAX));
        assertEquals(FALSE, value(contains));
        facts.put(TIER.slot(), "a".repeat(TextLimits.CONTAINS_CHARS_MAX) + "b");
        assertEquals(UNKNOWN, value(contains));

        Condition matches = text(new TextTest.Matches("^a*b"));
        facts.put(TIER.slot(), "a".repeat(TextLimits.MATCHES_CHARS_MAX));
        assertEquals(FALSE, value(matches));
        facts.put(TIER.slot(), "a".repeat(TextLimits.MATCHES_CHARS_MAX) + "b");
        assertEquals(UNKNOWN, value(matches));

        assertEquals(TRUE, value(text(new TextTest.EndsWith("ab"))));
    }

    private Condition valued(Truth value, int slot) {
        switch (value) {
            case FALSE -> facts.put(slot, 0);
            case UNKNOWN -> facts.putUnknown(slot);
            case TRUE -> facts.put(slot, 1);
        }
        return new Condition.Flag(SPAN, new Fact(slot, Attribute.REQUEST_STREAM, null, null));
    }

    private static Condition moreThan(NumberTerm left, long right) {
        return new Condition.NumberCompare(
                SPAN, left, Comparison.GREATER, new NumberTerm.Constant(ValueType.TOKENS, right));
    }

    private static Condition text(TextTest test) {
        return new Condition.TextPasses(SPAN, new TextTerm(TIER, null), test);
    }

    private Truth value(Condition condition) {
        return TreeEvaluator.evaluate(condition, facts);
    }
}
