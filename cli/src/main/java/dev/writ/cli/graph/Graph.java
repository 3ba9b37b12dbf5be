package dev.writ.cli.graph;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a policy connects: teams, routes, pools, models and providers, and the ways between them.
///
/// @param policy the policy's name
/// @param nodes in the order of their kinds, then as declared
/// @param edges in the order of the nodes and rows that they start from
public record Graph(String policy, List<Node> nodes, List<Edge> edges) {
    public Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /// What a node stands for.
    public enum Kind {
        TEAM("team"),
        ROUTE("route"),
        POOL("pool"),
        MODEL("model"),
        PROVIDER("provider");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// Returns how policies write it.
        public String word() {
            return word;
        }
    }

    /// A declaration.
    ///
    /// @param layer the column that it stands in, counted from 0; edges lead to greater ones
    /// @param details what is worth knowing of it, a line each
    /// @param regions where a team must stay, or where a provider computes
    /// @param reach every region in which a request that comes here may end
    /// @param rows the arms of a route, the models of a pool, the grants with a condition of a team
    public record Node(
            Kind kind,
            int layer,
            String name,
            List<String> details,
            List<String> regions,
            Set<String> reach,
            List<Row> rows) {
        public Node {
            details = List.copyOf(details);
            regions = List.copyOf(regions);
            reach = Set.copyOf(reach);
            rows = List.copyOf(rows);
        }

        /// Returns its kind and name.
        String title() {
            return kind.word + " " + name;
        }
    }

    /// A line of a node from which edges start.
    ///
    /// @param word the name of an arm, a share, `first`, `then`
    /// @param text the condition, or the causes
    public record Row(String word, String text, Style style) {
        /// Returns both.
        String label() {
            return text.isEmpty() ? word : word + " " + text;
        }
    }

    /// How a row and its edges look.
    public enum Style {
        PLAIN,
        /// After a failure only.
        FALLBACK,
        /// Leads nowhere: the request is refused.
        REFUSAL
    }

    /// A way from a node to another.
    ///
    /// @param row the line of `from` that it starts at; [#HEAD] for the node as a whole
    public record Edge(int from, int row, int to) {
        /// The row of edges that start at a node as a whole.
        public static final int HEAD = -1;
    }

    /// Tells whether a way is taken after failures only.
    boolean isFallback(Edge edge) {
        return edge.row() != Edge.HEAD
                && nodes.get(edge.from()).rows().get(edge.row()).style() == Style.FALLBACK;
    }

    /// Returns what stands on a way; empty where it needs no words.
    String label(Edge edge) {
        return edge.row() == Edge.HEAD ? "" : nodes.get(edge.from()).rows().get(edge.row()).label();
    }

    /// Returns every region that is named, in order.
    List<String> regions() {
        return nodes.stream()
                .flatMap(node -> Stream.concat(node.regions().stream(), node.reach().stream()))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .toList();
    }

    /// Returns `2 teams, 1 route, …`.
    String summary() {
        return Stream.of(Kind.values())
                .map(
                        kind -> {
                            long count = nodes.stream().filter(n -> n.kind() == kind).count();
                            return count == 0
                                    ? ""
                                    : "%d %s%s".formatted(count, kind.word, count == 1 ? "" : "s");
                        })
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
