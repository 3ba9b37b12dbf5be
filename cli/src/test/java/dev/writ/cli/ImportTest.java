package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `writ import` on real files.
final class ImportTest {
    private static final String CONFIG =
            """
            model_list:
              - model_name: chat
                litellm_params:
                  model: openai/gpt-4o
            """;

    @TempDir Path temp;

    @Test
    void theKeyThatIsShownIsTheOneOfThePolicy() throws NoSuchAlgorithmException {
        Ran ran = Ran.withInput(CONFIG, "import", "litellm", "-");
        assertEquals(Exit.FINE, ran.exitCode());
        String shown = "key of team everyone, shown only now: ";
        int at = ran.err().indexOf(shown);
        String key = ran.err().substring(at + shown.length()).lines().findFirst().orElseThrow();
        String digest =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(key.getBytes(StandardCharsets.UTF_8)));
        assertTrue(ran.out().contains(digest), ran.out());
        assertFalse(ran.out().contains(key), ran.out());
        assertTrue(ran.err().endsWith("imported all of it\n"), ran.err());
    }

    @Test
    void whatIsWrittenCompiles() throws IOException {
        Path file = Files.writeString(temp.resolve("config.yaml"), CONFIG);
        Path to = temp.resolve("p.writ");
        Ran ran = Ran.writ("import", "litellm", file.toString(), "-o", to.toString());
        assertEquals("", ran.out());
        assertEquals("ok: 1 file\n", Ran.writ("check", "--strict", to.toString()).out());
        assertEquals("ok: 1 file\n", Ran.writ("fmt", "--check", to.toString()).out());
    }

    @Test
    void strictFailsWhereSomethingIsMissing() {
        String more = CONFIG + "general_settings:\n  master_key: sk-x\n";
        assertEquals(Exit.FINE, Ran.withInput(more, "import", "litellm", "-").exitCode());
        Ran ran = Ran.withInput(more, "import", "litellm", "-", "--strict");
        assertEquals(Exit.FAILED, ran.exitCode());
        assertTrue(
                ran.err().contains("not imported: general_settings.master_key (line 6): "),
                ran.err());
        assertTrue(ran.err().endsWith("1 setting not imported\n"), ran.err());
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path to = Files.writeString(temp.resolve("p.writ"), "mine");
        Ran ran = Ran.withInput(CONFIG, "import", "litellm", "-", "-o", to.toString());
        assertEquals(Exit.USAGE, ran.exitCode());
        assertEquals("mine", Files.readString(to));
        assertTrue(ran.err().contains("is there already"), ran.err());
    }

    @Test
    void tellsWhatCannotBeRead() {
        assertEquals(
                Exit.USAGE,
                Ran.writ("import", "portkey", temp.resolve("no").toString()).exitCode());
        Ran ran = Ran.withInput("{", "import", "bifrost", "-");
        assertEquals(Exit.FAILED, ran.exitCode());
        assertTrue(ran.err().startsWith("writ: -: line 1, column "), ran.err());
        assertEquals(Exit.USAGE, Ran.writ("import", "kong", "x").exitCode());
    }
}
