package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.writ.dsl.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What `./fuzz policy` searches for, in short: its seed files, every mistake that is known, and a
/// bounded number of changes to all of them and to policies at random.
final class FuzzPolicyTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));
    private static final int CHANGES = 4_000;

    @Test
    void anyTextIsRead() throws IOException {
        List<String> texts = texts();
        for (String text : texts) {
            assertDoesNotThrow(() -> FuzzPolicy.check(text), text);
        }
        for (int i = 0; i < CHANGES; i++) {
            SplittableRandom random = new SplittableRandom(i);
            String text =
                    switch (i % 4) {
                        case 0 -> Sentences.soup(random);
                        case 1 -> Sentences.file(random);
                        case 2 -> Sentences.mutated(Sentences.file(random), random);
                        default ->
                                Sentences.mutated(texts.get(random.nextInt(texts.size())), random);
                    };
            assertDoesNotThrow(() -> FuzzPolicy.check(text), text);
        }
    }

    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path file : Golden.files("parse/mistakes")) {
            texts.add(Golden.given(file, "diagnostics"));
        }
        for (String example : List.of("1-startup.writ", "2-routing.writ", "3-tools.writ")) {
            texts.add(ExamplesTest.example(example).text());
        }
        try (Stream<Path> seeds = Files.list(ROOT.resolve("dsl/src/test/resources/fuzz/policy"))) {
            for (Path seed : seeds.sorted().toList()) {
                texts.add(Files.readString(seed));
            }
        }
        return texts;
    }
}
