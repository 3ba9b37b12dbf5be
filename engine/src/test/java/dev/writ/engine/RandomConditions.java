package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Comparison;
import dev.writ.engine.internal.FactValues;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Conditions and facts at random, from few values, so that they often meet.
final class RandomConditions {
    static final Span SPAN = new Span(new Source("random.writ", "x"), 0, 1);

    private static final List<String> PATTERNS =
            List.of("a", "^ab", "b$", "a+b", "(a|b){3}", "[^ab]", "^$", "ba*b");

    private final RandomGenerator random;
    private final List<Fact> facts;

    /// How far thresholds and numbers reach, but for a few extreme ones.
    private final int numbers;

    RandomConditions(RandomGenerator random, List<Fact> facts, int numbers) {
        this.random = random;
        this.facts = facts;
        this.numbers = numbers;
    }

    /// A condition of any shape; about one of twenty has more clauses than the default cap.
    Condition condition() {
        if (random.nextInt(20) == 0) {
            return manyClauses();
        }
        return condition(random.nextInt(5));
    }

    /// A condition that is an `and` of a few atoms, as most rules are.
    Condition conjunction() {
        List<Condition> atoms = new ArrayList<>();
        int size = 2 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            atoms.add(random.nextInt(4) == 0 ? not(atom()) : atom());
        }
        return new Condition.All(SPAN, atoms);
    }

    /// A condition as rules on stream have them: of what streams it asks for what stays so.
    Condition growing() {
        RandomConditions others =
                new RandomConditions(
                        random, facts.stream().filter(f -> !streams(f)).toList(), numbers);
        List<Fact> streaming = facts.stream().filter(RandomConditions::streams).toList();
        if (streaming.isEmpty() || random.nextInt(6) == 0) {
            return random.nextInt(4) == 0 ? others.conjunction() : others.condition();
        }
        List<Condition> operands = new ArrayList<>();
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            operands.add(growingAtom(streaming.get(random.nextInt(streaming.size()))));
        }
        if (random.nextBoolean()) {
            operands.add(others.condition());
        }
        if (operands.size() == 1) {
            return operands.getFirst();
        }
        Condition all =
                random.nextBoolean()
                        ? new Condition.All(SPAN, operands)
                        : new Condition.Any(SPAN, operands);
        return random.nextInt(8) == 0 ? not(not(all)) : all;
    }

    private static boolean streams(Fact fact) {
        return fact.attribute() == Attribute.STREAM_TEXT
                || fact.attribute() == Attribute.STREAM_TOKENS;
    }

    private Condition growingAtom(Fact fact) {
        if (fact.attribute() == Attribute.STREAM_TOKENS) {
            NumberTerm number = new NumberTerm.FactNumber(fact, null);
            NumberTerm limit = new NumberTerm.Constant(ValueType.TOKENS, number());
            return random.nextBoolean()
                    ? new Condition.NumberCompare(SPAN, number, Comparison.GREATER, limit)
                    : not(new Condition.NumberCompare(SPAN, number, Comparison.AT_MOST, limit));
        }
        TextTest test =
                switch (random.nextInt(3)) {
                    case 0 -> new TextTest.StartsWith(text());
                    case 1 -> new TextTest.ContainsAny(texts());
                    default -> new TextTest.Matches(PATTERNS.get(random.nextInt(PATTERNS.size())));
                };
        return new Condition.TextPasses(SPAN, new TextTerm(fact, null), test);
    }

    private Condition condition(int depth) {
        if (depth == 0) {
            return random.nextInt(15) == 0
                    ? new Condition.Constant(SPAN, random.nextBoolean())
                    : atom();
        }
        return switch (random.nextInt(4)) {
            case 0 -> not(condition(depth - 1));
            case 1 -> new Condition.All(SPAN, operands(depth));
            case 2 -> new Condition.Any(SPAN, operands(depth));
            default -> contradictionOrTautology(depth);
        };
    }

    private Condition contradictionOrTautology(int depth) {
        Condition one = condition(depth - 1);
        List<Condition> operands = new ArrayList<>(List.of(one, not(one)));
        if (random.nextBoolean()) {
            operands.add(condition(depth - 1));
        }
        return random.nextBoolean()
                ? new Condition.All(SPAN, operands)
                : new Condition.Any(SPAN, operands);
    }

    /// An `and` of `or`s, or the other way around: 2^7 clauses and more one way.
    private Condition manyClauses() {
        List<Condition> outer = new ArrayList<>();
        boolean all = random.nextBoolean();
        for (int i = 0; i < 7; i++) {
            List<Condition> inner = operands(1);
            outer.add(all ? new Condition.Any(SPAN, inner) : new Condition.All(SPAN, inner));
        }
        Condition whole = all ? new Condition.All(SPAN, outer) : new Condition.Any(SPAN, outer);
        return random.nextBoolean() ? whole : not(whole);
    }

    private List<Condition> operands(int depth) {
        List<Condition> operands = new ArrayList<>();
        int size = 2 + random.nextInt(2);
        for (int i = 0; i < size; i++) {
            operands.add(condition(random.nextInt(depth)));
        }
        return operands;
    }

    private static Condition not(Condition operand) {
        return new Condition.Not(SPAN, operand);
    }

    Condition atom() {
        Fact fact = facts.get(random.nextInt(facts.size()));
        if (random.nextInt(8) == 0) {
            return new Condition.Present(SPAN, fact);
        }
        return switch (fact.attribute().type()) {
            case LABEL -> new Condition.LabelIn(SPAN, fact, labels(fact));
            case BOOL -> new Condition.Flag(SPAN, fact);
            case COLLECTION -> new Condition.Present(SPAN, fact);
            case TEXT -> new Condition.TextPasses(SPAN, textTerm(fact), textTest());
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> compare(fact);
        };
    }

    private BitSet labels(Fact fact) {
        BitSet labels = new BitSet();
        int size = fact.labels() == null ? 0 : fact.labels().size();
        int count = random.nextInt(4) == 0 ? random.nextInt(size + 1) : 1;
        for (int i = 0; i < count; i++) {
            labels.set(random.nextInt(size));
        }
        return labels;
    }

    private Condition compare(Fact fact) {
        Comparison comparison = List.of(Comparison.values()).get(random.nextInt(6));
        ValueType type = fact.attribute().type();
        NumberTerm left = factNumber(fact);
        NumberTerm right = new NumberTerm.Constant(type, number());
        return switch (random.nextInt(6)) {
            case 0 -> new Condition.NumberCompare(SPAN, right, comparison, left);
            case 1 ->
                    new Condition.NumberCompare(
                            SPAN, numberTerm(type, 2), comparison, numberTerm(type, 2));
            default -> new Condition.NumberCompare(SPAN, left, comparison, right);
        };
    }

    /// A term of the unit, over facts that count it.
    NumberTerm numberTerm(ValueType type, int depth) {
        List<Fact> fitting = facts.stream().filter(f -> f.attribute().type() == type).toList();
        if (depth == 0 || random.nextInt(3) == 0) {
            return fitting.isEmpty() || random.nextInt(4) == 0
                    ? new NumberTerm.Constant(type, number())
                    : factNumber(fitting.get(random.nextInt(fitting.size())));
        }
        NumberTerm left = numberTerm(type, depth - 1);
        return switch (random.nextInt(3)) {
            case 0 -> new NumberTerm.Plus(type, left, numberTerm(type, depth - 1));
            case 1 -> new NumberTerm.Minus(type, left, numberTerm(type, depth - 1));
            default ->
                    new NumberTerm.Scaled(type, left, random.nextInt(-4, 5), 1 + random.nextInt(3));
        };
    }

    private NumberTerm factNumber(Fact fact) {
        // Now and then without a fallback though the fact may be absent, which no checker passes.
        boolean fallback = fact.attribute().optional() && random.nextInt(8) > 0;
        return new NumberTerm.FactNumber(fact, fallback ? number() : null);
    }

    private TextTerm textTerm(Fact fact) {
        boolean fallback = fact.attribute().optional() && random.nextInt(8) > 0;
        return new TextTerm(fact, fallback ? text() : null);
    }

    private TextTest textTest() {
        return switch (random.nextInt(7)) {
            case 0 -> new TextTest.StartsWith(text());
            case 1 -> new TextTest.EndsWith(text());
            case 2 -> new TextTest.ContainsAny(texts());
            case 3 -> new TextTest.Matches(PATTERNS.get(random.nextInt(PATTERNS.size())));
            default -> new TextTest.In(textSet());
        };
    }

    private Set<String> textSet() {
        return new HashSet<>(texts());
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(5);
        for (int i = 0; i < length; i++) {
            text.append("abé".charAt(random.nextInt(40) == 0 ? 2 : random.nextInt(2)));
        }
        if (numbers > 1000) {
            text.append(random.nextInt(numbers));
        }
        return text.toString();
    }

    private long number() {
        return switch (random.nextInt(30)) {
            case 0 -> Long.MIN_VALUE;
            case 1 -> Long.MAX_VALUE;
            case 2 -> Long.MAX_VALUE - 1;
            default -> random.nextInt(-2, numbers);
        };
    }

    /// Fills a fact with anything: a value, absent, or unknown.
    void fill(Fact fact, FactValues values) {
        int slot = fact.slot();
        switch (random.nextInt(8)) {
            case 0 -> values.putUnknown(slot);
            case 1 -> values.putAbsent(slot);
            default -> {
                switch (fact.attribute().type()) {
                    case LABEL -> {
                        int size = fact.labels() == null ? 0 : fact.labels().size();
                        values.put(slot, random.nextInt(-1, size + 1));
                    }
                    case BOOL -> values.put(slot, random.nextInt(2));
                    case COLLECTION -> values.put(slot, 1);
                    case TEXT -> values.put(slot, text());
                    case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES ->
                            values.put(slot, number());
                }
            }
        }
    }

    /// Returns one of the values, or null now and then.
    <T> @Nullable T maybe(List<T> values) {
        return values.isEmpty() || random.nextInt(3) == 0
                ? null
                : values.get(random.nextInt(values.size()));
    }
}
