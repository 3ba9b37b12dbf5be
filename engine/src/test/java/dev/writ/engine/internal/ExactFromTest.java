package dev.writ.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExactFromTest {
    private static final Vocabulary VOCABULARY =
            new Vocabulary(
                    List.of(new ProviderKind("simulated", false, false, false, true, Set.of())));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "when request.stream tag \"x\" | 9223372036854775807",
                "when prompt.tokens > 50k tag \"x\" | 50000",
                "when not (prompt.tokens <= 50k and request.stream) tag \"x\" | 50000",
                "when 7k < prompt.tokens or prompt.tokens is 9k tag \"x\" | 7000",
                "when prompt.tokens in 3k..4k tag \"x\" | 3000",
                "require prompt.tokens < 2k else deny | 2000",
                "when prompt.tokens + request.max_tokens else 1k > 50k tag \"x\" | -9223372036854775808",
                "when prompt.tokens > request.max_tokens else 1k tag \"x\" | -9223372036854775808",
                "set request.max_tokens = prompt.tokens | -9223372036854775808",
            })
    void isTheLeastConstantThatTheNumberIsComparedWith(String rule, long exactFrom) {
        String text =
                """
                policy "p" language 1
                provider p { kind simulated }
                model m on p "m" {}
                route chat { only otherwise -> m }
                team t {
                  key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                  may use chat
                }
                rule r on request %s
                """
                        .formatted(rule);
        CheckResult checked =
                Checker.check(
                        new SourceTree("p.writ", List.of(new Source("p.writ", text))), VOCABULARY);
        assertEquals(
                exactFrom,
                ExactFrom.of(
                        assertInstanceOf(CheckResult.Usable.class, checked).policy(),
                        Attribute.PROMPT_TOKENS));
    }
}
