package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two rules never set one field of one request to different values.
final class ConflictsTest {
    private static final String OPS =
            "team ops { user carol  key pager sha256 \"%s\" for carol  may use chat }\n"
                    .formatted("b".repeat(64));

    private static List<String> told(String first, String second) {
        return Checked.toldOf(
                OPS
                        + "rule one on request when %s set request.max_tokens = 1k\n"
                                .formatted(first)
                        + "rule two on request when %s set request.max_tokens = 2k\n"
                                .formatted(second));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prompt.tokens > 5       | prompt.tokens <= 5
                    prompt.tokens > 5       | prompt.tokens in 1..6
                    prompt.tokens in 1..5   | prompt.tokens in 5..9
                    prompt.tokens is 5      | prompt.tokens is 6
                    prompt.tokens is 5      | prompt.tokens is not 5
                    time.hour in 8..18      | time.hour < 8 or time.hour >= 18
                    team is dev             | team is ops
                    team is dev             | team is not dev
                    team is dev             | not (team is dev) and request.stream
                    user else "bob" is alice | user else "bob" is carol
                    user present            | user absent
                    user present            | user absent and request.stream
                    request.stream          | not request.stream
                    request.stream          | request.stream is false
                    request.n present       | request.n absent
                    request.model is "a"    | request.model is "b"
                    request.model is "a"    | request.model not in ["a", "b"]
                    request.model in ["a", "b"] | request.model in ["c", "d"]
                    request.max_tokens else 1 > 5 | request.max_tokens else 1 < 5
                    request.header("x") else "" is "a" | request.header("X") else "" is "b"
                    team is dev or request.stream | team is ops and not request.stream
                    time.weekday in [saturday, sunday] | time.weekday is monday
                    """)
    void conditionsThatExcludeEachOtherAreNoConflict(String first, String second) {
        assertEquals(List.of(), told(first, second));
        assertEquals(List.of(), told(second, first));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prompt.tokens > 5       | prompt.tokens > 6
                    prompt.tokens > 5       | prompt.tokens <= 6
                    prompt.tokens > 5       | request.stream
                    prompt.tokens in 1..6   | prompt.tokens in 5..9
                    team is dev             | request.stream
                    team is dev             | team in [dev, ops]
                    team is not dev         | team is not ops
                    user present            | user else "bob" is bob
                    request.model is "a"    | request.model starts with "b"
                    request.model is "a"    | request.model is not "b"
                    request.max_tokens else 1 > 5 | request.max_tokens else 9 < 5
                    request.header("x") else "" is "a" | request.header("y") else "" is "b"
                    prompt.text contains "a" | not (prompt.text contains "a")
                    team is dev or request.stream | team is ops or not request.stream
                    """)
    void conditionsThatMayBothHoldAre(String first, String second) {
        assertEquals(List.of("E0420 two"), told(first, second));
        assertEquals(List.of("E0420 two"), told(second, first));
    }

    @Test
    void theMessageShowsBothRules() {
        Diagnostic conflict =
                Checked.only(
                        Checked.BASE
                                + """
                                rule one on request set request.store = false
                                rule two on request when request.stream set request.store = true
                                """);
        assertEquals(
                "two rules can set `request.store` of one request to different values",
                conflict.headline());
        assertEquals("one", conflict.because().getFirst().span().text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    set request.store = false      | set request.store = false
                    set request.max_tokens = 1k    | set request.max_tokens = 500 * 2
                    set request.max_tokens = 1k    | set request.temperature = 1
                    set request.max_tokens = prompt.tokens | set request.max_tokens = prompt.tokens
                    """)
    void equalValuesAndOtherFieldsAreNoConflict(String first, String second) {
        assertEquals(
                List.of(),
                Checked.toldOf(
                        "rule one on request %s rule two on request %s".formatted(first, second)));
    }

    @Test
    void aLaterPhaseMaySetAnew() {
        assertEquals(
                List.of(),
                Checked.toldOf(
                        """
                        rule one on request set request.max_tokens = 1k
                        rule two on route set request.max_tokens = 2k
                        """));
    }

    @Test
    void oneRuleCannotSetAFieldTwice() {
        Diagnostic conflict =
                Checked.only(
                        Checked.BASE
                                + "rule one on request { set request.n = 1 set request.n = 2 }"
                                        .replace("request.n", "request.seed"));
        assertEquals("rule `one` sets `request.seed` to different values", conflict.headline());
    }

    @Test
    void eachRuleIsToldOnceAgainstTheFirst() {
        assertEquals(
                List.of("E0420 two", "E0420 three"),
                Checked.toldOf(
                        """
                        rule one   on request set request.seed = 1
                        rule two   on request set request.seed = 2
                        rule three on request set request.seed = 3
                        """));
    }

    @Test
    void whereAlternativesAreTooManyNothingIsClaimedToBeExcluded() {
        String many = "request.header(\"a%d\") present or request.header(\"b%d\") present";
        StringBuilder all = new StringBuilder("team is ops");
        for (int i = 0; i < 10; i++) {
            all.append(" and (").append(many.replace("%d", "" + i)).append(")");
        }
        assertEquals(List.of("E0420 two"), told("team is dev", all.toString()));
        assertEquals(
                List.of(),
                told(
                        "team is dev",
                        "team is ops and " + many.replace("%d", "0").replace(" or ", " and ")));
    }
}
