package dev.writ.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/// The script `./writ` in a tree of its own, in a path with a space. Only its Maven is a script: it
/// copies the classes that tests run with, so that nothing is built twice.
public final class LauncherTree {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));

    private final Path folder;

    private LauncherTree(Path folder) {
        this.folder = folder;
    }

    /// Makes a tree below `temp`.
    public static LauncherTree make(Path temp) throws IOException {
        LauncherTree tree = new LauncherTree(Files.createDirectories(temp.resolve("a tree")));
        Path built = Files.createDirectories(temp.resolve("built"));
        tree.copy("writ");
        tree.copy("scripts/jdk.sh");
        tree.copy("policies/quickstart/quickstart.writ"); // what the JVM is trained with
        Files.writeString(tree.folder.resolve("pom.xml"), "<project/>");
        Path source = Files.createDirectories(tree.folder.resolve("cli/src/main"));
        Files.writeString(source.resolve("A.java"), "class A {}");
        tree.maven("cp \"$(cat jars)\"/*.jar cli/target/dist.new/");
        Files.writeString(tree.folder.resolve("jars"), built.toString());
        int folders = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                jar(path, built.resolve("own-%d.jar".formatted(folders++)));
            } else {
                Files.copy(path, built.resolve(path.getFileName().toString()));
            }
        }
        return tree;
    }

    Path folder() {
        return folder;
    }

    /// Lets the tree's Maven run `command`.
    void maven(String command) throws IOException {
        script("mvnw", "#!/bin/sh\nset -e\necho >>builds\nmkdir cli/target/dist.new\n" + command);
    }

    /// Returns what runs the tree's `./writ`, on the JDK of this process.
    public ProcessBuilder writ(String... args) {
        return writ(folder.resolve("writ"), folder, args);
    }

    /// Returns what runs `script` in a folder, on the JDK of this process.
    static ProcessBuilder writ(Path script, Path in, String... args) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private void script(String name, String text) throws IOException {
        Path script = Files.writeString(folder.resolve(name), text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private void copy(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        script(name, Files.readString(ROOT.resolve(name)).stripTrailing());
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
