package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What `./fuzz` searches for, in short: its seed files, and a bounded number of changes to them.
final class FuzzTest {
    private static final int CHANGES = 4_000;

    @Test
    void anyRequestIsRefusedOrRewritten() throws IOException {
        run("request", FuzzRequest::fuzzerTestOneInput);
    }

    @Test
    void anyStreamIsScannedAlikeHoweverItIsSplit() throws IOException {
        run("stream", FuzzStream::fuzzerTestOneInput);
    }

    private static void run(String target, Consumer<byte[]> check) throws IOException {
        List<Path> seeds = Seeds.of(target);
        for (Path seed : seeds) {
            byte[] bytes = Files.readAllBytes(seed);
            assertDoesNotThrow(() -> check.accept(bytes), seed::toString);
        }
        for (int i = 0; i < CHANGES; i++) {
            int number = i;
            Path seed = seeds.get(i % seeds.size());
            byte[] bytes = Seeds.mutated(Files.readAllBytes(seed), new SplittableRandom(i));
            assertDoesNotThrow(
                    () -> check.accept(bytes), () -> "%s, change %d".formatted(seed, number));
        }
    }
}
