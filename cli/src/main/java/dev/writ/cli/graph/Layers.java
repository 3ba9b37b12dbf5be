package dev.writ.cli.graph;

import dev.writ.cli.graph.Graph.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The columns of a picture and the order in each, with as few crossings as could be found.
///
/// An edge over several columns passes each of them through a gap; edges to one node share a gap.
/// The order is found by sweeps over the columns, each sorted by the barycentre of its neighbours.
///
/// Source: Sugiyama, Tagawa, Toda, Methods for visual understanding of hierarchical system
/// structures, 1981.
final class Layers {
    private static final int SWEEPS = 24;
    private static final int SWAP_ROUNDS = 4;
    private static final int SWAPPED_PIECES_MAX = 400;

    /// How high the gap is through which edges pass a column.
    private static final double GAP_HEIGHT = 14;

    private final List<Slot> slots = new ArrayList<>();
    private final List<List<Slot>> columns = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();

    /// A place in a column: a card, or a gap.
    static final class Slot {
        final int node;
        final int column;
        final double height;
        final List<Piece> in = new ArrayList<>();
        final List<Piece> out = new ArrayList<>();
        int place;
        double top;

        private Slot(int node, int column, double height) {
            this.node = node;
            this.column = column;
            this.height = height;
        }

        boolean isGap() {
            return node < 0;
        }
    }

    /// The part of an edge between two neighbouring columns.
    ///
    /// @param fromPort where it starts, below the top of `from`
    /// @param toPort where it ends, below the top of `to`
    record Piece(Edge edge, Slot from, double fromPort, Slot to, double toPort) {
        private double start() {
            return from.place + fromPort / Math.max(1, from.height + 1);
        }

        private double end() {
            return to.place + toPort / Math.max(1, to.height + 1);
        }
    }

    private Layers() {}

    /// @param cards of the nodes, in the order of the graph
    static Layers of(Graph graph, List<Card> cards) {
        Layers layers = new Layers();
        layers.fill(graph, cards);
        layers.order();
        return layers;
    }

    /// Returns the columns from left to right, each from top to bottom.
    List<List<Slot>> columns() {
        return columns;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /// Returns the place of a node.
    Slot slot(int node) {
        return slots.get(node);
    }

    private void fill(Graph graph, List<Card> cards) {
        int count = 0;
        for (Graph.Node node : graph.nodes()) {
            count = Math.max(count, node.layer() + 1);
        }
        for (int i = 0; i < count; i++) {
            columns.add(new ArrayList<>());
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            Slot slot = new Slot(i, graph.nodes().get(i).layer(), cards.get(i).height());
            slots.add(slot);
            columns.get(slot.column).add(slot);
        }
        Map<String, Slot> gaps = new HashMap<>();
        for (Edge edge : graph.edges()) {
            Slot to = slots.get(edge.to());
            Slot from = slots.get(edge.from());
            double fromPort = cards.get(edge.from()).outPort(edge.row());
            for (int column = from.column + 1; column < to.column; column++) {
                int passed = column;
                Slot gap =
                        gaps.computeIfAbsent(
                                edge.to() + " " + column,
                                _ -> {
                                    Slot fresh = new Slot(-1, passed, GAP_HEIGHT);
                                    columns.get(passed).add(fresh);
                                    return fresh;
                                });
                join(new Piece(edge, from, fromPort, gap, GAP_HEIGHT / 2));
                from = gap;
                fromPort = GAP_HEIGHT / 2;
            }
            join(new Piece(edge, from, fromPort, to, cards.get(edge.to()).inPort()));
        }
    }

    private void join(Piece piece) {
        pieces.add(piece);
        piece.from().out.add(piece);
        piece.to().in.add(piece);
    }

    private void order() {
        columns.forEach(Layers::number);
        List<List<Slot>> best = copy();
        long fewest = crossings();
        for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
            boolean rightwards = sweep % 2 == 0;
            for (int i = 0; i < columns.size(); i++) {
                List<Slot> column = columns.get(rightwards ? i : columns.size() - 1 - i);
                sort(column, rightwards);
            }
            long now = crossings();
            if (now < fewest) {
                fewest = now;
                best = copy();
            }
        }
        for (int i = 0; i < columns.size(); i++) {
            columns.set(i, best.get(i));
            number(best.get(i));
        }
        swapNeighbours();
    }

    /// Swaps neighbours while that leaves fewer crossings. Each swap counts them all, so large
    /// pictures go without.
    private void swapNeighbours() {
        boolean better = pieces.size() <= SWAPPED_PIECES_MAX;
        for (int round = 0; round < SWAP_ROUNDS && better; round++) {
            better = false;
            for (List<Slot> column : columns) {
                for (int i = 0; i + 1 < column.size(); i++) {
                    long before = crossings();
                    swap(column, i);
                    if (crossings() < before) {
                        better = true;
                    } else {
                        swap(column, i);
                    }
                }
            }
        }
    }

    private static void swap(List<Slot> column, int i) {
        Collections.swap(column, i, i + 1);
        column.get(i).place = i;
        column.get(i + 1).place = i + 1;
    }

    private static void number(List<Slot> column) {
        for (int i = 0; i < column.size(); i++) {
            column.get(i).place = i;
        }
    }

    private List<List<Slot>> copy() {
        List<List<Slot>> copy = new ArrayList<>();
        columns.forEach(column -> copy.add(new ArrayList<>(column)));
        return copy;
    }

    private static void sort(List<Slot> column, boolean byLeft) {
        Map<Slot, Double> centres = new HashMap<>();
        for (Slot slot : column) {
            List<Piece> beside = byLeft ? slot.in : slot.out;
            centres.put(
                    slot,
                    beside.stream()
                            .mapToDouble(piece -> byLeft ? piece.start() : piece.end())
                            .average()
                            .orElse(slot.place));
        }
        column.sort(Comparator.comparingDouble(slot -> centres.getOrDefault(slot, 0.0)));
        number(column);
    }

    /// Returns how many pairs of pieces cross.
    private long crossings() {
        long sum = 0;
        for (int column = 0; column + 1 < columns.size(); column++) {
            int left = column;
            double[] ends =
                    pieces.stream()
                            .filter(piece -> piece.from().column == left)
                            .sorted(
                                    Comparator.comparingDouble(Piece::start)
                                            .thenComparingDouble(Piece::end))
                            .mapToDouble(Piece::end)
                            .toArray();
            sum += inversions(ends);
        }
        return sum;
    }

    /// Returns how many pairs stand in the wrong order, and sorts.
    private static long inversions(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        int half = values.length / 2;
        double[] left = Arrays.copyOf(values, half);
        double[] right = Arrays.copyOfRange(values, half, values.length);
        long sum = inversions(left) + inversions(right);
        int l = 0;
        int r = 0;
        for (int i = 0; i < values.length; i++) {
            if (r == right.length || (l < left.length && left[l] <= right[r])) {
                values[i] = left[l++];
            } else {
                values[i] = right[r++];
                sum += left.length - l;
            }
        }
        return sum;
    }
}
