package dev.writ.engine.internal;

import com.google.re2j.Pattern;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.syntax.Comparison;
import dev.writ.engine.Truth;
import java.util.BitSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A condition, compiled: what [TreeEvaluator] says of it, without looking at its shape again.
interface TruthFunction {
    Truth of(FactValues facts, Scratch scratch);

    /// Compiles the condition.
    ///
    /// @param shared compiles the tests of texts, whose values are shared between conditions
    static TruthFunction compile(
            Condition condition, Function<Condition.TextPasses, TruthFunction> shared) {
        return switch (condition) {
            case Condition.Constant constant -> {
                Truth value = Truth.of(constant.value());
                yield (_, _) -> value;
            }
            case Condition.Not not -> {
                TruthFunction operand = compile(not.operand(), shared);
                yield (facts, scratch) -> operand.of(facts, scratch).not();
            }
            case Condition.All all ->
                    all(
                            all.operands().stream()
                                    .map(operand -> compile(operand, shared))
                                    .toArray(TruthFunction[]::new));
            case Condition.Any any ->
                    any(
                            any.operands().stream()
                                    .map(operand -> compile(operand, shared))
                                    .toArray(TruthFunction[]::new));
            case Condition.LabelIn in -> labelIn(in.fact().slot(), in.labels());
            case Condition.Flag flag -> {
                int slot = flag.fact().slot();
                yield (facts, _) ->
                        facts.isUnknown(slot)
                                ? Truth.UNKNOWN
                                : Truth.of(facts.isPresent(slot) && facts.number(slot) != 0);
            }
            case Condition.Present present -> {
                int slot = present.fact().slot();
                yield (facts, _) ->
                        facts.isUnknown(slot) ? Truth.UNKNOWN : Truth.of(facts.isPresent(slot));
            }
            case Condition.NumberCompare compare ->
                    compare(
                            NumberFunction.compile(compare.left()),
                            compare.comparison(),
                            NumberFunction.compile(compare.right()));
            case Condition.TextPasses passes -> shared.apply(passes);
        };
    }

    /// Compiles the test of a text, other than `contains any`, which searches for all at once.
    static TruthFunction compile(TextTerm term, TextTest test) {
        return switch (test) {
            case TextTest.In in -> {
                Set<String> texts = in.texts();
                int longest = texts.stream().mapToInt(String::length).max().orElse(0);
                // A longer text is none of them, and hashing it would read all of it.
                yield text(
                        term, Integer.MAX_VALUE, t -> t.length() <= longest && texts.contains(t));
            }
            case TextTest.StartsWith starts -> {
                String prefix = starts.prefix();
                yield text(term, Integer.MAX_VALUE, t -> t.startsWith(prefix));
            }
            case TextTest.EndsWith ends -> {
                String suffix = ends.suffix();
                yield text(term, Integer.MAX_VALUE, t -> t.endsWith(suffix));
            }
            case TextTest.Matches matches -> {
                Pattern pattern = Pattern.compile(matches.pattern());
                yield text(term, TextLimits.MATCHES_CHARS_MAX, t -> pattern.matcher(t).find());
            }
            case TextTest.ContainsAny _ ->
                    throw new IllegalArgumentException("contains any is searched for all at once");
        };
    }

    /// A test of a text that is there.
    interface TextPredicate {
        boolean test(String text);
    }

    /// Returns the text that the term stands for, or null if it is unknown.
    static @Nullable String text(int slot, @Nullable String fallback, FactValues facts) {
        if (facts.isPresent(slot)) {
            return facts.text(slot);
        }
        return facts.isAbsent(slot) ? fallback : null;
    }

    private static TruthFunction text(TextTerm term, int charsMax, TextPredicate predicate) {
        int slot = term.fact().slot();
        String fallback = term.fallback();
        return (facts, _) -> {
            String text = text(slot, fallback, facts);
            return text == null || text.length() > charsMax
                    ? Truth.UNKNOWN
                    : Truth.of(predicate.test(text));
        };
    }

    private static TruthFunction all(TruthFunction[] operands) {
        return (facts, scratch) -> {
            Truth value = Truth.TRUE;
            for (TruthFunction operand : operands) {
                value = value.and(operand.of(facts, scratch));
                if (value == Truth.FALSE) {
                    break;
                }
            }
            return value;
        };
    }

    private static TruthFunction any(TruthFunction[] operands) {
        return (facts, scratch) -> {
            Truth value = Truth.FALSE;
            for (TruthFunction operand : operands) {
                value = value.or(operand.of(facts, scratch));
                if (value == Truth.TRUE) {
                    break;
                }
            }
            return value;
        };
    }

    private static TruthFunction labelIn(int slot, BitSet labels) {
        int size = labels.length();
        return (facts, _) -> {
            if (facts.isUnknown(slot)) {
                return Truth.UNKNOWN;
            }
            long label = facts.number(slot);
            return Truth.of(
                    facts.isPresent(slot) && label >= 0 && label < size && labels.get((int) label));
        };
    }

    private static TruthFunction compare(
            NumberFunction left, Comparison comparison, NumberFunction right) {
        return (facts, _) ->
                left.isKnown(facts) && right.isKnown(facts)
                        ? Truth.of(comparison.holds(left.value(facts), right.value(facts)))
                        : Truth.UNKNOWN;
    }
}
