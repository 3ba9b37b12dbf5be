package dev.writ.cli.lsp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Texts in files that an editor can show, gone when the server ends.
final class Explanations implements AutoCloseable {
    /// How many there are at a time; beyond, the oldest is written over.
    static final int FILES_MAX = 20;

    private static final Logger LOG = Logger.getLogger(Explanations.class.getName());

    /// Guarded by this, as all else.
    private final List<Path> files = new ArrayList<>();

    private @Nullable Path folder;
    private int written;

    /// Returns the address of a file with the text; null where none can be written.
    synchronized @Nullable String write(String text) {
        try {
            Path in = folder;
            if (in == null) {
                in = Files.createTempDirectory("writ-explained-");
                folder = in;
            }
            Path file = in.resolve("explained-%d.txt".formatted(written++ % FILES_MAX + 1));
            files.add(Files.writeString(file, text));
            return file.toUri().toString();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "an explanation cannot be written", e);
            return null;
        }
    }

    @Override
    public synchronized void close() {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Path in = folder;
            if (in != null) {
                Files.deleteIfExists(in);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "explanations cannot be removed", e);
        }
    }
}
