package dev.writ.dsl.format;

import dev.writ.dsl.format.Part.Block;
import dev.writ.dsl.format.Part.Form;
import dev.writ.dsl.format.Part.Statement;
import dev.writ.dsl.parse.WritLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Lines the words of neighbouring statements up.
///
/// Neighbours have no blank line and no comment between them. A column behind a keyword or a name
/// always lines up; others only as far as their lines keep within the width.
final class Columns {
    private final List<Row> run = new ArrayList<>();

    /// A statement and its first line.
    ///
    /// @param single whether that is its only line
    private record Row(Statement statement, Line line, boolean single) {
        int keyword() {
            return statement.parts().getFirst().first().type();
        }
    }

    /// Returns the indices of the parts of a statement at which columns start.
    static List<Integer> of(Statement statement) {
        List<Part> parts = statement.parts();
        Piece keyword = parts.getFirst().first();
        if (parts.size() < 2 || keyword.isComment() || parts.getFirst() instanceof Block) {
            return List.of();
        }
        return switch (statement.form()) {
            case PROPERTY -> List.of(1);
            case POOL_PROPERTY ->
                    switch (keyword.type()) {
                        case WritLexer.FIRST,
                                WritLexer.THEN,
                                WritLexer.RETRY,
                                WritLexer.COMMIT,
                                WritLexer.HEDGE,
                                WritLexer.CANARY,
                                WritLexer.MIRROR,
                                WritLexer.PERCENT ->
                                List.of(1);
                        default -> List.of();
                    };
            // `may use` and `stay in` are read as one word.
            case TEAM_PROPERTY ->
                    keyword.is(WritLexer.MAY) || keyword.is(WritLexer.STAY)
                            ? List.of()
                            : List.of(1);
            // When somebody is in a team lines up, too: `when` and `otherwise` of neighbours.
            case IDENTITY_PROPERTY -> {
                List<Integer> columns = new ArrayList<>(List.of(1));
                if (keyword.is(WritLexer.TEAM)) {
                    IntStream.range(2, parts.size())
                            .filter(i -> isWhen(parts.get(i).first()))
                            .limit(1)
                            .forEach(columns::add);
                }
                yield columns;
            }
            case ARM, TEST_LINE, LINE -> {
                List<Integer> columns = new ArrayList<>();
                columns.add(1);
                IntStream.range(2, parts.size())
                        .filter(i -> Spacing.isArrow(parts.get(i).first()))
                        .limit(1)
                        .forEach(columns::add);
                yield Spacing.before(statement, 1).isEmpty() ? List.of() : columns;
            }
            case DECLARATION -> {
                Predicate<Part> starts = starts(keyword);
                yield IntStream.range(2, parts.size())
                        .filter(i -> starts.test(parts.get(i)))
                        .boxed()
                        .toList();
            }
            case RULE, EFFECT -> List.of();
        };
    }

    private static boolean isWhen(Piece piece) {
        return piece.is(WritLexer.WHEN) || piece.is(WritLexer.OTHERWISE);
    }

    /// Returns at which parts of a declaration columns start.
    private static Predicate<Part> starts(Piece keyword) {
        return switch (keyword.type()) {
            case WritLexer.USE -> part -> part.first().is(WritLexer.AS);
            case WritLexer.SECRET -> part -> part.first().is(WritLexer.FROM);
            case WritLexer.SIGNAL -> part -> part.first().is(WritLexer.COLON);
            case WritLexer.MODEL ->
                    part ->
                            part instanceof Block
                                    || part.first().is(WritLexer.ON)
                                    || part.first().is(WritLexer.STRING);
            case WritLexer.PROVIDER,
                    WritLexer.POOL,
                    WritLexer.TEAM,
                    WritLexer.CALENDAR,
                    WritLexer.IDENTITY,
                    WritLexer.SERVER,
                    WritLexer.CACHE,
                    WritLexer.GUARD ->
                    part -> part instanceof Block;
            default -> _ -> false;
        };
    }

    /// Adds the statement that stands behind the one that was added last.
    void add(Statement statement, Line first, boolean single) {
        Row row = new Row(statement, first, single);
        boolean declares = statement.form() == Form.DECLARATION;
        if (statement.blankBefore()
                || (declares && !run.isEmpty() && run.getLast().keyword() != row.keyword())
                || (declares && !single)) {
            end();
        }
        if (!declares || single) {
            run.add(row);
        }
    }

    /// Lines up what was added; what comes next is no neighbour of it.
    void end() {
        if (run.size() > 1) {
            switch (run.getFirst().statement().form()) {
                case PROPERTY, TEAM_PROPERTY -> align(0, false, _ -> true);
                case POOL_PROPERTY -> {
                    align(0, false, row -> row.keyword() == WritLexer.PERCENT);
                    if (run.stream().anyMatch(row -> row.keyword() == WritLexer.FIRST)) {
                        align(0, false, row -> row.keyword() != WritLexer.PERCENT);
                    }
                }
                case IDENTITY_PROPERTY, ARM, TEST_LINE, LINE -> {
                    align(0, false, _ -> true);
                    align(1, true, Row::single);
                }
                case DECLARATION -> {
                    for (int column = 0; column < 3; column++) {
                        align(column, true, _ -> true);
                    }
                }
                case RULE, EFFECT -> {}
            }
        }
        run.clear();
    }

    private void align(int column, boolean withinWidth, Predicate<Row> which) {
        List<Line> lines = new ArrayList<>();
        for (Row row : run) {
            Line line = row.line();
            if (which.test(row)
                    && line.hasColumn(column)
                    && !(withinWidth && line.width() > Formatter.WIDTH_MAX)) {
                lines.add(line);
            }
        }
        // The widest make way while others would become too long.
        while (!lines.isEmpty()) {
            int start = lines.stream().mapToInt(line -> line.columnStart(column)).max().orElse(0);
            boolean fits =
                    lines.stream()
                            .allMatch(
                                    line ->
                                            line.width() + start - line.columnStart(column)
                                                    <= Formatter.WIDTH_MAX);
            if (fits || !withinWidth) {
                lines.forEach(line -> line.pad(column, start - line.columnStart(column)));
                return;
            }
            lines.removeIf(line -> line.columnStart(column) == start);
        }
    }
}
