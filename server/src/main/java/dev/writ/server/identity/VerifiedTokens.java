package dev.writ.server.identity;

import dev.writ.engine.Caller;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Tokens that were checked and found good, by their SHA-256, so that a signature is checked once
/// and not with every request: that takes a tenth of a millisecond, and this a tenth of a
/// microsecond.
///
/// A table with a few places for each token; a new one takes the place that is longest out of
/// date, or any. So it never grows, and to be forgotten costs a token one more check. Only tokens
/// that are good come in: strangers cannot fill it. For any number of threads, without locks.
final class VerifiedTokens {
    /// How many tokens are remembered at most; a power of two.
    static final int TOKENS_MAX = 16_384;

    /// The places that a token can have.
    private static final int WAYS = 4;

    private final AtomicReferenceArray<@Nullable Entry> places;

    /// A token that was good.
    private static final class Entry {
        private final byte[] digest;

        /// Since 1970; from then on it is good no more.
        private final long expiresMillis;

        private final IssuerKeys issuer;

        /// With which it was checked; it is good only while they are the issuer's.
        private final KeySet keys;

        private final Caller caller;

        Entry(byte[] digest, long expiresMillis, IssuerKeys issuer, KeySet keys, Caller caller) {
            this.digest = digest;
            this.expiresMillis = expiresMillis;
            this.issuer = issuer;
            this.keys = keys;
            this.caller = caller;
        }

        boolean isGood(long nowMillis) {
            return nowMillis < expiresMillis && issuer.usable() == keys;
        }
    }

    VerifiedTokens() {
        places = new AtomicReferenceArray<>(TOKENS_MAX);
    }

    /// Returns who has the token, or null if it is not known to be good now.
    @Nullable Caller find(byte[] digest, long nowMillis) {
        int first = first(digest);
        for (int way = 0; way < WAYS; way++) {
            Entry entry = places.getAcquire(first + way);
            if (entry != null && Arrays.equals(entry.digest, digest)) {
                return entry.isGood(nowMillis) ? entry.caller : null;
            }
        }
        return null;
    }

    void add(
            byte[] digest,
            long expiresMillis,
            IssuerKeys issuer,
            KeySet keys,
            Caller caller,
            long nowMillis) {
        int first = first(digest);
        int place = first + (digest[4] & (WAYS - 1));
        for (int way = 0; way < WAYS; way++) {
            Entry there = places.getAcquire(first + way);
            if (there == null || Arrays.equals(there.digest, digest) || !there.isGood(nowMillis)) {
                place = first + way;
                break;
            }
        }
        places.setRelease(place, new Entry(digest.clone(), expiresMillis, issuer, keys, caller));
    }

    private static int first(byte[] digest) {
        int hash = (digest[0] & 0xff) << 16 | (digest[1] & 0xff) << 8 | (digest[2] & 0xff);
        return (hash * WAYS) & (TOKENS_MAX - 1);
    }
}
