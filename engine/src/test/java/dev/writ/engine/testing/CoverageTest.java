package dev.writ.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.PolicySnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CoverageTest {
    private static final String POLICY =
            """
            policy "p" language 1
            provider up { kind simulated  timeout 9s }
            provider spare { kind simulated  timeout 9s }
            model main on up "main" { }
            model other on spare "other" { }
            pool both { first main  then other }
            route chat {
              large when prompt.tokens > 10k -> other
              rest otherwise -> pool both
            }
            team dev {
              key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }
            rule stop on request
              when request.stream and (prompt.tokens > 5k or request.n else 1 > 1)
              deny 403
            """;

    /// Returns what the cases leave untried.
    private static List<String> missing(String cases) {
        Policy policy =
                Tried.policy(POLICY + "test \"t\" for team dev, route chat {\n" + cases + "\n}\n");
        Coverage coverage = new Coverage(policy);
        TestRunner runner =
                new TestRunner(
                        PolicySnapshot.compile(policy), String::length, System::nanoTime, coverage);
        policy.tests().forEach(runner::run);
        return coverage.report().missing().stream().map(CoveragePoint::missing).toList();
    }

    @Test
    void everythingCanBeTried() {
        assertEquals(
                List.of(),
                missing(
                        """
                        case stream, prompt 6k tokens       => deny
                        case prompt 6k tokens               => allow
                        case stream                         => allow
                        case stream, request.n = 2          => deny
                        case prompt 11k tokens              => allow
                        case provider up down               => model other
                        """));
    }

    @Test
    void anAtomCountsOnlyWhereItDecides() {
        // Both sides of the `or` are true, so neither decides; the stream does.
        List<String> missing = missing("case stream, prompt 6k tokens, request.n = 2 => deny");
        assertEquals(
                List.of(
                        "fallback other of pool both is never called",
                        "arm chat/large is never taken",
                        "`prompt.tokens > 10,000` of arm chat/large never decides by being true",
                        "`prompt.tokens > 10,000` of arm chat/large never decides by being false",
                        "arm chat/rest is never taken",
                        "rule stop always fires",
                        "`request.stream` of rule stop never decides by being false",
                        "`prompt.tokens > 5,000` of rule stop never decides by being true",
                        "`prompt.tokens > 5,000` of rule stop never decides by being false",
                        "`request.n else 1 > 1` of rule stop never decides by being true",
                        "`request.n else 1 > 1` of rule stop never decides by being false"),
                missing);
    }
}
