package dev.writ.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hedges, mirrors and canaries in tests of policies.
final class SimulationTest {
    /// A pool with all of them: near is first, far is beside it or next, fresh is on trial.
    private static final String POOLS =
            """
            provider new { kind simulated  region eu  timeout 10s }
            model fresh on new "fresh" { }
            pool trial {
              first near
              then far
              then spare on timeout
              commit after 2 tokens
              hedge after 2s
              canary 5% to fresh stop at 30% failures in 10 requests
              mirror 5% to spare
            }
            route try { any otherwise -> pool trial }
            team lab {
              user bob
              key desk sha256 "d74ff0ee8da3b9806b18c877dbf29bbde50b5bd8e4dad7a3a725000feb82e8f1" for bob
              may use try
            }
            """;

    private static List<String> told(String lines) {
        return Tried.run(POOLS + "test \"t\" for team lab, route try {\n" + lines + "\n}\n")
                .getFirst()
                .failures()
                .stream()
                .map(Tried::text)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "case stream => model near, attempts 1, not canary fresh, not mirror spare",
                // Hedges
                "case provider here slow 2s => model near, attempts 1",
                "case provider here slow 5s => model far, attempts 2",
                "case provider here slow 5s, provider there slow 1s => model far, attempts 2",
                "case provider here slow 5s, provider there slow 3s => model near, attempts 2",
                "case provider here slow 5s, provider there slow 4s => model near, attempts 2",
                "case provider here slow 5s, provider there down => model near, attempts 2",
                "case provider here slow 5s, provider there answers 404 => model near, attempts 2, status 200",
                "case provider here slow 20s, provider there down => attempts 3, status 502",
                "case provider here slow 20s, provider there slow 9s => model far, attempts 2",
                "case provider here slow 5s, provider there breaks after 1 tokens, stream => model near",
                "case provider here slow 5s, provider there breaks after 2 tokens, stream => model far, broken",
                "step provider here slow 5s => model far\nstep provider here up => model near",
                // Canaries
                "case canary => canary fresh, model fresh, attempts 1",
                "case canary, provider new down => canary fresh, model near, attempts 2",
                "case canary, provider new answers 400 => model near, attempts 2, status 200",
                "case canary, provider new answers 400, provider here answers 422 => model near, status 422",
                "case canary, provider new answers 400, provider here down => model far, attempts 3",
                "case canary, provider new down, provider here down => model far, attempts 3",
                "case canary, provider new breaks after 1 tokens, stream => model near",
                "case canary, provider new breaks after 2 tokens, stream => model fresh, broken, attempts 1",
                "case canary, provider new slow 5s => canary fresh, model near, attempts 2",
                "case canary, provider new slow 3s, provider here slow 5s => model fresh, attempts 2",
                "given canary\ncase stream => model fresh\ncase request-id \"r-1\" => not canary fresh",
                "step canary, provider new answers 429, 3 times => model near, attempts 2\n"
                        + "step canary, provider new up, after 9600h => model near, attempts 1, not canary fresh",
                "step canary, provider new down, provider here down, provider there down, 5 times => status 502\n"
                        + "step canary, provider new up, after 1h => model fresh",
                // Mirrors
                "case mirror => mirror spare, model near, attempts 1",
                "case mirror, provider there down => mirror spare, model near",
                "case mirror, canary => mirror spare, model fresh",
            })
    void meansWhatItSays(String lines) {
        assertEquals(List.of(), told(lines));
    }

    @Test
    void aRequestIdDrawsAsTheGatewayDoes() {
        int drawn = 0;
        for (int i = 0; i < 400; i++) {
            boolean in = told("case request-id \"r-%d\" => canary fresh".formatted(i)).isEmpty();
            drawn += in ? 1 : 0;
        }
        assertTrue(drawn > 5 && drawn < 40, drawn + " of 400 at 5%");
    }

    @Test
    void aFailureTellsOfEveryCall() {
        assertEquals(
                """
                model near expected, but model far of provider there in us answers
                arm try/any is taken (shop.writ:63)
                as canary called fresh on new: unreachable
                called near on here: is given up, another was faster
                beside it far on there: answers
                """,
                told("case canary, provider new down, provider here slow 5s => model near")
                        .getFirst());
    }

    @Test
    void aFailureTellsWhatBecameOfTheCanary() {
        List<String> stopped =
                told(
                        "step canary, provider new answers 429, 3 times => model near\n"
                                + "step canary => canary fresh");
        assertEquals(
                """
                canary fresh expected, but passed over fresh: canary stopped
                arm try/any is taken (shop.writ:63)
                passed over fresh: canary stopped
                called near on here: answers
                """,
                stopped.getFirst());
        assertTrue(told("case stream => canary fresh").getFirst().contains("no canary is tried"));
        assertTrue(told("case stream => mirror spare").getFirst().contains("no model gets a copy"));
    }
}
