package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What `./fuzz` searches for, in short: its seed files, and a bounded number of changes to them.
final class FuzzTest {
    private static final int CHANGES = 2_000;

    @Test
    void anyRequestIsRefusedOrRewritten() throws IOException {
        run("request", FuzzRequest::fuzzerTestOneInput);
    }

    @Test
    void anyStreamIsScannedAlikeHoweverItIsSplit() throws IOException {
        run("stream", FuzzStream::fuzzerTestOneInput);
    }

    private static void run(String target, Consumer<byte[]> check) throws IOException {
        List<Path> files = Seeds.of(target);
        List<byte[]> seeds = new ArrayList<>();
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            seeds.add(bytes);
            assertDoesNotThrow(() -> check.accept(bytes), file::toString);
        }
        for (int i = 0; i < CHANGES; i++) {
            int number = i;
            Path file = files.get(i % files.size());
            byte[] bytes = Seeds.mutated(seeds.get(i % files.size()), new SplittableRandom(i));
            assertDoesNotThrow(
                    () -> check.accept(bytes), () -> "%s, change %d".formatted(file, number));
        }
    }
}
