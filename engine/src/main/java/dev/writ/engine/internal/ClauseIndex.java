package dev.writ.engine.internal;

import dev.writ.engine.Truth;

/// Many conditions, decided at once: which of them fire on the facts of a request.
///
/// A condition is an or of clauses, a clause an and of literals. For each fact that literals read
/// there is a table from its value to the clauses that this value does not rule out; the and of
/// one row a table leaves the clauses of which no table literal fails. What an unknown fact rules
/// out depends on who asks: a clause of a denial stays, one of a grant goes. A clause that is left
/// holds if its residual literals do, which are evaluated only then.
///
/// Clauses without residual literals come first, those that the same tables constrain stand side
/// by side: so few words of a selective row are not zero, and a row's summary says which.
///
/// Immutable; threads share it, each with its own [Scratch].
public final class ClauseIndex {
    private final Residuals residuals;
    private final FactTable[] tables;

    /// The row that rules nothing out.
    private final long[] all;

    private final int words;
    private final int summaryFrom;

    /// The entry to which each clause belongs.
    private final int[] entries;

    /// The residual literals of each clause, cheapest first: twice the number, plus one if negated.
    private final int[][] literals;

    private final Polarity[] polarities;

    ClauseIndex(
            Residuals residuals,
            FactTable[] tables,
            int summaryFrom,
            int[] entries,
            int[][] literals,
            Polarity[] polarities) {
        this.residuals = residuals;
        this.tables = tables;
        this.words = RowLayout.words(entries.length);
        this.summaryFrom = summaryFrom;
        this.entries = entries;
        this.literals = literals;
        this.polarities = polarities;
        this.all = new long[RowLayout.longs(entries.length, summaryFrom)];
        for (int clause = 0; clause < entries.length; clause++) {
            RowLayout.set(all, clause);
        }
        RowLayout.summarise(all, entries.length, summaryFrom);
    }

    /// Marks the entries that fire as fired in `scratch`.
    public void matchAll(FactValues facts, Scratch scratch) {
        int rowCount = readRows(facts, scratch);
        for (int word = nextWord(scratch, rowCount, 0);
                word >= 0;
                word = nextWord(scratch, rowCount, word + 1)) {
            long left = left(scratch, rowCount, word);
            while (left != 0) {
                int clause = (word << 6) + Long.numberOfTrailingZeros(left);
                left &= left - 1;
                int entry = entries[clause];
                if (!scratch.hasFired(entry) && holds(clause, facts, scratch)) {
                    scratch.fire(entry);
                }
            }
        }
    }

    /// Returns the first entry that fires, or -1.
    public int matchFirst(FactValues facts, Scratch scratch) {
        int rowCount = readRows(facts, scratch);
        int first = Integer.MAX_VALUE;
        for (int word = nextWord(scratch, rowCount, 0);
                word >= 0;
                word = nextWord(scratch, rowCount, word + 1)) {
            long left = left(scratch, rowCount, word);
            while (left != 0) {
                int clause = (word << 6) + Long.numberOfTrailingZeros(left);
                left &= left - 1;
                int entry = entries[clause];
                if (entry < first && holds(clause, facts, scratch)) {
                    first = entry;
                }
            }
        }
        return first == Integer.MAX_VALUE ? -1 : first;
    }

    private int readRows(FactValues facts, Scratch scratch) {
        if (tables.length == 0) {
            scratch.rows[0] = all;
            return 1;
        }
        for (int table = 0; table < tables.length; table++) {
            scratch.rows[table] = tables[table].row(facts);
        }
        return tables.length;
    }

    /// Returns the first word from `from` on that may have a clause left, or -1.
    private int nextWord(Scratch scratch, int rowCount, int from) {
        if (summaryFrom < 0) {
            return from < words ? from : -1;
        }
        int summaryWord = from >> 6;
        long mask = -1L << from;
        while (summaryWord << 6 < words) {
            long left = left(scratch, rowCount, summaryFrom + summaryWord) & mask;
            if (left != 0) {
                return (summaryWord << 6) + Long.numberOfTrailingZeros(left);
            }
            summaryWord++;
            mask = -1L;
        }
        return -1;
    }

    /// Returns a word of the and of all rows.
    private static long left(Scratch scratch, int rowCount, int word) {
        long[][] rows = scratch.rows;
        long left = rows[0][word];
        for (int row = 1; row < rowCount && left != 0; row++) {
            left &= rows[row][word];
        }
        return left;
    }

    private boolean holds(int clause, FactValues facts, Scratch scratch) {
        Polarity polarity = polarities[clause];
        for (int literal : literals[clause]) {
            Truth value = residuals.value(literal >> 1, facts, scratch);
            if (!polarity.fires((literal & 1) == 0 ? value : value.not())) {
                return false;
            }
        }
        return true;
    }

    int tableCount() {
        return tables.length;
    }

    /// Returns how many clauses there are.
    public int clauseCount() {
        return entries.length;
    }

    /// Tells whether the index has a summary.
    public boolean isSummarised() {
        return summaryFrom >= 0;
    }
}
