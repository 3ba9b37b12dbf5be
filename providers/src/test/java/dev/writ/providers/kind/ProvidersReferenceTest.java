package dev.writ.providers.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.TokenField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The table of kinds in the reference holds what the code says; `-Dgolden=update` rewrites it.
final class ProvidersReferenceTest {
    private static final Path PAGE =
            Path.of(System.getProperty("writ.root", "..")).resolve("docs/reference/providers.md");
    private static final String HEAD = "| kind | `url` if not said | `key` | sent as |";

    @Test
    void thePageIsWhatTheTableSays() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf(HEAD);
        assertTrue(start >= 0, "the page has no table of kinds");
        int end = page.indexOf("\n\n", start);
        String table = table();
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page.substring(0, start) + table + page.substring(end));
            return;
        }
        assertEquals(table, page.substring(start, end));
    }

    private static String table() {
        return HEAD
                + " bound of a chat answer | endpoints |\n|---|---|---|---|---|---|\n"
                + Arrays.stream(ProviderKind.values())
                        .map(ProvidersReferenceTest::row)
                        .collect(Collectors.joining("\n"));
    }

    private static String row(ProviderKind kind) {
        String url = kind.defaultUrl();
        return "| `%s` | %s | %s | %s | %s | %s |"
                .formatted(
                        kind.word(),
                        url != null ? "`" + url + "`" : kind.needsUrl() ? "must be said" : "—",
                        kind.simulated() ? "—" : kind.needsKey() ? "needed" : "if it wants one",
                        kind.simulated() ? "—" : "`" + kind.keyHeader().header() + "`",
                        bound(kind),
                        Arrays.stream(Endpoint.values())
                                .filter(kind.endpoints()::contains)
                                .map(Endpoint::word)
                                .collect(Collectors.joining(", ")));
    }

    private static String bound(ProviderKind kind) {
        TokenField field = kind.tokenField();
        return "`%s`%s".formatted(field.field(), kind.knowsBothTokenFields() ? "" : " only");
    }
}
