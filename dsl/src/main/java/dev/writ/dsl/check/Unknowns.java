package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Canary.By;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Name;
import java.util.Arrays;
import java.util.List;

/// Messages about words that the language does not know where they stand.
final class Unknowns {
    static final List<String> TIMEOUT = List.of("connect", "first-byte", "idle", "total");
    static final List<String> STRATEGY = List.of("least-in-flight", "fastest", "cheapest");
    static final List<String> SPLIT =
            Arrays.stream(Policy.Pool.Canary.By.values()).map(By::word).toList();
    static final List<String> AUDIT = List.of("full", "metadata");
    static final List<String> ROLE = List.of("system", "developer", "user");
    static final List<String> PHASE = List.of("request", "route", "stream", "response");

    private Unknowns() {}

    /// Returns the message that the word is none of the keywords that can stand there.
    ///
    /// @param noun what it should have been, such as `team property`
    static Diagnostic keyword(Name word, String noun, List<String> known) {
        return Suggested.word(
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_KEYWORD,
                                word.span(),
                                "unknown %s `%s`".formatted(noun, word.text()))
                        .at("no such %s".formatted(noun)),
                word.text(),
                known,
                noun);
    }

    /// Returns the message that the word is none of a closed set that is not keywords.
    static Diagnostic label(Span span, String word, String noun, List<String> known) {
        return Suggested.word(
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_LABEL,
                                span,
                                "unknown %s `%s`".formatted(noun, word))
                        .at("no such %s".formatted(noun)),
                word,
                known,
                noun);
    }
}
