package dev.writ.engine.internal;

import com.google.re2j.Pattern;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.engine.Truth;
import java.math.BigInteger;
import java.util.OptionalLong;

/// What conditions mean, written as plainly as can be.
///
/// This is the definition: the index must agree with it on every condition and all facts. An
/// unknown fact makes what reads it unknown; so does an absent one for which the policy has no
/// value, because the checker lets none through and a mistake there must not help a caller.
public final class TreeEvaluator {
    private TreeEvaluator() {}

    /// Returns the value of the condition.
    public static Truth evaluate(Condition condition, FactValues facts) {
        return switch (condition) {
            case Condition.Constant constant -> Truth.of(constant.value());
            case Condition.Not not -> evaluate(not.operand(), facts).not();
            case Condition.All all -> {
                Truth value = Truth.TRUE;
                for (Condition operand : all.operands()) {
                    value = value.and(evaluate(operand, facts));
                }
                yield value;
            }
            case Condition.Any any -> {
                Truth value = Truth.FALSE;
                for (Condition operand : any.operands()) {
                    value = value.or(evaluate(operand, facts));
                }
                yield value;
            }
            case Condition.LabelIn in -> {
                int slot = in.fact().slot();
                yield facts.isUnknown(slot)
                        ? Truth.UNKNOWN
                        : Truth.of(facts.isPresent(slot) && has(in, facts.number(slot)));
            }
            case Condition.Flag flag -> {
                int slot = flag.fact().slot();
                yield facts.isUnknown(slot)
                        ? Truth.UNKNOWN
                        : Truth.of(facts.isPresent(slot) && facts.number(slot) != 0);
            }
            case Condition.Present present -> {
                int slot = present.fact().slot();
                yield facts.isUnknown(slot) ? Truth.UNKNOWN : Truth.of(facts.isPresent(slot));
            }
            case Condition.NumberCompare compare -> {
                OptionalLong left = evaluate(compare.left(), facts);
                OptionalLong right = evaluate(compare.right(), facts);
                yield left.isEmpty() || right.isEmpty()
                        ? Truth.UNKNOWN
                        : Truth.of(compare.comparison().holds(left.getAsLong(), right.getAsLong()));
            }
            case Condition.TextPasses passes -> evaluate(passes.text(), passes.test(), facts);
        };
    }

    /// Returns the value of the term, or nothing if it is unknown.
    public static OptionalLong evaluate(NumberTerm term, FactValues facts) {
        return switch (term) {
            case NumberTerm.Constant constant -> OptionalLong.of(constant.value());
            case NumberTerm.FactNumber number -> {
                int slot = number.fact().slot();
                Long fallback = number.fallback();
                if (facts.isPresent(slot)) {
                    yield OptionalLong.of(facts.number(slot));
                }
                yield facts.isAbsent(slot) && fallback != null
                        ? OptionalLong.of(fallback)
                        : OptionalLong.empty();
            }
            case NumberTerm.Plus plus -> {
                OptionalLong left = evaluate(plus.left(), facts);
                OptionalLong right = evaluate(plus.right(), facts);
                yield left.isEmpty() || right.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Saturating.clamp(exact(left).add(exact(right))));
            }
            case NumberTerm.Minus minus -> {
                OptionalLong left = evaluate(minus.left(), facts);
                OptionalLong right = evaluate(minus.right(), facts);
                yield left.isEmpty() || right.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Saturating.clamp(exact(left).subtract(exact(right))));
            }
            case NumberTerm.Scaled scaled -> {
                OptionalLong operand = evaluate(scaled.operand(), facts);
                yield operand.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(
                                Saturating.clamp(
                                        exact(operand)
                                                .multiply(BigInteger.valueOf(scaled.numerator()))
                                                .divide(BigInteger.valueOf(scaled.denominator()))));
            }
        };
    }

    private static BigInteger exact(OptionalLong number) {
        return BigInteger.valueOf(number.getAsLong());
    }

    private static boolean has(Condition.LabelIn in, long label) {
        return label >= 0 && label <= Integer.MAX_VALUE && in.labels().get((int) label);
    }

    private static Truth evaluate(TextTerm term, TextTest test, FactValues facts) {
        int slot = term.fact().slot();
        String fallback = term.fallback();
        if (facts.isPresent(slot)) {
            return evaluate(test, facts.text(slot));
        }
        return facts.isAbsent(slot) && fallback != null ? evaluate(test, fallback) : Truth.UNKNOWN;
    }

    private static Truth evaluate(TextTest test, String text) {
        return switch (test) {
            case TextTest.In in -> Truth.of(in.texts().contains(text));
            case TextTest.StartsWith starts -> Truth.of(text.startsWith(starts.prefix()));
            case TextTest.EndsWith ends -> Truth.of(text.endsWith(ends.suffix()));
            case TextTest.ContainsAny contains ->
                    text.length() > TextLimits.CONTAINS_CHARS_MAX
                            ? Truth.UNKNOWN
                            : Truth.of(contains.parts().stream().anyMatch(text::contains));
            case TextTest.Matches matches ->
                    text.length() > TextLimits.MATCHES_CHARS_MAX
                            ? Truth.UNKNOWN
                            : Truth.of(Pattern.compile(matches.pattern()).matcher(text).find());
        };
    }
}
