package dev.writ.engine.internal;

/// Where the bits of a row lie: clauses first, then a bit for each of their words that is not zero.
final class RowLayout {
    private RowLayout() {}

    static int words(int clauses) {
        return (clauses + 63) >> 6;
    }

    /// Returns how long a row is.
    ///
    /// @param summaryFrom where its summary begins; -1 for none
    static int longs(int clauses, int summaryFrom) {
        return summaryFrom < 0 ? words(clauses) : summaryFrom + words(words(clauses));
    }

    static void set(long[] row, int bit) {
        row[bit >> 6] |= 1L << bit;
    }

    /// Fills the summary of a row whose clauses are set.
    static void summarise(long[] row, int clauses, int summaryFrom) {
        if (summaryFrom >= 0) {
            for (int word = 0; word < words(clauses); word++) {
                if (row[word] != 0) {
                    row[summaryFrom + (word >> 6)] |= 1L << word;
                }
            }
        }
    }
}
