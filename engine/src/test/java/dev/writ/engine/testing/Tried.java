package dev.writ.engine.testing;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Tests of a small policy, run.
final class Tried {
    /// The policy to which tests are added.
    static final String BASE =
            """
            policy "shop" language 1
            provider here { kind simulated  region eu  timeout 10s }
            provider there { kind simulated  region us  timeout 10s }
            model near on here "near" { price $1.00 in, $2.00 out per 1M tokens }
            model far on there "far" { }
            model spare on there "spare" { }
            pool both {
              first near
              retry 1 within 2s
              then far on unreachable, overloaded
              then spare
            }
            pool split {
              50% near
              50% far
            }
            route chat as "gpt-4o" {
              big  when prompt.tokens > 10k tokens -> far
              gone when request.header("x-old") present -> deny 410 "Gone."
              rest otherwise -> pool both
            }
            route shares { any otherwise -> pool split }
            pool late { first near  commit after 6 tokens }
            route held { any otherwise -> pool late }
            team dev {
              user alice
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" for alice
              key server sha256 "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
              may use chat, shares, held
            }
            team night {
              key owl sha256 "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13"
              may use chat when time.hour in 20..23 and time.weekday is not sunday
            }
            rule huge on request
              when prompt.tokens > 50k tokens and team is dev
              deny 413 "Too large."
            rule cap on request
              when request.max_tokens else 1M > 4k
              { set request.max_tokens = 4k  tag "capped" }
            rule from-us on response
              when provider.region else "eu" is us
              tag "us"
            rule dear on response
              when response.cost present and response.cost > $1.00
              tag "dear"
            rule keys on stream
              when stream.text matches "AKIA[0-9A-Z]{16}"
              deny 451 "A key."
            rule long on stream when stream.tokens > 1k tag "long"
            rule two on stream when stream.tokens >= 2 and model is near tag "two"
            """;

    private Tried() {}

    static Policy policy(String text) {
        Source source = new Source("shop.writ", text);
        Vocabulary vocabulary =
                new Vocabulary(
                        List.of(
                                new ProviderKind(
                                        "simulated",
                                        false,
                                        false,
                                        false,
                                        true,
                                        Set.of(Cause.values()))));
        return switch (Checker.check(new SourceTree("shop.writ", List.of(source)), vocabulary)) {
            case CheckResult.Usable usable -> usable.policy();
            case CheckResult.Unusable unusable ->
                    throw new AssertionError(
                            unusable.diagnostics().stream()
                                    .map(d -> d.primary().span() + ": " + d.headline())
                                    .toList());
        };
    }

    /// Runs tests that are added to [#BASE].
    static List<TestResult> run(String tests) {
        Policy policy = policy(BASE + tests);
        TestRunner runner =
                new TestRunner(
                        PolicySnapshot.compile(policy), String::length, System::nanoTime, null);
        List<TestResult> results = new ArrayList<>();
        for (PolicyTest test : policy.tests()) {
            results.add(runner.run(test));
        }
        return results;
    }

    /// Runs one test of the team `dev` on the route `chat`.
    static List<TestFailure> failures(String lines) {
        return run("test \"t\" for team dev, route chat {\n" + lines + "\n}\n")
                .getFirst()
                .failures();
    }

    /// Returns a failure as people read it.
    static String text(TestFailure failure) {
        return failure.headline()
                + "\n"
                + String.join("\n", failure.because())
                + (failure.because().isEmpty() ? "" : "\n");
    }
}
