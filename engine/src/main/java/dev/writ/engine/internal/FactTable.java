package dev.writ.engine.internal;

import java.nio.LongBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// For each value of one fact, the clauses that this value does not rule out, a bit a clause.
///
/// Neighbouring cells may share a row; it has the clauses that any of them does not rule out.
/// Behind its clauses a row may have a summary: a bit for each of its words that is not zero.
final class FactTable {
    private final FactCells cells;
    private final int cellsPerRow;
    private final int sharedRows;
    private final long[][] rows;

    private FactTable(FactCells cells, int cellsPerRow, int sharedRows, long[][] rows) {
        this.cells = cells;
        this.cellsPerRow = cellsPerRow;
        this.sharedRows = sharedRows;
        this.rows = rows;
    }

    /// Returns the row for the fact's value.
    long[] row(FactValues facts) {
        int cell = cells.cell(facts);
        if (cellsPerRow == 1) {
            return rows[cell];
        }
        return cell < cells.regular()
                ? rows[cell / cellsPerRow]
                : rows[sharedRows + cell - cells.regular()];
    }

    /// Returns the average share of clauses that a row rules out; tables that rule out most are
    /// best read first.
    double selectivity(int clauses) {
        long kept = 0;
        for (long[] row : rows) {
            for (int word = 0; word < (clauses + 63) >> 6; word++) {
                kept += Long.bitCount(row[word]);
            }
        }
        return 1 - (double) kept / rows.length / clauses;
    }

    /// How many neighbouring cells share a row, so that the table keeps to its limit.
    static int cellsPerRow(FactCells cells, int words, int longsMax) {
        int rowsMax = Math.max(4, longsMax / words);
        return cells.size() <= rowsMax ? 1 : -Math.floorDiv(-cells.regular(), rowsMax - 2);
    }

    /// Tells whether a row says less of the clause than its cells would.
    static boolean blurs(FactCells cells, int cellsPerRow, BitSet passing) {
        for (int from = 0; from < cells.regular(); from += cellsPerRow) {
            int to = Math.min(from + cellsPerRow, cells.regular());
            boolean passes = passing.get(from);
            int change = passes ? passing.nextClearBit(from) : passing.nextSetBit(from);
            if (change >= 0 && change < to) {
                return true;
            }
        }
        return false;
    }

    /// Makes the table.
    ///
    /// @param passing for each clause the cells that do not rule it out; null for all of them
    /// @param summaryFrom where in a row the summary begins; -1 for none
    static FactTable of(
            FactCells cells, int cellsPerRow, List<@Nullable BitSet> passing, int summaryFrom) {
        int clauses = passing.size();
        int sharedRows = -Math.floorDiv(-cells.regular(), cellsPerRow);
        long[] indifferent = new long[RowLayout.longs(clauses, summaryFrom)];
        for (int clause = 0; clause < clauses; clause++) {
            if (passing.get(clause) == null) {
                RowLayout.set(indifferent, clause);
            }
        }
        long[][] rows = new long[sharedRows + 2][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = indifferent.clone();
        }
        for (int clause = 0; clause < clauses; clause++) {
            BitSet passed = passing.get(clause);
            if (passed != null) {
                int cell = passed.nextSetBit(0);
                while (cell >= 0) {
                    boolean isRegular = cell < cells.regular();
                    int row = isRegular ? cell / cellsPerRow : sharedRows + cell - cells.regular();
                    RowLayout.set(rows[row], clause);
                    int next =
                            isRegular
                                    ? Math.min((row + 1) * cellsPerRow, cells.regular())
                                    : cell + 1;
                    cell = passed.nextSetBit(next);
                }
            }
        }
        Map<LongBuffer, long[]> distinct = new HashMap<>();
        for (int row = 0; row < rows.length; row++) {
            RowLayout.summarise(rows[row], clauses, summaryFrom);
            rows[row] = distinct.computeIfAbsent(LongBuffer.wrap(rows[row]), LongBuffer::array);
        }
        return new FactTable(cells, cellsPerRow, sharedRows, rows);
    }
}
