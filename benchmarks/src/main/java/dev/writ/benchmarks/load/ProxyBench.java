package dev.writ.benchmarks.load;

import dev.writ.benchmarks.Report;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The bench `proxy`: requests and their latency straight to the mock, through nginx, through Writ.
///
/// The three are measured by turns, and ratios and differences are taken within a round, so that a
/// machine that gets slower does not favour one of them. What is printed is the median of rounds.
public final class ProxyBench {
    private static final int MANY = 32;

    private ProxyBench() {}

    /// Runs the bench and prints its report.
    ///
    /// @param args root of the project, rounds, seconds a measurement, `writ` or `no-writ`
    public static void main(String[] args) throws InterruptedException {
        try {
            run(args);
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] args) throws IOException, InterruptedException {
        Path root = Path.of(args[0]);
        int rounds = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        boolean withWrit = args[3].equals("writ");
        Report report = new Report("proxy");
        try (Running running = new Running(root)) {
            int direct = running.mock();
            int nginx = running.nginx(direct);
            Running.Writ writ = null;
            if (withWrit) {
                writ = running.writ(direct, "");
                report.add("ready_ms", writ.readyMillis());
                report.add("idle_rss_mb", writ.rssMegabytes());
            }
            Report.progress("warming up");
            Wrk.run(running, direct, MANY, 2);
            Wrk.run(running, nginx, MANY, 2);
            if (writ != null) {
                Wrk.run(running, writ.port(), MANY, 2 * seconds);
            }
            for (int round = 1; round <= rounds; round++) {
                Report.progress("round %d of %d".formatted(round, rounds));
                round(running, report, seconds, direct, nginx, writ);
            }
        }
        report.print();
    }

    private static void round(
            Running running,
            Report report,
            int seconds,
            int direct,
            int nginx,
            Running.@Nullable Writ writ)
            throws IOException, InterruptedException {
        Wrk.Result directMany = Wrk.run(running, direct, MANY, seconds);
        Wrk.Result nginxMany = Wrk.run(running, nginx, MANY, seconds);
        add(report, "direct", directMany);
        add(report, "nginx", nginxMany);
        report.add(
                "nginx_over_direct",
                nginxMany.requestsPerSecond() / directMany.requestsPerSecond());
        if (writ != null) {
            Wrk.Result writMany = Wrk.run(running, writ.port(), MANY, seconds);
            add(report, "writ", writMany);
            report.add("over_nginx", writMany.requestsPerSecond() / nginxMany.requestsPerSecond());
            report.add("rss_mb", writ.rssMegabytes());
        }
        Wrk.Result directOne = Wrk.run(running, direct, 1, seconds);
        Wrk.Result nginxOne = Wrk.run(running, nginx, 1, seconds);
        add(report, "direct_1", directOne);
        add(report, "nginx_1", nginxOne);
        report.add("nginx_added_p50_us", nginxOne.p50Micros() - directOne.p50Micros());
        if (writ != null) {
            Wrk.Result writOne = Wrk.run(running, writ.port(), 1, seconds);
            add(report, "writ_1", writOne);
            report.add("added_p50_us", writOne.p50Micros() - directOne.p50Micros());
            report.add("added_p99_us", writOne.p99Micros() - directOne.p99Micros());
        }
    }

    private static void add(Report report, String name, Wrk.Result result) {
        report.add(name + "_rps", result.requestsPerSecond());
        report.add(name + "_p50_us", result.p50Micros());
        report.add(name + "_p99_us", result.p99Micros());
        report.add(name + "_p999_us", result.p999Micros());
        report.add(name + "_errors", result.errors());
    }
}
