package dev.writ.cli;

import dev.writ.engine.testing.CoverageReport;
import dev.writ.engine.testing.TestResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of the tests of a policy.
///
/// @param files how many files the policy has
/// @param nanos how long all tests took
/// @param coverage null if nobody asked
record TestReport(
        List<TestResult> results, int files, long nanos, @Nullable CoverageReport coverage) {
    TestReport {
        results = List.copyOf(results);
    }

    long failed() {
        return results.stream().filter(result -> !result.passed()).count();
    }

    int requests() {
        return results.stream().mapToInt(TestResult::requests).sum();
    }

    static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
