package dev.writ.engine.testing;

import dev.writ.dsl.policy.PolicyTest;
import java.util.List;

/// What came of a test.
///
/// @param requests how many were sent
/// @param nanos how long it took
/// @param failures none if all is as expected
public record TestResult(PolicyTest test, int requests, long nanos, List<TestFailure> failures) {
    public TestResult {
        failures = List.copyOf(failures);
    }

    public boolean passed() {
        return failures.isEmpty();
    }
}
