package dev.writ.dsl.check;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// The id of a policy: SHA-256 over the version of the compiler, the path of the entry file, and
/// path and text of every file in the order of paths, each preceded by its length in bytes.
///
/// Texts count as they are, but for line breaks, which count as `\n`: a comment changes the id, the
/// system on which a file was checked out does not.
final class PolicyId {
    /// What a change of the compiler's meaning of the same text changes.
    static final String COMPILER_VERSION = "writ-1";

    private PolicyId() {}

    /// Returns 64 hex digits.
    static String of(SourceTree tree) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
        add(digest, COMPILER_VERSION);
        add(digest, tree.entry());
        List<Source> files =
                tree.files().stream().sorted(Comparator.comparing(Source::path)).toList();
        for (Source file : files) {
            add(digest, file.path());
            add(digest, file.text().replace("\r\n", "\n"));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
