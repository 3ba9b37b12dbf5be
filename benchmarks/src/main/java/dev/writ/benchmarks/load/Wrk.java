package dev.writ.benchmarks.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs wrk with a chat request.
final class Wrk {
    /// What one run measured.
    ///
    /// @param errors answers other than 2xx, and sockets that failed
    record Result(
            double requestsPerSecond,
            long p50Micros,
            long p99Micros,
            long p999Micros,
            long errors) {}

    private static String script() {
        return """
                wrk.method = "POST"
                wrk.headers["content-type"] = "application/json"
                wrk.headers["authorization"] = "Bearer %s"
                wrk.body = '{"model":"chat","messages":[' ..
                  '{"role":"system","content":"You are a helpful assistant."},' ..
                  '{"role":"user","content":"Which animal jumps over the lazy dog, and why?"}],' ..
                  '"temperature":0.7,"max_tokens":256}'
                done = function(summary, latency, requests)
                  local e = summary.errors
                  io.write(string.format("RESULT %%d %%d %%d %%d %%d %%d\\n", summary.requests,
                    summary.duration, latency:percentile(50), latency:percentile(99),
                    latency:percentile(99.9),
                    e.connect + e.read + e.write + e.status + e.timeout))
                end
                """
                .formatted(BenchPolicy.KEY);
    }

    private Wrk() {}

    static Result run(Running running, int port, int connections, int seconds)
            throws IOException, InterruptedException {
        Path script = running.folder().resolve("wrk.lua");
        Files.writeString(script, script());
        Process process =
                running.start(
                        new ProcessBuilder(
                                        "wrk",
                                        "-t" + Math.min(2, connections),
                                        "-c" + connections,
                                        "-d" + seconds + "s",
                                        "-s",
                                        script.toString(),
                                        "http://127.0.0.1:" + port + "/v1/chat/completions")
                                .redirectErrorStream(true));
        byte[] said = process.getInputStream().readAllBytes();
        String out = new String(said, StandardCharsets.UTF_8);
        process.waitFor();
        for (String line : out.split("\n", -1)) {
            if (line.startsWith("RESULT ")) {
                List<Long> numbers =
                        List.of(line.substring(7).split(" ", -1)).stream()
                                .map(Long::valueOf)
                                .toList();
                return new Result(
                        numbers.get(0) * 1e6 / numbers.get(1),
                        numbers.get(2),
                        numbers.get(3),
                        numbers.get(4),
                        numbers.get(5));
            }
        }
        throw new IOException("wrk failed: " + out);
    }
}
