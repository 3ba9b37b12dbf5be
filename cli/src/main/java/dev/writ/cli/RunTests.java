package dev.writ.cli;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.testing.Coverage;
import dev.writ.engine.testing.TestResult;
import dev.writ.engine.testing.TestRunner;
import dev.writ.server.live.PolicyChanges;
import dev.writ.server.serving.PromptSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ test`: runs the tests of a policy, and tells what came instead of what they expect.
@Command(
        name = "test",
        description = {
            "Run the tests of a policy, and tell what came instead of what they expect.",
            "No provider is called: providers behave as each test says, and so does the clock."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 all pass, 3 the policy does not compile, 4 tests fail,",
            "5 coverage is below --floor.",
            "",
            "Examples:",
            "  writ test policies/fallback",
            "  writ test --only breaker --explain",
            "  writ test --floor 80%% --format junit --output target/writ-tests.xml"
        })
final class RunTests implements Callable<Integer> {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "POLICY",
            defaultValue = ".",
            description = "A policy file or a folder of policy files; the current folder.")
    Path policy = Path.of(".");

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "Run the tests that have this text in their name.")
    @Nullable String only;

    @Option(
            names = "--explain",
            description = "Tell of each failed request everything that was asked about it.")
    boolean explain;

    @Option(names = "--coverage", description = "Tell which meanings of the policy no test tries.")
    boolean coverage;

    @Option(
            names = "--floor",
            paramLabel = "SHARE",
            description =
                    "Fail if less than this share is tried, such as 80%%; implies --coverage.")
    @Nullable String floor;

    @Option(
            names = "--watch",
            description = "Run again whenever the policy changes, until interrupted.")
    boolean watch;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    Format format = Format.text;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write the report to a file, and the text to standard output.")
    @Nullable Path output;

    /// How results are printed; the constants are what people type.
    enum Format {
        text,
        json,
        junit
    }

    RunTests(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        int least = least();
        if (!watch) {
            return run(Check.load(policy), least);
        }
        try (PolicyChanges changes = PolicyChanges.of(policy)) {
            while (true) {
                int code = watched(changes, least);
                console.out().flush();
                try {
                    changes.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return code;
                }
                console.out().println();
            }
        }
    }

    /// What cannot be read now can be read after the next change.
    private int watched(PolicyChanges changes, int least) {
        try {
            return run(changes.read(), least);
        } catch (IOException e) {
            console.err().println("writ: " + e.getMessage());
            return Exit.FAILED;
        } catch (Failed e) {
            console.err().println("writ: " + e.getMessage());
            return e.exitCode();
        }
    }

    /// Returns the least coverage in percent; 0 for any.
    private int least() throws Failed {
        String share = floor;
        if (share == null) {
            return 0;
        }
        String digits = share.endsWith("%") ? share.substring(0, share.length() - 1) : share;
        if (digits.isEmpty()
                || digits.length() > 3
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Failed(Exit.USAGE, "--floor takes a share such as 80%");
        }
        int percent = Integer.parseInt(digits);
        if (percent > 100) {
            throw new Failed(Exit.USAGE, "--floor takes at most 100%");
        }
        return percent;
    }

    private int run(SourceTree tree, int least) throws Failed {
        return run(Check.usable(console, tree), tree.files().size(), least);
    }

    private int run(Policy checked, int files, int least) throws Failed {
        List<PolicyTest> tests = chosen(checked);
        Coverage tried = coverage || floor != null ? new Coverage(checked) : null;
        PolicySnapshot snapshot = PolicySnapshot.compile(checked);
        long started = System.nanoTime();
        TestRunner runner =
                new TestRunner(
                        snapshot,
                        prompt -> PromptSize.of(snapshot, prompt),
                        System::nanoTime,
                        tried);
        List<TestResult> results = new ArrayList<>();
        long told = started;
        for (PolicyTest test : tests) {
            results.add(runner.run(test));
            if (console.colour() && System.nanoTime() - told > NANOS_PER_SECOND) {
                told = System.nanoTime();
                console.err().print(progress(results.size(), tests.size()));
                console.err().flush();
            }
        }
        TestReport report =
                new TestReport(
                        results,
                        files,
                        System.nanoTime() - started,
                        tried == null ? null : tried.report());
        write(report);
        if (report.failed() > 0) {
            return Exit.TESTS;
        }
        var share = report.coverage();
        if (share != null && share.all().percent() < least) {
            console.err()
                    .println(
                            "writ: coverage is %d%%, below %d%%"
                                    .formatted(share.all().percent(), least));
            return Exit.COVERAGE;
        }
        return Exit.FINE;
    }

    private static String progress(int done, int all) {
        return String.format(Locale.ROOT, "%,d of %,d tests\r", done, all);
    }

    private List<PolicyTest> chosen(Policy checked) throws Failed {
        String text = only;
        if (text == null) {
            return checked.tests();
        }
        List<PolicyTest> chosen =
                checked.tests().stream().filter(test -> test.name().contains(text)).toList();
        if (chosen.isEmpty()) {
            throw new Failed(Exit.USAGE, "no test has `%s` in its name".formatted(text));
        }
        return chosen;
    }

    private void write(TestReport report) throws Failed {
        String text = TestText.of(report, explain, policy.toString());
        String chosen =
                switch (format) {
                    case text -> text;
                    case json -> TestJson.of(report);
                    case junit -> JunitXml.of(report);
                };
        Path file = output;
        if (file == null) {
            console.out().print(chosen);
            return;
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, chosen);
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "%s cannot be written".formatted(file));
        }
        console.out().print(text);
    }
}
