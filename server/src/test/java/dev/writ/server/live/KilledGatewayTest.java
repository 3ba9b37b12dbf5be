package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What serves after a process that served was killed; real processes, killed without a chance to
/// say goodbye.
final class KilledGatewayTest {
    @TempDir Path temp;

    @Test
    void servesTheLastGoodPolicyAfterAKillAndABrokenEdit() throws Exception {
        Path file = Files.writeString(temp.resolve("a.writ"), "one");
        try (Serving first = new Serving(file, temp.resolve("data"))) {
            assertEquals("a.writ=one, last good: false", first.says());
            Files.writeString(file, "two");
            assertEquals("a.writ=two, last good: false", first.says());
        }
        Files.writeString(file, "broken");
        try (Serving second = new Serving(file, temp.resolve("data"))) {
            assertEquals("a.writ=two, last good: true", second.says());
            Files.writeString(file, "three");
            assertEquals("a.writ=three, last good: false", second.says());
        }
    }

    @Test
    void aSecondGatewayWithTheSameDataDoesNotStart() throws Exception {
        Path file = Files.writeString(temp.resolve("a.writ"), "one");
        try (Serving first = new Serving(file, temp.resolve("data"))) {
            assertEquals("a.writ=one, last good: false", first.says());
            try (Serving second = new Serving(file, temp.resolve("data"))) {
                assertNotEquals(0, second.process.waitFor());
            }
            Files.writeString(file, "two");
            assertEquals("a.writ=two, last good: false", first.says());
        }
    }

    /// A process that serves until it is killed.
    private static final class Serving implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;

        Serving(Path policy, Path data) throws IOException {
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    ServeForEver.class.getName(),
                                    policy.toString(),
                                    data.toString())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            lines = process.inputReader(StandardCharsets.UTF_8);
        }

        String says() throws IOException {
            return String.valueOf(lines.readLine());
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    /// Serves and tells of each policy that serves.
    static final class ServeForEver {
        private ServeForEver() {}

        /// Serves the file `args[0]` with the data folder `args[1]`.
        public static void main(String[] args) throws Exception {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            Reloader<?>[] self = new Reloader<?>[1];
            self[0] =
                    Reloader.start(
                            new PolicyOrigin.OfPath(Path.of(args[0])),
                            new Texts(),
                            DataFolder.open(Path.of(args[1])),
                            InstantSource.fixed(Instant.EPOCH),
                            outcome -> {
                                try {
                                    started.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                if (outcome instanceof ReloadOutcome.Swapped) {
                                    say(self[0]);
                                }
                            });
            say(self[0]);
            started.countDown();
            never.await();
        }

        private static void say(Reloader<?> reloader) {
            System.out.println(
                    "%s, last good: %s"
                            .formatted(reloader.current().get(), reloader.status().lastGood()));
        }
    }
}
