package dev.writ.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/// What the JVM learns from when Writ is built: it runs commands as people would, and remembers
/// their classes.
public final class Training {
    private Training() {}

    /// Runs commands on what lies in the folder `args[0]`, the root of the installation.
    public static void main(String[] args) {
        Path root = Path.of(args[0]);
        PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
        Console console =
                new Console(
                        nowhere, nowhere, new ByteArrayInputStream(new byte[0]), Map.of(), true);
        Writ.run(console, "--help");
        Writ.run(console, "status", "--data", root.resolve("none").toString());
    }
}
