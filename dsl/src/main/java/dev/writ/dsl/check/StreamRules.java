package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.pattern.PatternShape;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.StreamText;
import dev.writ.dsl.source.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Rules on `stream` decide while the answer comes.
///
/// A condition there may become true, and must then stay so, whatever comes after: else a whole
/// answer and a stream of the same text, or the same stream in other pieces, would be decided
/// differently. So texts are asked for what they have, never for what they are without, and tokens
/// for how many there are at least.
final class StreamRules {
    private final Report report;

    /// The size of all patterns so far.
    private long size;

    private final Set<String> patterns = new HashSet<>();

    StreamRules(Report report) {
        this.report = report;
    }

    void check(List<Policy.Rule> rules) {
        for (Policy.Rule rule : rules) {
            if (rule.phase() != Phase.STREAM) {
                continue;
            }
            boolean denies = rule.effects().stream().anyMatch(StreamRules::denies);
            check(rule.when(), false, denies);
            for (Policy.Effect effect : rule.effects()) {
                if (effect instanceof Policy.Effect.Require(Condition condition, _)) {
                    check(condition, true, denies);
                }
            }
        }
    }

    private static boolean denies(Policy.Effect effect) {
        return effect instanceof Policy.Effect.Deny || effect instanceof Policy.Effect.Require;
    }

    /// @param negated whether the rule acts where the condition does not hold
    private void check(Condition condition, boolean negated, boolean denies) {
        switch (condition) {
            case Condition.Not not -> check(not.operand(), !negated, denies);
            case Condition.All all -> all.operands().forEach(o -> check(o, negated, denies));
            case Condition.Any any -> any.operands().forEach(o -> check(o, negated, denies));
            case Condition.NumberCompare compare -> number(compare, negated);
            case Condition.TextPasses passes -> {
                if (passes.text().fact().attribute() == Attribute.STREAM_TEXT) {
                    text(passes, negated, denies);
                }
            }
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _ -> {}
        }
    }

    // ── Texts ────────────────────────────────────────────────────────────────────────────────

    private void text(Condition.TextPasses passes, boolean negated, boolean denies) {
        Span span = passes.span();
        if (negated) {
            report.add(
                    atTheEnd(span, "the text may still come")
                            .hint("Ask for what must not stand in the answer, without `not`."));
            return;
        }
        switch (passes.test()) {
            case TextTest.In _, TextTest.EndsWith _ ->
                    report.add(
                            atTheEnd(span, "more text may come behind it")
                                    .hint("Write `contains`, `starts with` or `matches`."));
            case TextTest.StartsWith(String prefix) -> literal(span, prefix, denies);
            case TextTest.ContainsAny(List<String> parts) ->
                    parts.stream()
                            .filter(part -> part.length() > StreamText.HELD_CHARS_MAX)
                            .findFirst()
                            .ifPresent(part -> literal(span, part, denies));
            case TextTest.Matches(String pattern) -> pattern(span, pattern, denies);
        }
    }

    private static Diagnostic atTheEnd(Span span, String label) {
        return Diagnostic.of(
                        DiagnosticCode.KNOWN_AT_THE_END,
                        span,
                        "this is not known before the answer has ended")
                .at(label);
    }

    private void literal(Span span, String text, boolean denies) {
        if (denies && text.length() > StreamText.HELD_CHARS_MAX) {
            report.add(longerThanHeld(span).hint("Look for a part of it."));
        }
    }

    private void pattern(Span span, String pattern, boolean denies) {
        PatternShape shape = PatternShape.of(pattern);
        if (patterns.add(pattern)) {
            long before = size;
            size = before + Math.min(shape.size(), Limits.STREAM_PATTERNS_SIZE_MAX + 1L);
            if (size > Limits.STREAM_PATTERNS_SIZE_MAX
                    && before <= Limits.STREAM_PATTERNS_SIZE_MAX) {
                report.add(tooLarge(span));
            }
        }
        if (denies && shape.shortened().longest() > StreamText.HELD_CHARS_MAX) {
            report.add(
                    longerThanHeld(span)
                            .hint(
                                    "Bound what repeats, as in `{1,100}`, and leave out what need"
                                            + " not be there, such as `.*` at the beginning."));
        }
    }

    private static Diagnostic tooLarge(Span span) {
        return Diagnostic.of(
                        DiagnosticCode.TOO_LARGE,
                        span,
                        "the patterns of all rules on `stream` are too large together")
                .at(
                        String.format(
                                Locale.ROOT,
                                "with this one more than %,d characters and branches",
                                Limits.STREAM_PATTERNS_SIZE_MAX))
                .hint("Bound repetitions lower, or use `contains` where a text is enough.");
    }

    private static Diagnostic longerThanHeld(Span span) {
        return Diagnostic.of(
                        DiagnosticCode.MATCH_LONGER_THAN_HELD,
                        span,
                        "what this looks for can be longer than what is held back")
                .at(
                        "its beginning may be sent before its last %d characters"
                                .formatted(StreamText.HELD_CHARS_MAX));
    }

    // ── Tokens ───────────────────────────────────────────────────────────────────────────────

    private void number(Condition.NumberCompare compare, boolean negated) {
        int more =
                switch (compare.comparison()) {
                    case GREATER, AT_LEAST -> negated ? -1 : 1;
                    case LESS, AT_MOST -> negated ? 1 : -1;
                    case EQUAL, NOT_EQUAL -> 0;
                };
        if (!rises(compare.left(), more) || !rises(compare.right(), -more)) {
            report.add(
                    atTheEnd(compare.span(), "the number of tokens grows")
                            .hint("Ask for more than a number, such as `stream.tokens > 8k`."));
        }
    }

    /// Tells whether the term only grows as tokens come, or stays.
    ///
    /// @param sign -1 to ask whether it only falls, 0 whether it stays
    private static boolean rises(NumberTerm term, int sign) {
        return switch (term) {
            case NumberTerm.Constant _ -> true;
            case NumberTerm.FactNumber number ->
                    number.fact().attribute() != Attribute.STREAM_TOKENS || sign > 0;
            case NumberTerm.Plus plus -> rises(plus.left(), sign) && rises(plus.right(), sign);
            case NumberTerm.Minus minus -> rises(minus.left(), sign) && rises(minus.right(), -sign);
            case NumberTerm.Scaled scaled ->
                    scaled.numerator() == 0
                            || rises(scaled.operand(), sign * Long.signum(scaled.numerator()));
        };
    }
}
