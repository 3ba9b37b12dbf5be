package dev.writ.cli;

import dev.writ.engine.testing.CoveragePoint;
import dev.writ.engine.testing.CoveragePoint.Kind;
import dev.writ.engine.testing.CoverageReport;
import dev.writ.engine.testing.TestFailure;
import dev.writ.engine.testing.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Results of tests for people.
final class TestText {
    private final StringBuilder text = new StringBuilder();
    private final TestReport report;
    private final boolean explain;
    private final String policy;

    private TestText(TestReport report, boolean explain, String policy) {
        this.report = report;
        this.explain = explain;
        this.policy = policy;
    }

    /// @param explain whether to tell of failed requests what was asked about them
    /// @param policy as it was named
    static String of(TestReport report, boolean explain, String policy) {
        TestText writer = new TestText(report, explain, policy);
        writer.write();
        return writer.text.toString();
    }

    private void write() {
        report.results().forEach(this::failures);
        CoverageReport coverage = report.coverage();
        if (coverage != null) {
            coverage(coverage);
        }
        String tests = Check.plural(report.results().size(), "test");
        String sent =
                "%s in %d ms"
                        .formatted(
                                Check.plural(report.requests(), "request"),
                                TestReport.millis(report.nanos()));
        if (report.results().isEmpty()) {
            line("no tests in %s".formatted(Check.plural(report.files(), "file")));
        } else if (report.failed() == 0) {
            line("ok: %s, %s".formatted(tests, sent));
        } else {
            line("%,d of %s failed, %s".formatted(report.failed(), tests, sent));
        }
    }

    private void failures(TestResult result) {
        for (TestFailure failure : result.failures()) {
            line("FAILED %s".formatted(result.test().name()));
            String request = failure.request();
            line("  %s%s".formatted(failure.place(), request.isEmpty() ? "" : ", " + request));
            line("  %s".formatted(failure.headline()));
            failure.because().forEach(line -> line("  " + line));
            if (explain) {
                line("");
                failure.explanation().lines().forEach(line -> line("  " + line));
            }
            line("");
        }
        if (!result.passed() && !explain) {
            line(
                    "  writ test %s --only %s --explain"
                            .formatted(quoted(policy), quoted(result.test().name())));
            line("");
        }
    }

    /// Returns a word as shells take it.
    private static String quoted(String word) {
        boolean plain =
                !word.isEmpty()
                        && word.chars()
                                .allMatch(
                                        c ->
                                                (c < 128 && Character.isLetterOrDigit(c))
                                                        || "/._-".indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private void coverage(CoverageReport coverage) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>();
        head.add("tried");
        for (Kind kind : Kind.values()) {
            head.add(kind.word());
        }
        head.add("all");
        rows.add(head);
        Map<String, CoverageReport.OfFile> files = new TreeMap<>(coverage.files());
        files.forEach(
                (file, of) -> {
                    List<String> row = new ArrayList<>();
                    row.add(file);
                    for (Kind kind : Kind.values()) {
                        row.add(share(of.of(kind)));
                    }
                    row.add(of.all().percent() + "%");
                    rows.add(row);
                });
        text.append(TextTable.of(rows, column -> column > 0));
        if (!coverage.missing().isEmpty()) {
            line("");
            line("not tried:");
            for (CoveragePoint point : coverage.missing()) {
                line("  %s %s".formatted(point.place(), point.missing()));
            }
        }
        line("");
        line(
                "coverage %d%%: %,d of %,d"
                        .formatted(
                                coverage.all().percent(),
                                coverage.all().tried(),
                                coverage.all().all()));
    }

    private static String share(CoverageReport.Share share) {
        return share.all() == 0 ? "-" : share.tried() + "/" + share.all();
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }
}
