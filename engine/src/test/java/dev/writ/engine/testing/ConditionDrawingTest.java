package dev.writ.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.PolicySnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConditionDrawingTest {
    /// Returns what is drawn of the condition of a rule that should have denied a request.
    private static String drawn(String condition, String facts) {
        Policy policy =
                Tried.policy(
                        Tried.BASE.substring(0, Tried.BASE.indexOf("rule huge"))
                                + "rule it on request\n  when %s\n  deny\n".formatted(condition)
                                + "test \"t\" for team dev, route chat { case %s => deny }\n"
                                        .formatted(facts));
        TestRunner runner =
                new TestRunner(
                        PolicySnapshot.compile(policy), String::length, System::nanoTime, null);
        List<String> because =
                runner.run(policy.tests().getFirst()).failures().getFirst().because();
        because.forEach(line -> assertTrue(line.length() <= 80, line));
        return String.join("\n", because.subList(1, because.size())) + "\n";
    }

    @Test
    void eachPartHasItsValueUnderIt() {
        assertEquals(
                """
                  not (request.n else 1 > 1 or time.hour in 8..18) and request.stream
                       │                       │                       └ no: false
                       │                       └ 12: true
                       └ 1: false
                """,
                drawn(
                        "not (request.n else 1 > 1 or time.hour in 8..18) and request.stream",
                        "prompt 1"));
    }

    @Test
    void bracketsCloseOnTheirLine() {
        assertEquals(
                """
                  not (request.n else 1 > 1 or time.hour in 8..18)
                       │                       └ 12: true
                       └ 1: false
                  and prompt.text contains "x"
                      └ "Hello": false
                """,
                drawn(
                        "not (request.n else 1 > 1 or time.hour in 8..18)"
                                + " and prompt.text contains \"x\"",
                        "prompt \"Hello\""));
    }

    @Test
    void longConditionsAreBrokenBetweenTheirParts() {
        String drawn =
                drawn(
                        "request.header(\"x-application\") else \"\" is \"accounting\""
                                + " and request.metadata(\"purpose\") else \"\" is \"closing\""
                                + " and prompt.tokens > 50k tokens",
                        "prompt 9k tokens");
        assertTrue(drawn.lines().count() >= 5, drawn);
        assertTrue(drawn.contains("  and prompt.tokens > 50k tokens\n"), drawn);
        assertTrue(drawn.contains("└ 9,000: false\n"), drawn);
    }

    @Test
    void linesOfTheAuthorStay() {
        assertEquals(
                """
                  prompt.tokens > 50k tokens
                  └ 9,000: false
                  and request.stream
                      └ no: false
                """,
                drawn("prompt.tokens > 50k tokens\n    and request.stream", "prompt 9k tokens"));
    }
}
