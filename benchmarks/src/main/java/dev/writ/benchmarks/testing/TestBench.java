package dev.writ.benchmarks.testing;

import dev.writ.benchmarks.Report;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.testing.TestResult;
import dev.writ.engine.testing.TestRunner;
import java.util.List;
import java.util.Set;

/// Runs 500 tests in a JVM that has done nothing before, as `writ test` does.
public final class TestBench {
    private static final int TEAMS = 20;
    private static final int RULES = 100;
    private static final int TESTS = 500;

    private TestBench() {}

    /// Measures once and prints.
    public static void main(String[] args) {
        String text = policy();
        long started = System.nanoTime();
        Policy policy = checked(text);
        PolicySnapshot snapshot = PolicySnapshot.compile(policy);
        long compiled = System.nanoTime();
        TestRunner runner = new TestRunner(snapshot, String::length, System::nanoTime, null);
        int requests = 0;
        for (PolicyTest test : policy.tests()) {
            TestResult result = runner.run(test);
            if (!result.passed()) {
                throw new IllegalStateException(result.failures().getFirst().headline());
            }
            requests += result.requests();
        }
        long ended = System.nanoTime();
        Report report = new Report("test");
        report.add("500_ms", millis(ended - started));
        report.add("500_compile_ms", millis(compiled - started));
        report.add("500_run_ms", millis(ended - compiled));
        report.add("requests", requests);
        report.print();
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static Policy checked(String text) {
        SourceTree tree = new SourceTree("bench.writ", List.of(new Source("bench.writ", text)));
        Vocabulary.ProviderKind simulated =
                new Vocabulary.ProviderKind(
                        "simulated", false, false, false, true, Set.of(Cause.values()));
        return switch (Checker.check(tree, new Vocabulary(List.of(simulated)))) {
            case CheckResult.Usable usable -> usable.policy();
            case CheckResult.Unusable unusable ->
                    throw new IllegalStateException(unusable.diagnostics().getFirst().headline());
        };
    }

    /// Returns 20 teams, 100 rules, and 500 tests: cases, steps, and providers that fail.
    private static String policy() {
        StringBuilder text =
                new StringBuilder(
                        """
                        policy "bench" language 1
                        provider here { kind simulated  region eu }
                        provider there { kind simulated  region us }
                        model near on here "near" { }
                        model far on there "far" { }
                        pool both { first near  retry 1 within 2s  then far }
                        route chat {
                          long when prompt.tokens > 500k -> far
                          rest otherwise -> pool both
                        }
                        """);
        for (int team = 0; team < TEAMS; team++) {
            text.append(
                    "team t%d { key k sha256 \"%064x\" may use chat }\n".formatted(team, team + 1));
        }
        for (int rule = 0; rule < RULES; rule++) {
            text.append(
                    """
                    rule r%1$d on request
                      when team is t%2$d and prompt.tokens > %3$dk
                      tag "tag-%1$d"
                    """
                            .formatted(rule, rule % TEAMS, rule + 1));
        }
        for (int test = 0; test < TESTS; test++) {
            text.append(
                    """
                    test "test %1$d" for team t%2$d, route chat {
                      given prompt %3$dk tokens
                      %4$s provider here down, 2 times => allow, tag "tag-%5$d", model far
                      %4$s provider here up            => model near, attempts 1
                    }
                    """
                            .formatted(
                                    test,
                                    test % TEAMS,
                                    test % RULES + 2,
                                    test % 2 == 0 ? "case" : "step",
                                    test % RULES));
        }
        return text.toString();
    }
}
