package dev.writ.server.simulated;

import java.nio.charset.StandardCharsets;

/// What is left to chance with real providers, drawn from names instead, so that it is repeatable.
///
/// @param seed the same for the same provider, request id and attempt
record Dice(long seed) {
    /// Decides whether the request fails.
    static final int FAILS = 1;

    /// Decides whether the answer breaks.
    static final int BREAKS = 2;

    static Dice of(String... names) {
        // FNV-1a, 64 bits, with a separator that no UTF-8 contains.
        long hash = 0xcbf29ce484222325L;
        for (String name : names) {
            for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
            }
            hash = (hash ^ 0xff) * 0x100000001b3L;
        }
        return new Dice(hash);
    }

    /// Returns true for a share of all seeds.
    ///
    /// @param draw different draws are independent
    boolean hits(int draw, int basisPoints) {
        return Math.unsignedMultiplyHigh(draw(draw), 10_000) < basisPoints;
    }

    /// Returns 16 hex digits.
    String hex(int draw) {
        return "%016x".formatted(draw(draw));
    }

    /// The finalizer of SplitMix64.
    long draw(int draw) {
        long z = seed + 0x9e3779b97f4a7c15L * draw;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
