package dev.writ.cli.graph;

import dev.writ.cli.graph.Graph.Kind;
import dev.writ.cli.graph.Graph.Node;
import dev.writ.cli.graph.Graph.Row;
import dev.writ.cli.graph.TextWidth.Font;
import java.util.ArrayList;
import java.util.List;

/// A node as it is drawn: what stands in it, where, and how large it is. Lengths are pixels, places
/// are counted from its upper left corner.
///
/// @param width the least that its texts need
/// @param title cut to what fits
/// @param details with where their lines stand
/// @param wordsWidth of the column of the rows' words
record Card(
        Node node,
        double width,
        double height,
        String title,
        List<Line> details,
        List<Pill> pills,
        List<RowLines> rows,
        double wordsWidth) {
    static final double PADDING = 12;
    static final double TITLE_SIZE = 14;
    static final double DETAIL_SIZE = 11;
    static final double ROW_SIZE = 11;
    static final double TITLE_BASELINE = 23;
    static final double PILL_HEIGHT = 16;
    static final double PILL_TOP = 10;
    static final double WORD_GAP = 8;

    private static final double HEAD_HEIGHT = 34;
    private static final double DETAIL_HEIGHT = 15;
    private static final double ROW_TOP = 5;
    private static final double ROW_HEIGHT = 21;
    private static final double LINE_HEIGHT = 14;
    private static final double BOTTOM = 6;

    private static final double TITLE_WIDTH_MAX = 230;
    private static final double DETAIL_WIDTH_MAX = 250;
    private static final double WORD_WIDTH_MAX = 140;
    private static final double TEXT_WIDTH_MAX = 210;
    private static final int TEXT_LINES_MAX = 3;

    /// A text and its baseline.
    record Line(String text, double baseline) {}

    /// A region in a frame of its own.
    ///
    /// @param left where its frame begins, counted from the right side of the card leftwards
    record Pill(String text, String region, double left, double width) {}

    /// A row of the node.
    ///
    /// @param top where it begins
    /// @param port where its edges start
    record RowLines(Row row, double top, double port, String word, List<Line> text) {}

    Card {
        details = List.copyOf(details);
        pills = List.copyOf(pills);
        rows = List.copyOf(rows);
    }

    static Card of(Node node) {
        String title = TextWidth.cut(node.name(), Font.BOLD, TITLE_SIZE, TITLE_WIDTH_MAX);
        List<Pill> pills = pills(node);
        double width = 2 * PADDING + TextWidth.of(title, Font.BOLD, TITLE_SIZE);
        if (!pills.isEmpty()) {
            width += pills.getLast().left() - PADDING + 14;
        }

        List<Line> details = new ArrayList<>();
        double bottom = HEAD_HEIGHT;
        for (String detail : node.details()) {
            String shown = TextWidth.cut(detail, Font.REGULAR, DETAIL_SIZE, DETAIL_WIDTH_MAX);
            details.add(new Line(shown, bottom + 6));
            width = Math.max(width, 2 * PADDING + TextWidth.of(shown, Font.REGULAR, DETAIL_SIZE));
            bottom += DETAIL_HEIGHT;
        }
        if (!details.isEmpty()) {
            bottom += 1;
        }

        double wordsWidth = 0;
        for (Row row : node.rows()) {
            wordsWidth = Math.max(wordsWidth, TextWidth.of(word(row), Font.BOLD, ROW_SIZE));
        }
        List<RowLines> rows = new ArrayList<>();
        if (!node.rows().isEmpty()) {
            bottom += ROW_TOP;
        }
        for (Row row : node.rows()) {
            List<Line> lines = new ArrayList<>();
            double top = bottom;
            double baseline = top + 14.5;
            for (String line : wrapped(row.text(), font(node))) {
                lines.add(new Line(line, baseline));
                baseline += LINE_HEIGHT;
                width =
                        Math.max(
                                width,
                                2 * PADDING
                                        + wordsWidth
                                        + WORD_GAP
                                        + TextWidth.of(line, font(node), ROW_SIZE));
            }
            width = Math.max(width, 2 * PADDING + wordsWidth);
            bottom += ROW_HEIGHT + LINE_HEIGHT * Math.max(0, lines.size() - 1);
            rows.add(new RowLines(row, top, top + ROW_HEIGHT / 2, word(row), lines));
        }
        return new Card(
                node, Math.ceil(width), bottom + BOTTOM, title, details, pills, rows, wordsWidth);
    }

    private static String word(Row row) {
        return TextWidth.cut(row.word(), Font.BOLD, ROW_SIZE, WORD_WIDTH_MAX);
    }

    /// Conditions are code; causes are words.
    static Font font(Node node) {
        return switch (node.kind()) {
            case TEAM, ROUTE -> Font.MONOSPACE;
            case POOL, MODEL, PROVIDER -> Font.REGULAR;
        };
    }

    private static List<Pill> pills(Node node) {
        List<Pill> pills = new ArrayList<>();
        double left = PADDING;
        for (int i = node.regions().size() - 1; i >= 0; i--) {
            String region = node.regions().get(i);
            boolean stays = node.kind() == Kind.TEAM && i == 0;
            String text = TextWidth.cut(region, Font.REGULAR, DETAIL_SIZE, WORD_WIDTH_MAX);
            String shown = stays ? "stays in " + text : text;
            double width = TextWidth.of(shown, Font.REGULAR, DETAIL_SIZE) + 14;
            left += width;
            pills.add(new Pill(shown, region, left, width));
            left += 5;
        }
        return pills;
    }

    /// Breaks a text at spaces, and where a word alone is too wide.
    private static List<String> wrapped(String text, Font font) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (!rest.isEmpty()) {
            if (lines.size() == TEXT_LINES_MAX - 1) {
                lines.add(TextWidth.cut(rest, font, ROW_SIZE, TEXT_WIDTH_MAX));
                break;
            }
            int end = rest.length();
            while (TextWidth.of(rest.substring(0, end), font, ROW_SIZE) > TEXT_WIDTH_MAX) {
                int space = rest.lastIndexOf(' ', end - 1);
                if (space <= 0) {
                    break;
                }
                end = space;
            }
            lines.add(TextWidth.cut(rest.substring(0, end), font, ROW_SIZE, TEXT_WIDTH_MAX));
            rest = rest.substring(end).strip();
        }
        return lines;
    }

    /// Returns where edges that lead to the card end.
    double inPort() {
        return TITLE_BASELINE - 5;
    }

    /// Returns where edges of a row start.
    double outPort(int row) {
        return row == Graph.Edge.HEAD ? inPort() : rows.get(row).port();
    }
}
