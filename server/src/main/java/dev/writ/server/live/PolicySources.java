package dev.writ.server.live;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The text of a policy as an origin held it at one moment.
///
/// @param commit 40 hex digits where it came from git
public record PolicySources(SourceTree tree, @Nullable String commit) {
    /// Returns a digest of commit, paths and texts: equal for equal sources.
    String fingerprint() {
        MessageDigest sha = Digests.sha256();
        add(sha, commit == null ? "" : commit);
        add(sha, tree.entry());
        for (Source source : tree.files()) {
            add(sha, source.path());
            add(sha, source.text());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static void add(MessageDigest sha, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha.update(
                new byte[] {
                    (byte) (bytes.length >>> 24),
                    (byte) (bytes.length >>> 16),
                    (byte) (bytes.length >>> 8),
                    (byte) bytes.length
                });
        sha.update(bytes);
    }
}
