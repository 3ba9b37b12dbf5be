package dev.writ.providers.openai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Files that fuzzing begins with, and those that it found.
final class Seeds {
    private static final Path FOLDER =
            Path.of(System.getProperty("writ.root", ".."))
                    .resolve("providers/src/test/resources/fuzz");

    private Seeds() {}

    /// Returns the seed files of a target, in the order of their names.
    static List<Path> of(String target) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(target))) {
            return files.sorted().toList();
        }
    }

    static byte[] seed(String target, String file) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(target).resolve(file));
    }

    /// Returns `bytes` with a few changes: bytes and short ranges that are replaced, left out or
    /// repeated.
    static byte[] mutated(byte[] bytes, RandomGenerator random) {
        byte[] mutated = bytes.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && mutated.length > 0; i--) {
            int from = random.nextInt(mutated.length);
            int length = Math.min(mutated.length - from, 1 + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> mutated[from] = (byte) random.nextInt(256);
                case 1 -> mutated[from] = (byte) "{}[]\",:\\\n\r 0n".charAt(random.nextInt(13));
                case 2 -> mutated = replaced(mutated, from, from + length, new byte[0]);
                default -> {
                    byte[] range = Arrays.copyOfRange(mutated, from, from + length);
                    int to = random.nextInt(mutated.length);
                    mutated = replaced(mutated, to, to, range);
                }
            }
        }
        return mutated;
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] with) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + with.length);
        System.arraycopy(with, 0, result, from, with.length);
        System.arraycopy(bytes, to, result, from + with.length, bytes.length - to);
        return result;
    }
}
