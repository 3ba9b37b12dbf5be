package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExamplesTest {
    @ParameterizedTest
    @CsvSource({"1-startup.writ, 28", "2-routing.writ, 10", "3-tools.writ, 11"})
    void readsWholeLanguage(String file, int items) throws IOException {
        ParsedFile parsed = PolicyParser.parse(example(file));
        assertEquals(List.of(), parsed.diagnostics());
        assertEquals(items, parsed.items().size());
        assertTrue(
                parsed.items().stream()
                        .noneMatch(i -> i instanceof Item.Broken || i instanceof Item.Unknown));
    }

    static Source example(String file) throws IOException {
        try (InputStream in = ExamplesTest.class.getResourceAsStream(file)) {
            return new Source(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
