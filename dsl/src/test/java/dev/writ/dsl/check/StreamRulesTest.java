package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules on stream ask only for what stays so while the answer goes on.
final class StreamRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stream.text contains \"x\"",
                "stream.text contains any [\"x\", \"y\"]",
                "stream.text starts with \"{\"",
                "stream.text matches \"AKIA[0-9A-Z]{16}\"",
                "not (not stream.text contains \"x\")",
                "stream.text contains \"x\" and not team is dev",
                "stream.text contains \"x\" or stream.tokens > 5",
                "stream.tokens >= 8k",
                "not stream.tokens < 8k",
                "8k < stream.tokens",
                "stream.tokens - prompt.tokens > 5",
                "prompt.tokens - stream.tokens < 5",
                "stream.tokens * 50% > 5",
                "prompt.tokens < 5",
                "prompt.text is \"x\"",
                "model is near and provider.region is eu",
            })
    void whatStaysTrueIsTaken(String condition) {
        assertEquals(List.of(), Checked.toldOfCondition("stream", condition));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    not stream.text contains "x"             | stream.text contains "x"
                    stream.text is "x"                       | stream.text is "x"
                    stream.text is not "x"                   | stream.text is not "x"
                    stream.text in ["x", "y"]                | stream.text in ["x", "y"]
                    stream.text ends with "x"                | stream.text ends with "x"
                    not (stream.tokens > 5)                  | stream.tokens > 5
                    stream.tokens < 5                        | stream.tokens < 5
                    stream.tokens == 5                       | stream.tokens == 5
                    stream.tokens - stream.tokens * 2 > 5    | stream.tokens - stream.tokens * 2 > 5
                    prompt.tokens - stream.tokens > 5        | prompt.tokens - stream.tokens > 5
                    stream.tokens in 5..9                    | stream.tokens in 5..9
                    """)
    void whatMayChangeIsTold(String condition, String caret) {
        assertEquals(List.of("E0323 " + caret), Checked.toldOfCondition("stream", condition));
    }

    @Test
    void aRequirementAsksForTheOpposite() {
        assertEquals(
                List.of(),
                Checked.toldOf(
                        "rule it on stream require not stream.text contains \"x\" else deny"));
        assertEquals(
                List.of(), Checked.toldOf("rule it on stream require stream.tokens < 5 else deny"));
        assertEquals(
                List.of("E0323 stream.text contains \"x\""),
                Checked.toldOf("rule it on stream require stream.text contains \"x\" else deny"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    matches "a.*b"                       | deny    | W0324
                    matches "a[^b]{1,200}b"              | deny    | W0324
                    matches "a[a-z]{1,254}b"             | deny    |
                    matches "a[a-z]{1,255}b"             | deny    | W0324
                    matches "a.*b"                       | tag "t" |
                    matches "key: .*"                    | deny    |
                    """)
    void aMatchThatMayOutgrowWhatIsHeldIsTold(String test, String effect, String told) {
        List<String> codes =
                Checked.toldOf("rule it on stream when stream.text %s %s".formatted(test, effect))
                        .stream()
                        .map(line -> line.substring(0, 5))
                        .toList();
        assertEquals(told == null ? List.of() : List.of(told), codes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"contains", "starts with"})
    void soIsALongText(String test) {
        for (int length : new int[] {256, 257}) {
            String rule =
                    "rule it on stream when stream.text %s \"%s\" deny"
                            .formatted(test, "x".repeat(length));
            List<String> told = Checked.toldOf(rule);
            assertEquals(length == 257, !told.isEmpty(), told::toString);
        }
    }

    @Test
    void allPatternsTogetherHaveALimit() {
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rules.add(
                    "rule r%d on stream when stream.text matches \"%d[a-z]{900}x\" tag \"t\"\n"
                            .formatted(i, i));
        }
        assertEquals(List.of(), Checked.toldOf(String.join("", rules.subList(0, 20))));
        List<String> told = Checked.toldOf(String.join("", rules));
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.getFirst().startsWith("E0005"), told::toString);
        // One pattern is one, however often it stands.
        assertEquals(
                List.of(),
                Checked.toldOf(
                        rules.getFirst()
                                + String.join("", rules.subList(1, 30))
                                        .replaceAll("\"\\d+", "\"0")));
    }
}
