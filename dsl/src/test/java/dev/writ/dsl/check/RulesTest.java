package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RulesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    deny 399                                    | E0205 399
                    deny 400                                    |
                    deny 599                                    |
                    deny 600                                    | E0205 600
                    deny 403.5                                  | E0205 403.5
                    require request.stream else deny 200        | E0205 200
                    require 5 else deny                         | E0203 5
                    tag ""                                      | E0205 ""
                    tag " "                                     | E0205 " "
                    audit fully                                 | E0004 fully
                    audit 0%                                    | E0205 0%
                    audit 0.01%                                 |
                    audit 0.001%                                | E0205 0.001%
                    audit 100%                                  |
                    audit 101%                                  | E0205 101%
                    set request.max_tokens = "x"                | E0201 "x"
                    set request.max_tokens = 1k bytes           | E0201 1k bytes
                    set request.max_tokens = prompt.tokens      |
                    set request.max_tokens = 4k - prompt.tokens |
                    set request.temperature = prompt.tokens     | E0201 prompt.tokens
                    set request.temperature = 0.7               |
                    set request.temperature = request.top_p else 1 |
                    set request.temperature = request.top_p     | E0202 request.top_p
                    set request.reasoning_effort = low          | E0201 low
                    set request.reasoning_effort = "low"        |
                    set request.user = request.model            | E0201 request.model
                    set request.store = true                    |
                    set request.store = request.stream          | E0201 request.stream
                    set request.parallel_tool_calls = false     |
                    set request.model = "x"                     | E0105 request.model
                    set prompt.tokens = 5                       | E0105 prompt.tokens
                    set request.max_token = 5                   | E0105 request.max_token
                    """)
    void tellsWhatAnEffectCannotDo(String effect, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                Checked.toldOf("rule it on request " + effect));
    }

    @Test
    void effectsAreAsWritten() {
        Policy.Rule rule =
                Checked.usable(
                                Checked.BASE
                                        + """
                                        rule it on request when request.stream {
                                          deny
                                          deny 429 "Later."
                                          tag "t"
                                          audit full
                                          audit metadata
                                          audit 12.5%
                                          set request.temperature = 0.5
                                          set request.user = "x"
                                          set request.store = false
                                        }
                                        """)
                        .rules()
                        .getFirst();
        assertEquals(
                List.of(
                        new Effect.Deny(new Policy.Denial(403, "")),
                        new Effect.Deny(new Policy.Denial(429, "Later.")),
                        new Effect.Tag("t"),
                        new Effect.Audit(true, 10_000),
                        new Effect.Audit(false, 10_000),
                        new Effect.Audit(false, 1_250)),
                rule.effects().subList(0, 6));
        assertEquals(new Effect.SetText(Policy.Settable.USER, "x"), rule.effects().get(7));
        assertEquals(new Effect.SetFlag(Policy.Settable.STORE, false), rule.effects().get(8));
    }

    @Test
    void allThatIsWrongInARuleIsTold() {
        assertEquals(
                List.of("E0105 request.modle", "E0205 99", "E0205 \"\"", "E0105 request.x"),
                Checked.toldOf(
                        """
                        rule it on request when request.modle is "x" {
                          deny 99
                          tag ""
                          set request.x = 5
                        }
                        """));
    }
}
