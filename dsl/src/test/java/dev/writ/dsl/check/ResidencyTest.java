package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A team that must stay in regions has no way out of them; who has none is not told of one.
final class ResidencyTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    /// Models `eu1`, `eu2`, `us1`, `uk1`, and `none` at a provider that does not say where it is.
    private static final String PLACES =
            """
            policy "places" language 1
            provider paris { kind simulated  region eu }
            provider virginia { kind simulated  region us }
            provider london { kind simulated  region uk }
            provider nowhere { kind simulated }
            model eu1 on paris "eu1" { }
            model eu2 on paris "eu2" { }
            model us1 on virginia "us1" { }
            model uk1 on london "uk1" { }
            model none on nowhere "none" { }
            pool safe { first eu1 then us1 on timeout }
            route all {
              a when request.tools present -> eu1
              b when request.images present -> eu2
              c when request.n present -> us1
              d when request.seed present -> uk1
              e when request.user present -> none
              f otherwise -> pool safe
            }
            team free { user amy  key f sha256 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"  may use all }
            """;

    /// Returns the policy with route `chat` and with team `clinic`, which must stay in `eu`.
    private static String policy(String arms, String team) {
        return PLACES
                + "route chat { %s }\n".formatted(arms)
                + "team clinic { user ana, bo  key ward sha256 \"%s\" for ana  key lab sha256 \"%s\"  stay in eu  %s }\n"
                        .formatted(A, B, team);
    }

    private static List<String> ways(String policy) {
        return Checked.check(policy).diagnostics().stream()
                .filter(d -> d.code().id().equals("E0501"))
                .flatMap(d -> d.notes().stream())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x otherwise -> eu1",
                "x otherwise -> deny",
                "x when team.region is eu -> eu1  y otherwise -> us1",
                "x when team is clinic -> eu1  y otherwise -> us1",
                "x when team in [clinic, free] -> eu1  y otherwise -> us1",
                "x when team is not clinic -> us1  y otherwise -> eu1",
                "x when team is free -> us1  y otherwise -> eu1",
                "x when team.region is anywhere -> us1  y otherwise -> eu1",
                "x when team is free and request.stream -> us1  y otherwise -> eu1",
                "x when team is clinic and request.stream -> eu1  y when team is clinic -> deny  z otherwise -> us1",
                "x when team is clinic or request.stream -> eu1  y otherwise -> us1",
                "x when user present -> eu1  y when key is lab -> eu2  z otherwise -> us1",
                "x when user present and user is ana -> eu1  y when user absent -> eu2  z otherwise -> us1",
                "x when key in [ward, lab] -> eu1  y otherwise -> us1",
                "x when request.stream -> eu1  y when not request.stream -> eu2  z otherwise -> us1",
                "x when prompt.tokens > 5 -> eu1  y when prompt.tokens <= 5 -> eu2  z otherwise -> us1",
                "x when request.stream -> eu1  y when request.stream -> us1  z otherwise -> eu1",
                "x when prompt.tokens < 0 -> us1  y otherwise -> eu1",
            })
    void noWayOutIsFoundWhereThereIsNone(String arms) {
        assertEquals(List.of(), ways(policy(arms, "may use chat")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    x otherwise -> us1 | arm `x` → us1 → provider virginia (us)
                    x otherwise -> none | arm `x` → none → provider nowhere (unknown)
                    x when request.stream -> us1  y otherwise -> eu1 | arm `x` → us1 → provider virginia (us)
                    x when request.stream -> eu1  y otherwise -> us1 | arm `y` → us1 → provider virginia (us)
                    x when team is free -> eu1  y otherwise -> us1 | arm `y` → us1 → provider virginia (us)
                    x when team.region is several -> eu1  y otherwise -> us1 | arm `y` → us1 → provider virginia (us)
                    x when team is clinic and request.stream -> eu1  y otherwise -> us1 | arm `y` → us1 → provider virginia (us)
                    x when user present -> eu1  y otherwise -> us1 | arm `y` → us1 → provider virginia (us)
                    x when user present and user is bo -> eu1  y when key is lab -> eu1  z otherwise -> us1 | arm `z` → us1 → provider virginia (us)
                    x when prompt.tokens > 5 -> eu1  y when prompt.tokens < 5 -> eu2  z otherwise -> us1 | arm `z` → us1 → provider virginia (us)
                    x when prompt.text contains "a" -> eu1  y when not (prompt.text contains "a") -> eu2  z otherwise -> us1 | arm `z` → us1 → provider virginia (us)
                    """)
    void aWayOutIsFoundAndShown(String arms, String way) {
        assertEquals(
                List.of("one way out: route chat, " + way), ways(policy(arms, "may use chat")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    70% eu1 30% us1                       | 30% us1 → provider virginia (us)
                    first us1 then eu1                    | us1 → provider virginia (us)
                    first eu1 then eu2 then us1           | then us1 → provider virginia (us)
                    first eu1 then us1 on timeout         | then us1 → provider virginia (us)
                    choose fastest of eu1, us1            | us1 → provider virginia (us)
                    first eu1 canary 5% to us1            | canary to us1 → provider virginia (us)
                    first eu1 canary 5% to eu2            |
                    first eu1 mirror 5% to us1            | mirror to us1 → provider virginia (us)
                    first eu1 mirror 5% to eu2            |
                    70% eu1 30% eu2                       |
                    first eu1 then eu2                    |
                    """)
    void everyMemberAndFallbackOfAPoolCounts(String pool, String way) {
        assertEquals(
                way == null
                        ? List.of()
                        : List.of("one way out: route chat, arm `x` → pool p → " + way),
                ways(policy("x otherwise -> pool p", "may use chat") + "pool p { " + pool + " }"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    may use chat when prompt.tokens < 5             | x when prompt.tokens > 9 -> us1  y otherwise -> eu1 |
                    may use chat when prompt.tokens < 9             | x when prompt.tokens > 5 -> us1  y otherwise -> eu1 | x
                    may use chat when not request.stream            | x when request.stream -> us1  y otherwise -> eu1 |
                    may use chat when key is ward                   | x when key is lab -> us1  y otherwise -> eu1 |
                    may use chat when key is lab                    | x when key is lab -> us1  y otherwise -> eu1 | x
                    may use chat when user present                  | x when user absent -> us1  y otherwise -> eu1 |
                    may use chat when team is free                  | x otherwise -> us1 |
                    may use chat when false                         | x otherwise -> us1 |
                    may use chat when key is ward may use chat when prompt.tokens < 5 | x when key is lab and prompt.tokens > 5 -> us1  y otherwise -> eu1 |
                    may use chat when key is ward may use chat      | x when key is lab -> us1  y otherwise -> eu1 | x
                    """)
    void whatAGrantDemandsHoldsOnTheWay(String grants, String arms, String arm) {
        List<String> ways = ways(policy(arms, grants));
        assertEquals(
                arm == null
                        ? List.of()
                        : List.of(
                                "one way out: route chat, arm `%s` → us1 → provider virginia (us)"
                                        .formatted(arm)),
                ways);
    }

    @Test
    void aGrantDoesNotBindWhatARuleSets() {
        String policy =
                policy(
                        "x when request.max_tokens else 1 > 9 -> us1  y otherwise -> eu1",
                        "may use chat when request.max_tokens else 1 < 5");
        assertEquals(List.of(), ways(policy));
        String set = " when request.stream set request.max_tokens = 10";
        assertEquals(1, ways(policy + "rule r on request" + set).size());
        assertEquals(List.of(), ways(policy + "rule r on route" + set));
        assertEquals(
                List.of(),
                ways(policy + "rule r on request when request.stream set request.seed = 10"));
    }

    @Test
    void aRouteThatAnotherGoesOnToIsFollowedWithWhatIsKnown() {
        String next = "route next { p when request.stream -> us1  q otherwise -> eu1 }\n";
        assertEquals(
                List.of(
                        "one way out: route chat, arm `x` → route next, arm `p` → us1 → provider virginia (us)"),
                ways(policy("x otherwise -> route next", "may use chat") + next));
        assertEquals(
                List.of(),
                ways(
                        policy(
                                        "x when request.stream -> eu1  y otherwise -> route next",
                                        "may use chat")
                                + next));
        assertEquals(
                List.of(),
                ways(
                        policy(
                                        "x when team is free -> route next  y otherwise -> eu1",
                                        "may use chat")
                                + next));
    }

    @Test
    void aRouteThatIsReachedOnTwoWaysIsOpenToBoth() {
        String next = "route next { p when request.stream -> us1  q otherwise -> eu1 }\n";
        assertEquals(
                1,
                ways(policy(
                                        "x when prompt.tokens < 5 and not request.stream -> route next"
                                                + "  y when prompt.tokens > 9 -> route next  z otherwise -> eu1",
                                        "may use chat")
                                + next)
                        .size());
    }

    @Test
    void routesThatTheTeamMayNotUseDoNotCount() {
        String other =
                "route other { x otherwise -> us1 }\nteam t { key k sha256 \"%s\"  may use other }"
                        .formatted("c".repeat(64));
        assertEquals(List.of(), ways(policy("x otherwise -> eu1", "may use chat") + other));
    }

    @Test
    void severalRegionsAreAllInside() {
        String policy = policy("x when request.stream -> uk1  y otherwise -> eu1", "may use chat");
        assertEquals(1, ways(policy).size());
        String both = policy.replace("stay in eu", "stay in eu, uk");
        assertEquals(List.of(), Checked.told(both));
        String out = both.replace("-> uk1  y", "-> us1  y");
        Diagnostic leaves = Checked.only(out);
        assertEquals(
                "team `clinic` must stay in `eu` or `uk`, but a request can leave them",
                leaves.headline());
        assertEquals(
                List.of("Add an arm above it: `clinic-bound when team is clinic -> eu1`."),
                leaves.hints());
    }

    @Test
    void theMessageShowsPromiseWayAndRemedy() {
        Diagnostic leaves =
                Checked.only(
                        policy("x when user present -> pool p  y otherwise -> us1", "may use chat")
                                + "pool p { 50% eu1 50% eu2 }");
        assertEquals("stay in eu", leaves.primary().span().text());
        assertEquals("y otherwise -> us1", leaves.because().getFirst().span().text());
        assertEquals(
                "reached when key is `clinic/lab`, and no earlier arm catches it",
                leaves.because().getFirst().text());
        assertEquals(
                List.of("Add an arm above it: `eu-bound when team.region is eu -> pool p`."),
                leaves.hints());
    }

    @Test
    void aPoolWhoseMirrorIsOutsideIsNoRemedy() {
        Diagnostic leaves =
                Checked.only(
                        policy("x when user present -> pool p  y otherwise -> us1", "may use chat")
                                + "pool p { first eu1 mirror 5% to us1 }");
        assertEquals(
                List.of("Add an arm above it: `eu-bound when team.region is eu -> eu1`."),
                leaves.hints());
    }

    @Test
    void furtherWaysOutAreCounted() {
        assertEquals(
                List.of(
                        "one way out: route all, arm `c` → us1 → provider virginia (us)",
                        "and 3 more"),
                ways(policy("x otherwise -> eu1", "may use chat, all")));
    }

    @Test
    void whereNoModelRunsNothingIsLeft() {
        String policy =
                PLACES.replace("model uk1 on london \"uk1\" { }\n", "").replace("uk1", "eu2")
                        + "team clinic { key k sha256 \"%s\"  may use all  stay in uk }"
                                .formatted(A);
        assertEquals(List.of("W0110 london", "E0502 stay in uk"), Checked.told(policy));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    stay in eu              | stay in eu, ukk      | E0204 ukk
                    region eu               | regin eu             | E000
                    sha256 "bbbb            | sha256 "bbb          | E0303
                    for ana                 | for aan              | E0102 aan
                    model eu1 on paris      | model eu1 on parris  | E0103 parris
                    x when key is lab       | x when key is labb   | E0204 labb
                    -> eu1  y               | -> eu11  y           | E0104 eu11
                    """)
    void nothingIsProvedOfWhatIsWrong(String right, String wrong, String told) {
        String policy =
                policy(
                        "x when key is lab -> eu1  y when user present -> eu2  z otherwise -> us1",
                        "may use chat");
        assertEquals(List.of(), Checked.told(policy));
        List<String> all = Checked.told(policy.replace(right, wrong));
        assertEquals(1, all.size(), () -> "" + all);
        assertEquals(told, all.getFirst().substring(0, told.length()));
    }

    @Test
    void aNetOfRoutesIsWalkedOnceNotOnEveryPath() {
        StringBuilder net = new StringBuilder(policy("x otherwise -> route r0", "may use chat"));
        int depth = 200;
        for (int i = 0; i < depth; i++) {
            net.append(
                    "route r%1$d { a when request.header(\"h%1$d\") present -> route r%2$d  b otherwise -> route r%2$d }\n"
                            .formatted(i, i + 1));
        }
        net.append(
                "route r%d { a when request.stream -> us1  b otherwise -> eu1 }\n"
                        .formatted(depth));
        assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> assertEquals(1, ways(net.toString()).size()));
    }
}
