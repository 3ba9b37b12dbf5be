package dev.writ.engine.internal;

/// How far the index goes before it takes a slower or coarser way that decides the same.
///
/// @param clausesPerConditionMax a part of a condition with more clauses than this is evaluated as
///     a whole where the rest of its clause holds
/// @param tableLongsMax size of one table; a table that would be larger shares rows between
///     neighbouring values, and what shares is evaluated again
/// @param indexLongsMax size of all tables of one index together, likewise
/// @param summaryFromWords an index of more words of clauses than this has a summary, a bit a word
public record IndexLimits(
        int clausesPerConditionMax, int tableLongsMax, int indexLongsMax, int summaryFromWords) {
    /// 64 clauses a condition, 1 MiB a table, 64 MiB an index, a summary above 4,096 clauses.
    public static final IndexLimits DEFAULT = new IndexLimits(64, 1 << 17, 1 << 23, 64);

    public IndexLimits {
        if (clausesPerConditionMax < 1
                || tableLongsMax < 1
                || indexLongsMax < 1
                || summaryFromWords < 1) {
            throw new IllegalArgumentException("limits of an index are at least 1");
        }
    }
}
