package dev.writ.cli.lsp;

import dev.writ.dsl.policy.PolicyTest;
import dev.writ.engine.testing.TestExplanation;
import dev.writ.engine.testing.TestFailure;
import dev.writ.engine.testing.TestResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What came of tests, in words.
final class TestWords {
    private TestWords() {}

    /// Returns what stands above a test.
    ///
    /// @param result null where it was not run
    /// @param compiles whether it could be
    static String lens(@Nullable TestResult result, boolean compiles) {
        if (result == null) {
            return compiles ? "not run" : "not run: the policy does not compile";
        }
        return result.passed() ? "passed" : "failed, " + first(result);
    }

    private static String first(TestResult result) {
        TestFailure first = result.failures().getFirst();
        int more = result.failures().size() - 1;
        return "line %d: %s%s"
                .formatted(
                        first.at().line(),
                        first.headline(),
                        more == 0 ? "" : String.format(Locale.ROOT, ", and %,d more", more));
    }

    /// Returns what whoever ran tests is told.
    ///
    /// @param left how many there was no time for
    static String message(Collection<TestResult> results, int left) {
        List<TestResult> failed = results.stream().filter(result -> !result.passed()).toList();
        String notRun = left == 0 ? "" : String.format(Locale.ROOT, "; %,d not run", left);
        if (failed.isEmpty()) {
            return results.size() == 1
                    ? "test `%s` passed".formatted(results.iterator().next().test().name()) + notRun
                    : String.format(Locale.ROOT, "%,d tests passed", results.size()) + notRun;
        }
        String one =
                "test `%s` failed, %s".formatted(name(failed.getFirst()), first(failed.getFirst()));
        return results.size() == 1
                ? one + notRun
                : String.format(
                                Locale.ROOT,
                                "%,d of %,d tests failed",
                                failed.size(),
                                results.size())
                        + notRun
                        + "; "
                        + one;
    }

    private static String name(TestResult result) {
        return result.test().name();
    }

    /// Returns everything that the requests of a test were asked.
    static String explanation(PolicyTest test, List<TestExplanation> explained) {
        List<String> lines = new ArrayList<>();
        boolean passed = explained.stream().allMatch(each -> each.failures().isEmpty());
        lines.add("test `%s` %s".formatted(test.name(), passed ? "passed" : "failed"));
        for (TestExplanation each : explained) {
            lines.add("");
            lines.add(
                    "%s (%s:%d)"
                            .formatted(
                                    each.request().isEmpty() ? "the request" : each.request(),
                                    each.at().source().path(),
                                    each.at().line()));
            for (TestFailure failure : each.failures()) {
                lines.add(
                        "  not as expected, line %d: %s"
                                .formatted(failure.at().line(), failure.headline()));
                failure.because().forEach(line -> lines.add("    " + line));
            }
            each.text().lines().forEach(line -> lines.add(("  " + line).stripTrailing()));
        }
        if (explained.size() < test.sent()) {
            lines.add("");
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%,d more requests are not told of",
                            test.sent() - explained.size()));
        }
        return String.join("\n", lines) + "\n";
    }
}
