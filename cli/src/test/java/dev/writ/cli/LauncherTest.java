package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `./writ` in a tree of its own, in a path with a space; only its Maven is a script
/// that copies jars.
final class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));

    @TempDir Path temp;
    private Path tree;
    private Path built;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectories(temp.resolve("a tree"));
        built = Files.createDirectories(temp.resolve("built"));
        copy("writ");
        copy("scripts/jdk.sh");
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        Path source = Files.createDirectories(tree.resolve("cli/src/main")).resolve("A.java");
        Files.writeString(source, "class A {}");
        maven("cp \"$(cat jars)\"/*.jar cli/target/dist.new/");
        Files.writeString(tree.resolve("jars"), built.toString());
        int folders = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                jar(path, built.resolve("own-%d.jar".formatted(folders++)));
            } else {
                Files.copy(path, built.resolve(path.getFileName().toString()));
            }
        }
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
        maven("echo 'this is why'; exit 1");
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

    private void maven(String command) throws IOException {
        script("mvnw", "#!/bin/sh\nset -e\necho >>builds\nmkdir cli/target/dist.new\n" + command);
    }

    private void script(String name, String text) throws IOException {
        Path script = Files.writeString(tree.resolve(name), text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private void copy(String name) throws IOException {
        Files.createDirectories(tree.resolve(name).getParent());
        script(name, Files.readString(ROOT.resolve(name)).stripTrailing());
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
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(temp.resolve(out).toFile())
                        .redirectError(temp.resolve(out + ".err").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private static void jar(Path folder, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                entries.write(Files.readAllBytes(file));
                entries.closeEntry();
            }
        }
    }
}
