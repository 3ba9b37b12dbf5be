package dev.writ.cli.graph;

import dev.writ.cli.graph.Graph.Edge;
import dev.writ.cli.graph.Graph.Kind;
import dev.writ.cli.graph.Graph.Node;
import dev.writ.cli.graph.Graph.Row;
import dev.writ.cli.graph.Graph.Style;
import java.util.ArrayList;
import java.util.List;

/// A graph in the language of Graphviz.
public final class DotText {
    private DotText() {}

    /// Returns the graph, with a line break at its end.
    public static String of(Graph graph) {
        StringBuilder out = new StringBuilder();
        out.append("digraph ").append(quoted(graph.policy())).append(" {\n");
        out.append("  rankdir=LR;\n  node [shape=box, style=rounded, fontname=sans];\n");
        out.append("  edge [fontname=sans, fontsize=10];\n");
        int refusals = 0;
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            String wide =
                    node.kind() == Kind.TEAM && !node.regions().isEmpty() ? ", penwidth=2" : "";
            out.append("  n%d [label=%s%s];\n".formatted(i, quoted(label(node)), wide));
            for (Row row : node.rows()) {
                if (row.style() == Style.REFUSAL) {
                    out.append("  r%d [label=refused, shape=plaintext];\n".formatted(refusals));
                    out.append(
                            "  n%d -> r%d [label=%s];\n"
                                    .formatted(i, refusals++, quoted(row.label())));
                }
            }
        }
        for (Edge edge : graph.edges()) {
            String dashed = graph.isFallback(edge) ? ", style=dashed" : "";
            out.append(
                    "  n%d -> n%d [label=%s%s];\n"
                            .formatted(edge.from(), edge.to(), quoted(graph.label(edge)), dashed));
        }
        return out.append("}\n").toString();
    }

    private static String label(Node node) {
        List<String> lines = new ArrayList<>();
        lines.add(node.title());
        lines.addAll(node.details());
        if (!node.regions().isEmpty()) {
            String regions = String.join(", ", node.regions());
            lines.add(node.kind() == Kind.TEAM ? "stays in " + regions : regions);
        }
        return String.join("\n", lines);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
