package dev.writ.benchmarks.decide;

import dev.writ.benchmarks.Report;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// The bench `decide`: what a decision costs, by the number of rules.
///
/// Of all iterations the fastest counts: what else runs on the machine only ever adds time.
public final class DecideBench {
    /// As `./writ serve` runs.
    private static final String[] JVM_ARGS = {
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "--sun-misc-unsafe-memory-access=allow"
    };

    private final Report report = new Report("decide");
    private final int forks;
    private final TimeValue iteration;

    private DecideBench(int forks, TimeValue iteration) {
        this.forks = forks;
        this.iteration = iteration;
    }

    /// Runs the bench and prints its report.
    ///
    /// @param args rounds, each in JVMs of its own; milliseconds of an iteration
    public static void main(String[] args) throws RunnerException {
        int forks = Integer.parseInt(args[0]);
        TimeValue iteration = TimeValue.milliseconds(Integer.parseInt(args[1]));
        new DecideBench(forks, iteration).run();
    }

    private void run() throws RunnerException {
        double allocated = 0;
        double treeOverIndex = Double.MAX_VALUE;
        for (BenchRules kind : BenchRules.values()) {
            String name = name(kind);
            double fewest = index(kind, 10).nanos();
            index(kind, 100);
            Measured thousand = index(kind, 1_000);
            report.add(name + "_growth", index(kind, 10_000).nanos() / fewest);
            allocated = Math.max(allocated, thousand.allocatedBytes());
            report.add(name + "_tree_100_ns", measure("tree", kind, 100).nanos());
            double tree = measure("tree", kind, 1_000).nanos();
            report.add(name + "_tree_1000_ns", tree);
            treeOverIndex = Math.min(treeOverIndex, tree / thousand.nanos());
            double explain = measure("explain", kind, 1_000).nanos();
            report.add(name + "_explain_1000_ns", explain);
        }
        report.add("alloc_bytes_1000", allocated);
        report.add("tree_over_index_1000", treeOverIndex);
        report.print();
    }

    private Measured index(BenchRules kind, int rules) throws RunnerException {
        Measured measured = measure("index", kind, rules);
        report.add("%s_%d_ns".formatted(name(kind), rules), measured.nanos());
        return measured;
    }

    private static String name(BenchRules kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /// @param allocatedBytes a decision, on average
    private record Measured(double nanos, double allocatedBytes) {}

    private Measured measure(String method, BenchRules kind, int rules) throws RunnerException {
        Report.progress("%s, %d %s rules".formatted(method, rules, name(kind)));
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include("\\.Deciding\\." + method + "$")
                        .param("kind", kind.name())
                        .param("rules", Integer.toString(rules))
                        .forks(forks)
                        .warmupIterations(3)
                        .warmupTime(iteration)
                        .measurementIterations(5)
                        .measurementTime(iteration)
                        .addProfiler(GCProfiler.class)
                        .jvmArgs(JVM_ARGS)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT);
        Collection<RunResult> results = new Runner(options.build()).run();
        double nanos = Double.MAX_VALUE;
        double bytes = 0;
        for (RunResult result : results) {
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                for (IterationResult each : fork.getIterationResults()) {
                    nanos = Math.min(nanos, each.getPrimaryResult().getScore());
                    bytes = Math.max(bytes, allocatedBytes(each));
                }
            }
        }
        return new Measured(nanos, bytes);
    }

    private static double allocatedBytes(IterationResult iteration) {
        Result<?> allocated = iteration.getSecondaryResults().get("gc.alloc.rate.norm");
        if (allocated == null) {
            throw new IllegalStateException("JMH must measure allocation");
        }
        return allocated.getScore();
    }
}
