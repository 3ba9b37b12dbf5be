package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What may be absent must be resolved where it is read.
final class PresenceTest {
    private static final String MAX = "request.max_tokens";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAX else 4k > 1k",
                "(MAX else 4k) > 1k",
                "MAX present and MAX > 1k",
                "MAX present and (request.stream or MAX > 1k)",
                "MAX present and MAX > 1k and MAX < 9k",
                "MAX present and not (MAX > 1k)",
                "MAX absent or MAX > 1k",
                "not (MAX absent) and MAX > 1k",
                "not (MAX present) or MAX > 1k",
                "request.stream and MAX present and MAX > 1k",
                "(MAX present and request.stream) and MAX > 1k",
                "(MAX present or MAX present and request.stream) and MAX > 1k",
                "(request.stream or MAX absent) or MAX > 1k",
                "not (MAX absent or request.stream) and MAX > 1k",
                "not (MAX present and request.stream) or MAX > 1k",
                "MAX present and MAX in 1k..4k",
                "MAX present and MAX in [1k, 4k]",
                "MAX present and MAX is 1k",
                "MAX present and MAX + 1 > 1k",
                "user present and user is alice",
                "user else \"bob\" is alice and user is alice",
                "request.user present and request.user starts with \"a\"",
                "request.header(\"x-a\") present and request.header(\"X-A\") is \"b\"",
            })
    void whatIsResolvedCanBeRead(String condition) {
        assertEquals(List.of(), read(condition));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAX > 1k",
                "MAX + 1 > 1k",
                "MAX in 1k..4k",
                "MAX in [1k, 4k]",
                "MAX is 1k",
                "MAX > 1k and MAX present",
                "MAX > 1k or MAX absent",
                "MAX present or MAX > 1k",
                "MAX absent and MAX > 1k",
                "not (MAX present) and MAX > 1k",
                "not (MAX absent) or MAX > 1k",
                "(MAX present or request.stream) and MAX > 1k",
                "(MAX absent and request.stream) or MAX > 1k",
                "MAX else 4k > 1k and MAX > 1k",
                "request.n present and MAX > 1k",
                "user is alice",
                "user in [alice, bob]",
                "request.user is \"a\"",
                "request.user contains \"a\"",
                "request.header(\"x-a\") present and request.header(\"x-b\") is \"b\"",
            })
    void whatIsNotResolvedIsTold(String condition) {
        assertEquals(1, read(condition).size(), () -> "" + read(condition));
        assertTrue(read(condition).getFirst().startsWith("E0202 "), () -> "" + read(condition));
    }

    private static List<String> read(String condition) {
        return Checked.toldOfCondition("request", condition.replace("MAX", MAX));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    request.stream else true            | E0208 true
                    prompt.tokens else 5 > 1            | E0208 5
                    request.tools else "x" is "y"       | E0208 "x"
                    MAX else "x" > 1k                   | E0201 "x"
                    MAX else $1 > 1k                    | E0201 $1
                    request.n else 5 tokens > 1         | E0201 5 tokens
                    request.user else 5 is "x"          | E0201 5
                    user else "nobody" is alice         | E0204 "nobody"
                    user else 5 is alice                | E0201 5
                    (prompt.tokens + 1) else 5 > 1      | E0208 prompt.tokens + 1
                    (prompt.tokens > 1) present         | E0201 prompt.tokens > 1
                    prompt.tokens + 1 present           | E0208 prompt.tokens + 1
                    5 present                           | E0208 5
                    """)
    void aFallbackIsOfTheTypeOfWhatMayBeAbsent(String condition, String told) {
        assertEquals(List.of(told), read(condition));
    }

    @Test
    void theConditionOfARuleCountsForItsEffects() {
        assertEquals(
                List.of(),
                Checked.toldOf(
                        """
                        rule it on request when request.max_tokens present {
                          set request.max_tokens = request.max_tokens * 50%
                          require request.max_tokens > 1k else deny
                        }
                        """));
        assertEquals(
                List.of("E0202 request.max_tokens", "E0202 request.max_tokens"),
                Checked.toldOf(
                        """
                        rule it on request {
                          set request.max_tokens = request.max_tokens * 50%
                          require request.max_tokens > 1k else deny
                        }
                        """));
    }

    @Test
    void whatStandsBehindAMistakeIsNotToldToo() {
        assertEquals(
                List.of("E0105 request.max_tokns"), read("request.max_tokns present and MAX > 1k"));
    }

    @Test
    void theHintsShowEachWayToDecide() {
        assertEquals(
                List.of(
                        "`request.max_tokens else 4k tokens` puts a value in its place.",
                        "`request.max_tokens present and …` leaves requests without it out.",
                        "`request.max_tokens absent or …` lets requests without it in."),
                Checked.only(
                                Checked.BASE
                                        + "rule it on request when request.max_tokens > 1 tag \"t\"")
                        .hints());
    }
}
