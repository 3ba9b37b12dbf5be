package dev.writ.engine.internal;

import dev.writ.engine.Truth;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Room to work in while one request is decided, so that nothing is allocated.
///
/// Belongs to the facts of one request and serves one decision after the other.
public final class Scratch {
    /// The row of each table of the index that is being read.
    final long[][] rows;

    /// Trie states that the search under way has seen the outputs of, a bit a state.
    final long[] searchSeen;

    private final @Nullable Truth[] values;
    private final int[] valueStamps;
    private int stamp = 1;

    /// Entries whose condition fires, a bit an entry.
    private final long[] fired;

    private int firedFrom;
    private int firedTo;

    /// @param tables the most tables that an index has
    /// @param residuals how many residual conditions there are
    /// @param entries the most entries that a phase has
    /// @param searchStates the most states that a search has
    Scratch(int tables, int residuals, int entries, int searchStates) {
        this.rows = new long[Math.max(1, tables)][];
        this.values = new Truth[residuals];
        this.valueStamps = new int[residuals];
        this.fired = new long[(entries + 63) >> 6];
        this.searchSeen = new long[(searchStates + 63) >> 6];
    }

    /// Begins with facts that may have changed: no value is remembered, no entry has fired.
    public void begin() {
        stamp++;
        if (stamp == 0) {
            // All 2^32 stamps were used; what is left over from the last round must not count.
            Arrays.fill(valueStamps, 0);
            stamp = 1;
        }
        for (int word = firedFrom; word < firedTo; word++) {
            fired[word] = 0;
        }
        firedFrom = fired.length;
        firedTo = 0;
    }

    /// Returns the remembered value of the residual condition, or null.
    @Nullable Truth remembered(int residual) {
        return valueStamps[residual] == stamp ? values[residual] : null;
    }

    void remember(int residual, Truth value) {
        values[residual] = value;
        valueStamps[residual] = stamp;
    }

    boolean hasFired(int entry) {
        return (fired[entry >> 6] & 1L << entry) != 0;
    }

    void fire(int entry) {
        int word = entry >> 6;
        fired[word] |= 1L << entry;
        firedFrom = Math.min(firedFrom, word);
        firedTo = Math.max(firedTo, word + 1);
    }

    /// Returns the first entry from `from` on that has fired, or -1.
    public int nextFired(int from) {
        int word = Math.max(from >> 6, firedFrom);
        if (word >= firedTo) {
            return -1;
        }
        long bits = fired[word];
        if (word == from >> 6) {
            bits &= -1L << from;
        }
        while (bits == 0) {
            word++;
            if (word >= firedTo) {
                return -1;
            }
            bits = fired[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }
}
