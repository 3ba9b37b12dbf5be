package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What changes nothing is told: denials that others cover, conditions that repeat themselves, arms
/// that no team reaches.
final class NeedlessTest {
    private static List<String> deniers(String first, String second) {
        return Checked.toldOf(
                "rule one on request %s deny\nrule two on request %s deny 429 \"Later.\"\n"
                        .formatted(first, second));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    when prompt.tokens > 9 | when prompt.tokens > 5 | W0233 one
                    when prompt.tokens > 5 | when prompt.tokens > 9 | W0233 two
                    when prompt.tokens > 5 | when prompt.tokens > 5 | W0233 two
                    when request.stream | when request.stream and prompt.tokens > 5 | W0233 two
                    when request.stream and prompt.tokens > 5 | when request.stream or team is dev | W0233 one
                    '' | when request.stream | W0233 two
                    when request.stream | when prompt.tokens > 5 |
                    when request.stream | when not request.stream |
                    when prompt.tokens < 5 | when prompt.tokens > 9 |
                    when prompt.text contains "a" | when prompt.text contains "a" |
                    """)
    void aDenialThatAnotherCoversIsTold(String first, String second, String told) {
        assertEquals(told == null ? List.of() : List.of(told), deniers(first, second));
    }

    @Test
    void aRuleThatDoesMoreThanDenyIsNeeded() {
        assertEquals(
                List.of(),
                Checked.toldOf(
                        """
                        rule one on request when prompt.tokens > 9 { deny  tag "long" }
                        rule two on request when prompt.tokens > 5 deny
                        """));
        assertEquals(
                List.of(),
                Checked.toldOf(
                        """
                        rule one on request when prompt.tokens > 9 deny
                        rule two on route when prompt.tokens > 5 deny
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    request.stream and request.stream | W0234 request.stream
                    request.stream and prompt.tokens > 5 and request.stream | W0234 request.stream
                    not (request.stream or request.stream) | W0234 request.stream
                    prompt.tokens > 5 and prompt.tokens in 1..9 |
                    request.stream or prompt.tokens > 5 and request.stream |
                    """)
    void aPartThatRepeatsAnotherIsTold(String condition, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                Checked.toldOf("rule it on request when " + condition + " tag \"x\"\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    team is dev |
                    user present and user is alice |
                    team.region is eu | W0236 a
                    key is laptop |
                    user present and user is bob | W0236 a
                    user absent | W0236 a
                    """)
    void anArmForNobodyIsTold(String condition, String told) {
        String text =
                Checked.BASE.replace(
                        "route chat { big when prompt.tokens > 10k -> far",
                        "route chat { a when %s -> far".formatted(condition));
        assertEquals(told == null ? List.of() : List.of(told), Checked.told(text));
    }

    @Test
    void aConflictShowsARequest() {
        assertEquals(
                List.of("both fire when prompt.tokens is 10 tokens and request.stream"),
                Checked.only(
                                Checked.BASE
                                        + """
                                        rule one on request
                                          when request.stream
                                          set request.seed = 1
                                        rule two on request
                                          when prompt.tokens > 9
                                          set request.seed = 2
                                        """)
                        .notes());
    }
}
