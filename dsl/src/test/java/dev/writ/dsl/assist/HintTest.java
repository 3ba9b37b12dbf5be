package dev.writ.dsl.assist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is shown between the words of a policy.
final class HintTest {
    private static final String POLICY =
            """
            policy "p" language 1
            provider here { kind simulated  region eu }
            provider there { kind simulated  region us }
            provider far { kind simulated  region apac }
            model small on here "small" { }
            model large on there "large" { price $2.00 in, $0.075 out per 1M tokens }
            model next on far "next" { }
            pool both {
              100% small
              PROPERTY
            }
            route chat { rest otherwise -> pool both }
            team support {
              may use chat
            }
            """;

    private static List<String> of(String property) {
        Source source = new Source("p.writ", POLICY.replace("PROPERTY", property));
        Analysis analysis =
                Checker.analyze(
                        new SourceTree("p.writ", List.of(source)),
                        CompletionsTest.VOCABULARY,
                        PolicyParser::parse);
        return Hint.of(analysis, source).stream().map(Hint::text).toList();
    }

    @Test
    void theRegionsOfATeamAreThoseOfEveryModelThatSeesItsRequests() {
        assertEquals(List.of("eu", "reaches eu"), of("commit after 1 token"));
        assertEquals(
                List.of("eu", "us, $2.00 in, $0.075 out", "reaches eu, us"),
                of("then large on timeout"));
        assertEquals(List.of("eu", "apac", "reaches apac, eu"), of("mirror 5% to next"));
    }
}
