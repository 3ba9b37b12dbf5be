package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Suggestions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Mistakes in the lines of tests: signs of conditions and arms, and words that are nearly those of
/// facts and outcomes.
final class TestMistakes {
    private static final List<String> FACTS =
            List.of(
                    "team",
                    "key",
                    "user",
                    "route",
                    "prompt",
                    "tools",
                    "stream",
                    "at",
                    "after",
                    "request-id",
                    "provider");

    private static final List<String> BEHAVIOURS =
            List.of("up", "down", "slow", "answers", "breaks");

    private static final List<String> OUTCOMES =
            List.of(
                    "allow",
                    "deny",
                    "arm",
                    "route",
                    "model",
                    "provider",
                    "region",
                    "rule",
                    "tag",
                    "set",
                    "attempts",
                    "status",
                    "broken",
                    "not");

    private TestMistakes() {}

    static @Nullable Diagnostic of(Failure failure) {
        Diagnostic sign = sign(failure);
        return sign == null ? word(failure) : sign;
    }

    private static @Nullable Diagnostic sign(Failure failure) {
        return switch (failure.type()) {
            case WritParser.ARROW ->
                    MistakeExplainer.at(failure, "`->` stands in arms, not in tests")
                            .hint("Write `=>` before what must come of it.");
            case WritParser.EQUAL ->
                    MistakeExplainer.at(failure, "a fact is given its value by one `=`")
                            .hint("Write `… = VALUE`.");
            case WritParser.LESS,
                    WritParser.AT_MOST,
                    WritParser.GREATER,
                    WritParser.AT_LEAST,
                    WritParser.NOT_EQUAL ->
                    failure.expects(WritParser.ASSIGN)
                            ? MistakeExplainer.at(failure, "a fact has one value")
                                    .at("compares")
                                    .hint("Write `… = VALUE`, with the value to try.")
                            : null;
            case WritParser.AND ->
                    MistakeExplainer.at(failure, "a comma stands between facts or outcomes")
                            .hint("Write `,` for `and`.");
            default -> null;
        };
    }

    private static @Nullable Diagnostic word(Failure failure) {
        if (failure.isCutShort()) {
            return null;
        }
        if (failure.expectsRule(WritParser.RULE_outcomes, WritParser.RULE_outcome)) {
            return near(failure, failure.at(), "outcome", OUTCOMES);
        }
        if (failure.typeBefore() == WritParser.IDENT
                && failure.expects(WritParser.UP)
                && failure.type() == WritParser.IDENT) {
            return near(failure, failure.at(), "behaviour of a provider", BEHAVIOURS);
        }
        // A word that could be the root of an attribute until what stands behind it.
        boolean begins =
                failure.at() - 2 >= failure.from()
                        && (failure.type(-2) == WritParser.COMMA
                                || failure.at() - 2 == failure.from());
        return begins && failure.typeBefore() == WritParser.IDENT
                ? near(failure, failure.at() - 1, "fact", FACTS)
                : null;
    }

    private static @Nullable Diagnostic near(
            Failure failure, int index, String noun, List<String> words) {
        if (!Words.isWord(failure.tokens(), index)) {
            return null;
        }
        String word = failure.tokens().text(index);
        if (words.contains(word)) {
            return null;
        }
        return Suggestions.hint(
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_KEYWORD,
                                failure.tokens().span(index),
                                "unknown %s `%s`".formatted(noun, MistakeExplainer.shortened(word)))
                        .at("no such %s".formatted(noun)),
                word,
                words,
                noun);
    }
}
