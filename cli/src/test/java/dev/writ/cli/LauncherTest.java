package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `./writ`, in a tree of its own.
final class LauncherTest {
    @TempDir Path temp;
    private LauncherTree launcher;
    private Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        launcher = LauncherTree.make(temp);
        tree = launcher.folder();
    }

    @Test
    void buildsOnFirstUseOnlyAndSaysSo() throws Exception {
        Ran first = writ(tree.resolve("writ"), tree, "--version");
        assertEquals("building Writ (first use, about a minute)…\n", first.err());
        assertTrue(first.out().startsWith("writ "), first.out());
        assertEquals(Exit.FINE, first.exitCode());
        assertTrue(Files.exists(tree.resolve("cli/target/dist/writ.aot")), "no AOT cache");

        Ran second = writ(tree.resolve("writ"), tree, "--version");
        assertEquals(new Ran(Exit.FINE, first.out(), ""), second);
        assertEquals(1, builds());
    }

    @Test
    void worksThroughALinkFromAnotherFolderAndPassesExitCodesOn() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("else where"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("w"), Path.of("../a tree/writ"));
        assertEquals(Exit.FINE, writ(link, elsewhere, "--help").exitCode());
        Ran wrong = writ(link, elsewhere, "status", "--format", "a b");
        assertEquals(Exit.USAGE, wrong.exitCode());
        assertTrue(wrong.err().contains("but was 'a b'"), wrong.err());
    }

    @Test
    void buildsAgainWhenASourceIsNewerThanTheBuild() throws Exception {
        writ(tree.resolve("writ"), tree, "--version");
        Path source = tree.resolve("cli/src/main/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        Ran again = writ(tree.resolve("writ"), tree, "--version");
        assertEquals("building Writ (its sources changed)…\n", again.err());
        assertEquals(2, builds());
    }

    @Test
    void buildsOnceWhenSeveralStartAtOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(start(tree.resolve("writ"), tree, "out" + i, "--version"));
        }
        for (Process process : processes) {
            assertEquals(Exit.FINE, process.waitFor());
        }
        assertEquals(1, builds());
        assertFalse(Files.exists(tree.resolve("cli/target/writ.lock")), "the lock is left over");
    }

    @Test
    void takesOverTheLockOfAKilledBuild() throws Exception {
        Path lock = Files.createDirectories(tree.resolve("cli/target/writ.lock"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
        assertEquals(Exit.FINE, writ(tree.resolve("writ"), tree, "--version").exitCode());
    }

    @Test
    void showsWhyABuildFailed() throws Exception {
        launcher.maven("echo 'this is why'; exit 1");
        Ran ran = writ(tree.resolve("writ"), tree, "--version");
        assertEquals(
                """
                building Writ (first use, about a minute)…
                this is why
                writ: the build failed, see above
                """,
                ran.err());
        assertEquals(Exit.FAILED, ran.exitCode());
    }

    private int builds() throws IOException {
        return Files.readAllLines(tree.resolve("builds")).size();
    }

    private Ran writ(Path script, Path folder, String... args) throws Exception {
        Process process = start(script, folder, "out", args);
        int exitCode = process.waitFor();
        return new Ran(
                exitCode,
                Files.readString(temp.resolve("out")),
                Files.readString(temp.resolve("out.err")));
    }

    private Process start(Path script, Path folder, String out, String... args) throws IOException {
        return LauncherTree.writ(script, folder, args)
                .redirectOutput(temp.resolve(out).toFile())
                .redirectError(temp.resolve(out + ".err").toFile())
                .start();
    }
}
