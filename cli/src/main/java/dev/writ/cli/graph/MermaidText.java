package dev.writ.cli.graph;

import dev.writ.cli.graph.Graph.Edge;
import dev.writ.cli.graph.Graph.Kind;
import dev.writ.cli.graph.Graph.Node;
import dev.writ.cli.graph.Graph.Row;
import dev.writ.cli.graph.Graph.Style;
import java.util.ArrayList;
import java.util.List;

/// A graph as a flowchart of Mermaid, which code hosts draw within Markdown.
public final class MermaidText {
    /// Stands as it is in labels; everything else is written by its number.
    private static final String PLAIN_SIGNS = " .,:;%$()/-=+'[]?!@";

    /// Begins a list of Markdown where it stands first.
    private static final String LIST_SIGNS = "-+";

    private final Graph graph;
    private final StringBuilder out = new StringBuilder();

    private MermaidText(Graph graph) {
        this.graph = graph;
    }

    /// Returns the flowchart, with a line break at its end.
    public static String of(Graph graph) {
        return new MermaidText(graph).text();
    }

    private String text() {
        out.append("flowchart LR\n");
        for (int i = 0; i < graph.nodes().size(); i++) {
            if (graph.nodes().get(i).kind() != Kind.PROVIDER) {
                node("  ", i);
            }
        }
        providers();
        for (int i = 0; i < graph.edges().size(); i++) {
            edge(graph.edges().get(i));
        }
        refusals();
        styles();
        return out.toString();
    }

    /// A frame around the providers of each region.
    private void providers() {
        List<String> regions = graph.regions();
        for (int r = 0; r < regions.size(); r++) {
            List<Integer> inside = new ArrayList<>();
            for (int i = 0; i < graph.nodes().size(); i++) {
                Node node = graph.nodes().get(i);
                if (node.kind() == Kind.PROVIDER && node.regions().contains(regions.get(r))) {
                    inside.add(i);
                }
            }
            if (!inside.isEmpty()) {
                out.append("  subgraph region%d[\"%s\"]\n".formatted(r, escaped(regions.get(r))));
                inside.forEach(i -> node("    ", i));
                out.append("  end\n");
            }
        }
    }

    private void node(String indent, int index) {
        Node node = graph.nodes().get(index);
        List<String> lines = new ArrayList<>();
        lines.add(escaped(node.title()));
        if (node.kind() == Kind.TEAM && !node.regions().isEmpty()) {
            lines.add(escaped("stays in " + String.join(", ", node.regions())));
        }
        if (node.kind() != Kind.TEAM) {
            node.details().forEach(detail -> lines.add(escaped(detail)));
        }
        String label = "\"" + String.join("<br/>", lines) + "\"";
        String shape =
                switch (node.kind()) {
                    case TEAM -> "([%s])";
                    case ROUTE -> "{{%s}}";
                    case POOL -> "[[%s]]";
                    case MODEL -> "(%s)";
                    case PROVIDER -> "[%s]";
                };
        out.append(indent).append(id(index)).append(shape.formatted(label)).append('\n');
    }

    private void edge(Edge edge) {
        String arrow = graph.isFallback(edge) ? "-.->" : "-->";
        String label = graph.label(edge);
        out.append("  ").append(id(edge.from())).append(' ').append(arrow);
        if (!label.isEmpty()) {
            out.append("|\"").append(escaped(label)).append("\"|");
        }
        out.append(' ').append(id(edge.to())).append('\n');
    }

    private void refusals() {
        int refusals = 0;
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (Row row : graph.nodes().get(i).rows()) {
                if (row.style() == Style.REFUSAL) {
                    out.append(
                            "  %s -->|\"%s\"| refusal%d((\"refused\"))\n"
                                    .formatted(id(i), escaped(row.label()), refusals++));
                }
            }
        }
    }

    private void styles() {
        List<String> staying = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            if (node.kind() == Kind.TEAM && !node.regions().isEmpty()) {
                staying.add(id(i));
            }
        }
        if (!staying.isEmpty()) {
            out.append("  classDef stays stroke-width:3px\n");
            out.append("  class ").append(String.join(",", staying)).append(" stays\n");
        }
    }

    /// Names may be words of Mermaid, such as `end`, so nodes are numbered.
    private String id(int index) {
        return graph.nodes().get(index).kind().word() + index;
    }

    /// Returns a text as it may stand between quotation marks: what Mermaid or Markdown would act
    /// upon is written as `#NUMBER;`.
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        int[] points = text.codePoints().toArray();
        boolean digitsOnly = true;
        for (int i = 0; i < points.length; i++) {
            int c = points[i];
            boolean space = i + 1 < points.length && points[i + 1] == ' ';
            boolean bullet = i == 0 && LIST_SIGNS.indexOf(c) >= 0;
            boolean numbered = digitsOnly && space && (c == '.' || c == ')');
            if (bullet || numbered || !isPlain(c)) {
                escaped.append('#').append(c).append(';');
            } else {
                escaped.appendCodePoint(c);
            }
            digitsOnly &= Character.isDigit(c);
        }
        return escaped.toString();
    }

    private static boolean isPlain(int c) {
        return Character.isLetterOrDigit(c) || PLAIN_SIGNS.indexOf(c) >= 0;
    }
}
