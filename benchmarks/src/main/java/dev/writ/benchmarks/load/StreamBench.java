package dev.writ.benchmarks.load;

import dev.writ.benchmarks.Report;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The bench `stream`: event streams straight from the mock, through nginx, through Writ.
///
/// Three loads: a few streams as fast as they go, many at the pace at which models speak, and very
/// many slow ones for the memory that an open stream takes.
public final class StreamBench {
    private static final int FLAT_STREAMS = 200;
    private static final int PACED_STREAMS = 2_000;
    private static final int PACED_RATE = 10;
    private static final String PACED_JAVA_OPTIONS = "-Xmx512m";
    private static final int SLOW_STREAMS = 8_000;
    private static final double WARM_SECONDS = 2;

    private final Running running;
    private final Report report;
    private final int seconds;

    private StreamBench(Running running, Report report, int seconds) {
        this.running = running;
        this.report = report;
        this.seconds = seconds;
    }

    /// Runs the bench and prints its report.
    ///
    /// @param args root of the project, rounds, seconds a measurement, `writ` or `no-writ`
    public static void main(String[] args) {
        try {
            run(args);
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] args) throws IOException {
        int rounds = Integer.parseInt(args[1]);
        boolean withWrit = args[3].equals("writ");
        Report report = new Report("stream");
        try (Running running = new Running(Path.of(args[0]))) {
            StreamBench bench = new StreamBench(running, report, Integer.parseInt(args[2]));
            int direct = running.mock();
            int nginx = running.nginx(direct);
            bench.flat(direct, nginx, withWrit, rounds);
            bench.paced(direct, nginx, withWrit, rounds);
            if (withWrit) {
                bench.slow(direct);
            }
        }
        report.print();
    }

    private void flat(int direct, int nginx, boolean withWrit, int rounds) throws IOException {
        Running.Writ writ = withWrit ? running.writ(direct, "") : null;
        if (writ != null) {
            Report.progress("warming up");
            StreamLoad.run(writ.port(), BenchPolicy.KEY, 0, FLAT_STREAMS, 1, seconds, () -> {});
        }
        for (int round = 1; round <= rounds; round++) {
            Report.progress(
                    "%d streams flat out, round %d of %d".formatted(FLAT_STREAMS, round, rounds));
            measure("flat_direct", direct, 0, FLAT_STREAMS);
            var byNginx = measure("flat_nginx", nginx, 0, FLAT_STREAMS);
            if (writ != null) {
                compare("flat", byNginx, measure("flat_writ", writ, 0, FLAT_STREAMS));
            }
        }
        end(writ);
    }

    private void paced(int direct, int nginx, boolean withWrit, int rounds) throws IOException {
        Running.Writ writ = withWrit ? running.writ(direct, PACED_JAVA_OPTIONS) : null;
        if (writ != null) {
            Report.progress("warming up");
            StreamLoad.run(
                    writ.port(), BenchPolicy.KEY, PACED_RATE, PACED_STREAMS, 1, seconds, () -> {});
        }
        for (int round = 1; round <= rounds; round++) {
            Report.progress(
                    "%d streams of %d events/s, round %d of %d"
                            .formatted(PACED_STREAMS, PACED_RATE, round, rounds));
            var byNginx = measure("paced_nginx", nginx, PACED_RATE, PACED_STREAMS);
            if (writ != null) {
                var byWrit = measure("paced_writ", writ, PACED_RATE, PACED_STREAMS);
                compare("paced", byNginx, byWrit);
            }
        }
        end(writ);
    }

    private void slow(int direct) throws IOException {
        Report.progress("%d streams of 1 event/s".formatted(SLOW_STREAMS));
        Running.Writ writ = running.writ(direct, "");
        measure("slow_writ", writ, 1, SLOW_STREAMS);
        end(writ);
    }

    private StreamLoad.Result measure(String name, Running.Writ writ, int rate, int streams)
            throws IOException {
        return measure(
                name,
                writ.port(),
                rate,
                streams,
                () -> report.add(name + "_rss_mb", writ.rssMegabytes()));
    }

    private StreamLoad.Result measure(String name, int port, int rate, int streams)
            throws IOException {
        return measure(name, port, rate, streams, () -> {});
    }

    private StreamLoad.Result measure(
            String name, int port, int rate, int streams, Runnable whileOpen) throws IOException {
        StreamLoad.Result result =
                StreamLoad.run(
                        port, BenchPolicy.KEY, rate, streams, WARM_SECONDS, seconds, whileOpen);
        report.add(name + "_chunks_per_s", result.eventsPerSecond());
        report.add(name + "_delay_p50_us", result.delayP50Micros());
        report.add(name + "_delay_p99_us", result.delayP99Micros());
        report.add(name + "_silent", result.silent());
        report.add(name + "_errors", result.errors());
        if (result.errors() > 0) {
            Report.progress("%s: first error: %s".formatted(name, result.firstError()));
        }
        return result;
    }

    private void compare(String name, StreamLoad.Result nginx, StreamLoad.Result writ) {
        report.add(name + "_over_nginx", writ.eventsPerSecond() / nginx.eventsPerSecond());
        report.add(
                name + "_delay_p50_over_nginx",
                (double) writ.delayP50Micros() / Math.max(1, nginx.delayP50Micros()));
        report.add(
                name + "_delay_p99_over_nginx",
                (double) writ.delayP99Micros() / Math.max(1, nginx.delayP99Micros()));
    }

    private void end(Running.@Nullable Writ writ) {
        if (writ != null) {
            running.end(writ.process());
        }
    }
}
