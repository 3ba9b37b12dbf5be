package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept of a policy that served, also when the process is killed.
final class LastGoodTest {
    @TempDir Path temp;

    @Test
    void findsWhatWasKept() throws IOException {
        PolicySources sources =
                new PolicySources(
                        new SourceTree(
                                "a.writ",
                                List.of(
                                        new Source("a.writ", "policy \"ä\"\r\n\t\u0000"),
                                        new Source("below/b.writ", ""))),
                        "0123456789012345678901234567890123456789");
        LastGood lastGood = new LastGood(temp, "here");
        assertNull(lastGood.find());
        lastGood.keep(sources);
        PolicySources found = lastGood.find();
        assertNotNull(found);
        assertEquals(sources.fingerprint(), found.fingerprint());
        assertEquals(sources.commit(), found.commit());
        assertNull(new LastGood(temp, "there").find());
    }

    @Test
    void noticesEveryKindOfDamage() throws IOException {
        LastGood lastGood = new LastGood(temp, "here");
        lastGood.keep(numbered(1));
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 10, 64, 65, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> refuse(lastGood), () -> "cut at " + length);
        }
        for (int at : new int[] {0, 64, 70, whole.length - 1}) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertThrows(IOException.class, () -> refuse(lastGood), () -> "changed at " + at);
        }
    }

    @Test
    void keepsSoManyOriginsAndItsOwnAlways() throws IOException {
        for (int i = 0; i < LastGood.ORIGINS_MAX; i++) {
            new LastGood(temp, "origin " + i).keep(numbered(i));
        }
        assertEquals(LastGood.ORIGINS_MAX, files().size());
        LastGood further = new LastGood(temp, "further");
        further.keep(numbered(99));
        assertEquals(LastGood.ORIGINS_MAX, files().size());
        assertNotNull(further.find());
    }

    @Test
    void isWholeWheneverTheProcessIsKilled() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        LastGood lastGood = new LastGood(temp, "killed");
        int before = 0;
        for (int round = 0; round < 8; round++) {
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    KeepForEver.class.getName(),
                                    temp.toString(),
                                    String.valueOf(before + 1))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            int acknowledged = before;
            try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
                int reads = random.nextInt(1, 60);
                for (int i = 0; i < reads; i++) {
                    acknowledged = Integer.parseInt(lines.readLine());
                }
                process.toHandle()
                        .destroyForcibly(); // unlike of the process, it leaves what was said
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    acknowledged = Integer.parseInt(line);
                }
            }
            process.waitFor();
            PolicySources found = lastGood.find();
            assertNotNull(found);
            String text = found.tree().files().getFirst().text();
            int number = Integer.parseInt(text.substring(0, text.indexOf('\n')));
            assertEquals(numbered(number).fingerprint(), found.fingerprint());
            int said = acknowledged;
            assertTrue(
                    number == said || number == said + 1,
                    () -> "seed %d: kept %d, acknowledged %d".formatted(seed, number, said));
            before = number;
        }
    }

    /// Keeps one policy after another and tells each that is kept.
    static final class KeepForEver {
        private KeepForEver() {}

        /// Keeps policies below the folder `args[0]`, numbered from `args[1]` on.
        public static void main(String[] args) throws IOException {
            LastGood lastGood = new LastGood(Path.of(args[0]), "killed");
            for (int i = Integer.parseInt(args[1]); ; i++) {
                lastGood.keep(numbered(i));
                System.out.println(i);
            }
        }
    }

    private static void refuse(LastGood lastGood) throws IOException {
        assertNull(lastGood.find());
    }

    private static PolicySources numbered(int number) {
        String text = number + "\n" + "x".repeat(number * 7919 % 50_000);
        return new PolicySources(
                new SourceTree("p.writ", List.of(new Source("p.writ", text))), null);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.toList();
        }
    }
}
