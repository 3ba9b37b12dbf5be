package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `writ lint` on real files.
final class LintCommandTest {
    private static final String TEXT =
            """
            policy "p" language 1
            provider p { kind simulated }
            model m on p "m" {}
            route chat { only otherwise -> m }
            team t {
              key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }
            rule some on request
              when not (request.model in ["a"]) // all others
              deny 403
            """;

    @TempDir Path temp;

    @Test
    void tellsWhatItFinds() throws IOException {
        Ran ran = Ran.writ("lint", write(TEXT).toString());
        assertEquals(Exit.FAILED, ran.exitCode());
        assertTrue(ran.out().contains("lint[L0808]: the test itself can say no"), ran.out());
        assertTrue(ran.out().contains("lint[L0803]"), ran.out());
        assertTrue(ran.out().endsWith("2 findings in 1 file\n"), ran.out());
    }

    @Test
    void fixesWhatItCanAndLeavesComments() throws IOException {
        Path file = write(TEXT);
        Ran ran = Ran.writ("lint", "--fix", temp.toString());
        assertEquals(Exit.FAILED, ran.exitCode());
        assertTrue(ran.out().contains("1 finding in 1 file"), ran.out());
        assertEquals(
                TEXT.replace("not (request.model in [\"a\"])", "request.model is not \"a\""),
                Files.readString(file));
    }

    @Test
    void saysThatNothingIsFound() throws IOException {
        String fine = TEXT.substring(0, TEXT.indexOf("rule"));
        assertEquals(
                new Ran(Exit.FINE, "ok: 1 file\n", ""), Ran.writ("lint", write(fine).toString()));
    }

    @Test
    void writesJsonAndSarif() throws IOException {
        Path file = write(TEXT);
        String json = Ran.writ("lint", "--format", "json", file.toString()).out();
        assertTrue(json.startsWith("{\"ok\":false,\"fixed\":0,\"diagnostics\":[{"), json);
        assertTrue(
                json.contains(
                        "\"title\":\"Write `request.model not in [\\\"a\\\"]`\",\"automatic\":true"),
                json);
        String sarif = Ran.writ("lint", "--format", "sarif", file.toString()).out();
        assertTrue(sarif.contains("\"ruleId\":\"L0803\"") && sarif.contains("\"level\":\"note\""));
    }

    @Test
    void policiesThatDoNotCompileAreNotLinted() throws IOException {
        Ran ran = Ran.writ("lint", write(TEXT.replace("-> m", "-> x")).toString());
        assertEquals(Exit.POLICY, ran.exitCode());
        assertTrue(ran.err().contains("E0104"), ran.err());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(temp.resolve("p.writ"), text);
    }
}
