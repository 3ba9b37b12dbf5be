package dev.writ.server.live;

import dev.writ.dsl.source.SourceTree;
import java.io.IOException;
import java.nio.file.Path;

/// A policy file or folder, and its changes, for commands that run again on each.
public final class PolicyChanges implements AutoCloseable {
    private final PathReader reader;

    /// What was read last; empty for what could not be read.
    private String known = "";

    private PolicyChanges(PathReader reader) {
        this.reader = reader;
    }

    /// Begins to watch.
    public static PolicyChanges of(Path path) {
        return new PolicyChanges(new PathReader(path));
    }

    /// Reads the policy as it is now.
    public SourceTree read() throws IOException {
        try {
            PolicySources sources = reader.read();
            known = sources.fingerprint();
            return sources.tree();
        } catch (OriginUnreadable e) {
            known = "";
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Waits until it is another than [#read] gave last.
    public void await() throws InterruptedException {
        String before = known;
        while (known.equals(before)) {
            reader.awaitChange();
            try {
                known = reader.read().fingerprint();
            } catch (OriginUnreadable _) {
                known = "";
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
