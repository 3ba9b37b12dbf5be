package dev.writ.benchmarks.edit;

import dev.writ.benchmarks.Report;
import dev.writ.benchmarks.decide.BenchRules;
import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.parse.FileReader;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The bench `edit`: what a check of 1,000 rules costs, and what one costs after a keystroke.
///
/// A keystroke changes the file with all rules: most leave it broken, some make it whole again.
/// Where other processes want the machine too, times of the processor say more than those of the
/// clock.
public final class EditBench {
    private static final int RULES = 1_000;

    /// What an author types into a rule, a character at a time.
    private static final String TYPED = " and request.stream";

    private final Report report = new Report("edit");
    private final int rounds;
    private final Vocabulary vocabulary = BenchRules.vocabulary();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private EditBench(int rounds) {
        this.rounds = rounds;
    }

    /// Runs the bench and prints its report.
    ///
    /// @param args rounds, after as many to warm up
    public static void main(String[] args) {
        new EditBench(Integer.parseInt(args[0])).run();
    }

    private void run() {
        for (BenchRules kind : BenchRules.values()) {
            SourceTree tree = kind.tree(RULES);
            String name = kind.name().toLowerCase(Locale.ROOT);
            Report.progress("check, %s".formatted(name));
            check(tree, null);
            check(tree, name + "_check_ms");
            Report.progress("keystrokes, %s".formatted(name));
            keystrokes(tree, null);
            keystrokes(tree, name + "_keystroke");
        }
        report.print();
    }

    private void check(SourceTree tree, @Nullable String name) {
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            CheckResult result = Checker.check(tree, vocabulary);
            double millis = (System.nanoTime() - start) / 1e6;
            if (!(result instanceof CheckResult.Usable)) {
                throw new IllegalStateException("the policy must compile");
            }
            if (name != null) {
                report.add(name, millis);
            }
        }
    }

    private void keystrokes(SourceTree tree, @Nullable String name) {
        Source file = tree.files().getLast();
        int at = file.text().indexOf(" tag ", file.text().length() / 2);
        FileReader reader = new FileReader();
        List<Double> times = new ArrayList<>();
        List<Double> cpuTimes = new ArrayList<>();
        for (int round = 0; round < Math.max(1, rounds / 4); round++) {
            for (int i = 0; i <= TYPED.length(); i++) {
                List<Source> files = new ArrayList<>(tree.files());
                String text =
                        file.text().substring(0, at)
                                + TYPED.substring(0, i)
                                + file.text().substring(at);
                long start = System.nanoTime();
                long cpuStart = threads.getCurrentThreadCpuTime();
                files.set(files.size() - 1, new Source(file.path(), text));
                Analysis analysis =
                        Checker.analyze(
                                new SourceTree(tree.entry(), files), vocabulary, reader::read);
                times.add((System.nanoTime() - start) / 1e6);
                cpuTimes.add((threads.getCurrentThreadCpuTime() - cpuStart) / 1e6);
                if (analysis.files().isEmpty()) {
                    throw new IllegalStateException("nothing was read");
                }
            }
        }
        if (name != null) {
            times(name, times);
            times(name + "_cpu", cpuTimes);
        }
    }

    private void times(String name, List<Double> times) {
        times.sort(null);
        times.forEach(time -> report.add(name + "_ms", time));
        report.add(name + "_p95_ms", times.get(times.size() * 95 / 100));
    }
}
