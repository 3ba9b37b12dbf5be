package dev.writ.server.identity;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What `./fuzz token` searches for, in short: its seed files, and a bounded number of changes to
/// them.
final class FuzzTokenTest {
    private static final Path SEEDS =
            Path.of(System.getProperty("writ.root", ".."), "server/src/test/resources/fuzz/token");
    private static final int CHANGES = 5_000;

    @Test
    void anyTextIsReadOrRefused() throws IOException {
        List<String> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(SEEDS)) {
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readString(file));
            }
        }
        assertTrue(seeds.size() > 4);
        for (String seed : seeds) {
            assertDoesNotThrow(() -> FuzzToken.check(seed), seed);
        }
        for (int i = 0; i < CHANGES; i++) {
            SplittableRandom random = new SplittableRandom(i);
            String text = changed(seeds.get(random.nextInt(seeds.size())), random);
            assertDoesNotThrow(() -> FuzzToken.check(text), text);
        }
    }

    private static String changed(String seed, SplittableRandom random) {
        StringBuilder text = new StringBuilder(seed);
        for (int change = 1 + random.nextInt(4); change > 0 && !text.isEmpty(); change--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, (char) random.nextInt(0x20, 0x7f));
                case 2 -> text.setCharAt(at, "{}[],:\"\\0-.eE\u0000é".charAt(random.nextInt(15)));
                default -> {
                    int end = Math.min(text.length(), at + 1 + random.nextInt(40));
                    text.insert(random.nextInt(text.length()), text.substring(at, end));
                }
            }
        }
        return text.toString();
    }
}
