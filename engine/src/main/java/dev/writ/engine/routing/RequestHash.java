package dev.writ.engine.routing;

/// The hash by which a request's shares, ties and delays are drawn.
public final class RequestHash {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private RequestHash() {}

    /// Returns the hash of a request: the same id under the same salt, the same draws.
    ///
    /// Source: Fowler, Noll and Vo, FNV-1a over the characters, then the finalizer of SplitMix64.
    ///
    /// @param salt the name of the policy
    public static long of(String salt, String requestId) {
        return Mix.draw(fnv(fnv(FNV_OFFSET, salt) * FNV_PRIME, requestId), 0);
    }

    /// Returns the hash of a team under a salt, or with a user of its.
    ///
    /// @param user empty for the whole team
    static long ofCaller(String salt, String team, String user) {
        return Mix.draw(fnv(fnv(fnv(FNV_OFFSET, salt) * FNV_PRIME, team) * FNV_PRIME, user), 0);
    }

    /// Returns the hash of a name.
    static long of(String name) {
        return Mix.draw(fnv(FNV_OFFSET, name), 0);
    }

    private static long fnv(long hash, String text) {
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
