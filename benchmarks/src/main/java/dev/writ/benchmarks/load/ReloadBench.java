package dev.writ.benchmarks.load;

import dev.writ.benchmarks.Report;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// The bench `reload`: requests while the policy stays, and while it changes a thousand times.
///
/// Both are measured by turns on one running Writ; the policy is a new text each time, so that it
/// is read, checked, compiled and swapped.
public final class ReloadBench {
    private static final int CONNECTIONS = 32;
    private static final int RELOADS = 1_000;

    private ReloadBench() {}

    /// Runs the bench and prints its report.
    ///
    /// @param args root of the project, rounds, seconds a measurement, ignored
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        try {
            run(args);
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] args)
            throws IOException, InterruptedException, ExecutionException {
        int rounds = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        Report report = new Report("reload");
        try (Running running = new Running(Path.of(args[0]))) {
            int mock = running.mock();
            Running.Writ writ = running.writ(mock, "");
            String text = Files.readString(writ.policy());
            Report.progress("warming up");
            Wrk.run(running, writ.port(), CONNECTIONS, 2 * seconds);
            reload(writ, text, RELOADS / 10);
            for (int round = 1; round <= rounds; round++) {
                Report.progress("round %d of %d".formatted(round, rounds));
                Wrk.Result without = Wrk.run(running, writ.port(), CONNECTIONS, seconds);
                int each = (RELOADS + rounds - 1) / rounds;
                CompletableFuture<Double> reloads =
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return reload(writ, text, each);
                                    } catch (IOException e) {
                                        throw new CompletionException(e);
                                    }
                                });
                Wrk.Result during = null;
                long errors = 0;
                // As long as the reloads take.
                while (during == null || !reloads.isDone()) {
                    Wrk.Result part = Wrk.run(running, writ.port(), CONNECTIONS, seconds);
                    errors += part.errors();
                    during = during == null ? part : during;
                }
                report.add("without_p99_us", without.p99Micros());
                report.add("during_p99_us", during.p99Micros());
                report.add("p99_over_without", (double) during.p99Micros() / without.p99Micros());
                report.add("without_rps", without.requestsPerSecond());
                report.add("during_rps", during.requestsPerSecond());
                report.add("errors", errors + without.errors());
                report.add("reload_ms", reloads.get());
            }
            report.add("rss_mb", writ.rssMegabytes());
        }
        report.print();
    }

    /// Changes the policy so many times and returns the milliseconds that one change took.
    private static double reload(Running.Writ writ, String text, int times) throws IOException {
        String token = Files.readString(writ.data().resolve("admin.token")).strip();
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            Files.writeString(writ.policy(), text + "// change %d\n".formatted(System.nanoTime()));
            URI uri = URI.create("http://127.0.0.1:%d/writ/reload".formatted(writ.adminPort()));
            HttpURLConnection call = (HttpURLConnection) uri.toURL().openConnection();
            call.setRequestMethod("POST");
            call.setRequestProperty("authorization", "Bearer " + token);
            if (call.getResponseCode() != 200) {
                throw new IOException("a reload was answered " + call.getResponseCode());
            }
            call.getInputStream().readAllBytes();
        }
        return (System.nanoTime() - start) / 1e6 / times;
    }
}
