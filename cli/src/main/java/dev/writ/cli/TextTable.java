package dev.writ.cli;

import java.util.List;
import java.util.function.IntPredicate;

/// Rows of text in columns.
final class TextTable {
    private TextTable() {}

    /// Returns a line for each row, each cell as wide as its column.
    ///
    /// @param rows at least one, of equal length
    /// @param isNumber tells of each column, from 0, whether it is aligned to the right
    static String of(List<List<String>> rows, IntPredicate isNumber) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String gap = " ".repeat(widths[i] - cell.length());
                line.append(isNumber.test(i) ? gap + cell : cell + gap).append("  ");
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }
}
