package dev.writ.engine.routing;

/// Independent draws from one request hash, so that a share says nothing of a tie or a jitter.
///
/// Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014: the
/// finalizer of SplitMix64, a bijection, so that uniform hashes give uniform draws.
final class Mix {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    /// The draw for ties.
    static final int TIES = 1;

    /// The draw for mirrors.
    static final int MIRRORS = 2;

    /// The draw for canaries.
    static final int CANARIES = 3;

    /// The first draw for retry delays, one for each attempt.
    static final int DELAYS = 1_000;

    /// The first draw for shares, one for each member that was passed over.
    static final int SHARES = 1_000_000;

    private Mix() {}

    /// Returns the draw number `draw` of `hash`: uniform over all longs if `hash` is.
    static long draw(long hash, int draw) {
        long z = hash + GAMMA * draw;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /// Returns the place of `uniform` among `bound` equal parts of the range of longs.
    ///
    /// @param bound from 1
    /// @return in `[0, bound)`
    static int below(long uniform, int bound) {
        return (int) Math.unsignedMultiplyHigh(uniform, bound);
    }
}
