package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `writ fmt` on real files.
final class FmtTest {
    private static final String TIDY =
            """
            policy "p" language 1

            // Where it goes.
            provider p { kind simulated }
            """;

    private static final String UNTIDY =
            "policy  \"p\" language 1\r\n\r\n\r\n// Where it goes.\r\nprovider p{kind  simulated}";

    private static final String BROKEN = "policy \"p\" language 1\nprovider p {\n";

    @TempDir Path temp;

    @Test
    void changesWhatIsUntidyAndNothingElse() throws IOException {
        Path untidy = write("untidy.writ", UNTIDY);
        Path below = write("below/untidy.writ", UNTIDY);
        Path tidy = write("tidy.writ", TIDY);
        Path other = write("notes.txt", UNTIDY);
        Ran ran = Ran.writ("fmt", temp.toString());
        assertEquals(
                new Ran(
                        Exit.FINE,
                        "formatted %s\nformatted %s\n2 of 3 files changed\n"
                                .formatted(below, untidy),
                        ""),
                ran);
        assertEquals(TIDY, Files.readString(untidy));
        assertEquals(TIDY, Files.readString(below));
        assertEquals(TIDY, Files.readString(tidy));
        assertEquals(UNTIDY, Files.readString(other));
        assertEquals(new Ran(Exit.FINE, "ok: 3 files\n", ""), Ran.writ("fmt", temp.toString()));
    }

    @Test
    void checksWithoutChanging() throws IOException {
        Path file = write("p.writ", UNTIDY);
        assertEquals(
                new Ran(
                        Exit.FAILED,
                        "would change %s\n1 of 1 file would change\n".formatted(file),
                        ""),
                Ran.writ("fmt", "--check", file.toString()));
        assertEquals(UNTIDY, Files.readString(file));
    }

    @Test
    void laysOutStandardInputToStandardOutput() {
        assertEquals(new Ran(Exit.FINE, TIDY, ""), Ran.withInput(UNTIDY, "fmt", "-"));
        assertEquals(new Ran(Exit.FINE, TIDY, ""), Ran.withInput(TIDY, "fmt", "-"));
        assertEquals(new Ran(Exit.FAILED, "", ""), Ran.withInput(UNTIDY, "fmt", "--check", "-"));
        Ran broken = Ran.withInput(BROKEN, "fmt", "-");
        assertEquals(Exit.POLICY, broken.exitCode());
        assertEquals("", broken.out());
        assertTrue(broken.err().contains("standard input:2:"), broken.err());
    }

    @Test
    void leavesWhatHasMistakesAndGoesOn() throws IOException {
        Path broken = write("a.writ", BROKEN);
        Path untidy = write("b.writ", UNTIDY);
        Ran ran = Ran.writ("fmt", temp.toString());
        assertEquals(Exit.POLICY, ran.exitCode());
        assertTrue(ran.err().contains("error["), ran.err());
        assertTrue(ran.out().endsWith("1 of 2 files changed, 1 with mistakes\n"), ran.out());
        assertEquals(BROKEN, Files.readString(broken));
        assertEquals(TIDY, Files.readString(untidy));
    }

    @Test
    void keepsPermissionsAndLinks() throws IOException {
        Path file = write("real.writ", UNTIDY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(temp.resolve("link.writ"), file);
        assertEquals(Exit.FINE, Ran.writ("fmt", link.toString()).exitCode());
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(TIDY, Files.readString(file));
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Stream<Path> all = Files.list(temp)) {
            assertEquals(List.of(link, file), all.sorted().toList(), "something is left over");
        }
    }

    @Test
    void tellsWhatItCannotRead() throws IOException {
        Ran none = Ran.writ("fmt", temp.resolve("none").toString());
        assertEquals(Exit.USAGE, none.exitCode());
        assertTrue(none.err().startsWith("writ: there is no "), none.err());
        assertEquals(new Ran(Exit.USAGE, "", "writ: - stands alone\n"), Ran.writ("fmt", "-", "-"));
        Path latin = temp.resolve("latin.writ");
        Files.write(latin, new byte[] {'/', '/', (byte) 0xE4});
        Ran notUtf8 = Ran.writ("fmt", latin.toString());
        assertEquals(Exit.FAILED, notUtf8.exitCode());
        assertTrue(notUtf8.err().endsWith("is not UTF-8 text\n"), notUtf8.err());
    }

    private Path write(String name, String text) throws IOException {
        Path file = temp.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
