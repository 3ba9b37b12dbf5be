package dev.writ.engine.testing;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.engine.PolicySnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// All tests of a policy, run within a time: what keeps a policy from serving.
public final class AllTests {
    /// The most failures that are told.
    static final int FAILURES_MAX = 50;

    private AllTests() {}

    /// Runs the tests and returns what is wrong; empty if the policy may serve.
    ///
    /// @param tokens counts the tokens of a prompt as the gateway would
    /// @param nanoClock by which the tests are timed
    /// @param most how long they may take together; looked at after each
    public static List<Diagnostic> problems(
            PolicySnapshot snapshot,
            ToLongFunction<String> tokens,
            LongSupplier nanoClock,
            Duration most) {
        List<Diagnostic> problems = new ArrayList<>();
        List<PolicyTest> tests = snapshot.policy().tests();
        if (tests.isEmpty()) {
            return problems;
        }
        TestRunner runner = new TestRunner(snapshot, tokens, nanoClock, null);
        long started = nanoClock.getAsLong();
        for (PolicyTest test : tests) {
            for (TestFailure failure : runner.run(test).failures()) {
                if (problems.size() == FAILURES_MAX) {
                    return problems;
                }
                problems.add(failure.diagnostic());
            }
            if (nanoClock.getAsLong() - started > most.toNanos()) {
                problems.add(tooLong(test, most));
                return problems;
            }
        }
        return problems;
    }

    private static Diagnostic tooLong(PolicyTest test, Duration most) {
        return Diagnostic.of(
                        DiagnosticCode.TESTS_TAKE_TOO_LONG,
                        test.span(),
                        "the tests of the policy take too long")
                .at("longer than %s with this one".formatted(seconds(most)))
                .hint("Send fewer requests in tests, or shorter prompts.");
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + " s";
    }
}
