package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Policy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TeamsTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    key k sha256 "A"                              |
                    key k sha256 "A" key l sha256 "B"             |
                    user u key k sha256 "A" for u                 |
                    user u, v user w key k sha256 "A" for w       |
                    key k sha256 "A" for u user u                 |
                    key k sha256 "A" key k sha256 "B"             | E0101 k
                    user u, u key k sha256 "A" for u              | E0101 u
                    user u user u key k sha256 "A" for u          | E0101 u
                    key k sha256 "A" key l sha256 "A"             | E0112 "A"
                    key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" | E0112 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                    key k sha256 "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08" | E0112 "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
                    key k sha256 "A" for u                        | E0102 u
                    key k sha256 "A" for alice                    | E0102 alice
                    key k sha256 "abc"                            | E0303 "abc"
                    key k sha256 "A0"                             | E0303 "A0"
                    key k "A"                                     | E0303 "A"
                    key k "open sesame"                           | E0303 "open sesame"
                    key k = "open sesame"                         | E0303 "open sesame"
                    stay in eu key k sha256 "A"                   |
                    stay in eu, us key k sha256 "A"               |
                    stay in uk key k sha256 "A"                   | E0204 uk
                    stay in unknown key k sha256 "A"              | E0204 unknown
                    stay in anywhere key k sha256 "A"             | E0204 anywhere
                    stay in eu stay in us key k sha256 "A"        | E0207 stay in us
                    may use chat when team.region is anywhere key k sha256 "A" |
                    may use chat when 5 key k sha256 "A"          | E0203 5
                    may use chat when prompt.tokens < 0 key k sha256 "A" | W0231 prompt.tokens < 0
                    may use chat when prompt.tokens >= 0 key k sha256 "A" | W0232 prompt.tokens >= 0
                    """)
    void tellsWhatIsWrongInATeam(String properties, String told) {
        String team =
                "team t { %s }"
                        .formatted(properties)
                        .replace("\"A", "\"" + A)
                        .replace("\"B", "\"" + B);
        assertEquals(
                told == null ? List.of() : List.of(told.replace("\"A", "\"" + A)),
                Checked.toldOf(team));
    }

    @Test
    void twoTeamsCannotHaveOneKey() {
        assertEquals(
                List.of("E0112 \"" + A + "\""),
                Checked.toldOf(
                        "team t { key k sha256 \"%1$s\" } team u { key k sha256 \"%1$s\" }"
                                .formatted(A)));
    }

    @Test
    void keysOfDifferentTeamsMayHaveOneNameAndUsersToo() {
        assertEquals(
                List.of(),
                Checked.toldOf(
                        "team t { user alice  key laptop sha256 \"%s\" for alice  may use chat }"
                                .formatted(A)));
    }

    @Test
    void aTeamIsAsWritten() {
        Policy.Team team =
                Checked.usable(
                                Checked.BASE
                                        + """
                                        team t {
                                          user u, v
                                          key k sha256 "%s" for v
                                          key l sha256 "%s"
                                          may use chat
                                          may use chat when prompt.tokens < 9
                                          stay in eu, us
                                        }
                                        """
                                                .formatted(A.toUpperCase(Locale.ROOT), B))
                        .teams()
                        .get(1);
        assertEquals(1, team.index());
        assertEquals(List.of("u", "v"), team.users());
        assertEquals(
                List.of("k " + A + " v", "l " + B + " null"),
                team.keys().stream()
                        .map(k -> k.name() + " " + k.sha256() + " " + k.user())
                        .toList());
        assertEquals(2, team.grants().size());
        assertEquals(Set.of("eu", "us"), team.regions());
    }

    @Test
    void whatReadsAKeyInClearIsNotToldToo() {
        assertEquals(
                List.of("E0303 \"open sesame\""),
                Checked.toldOf(
                        """
                        team t { key k "open sesame"  may use chat }
                        rule it on request when key is t.k tag "t"
                        """));
    }
}
