package dev.writ.cli.graph;

import dev.writ.cli.graph.Graph.Edge;
import dev.writ.cli.graph.Layers.Piece;
import dev.writ.cli.graph.Layers.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where everything of a picture stands, in pixels.
///
/// @param boxes of the nodes, in the order of the graph
/// @param lines of the edges, in the order of the graph
record Layout(
        double width, double height, List<Column> columns, List<Box> boxes, List<Line> lines) {
    private static final double MARGIN = 28;

    /// Room for the title and the names of the columns.
    private static final double HEAD = 96;

    /// Room for what the colours mean.
    private static final double FOOT = 54;

    private static final double BETWEEN_CARDS = 14;
    private static final double BETWEEN_GAPS = 4;
    private static final double BETWEEN_COLUMNS = 64;
    private static final double FOR_EACH_EDGE = 3;
    private static final double FOR_EDGES_MAX = 110;
    private static final double WIDTH_MIN = 470;
    private static final int SWEEPS = 12;

    Layout {
        columns = List.copyOf(columns);
        boxes = List.copyOf(boxes);
        lines = List.copyOf(lines);
    }

    /// A column of cards.
    record Column(double x, double width) {}

    /// Where a card stands.
    record Box(double x, double y, double width, Card card) {}

    /// Points of an edge: from each with an even place a curve leads to the next, which from there
    /// goes on flat.
    record Line(Edge edge, List<Point> points) {
        Line {
            points = List.copyOf(points);
        }
    }

    record Point(double x, double y) {}

    static Layout of(Graph graph) {
        List<Card> cards = graph.nodes().stream().map(Card::of).toList();
        Layers layers = Layers.of(graph, cards);
        placeAll(layers);
        double top = Double.MAX_VALUE;
        double bottom = 0;
        for (List<Slot> column : layers.columns()) {
            for (Slot slot : column) {
                top = Math.min(top, slot.top);
                bottom = Math.max(bottom, slot.top + slot.height);
            }
        }
        List<Column> columns = columns(layers, cards);
        double shift = HEAD - top;
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < cards.size(); i++) {
            Slot slot = layers.slot(i);
            Column column = columns.get(slot.column);
            boxes.add(
                    new Box(
                            column.x(),
                            Math.round(slot.top + shift),
                            column.width(),
                            cards.get(i)));
        }
        double right = columns.isEmpty() ? 0 : columns.getLast().x() + columns.getLast().width();
        return new Layout(
                Math.max(WIDTH_MIN, right + MARGIN),
                cards.isEmpty() ? HEAD + FOOT : Math.round(bottom + shift + FOOT),
                columns,
                boxes,
                lines(graph, layers, columns, boxes, shift));
    }

    private static List<Column> columns(Layers layers, List<Card> cards) {
        List<Column> columns = new ArrayList<>();
        double x = MARGIN;
        for (List<Slot> column : layers.columns()) {
            double width = 0;
            long edges = 0;
            for (Slot slot : column) {
                width = slot.isGap() ? width : Math.max(width, cards.get(slot.node).width());
                edges += slot.out.stream().map(Piece::to).distinct().count();
            }
            columns.add(new Column(x, width));
            x += width + BETWEEN_COLUMNS + Math.min(FOR_EDGES_MAX, FOR_EACH_EDGE * edges);
        }
        return columns;
    }

    private static List<Line> lines(
            Graph graph, Layers layers, List<Column> columns, List<Box> boxes, double shift) {
        Map<Edge, List<Point>> points = new HashMap<>();
        for (Piece piece : layers.pieces()) {
            Column left = columns.get(piece.from().column);
            Column right = columns.get(piece.to().column);
            List<Point> line = points.computeIfAbsent(piece.edge(), _ -> new ArrayList<>());
            line.add(
                    new Point(
                            left.x() + left.width(),
                            top(piece.from(), boxes, shift) + piece.fromPort()));
            line.add(new Point(right.x(), top(piece.to(), boxes, shift) + piece.toPort()));
        }
        return graph.edges().stream()
                .map(edge -> new Line(edge, points.getOrDefault(edge, List.of())))
                .toList();
    }

    private static double top(Slot slot, List<Box> boxes, double shift) {
        return slot.isGap() ? Math.round(slot.top + shift) : boxes.get(slot.node).y();
    }

    /// Finds places for cards near what they are joined to: in each sweep a column takes the places
    /// that are nearest, in squares, to those it wishes for, in its order and without overlaps.
    private static void placeAll(Layers layers) {
        List<List<Slot>> columns = layers.columns();
        for (List<Slot> column : columns) {
            double top = 0;
            for (Slot slot : column) {
                slot.top = top;
                top += slot.height + BETWEEN_CARDS;
            }
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean rightwards = sweep % 2 == 1;
            boolean last = sweep >= SWEEPS - 2;
            for (int i = 0; i < columns.size(); i++) {
                place(
                        columns.get(rightwards ? i : columns.size() - 1 - i),
                        rightwards || last,
                        !rightwards || last);
            }
        }
    }

    private static void place(List<Slot> column, boolean byLeft, boolean byRight) {
        int count = column.size();
        double[] offsets = new double[count];
        double[] wishes = new double[count];
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            Slot slot = column.get(i);
            if (i > 0) {
                Slot above = column.get(i - 1);
                double between = slot.isGap() || above.isGap() ? BETWEEN_GAPS : BETWEEN_CARDS;
                offsets[i] = offsets[i - 1] + above.height + between;
            }
            double sum = 0;
            int edges = 0;
            if (byLeft) {
                for (Piece piece : slot.in) {
                    sum += piece.from().top + piece.fromPort() - piece.toPort();
                    edges++;
                }
            }
            if (byRight) {
                for (Piece piece : slot.out) {
                    sum += piece.to().top + piece.toPort() - piece.fromPort();
                    edges++;
                }
            }
            wishes[i] = (edges == 0 ? slot.top : sum / edges) - offsets[i];
            weights[i] = edges == 0 ? 0.01 : slot.isGap() ? 3 : 1;
        }
        double[] tops = nearestRising(wishes, weights);
        for (int i = 0; i < count; i++) {
            column.get(i).top = tops[i] + offsets[i];
        }
    }

    /// Returns the numbers that never fall and are nearest to the wishes, in weighted squares: pool
    /// adjacent violators.
    static double[] nearestRising(double[] wishes, double[] weights) {
        int count = wishes.length;
        double[] means = new double[count];
        double[] sums = new double[count];
        int[] sizes = new int[count];
        int blocks = 0;
        for (int i = 0; i < count; i++) {
            means[blocks] = wishes[i];
            sums[blocks] = weights[i];
            sizes[blocks] = 1;
            blocks++;
            while (blocks > 1 && means[blocks - 2] > means[blocks - 1]) {
                double weight = sums[blocks - 2] + sums[blocks - 1];
                means[blocks - 2] =
                        (means[blocks - 2] * sums[blocks - 2]
                                        + means[blocks - 1] * sums[blocks - 1])
                                / weight;
                sums[blocks - 2] = weight;
                sizes[blocks - 2] += sizes[blocks - 1];
                blocks--;
            }
        }
        double[] rising = new double[count];
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < sizes[block]; i++) {
                rising[at++] = means[block];
            }
        }
        return rising;
    }
}
