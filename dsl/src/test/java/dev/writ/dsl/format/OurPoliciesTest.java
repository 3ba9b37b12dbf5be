package dev.writ.dsl.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.writ.dsl.Fence;
import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What we show people is laid out as `writ fmt` does it.
final class OurPoliciesTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));

    private static List<Source> shown() throws IOException {
        List<Source> shown = new ArrayList<>();
        for (Path file : below("policies", ".writ")) {
            shown.add(new Source(ROOT.relativize(file).toString(), Files.readString(file)));
        }
        List<Path> pages = new ArrayList<>(below("docs", ".md"));
        pages.add(ROOT.resolve("README.md"));
        for (Path page : pages) {
            for (Fence fence : Fence.of(page)) {
                if (fence.words().getFirst().equals("writ")) {
                    shown.add(new Source(fence.toString(), fence.text()));
                }
            }
        }
        shown.removeIf(source -> Formatter.format(source) instanceof Formatted.Unreadable);
        return shown;
    }

    @ParameterizedTest
    @MethodSource("shown")
    void isFormatted(Source source) {
        assertEquals(new Formatted.Text(source.text()), Formatter.format(source));
    }

    @Test
    void thereAreSome() throws IOException {
        assertFalse(shown().isEmpty());
    }

    private static List<Path> below(String folder, String extension) throws IOException {
        try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
            return all.filter(file -> file.toString().endsWith(extension)).sorted().toList();
        }
    }
}
