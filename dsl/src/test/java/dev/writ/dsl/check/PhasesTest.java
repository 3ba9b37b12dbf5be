package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What conditions can see where they stand, and what rules can do when they run.
final class PhasesTest {
    @ParameterizedTest
    @EnumSource
    void anAttributeIsKnownFromItsPhaseOn(Attribute attribute) {
        String read = read(attribute);
        for (Phase phase : Phase.values()) {
            boolean known = attribute.isKnownIn(phase);
            assertEquals(
                    known ? List.of() : List.of("E0106 " + attribute.path()),
                    Checked.told(
                            base(attribute)
                                    + "rule it on %s when %s tag \"x\"\n"
                                            .formatted(phase.word(), condition(attribute, read))),
                    phase::word);
        }
    }

    @ParameterizedTest
    @EnumSource
    void armsAndGrantsSeeWhatRequestsBring(Attribute attribute) {
        String read = read(attribute);
        List<String> told =
                attribute.from() == Phase.REQUEST
                        ? List.of()
                        : List.of("E0106 " + attribute.path());
        String condition = condition(attribute, read);
        String base = base(attribute);
        assertEquals(told, Checked.told(base.replace("prompt.tokens > 10k", condition)));
        assertEquals(
                told, Checked.told(base.replace("may use chat", "may use chat when " + condition)));
    }

    private static String read(Attribute attribute) {
        return attribute.written().replace("NAME", "x");
    }

    private static String base(Attribute attribute) {
        return switch (attribute) {
            case CALENDAR -> Checked.BASE + "calendar x { open monday }\n";
            case CALLER_CLAIM ->
                    Checked.BASE
                            + "identity x { issuer \"https://x.example\" audience \"x\" team dev otherwise }\n";
            default -> Checked.BASE;
        };
    }

    /// Returns a condition that reads the attribute and is neither always nor never true.
    private static String condition(Attribute attribute, String read) {
        String present = attribute.optional() ? read + " present and " : "";
        return switch (attribute.type()) {
            case BOOL -> present + read;
            case COLLECTION -> read + " present";
            case TEXT -> present + read + " contains \"x\"";
            case LABEL ->
                    present
                            + read
                            + switch (attribute) {
                                case TEAM -> " is dev";
                                case TEAM_REGION -> " is anywhere";
                                case PROVIDER_REGION -> " is eu";
                                case KEY -> " is laptop";
                                case IDENTITY -> " is none";
                                case USER -> " is alice";
                                case REQUEST_ENDPOINT, ROUTE_NAME -> " is chat";
                                case TIME_WEEKDAY -> " is monday";
                                case ARM -> " is big";
                                case PROVIDER -> " is here";
                                case MODEL -> " is near";
                                case Attribute other ->
                                        throw new IllegalArgumentException("" + other);
                            };
            case NUMBER -> present + read + " > 2";
            case TOKENS -> present + read + " > 2 tokens";
            case BYTES -> present + read + " > 2 bytes";
            case USD -> present + read + " > $2";
            case DURATION -> present + read + " > 2s";
            case PERCENT -> present + read + " > 2%";
        };
    }

    @Test
    void theHintSaysWhereItIsKnown() {
        assertEquals(
                List.of("Make the rule one `on response`."),
                Checked.only(
                                Checked.BASE
                                        + "rule it on request when response.status > 499 tag \"t\"")
                        .hints());
        assertEquals(
                List.of("A rule `on response` can read it."),
                Checked.only(Checked.BASE.replace("prompt.tokens > 10k", "response.status > 499"))
                        .hints());
    }

    @Test
    void whatStreamsIsNotKnownAfterwards() {
        assertEquals(
                List.of("Make the rule one `on stream`; it can `tag`."),
                Checked.only(
                                Checked.BASE
                                        + "rule it on response when stream.text contains \"x\" tag \"t\"")
                        .hints());
        assertEquals(
                List.of("`response.output_tokens` is what the provider reported."),
                Checked.only(Checked.BASE + "rule it on response when stream.tokens > 5 tag \"t\"")
                        .hints());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    request  | deny                                |
                    request  | deny 429 "Later."                   |
                    request  | require prompt.tokens < 9 else deny |
                    request  | tag "t"                             |
                    request  | set request.store = false           |
                    request  | audit full                          |
                    request  | audit metadata                      |
                    request  | audit 10%                           |
                    route    | deny                                |
                    route    | require prompt.tokens < 9 else deny |
                    route    | tag "t"                             |
                    route    | set request.store = false           |
                    route    | audit full                          |
                    stream   | deny 451 "Cut."                     |
                    stream   | require prompt.tokens < 9 else deny |
                    stream   | tag "t"                             |
                    stream   | audit full                          |
                    stream   | set request.store = false           | E0322 set request.store = false
                    stream   | clamp request.max_tokens to 4k      | E0322 clamp request.max_tokens to 4k
                    stream   | prepend system "Hi."                | E0322 prepend system "Hi."
                    response | deny                                | E0321 deny
                    response | deny 429 "Later."                   | E0321 deny 429 "Later."
                    response | require prompt.tokens < 9 else deny | E0321 require prompt.tokens < 9 else deny
                    response | tag "t"                             |
                    response | set request.store = false           | E0322 set request.store = false
                    response | audit full                          |
                    """)
    void anEffectFitsItsPhase(String phase, String effect, String told) {
        List<String> expected = told == null ? List.of() : List.of(told);
        assertEquals(
                expected,
                Checked.toldOf("rule it on %s when request.stream %s".formatted(phase, effect)));
        assertEquals(
                expected,
                Checked.toldOf("rule it on %s { %s tag \"x\" }".formatted(phase, effect)));
    }

    @ParameterizedTest
    @CsvSource({
        "respnse, E0004 respnse",
        "attempt, E0004 attempt",
    })
    void tellsWhatIsNoPhase(String phase, String told) {
        assertEquals(List.of(told), Checked.toldOf("rule it on %s tag \"t\"".formatted(phase)));
    }

    @Test
    void aRuleOfAnUnknownPhaseIsCheckedAsOneOfTheLast() {
        assertEquals(
                List.of("E0004 respnse"),
                Checked.toldOf("rule it on respnse when response.status > 499 tag \"t\""));
    }
}
