package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds callers by the digest of their key.
///
/// A hash table with the digest's first bytes as the hash. Each look-up compares the same number
/// of whole digests, each in constant time, whether it finds one or not. So the time tells at most
/// which places of the table are read, and these follow from the SHA-256 of what the client sent:
/// a digest, not the key, from which the key cannot be computed.
final class KeyTable {
    private static final int DIGEST_BYTES = 32;
    private static final byte[] NO_DIGEST = new byte[DIGEST_BYTES];

    private final byte[][] digests;
    private final @Nullable Caller[] callers;

    /// How many places each look-up compares.
    private final int probes;

    KeyTable(List<Caller> all) {
        int places = Integer.highestOneBit(Math.max(4, all.size() * 2)) * 2;
        this.digests = new byte[places][];
        this.callers = new Caller[places];
        for (int place = 0; place < places; place++) {
            digests[place] = NO_DIGEST;
        }
        int longest = 1;
        for (Caller caller : all) {
            byte[] digest = digest(caller);
            int place = place(digest);
            int distance = 1;
            while (callers[place] != null) {
                place = (place + 1) & (places - 1);
                distance++;
            }
            digests[place] = digest;
            callers[place] = caller;
            longest = Math.max(longest, distance);
        }
        this.probes = longest;
    }

    private static byte[] digest(Caller caller) {
        if (caller.shows() instanceof Caller.Shows.AKey(Policy.Key key)) {
            return key.digest();
        }
        throw new IllegalArgumentException("a caller must have a key to be found by it");
    }

    /// Returns the caller whose key has the digest, or null.
    ///
    /// @param sha256 32 bytes
    @Nullable Caller find(byte[] sha256) {
        if (sha256.length != DIGEST_BYTES) {
            throw new IllegalArgumentException(
                    "a SHA-256 digest has 32 bytes, got " + sha256.length);
        }
        Caller found = null;
        int place = place(sha256);
        for (int probe = 0; probe < probes; probe++) {
            int at = (place + probe) & (digests.length - 1);
            boolean same = MessageDigest.isEqual(digests[at], sha256);
            found = same ? callers[at] : found;
        }
        return found;
    }

    private int place(byte[] digest) {
        int hash =
                (digest[0] & 0xff) << 24
                        | (digest[1] & 0xff) << 16
                        | (digest[2] & 0xff) << 8
                        | (digest[3] & 0xff);
        return hash & (digests.length - 1);
    }
}
