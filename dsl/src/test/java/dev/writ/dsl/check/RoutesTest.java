package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.dsl.policy.Policy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutesTest {
    private static List<String> told(String arms) {
        return Checked.told(policy(arms));
    }

    /// Returns the base policy with other arms, both models in use.
    private static String policy(String arms) {
        return Checked.BASE.replace(
                        "big when prompt.tokens > 10k -> far  rest otherwise -> near", arms)
                + """
                route spare { a when request.stream -> near  b otherwise -> far }
                team spare { key k sha256 "%s"  may use spare }
                """
                        .formatted("c".repeat(64));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a otherwise -> near                                       |
                    a otherwise -> deny                                       |
                    a otherwise -> deny 429 "Later."                          |
                    a when request.stream -> near                             | E0109 chat
                    a otherwise -> near  b when request.stream -> far         | E0109 a
                    a otherwise -> near  b otherwise -> far                   | E0109 a
                    a when request.stream -> near  a otherwise -> far         | E0101 a
                    a when request.stream -> near  b when request.n -> far  c otherwise -> near | E0202 request.n
                    a otherwise -> deny 200                                   | E0205 200
                    """)
    void theLastArmAndOnlyItIsOtherwise(String arms, String told) {
        assertEquals(told == null ? List.of() : List.of(told), told(arms));
    }

    @Test
    void aRouteWithoutArmsSaysNothing() {
        assertEquals(List.of("E0109 chat"), told(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # one arm above
                    prompt.tokens > 5           | prompt.tokens > 9           | W0230 b
                    prompt.tokens > 9           | prompt.tokens > 5           |
                    prompt.tokens > 5           | prompt.tokens > 5           | W0230 b
                    request.stream              | request.stream and team is dev | W0230 b
                    request.stream or team is dev | team is dev               | W0230 b
                    team in [dev, spare]        | team is dev                 | W0230 b
                    team is dev                 | team in [dev, spare]        | W0236 b
                    team is not dev             | team is spare               | W0230 b
                    request.model is "a"        | request.model is "a"        | W0230 b
                    request.model in ["a", "b"] | request.model is "b"        | W0230 b
                    request.model starts with "a" | request.model starts with "a" |
                    request.n present           | request.n present and request.n > 1 | W0230 b
                    request.n present and request.n > 1 | request.n present   |
                    # the arm itself
                    prompt.tokens < 0           | request.stream              | W0231 prompt.tokens < 0
                    prompt.tokens >= 0          | request.stream              | W0232 prompt.tokens >= 0
                    request.stream              | prompt.tokens < 0           | W0231 prompt.tokens < 0
                    """)
    void anArmInTheShadowOfAnotherIsTold(String first, String second, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                told(
                        "a when %s -> near  b when %s -> far  c otherwise -> near"
                                .formatted(first, second)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prompt.tokens > 5       | prompt.tokens <= 5          | request.stream    | W0230 c
                    prompt.tokens in 0..5   | prompt.tokens in 5..9       | prompt.tokens < 9 | W0230 c
                    prompt.tokens in 0..5   | prompt.tokens in 6..9       | prompt.tokens < 9 |
                    request.stream          | not request.stream          | team is dev       | W0230 c
                    team is dev             | team is spare               | team in [dev, spare] | W0230 c
                    request.n present       | request.n absent            | request.stream    | W0230 c
                    request.endpoint is chat | request.endpoint is embeddings | request.endpoint in [chat, embeddings] | W0230 c
                    request.endpoint is chat | request.endpoint is embeddings | request.stream |
                    """)
    void anArmInTheShadowOfSeveralIsTold(String first, String second, String third, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                told(
                        "a when %s -> near  b when %s -> far  c when %s -> near  d otherwise -> far"
                                .formatted(first, second, third)));
    }

    @Test
    void otherwiseIsNeverCalledShadowed() {
        assertEquals(
                List.of(),
                told(
                        "a when request.stream -> near  b when not request.stream -> far  c otherwise -> deny"));
    }

    @Test
    void ringsOfRoutesAreToldOnce() {
        String policy =
                Checked.BASE.replace("-> near", "-> route a")
                        + """
                        route a { x when request.stream -> route b  y otherwise -> near }
                        route b { x when request.tools present -> route c  y otherwise -> near }
                        route c { x otherwise -> route a }
                        """;
        assertEquals(List.of("E0108 x otherwise -> route a"), Checked.told(policy));
        assertEquals(
                List.of("the ring: route a → route b → route c → route a"),
                Checked.only(policy).notes());
        assertEquals(
                List.of("E0108 y otherwise -> route a"),
                Checked.told(
                        Checked.BASE.replace("-> near", "-> route a")
                                + "route a { x when request.stream -> near  y otherwise -> route a }"));
    }

    @Test
    void twoWaysToOneRouteAreNoRing() {
        assertEquals(
                List.of(),
                told(
                        """
                        a when request.stream -> route spare
                        b when request.tools present -> route spare
                        c otherwise -> route spare
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    as "gpt-4o"                | |
                    as "chat"                  | |
                    as "chat", "gpt-4o"        | |
                    as ""                      | E0205 "" | clients cannot ask for an empty name
                    as "spare"                 | E0101 "spare" | two routes answer to `spare`
                    as "extra"                 | E0101 "extra" | two routes answer to `extra`
                    as "gpt-4o", "gpt-4o"      | E0101 "gpt-4o" | route `chat` is called `gpt-4o` twice
                    """)
    void aNameThatClientsAskForMeansOneRoute(String as, String told, String headline) {
        String policy =
                policy("a otherwise -> near")
                        .replace("route chat", "route chat " + as)
                        .replace("route spare", "route spare as \"other\"")
                        .replace(
                                "route spare as",
                                "route extra { a otherwise -> near }\nroute spare as")
                        .replace("may use spare", "may use spare, extra");
        assertEquals(told == null ? List.of() : List.of(told), Checked.told(policy));
        if (headline != null) {
            assertEquals(headline, Checked.only(policy).headline());
        }
    }

    @Test
    void aRouteAnswersToItsNameAndItsAliases() {
        Policy policy =
                Checked.usable(
                        Checked.BASE.replace("route chat", "route chat as \"gpt-4o\", \"chat\""));
        assertEquals(List.of("chat", "gpt-4o"), policy.routes().getFirst().aliases());
    }

    @Test
    void armsGoWhereTheySay() {
        List<Policy.Arm> arms =
                Checked.usable(
                                policy(
                                        "a when request.stream -> near  b when request.tools present -> route spare  c otherwise -> deny 429 \"Later.\""))
                        .routes()
                        .getFirst()
                        .arms();
        assertEquals(
                "near",
                assertInstanceOf(
                                Policy.Target.ToModel.class,
                                assertInstanceOf(Policy.ArmAction.Go.class, arms.get(0).action())
                                        .target())
                        .model()
                        .name());
        assertEquals(
                new Policy.ArmAction.Go(new Policy.Target.ToRoute("spare")), arms.get(1).action());
        assertEquals(
                new Policy.ArmAction.Refuse(new Policy.Denial(429, "Later.")),
                arms.get(2).action());
    }
}
