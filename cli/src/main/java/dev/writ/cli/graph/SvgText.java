package dev.writ.cli.graph;

import dev.writ.cli.graph.Graph.Kind;
import dev.writ.cli.graph.Graph.Node;
import dev.writ.cli.graph.Graph.Style;
import dev.writ.cli.graph.Layout.Box;
import dev.writ.cli.graph.Layout.Line;
import dev.writ.cli.graph.Layout.Point;
import dev.writ.cli.graph.TextWidth.Font;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A graph as a picture, for light and dark surroundings.
///
/// Every card and every line has a title, which browsers show and screen readers read. Whatever
/// ends in a single region has its colour.
public final class SvgText {
    /// How many regions have a colour of their own; the others share them.
    private static final int COLOURS = 7;

    private static final List<String> LIGHT =
            List.of("#0969da", "#bc4c00", "#1a7f37", "#8250df", "#bf3989", "#1b7c83", "#9a6700");
    private static final List<String> DARK =
            List.of("#58a6ff", "#f0883e", "#3fb950", "#bc8cff", "#f778ba", "#39c5cf", "#d29922");

    private final Graph graph;
    private final Layout layout;
    private final List<String> regions;
    private final StringBuilder out = new StringBuilder();

    private SvgText(Graph graph) {
        this.graph = graph;
        this.layout = Layout.of(graph);
        this.regions = graph.regions();
    }

    /// Returns the picture as XML, with a line break at its end.
    public static String of(Graph graph) {
        return new SvgText(graph).text();
    }

    private String text() {
        line(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$s" height="%2$s" viewBox="0 0 %1$s %2$s" \
                role="graphics-document document" aria-labelledby="writ-title writ-desc">"""
                        .formatted(number(layout.width()), number(layout.height())));
        line("  <title id=\"writ-title\">Policy %s</title>".formatted(escaped(graph.policy())));
        line(
                ("  <desc id=\"writ-desc\">%s. From left to right: who may call, what is called, and"
                                + " where it goes. Dashed lines are taken after a failure only.</desc>")
                        .formatted(escaped(graph.summary())));
        out.append(style());
        line(
                "  <rect class=\"page\" width=\"%s\" height=\"%s\" rx=\"10\"/>"
                        .formatted(number(layout.width()), number(layout.height())));
        line(
                "  <text class=\"policy\" x=\"28\" y=\"40\">%s</text>"
                        .formatted(escaped(graph.policy())));
        line(
                "  <text class=\"summary\" x=\"28\" y=\"60\">%s</text>"
                        .formatted(escaped(graph.summary())));
        captions();
        line("  <g>");
        layout.lines().forEach(this::way);
        line("  </g>");
        layout.boxes().forEach(this::card);
        Set<String> tips = new TreeSet<>();
        layout.lines().forEach(way -> ends(way, tips));
        legend();
        line("</svg>");
        return out.toString();
    }

    private static String style() {
        return """
              <style>
                text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
                .name { font-size: 14px; font-weight: 600; }
                .policy { font-size: 20px; font-weight: 600; }
                .detail, .summary, .caption { font-size: 11px; fill: #59636e; }
                .summary { font-size: 12px; }
                .caption { letter-spacing: .06em; font-weight: 600; }
                .word { font-size: 11px; font-weight: 600; }
                .text { font-size: 11px; fill: #59636e; }
                .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #424a53; }
                .refused { fill: #cf222e; }
                .page { fill: #ffffff; }
                .card { fill: #f6f8fa; stroke: #d1d9e0; }
                .rows { stroke: #d1d9e0; }
                .pill { stroke: none; fill-opacity: .14; }
                .region { font-size: 11px; font-weight: 500; }
                .way { fill: none; stroke: #818b98; stroke-width: 1.5; }
                .fallback { stroke-dasharray: 5 4; }
                .port, .tip { fill: #818b98; stroke: none; }
            %s    @media (prefers-color-scheme: dark) {
                  text { fill: #f0f6fc; }
                  .detail, .summary, .caption, .text { fill: #9198a1; }
                  .code { fill: #c9d1d9; }
                  .refused { fill: #ff7b72; }
                  .page { fill: #0d1117; }
                  .card { fill: #161b22; stroke: #3d444d; }
                  .rows { stroke: #3d444d; }
                  .pill { fill-opacity: .22; }
                  .way { stroke: #848d97; }
                  .port, .tip { fill: #848d97; }
            %s    }
              </style>
            """
                .formatted(colours("    ", LIGHT), colours("      ", DARK));
    }

    private static String colours(String indent, List<String> palette) {
        StringBuilder css = new StringBuilder();
        for (int i = 0; i < COLOURS; i++) {
            css.append(
                    "%1$s.way.c%2$d { stroke: %3$s; } .fill.c%2$d { fill: %3$s; }\n"
                            .formatted(indent, i, palette.get(i)));
        }
        return css.toString();
    }

    private void captions() {
        Set<Integer> done = new TreeSet<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            if (done.add(node.layer())) {
                line(
                        "  <text class=\"caption\" x=\"%s\" y=\"86\">%sS</text>"
                                .formatted(number(layout.boxes().get(i).x()), node.kind().name()));
            }
        }
    }

    private void way(Line way) {
        StringBuilder path = new StringBuilder();
        List<Point> points = way.points();
        for (int i = 0; i < points.size(); i += 2) {
            Point from = points.get(i);
            Point to = points.get(i + 1);
            double middle = (from.x() + to.x()) / 2;
            path.append(
                    "%s%s %s C%s %s %s %s %s %s"
                            .formatted(
                                    i == 0 ? "M" : " L",
                                    number(from.x()),
                                    number(from.y()),
                                    number(middle),
                                    number(from.y()),
                                    number(middle),
                                    number(to.y()),
                                    number(to.x()),
                                    number(to.y())));
        }
        line(
                ("    <g role=\"graphics-symbol img\"><title>%s</title>"
                                + "<path class=\"way%s%s\" d=\"%s\"/></g>")
                        .formatted(
                                escaped(words(way.edge())),
                                graph.isFallback(way.edge()) ? " fallback" : "",
                                colour(graph.nodes().get(way.edge().to()).reach()),
                                path));
    }

    /// Returns a way as a sentence: `route chat, eu-bound when team.region is eu: to pool eu`.
    private String words(Graph.Edge edge) {
        Node from = graph.nodes().get(edge.from());
        String label = graph.label(edge);
        return "%s%s: to %s"
                .formatted(
                        from.title(),
                        label.isEmpty() ? "" : ", " + label,
                        graph.nodes().get(edge.to()).title());
    }

    /// The dot at which a way starts and the tip at which it ends.
    private void ends(Line way, Set<String> drawn) {
        Point start = way.points().getFirst();
        Point end = way.points().getLast();
        String colour = colour(graph.nodes().get(way.edge().to()).reach());
        String fill = colour.isEmpty() ? "" : " fill" + colour;
        String port =
                "  <circle class=\"port%s\" cx=\"%s\" cy=\"%s\" r=\"3\"/>"
                        .formatted(fill, number(start.x()), number(start.y()));
        if (drawn.add("port %s %s".formatted(start.x(), start.y()))) {
            out.append(port).append('\n');
        }
        if (drawn.add("tip %s %s".formatted(end.x(), end.y()))) {
            line(
                    "  <path class=\"tip%s\" d=\"M%s %s l-8 -4.5 v9 z\"/>"
                            .formatted(fill, number(end.x()), number(end.y())));
        }
    }

    private String colour(Set<String> reach) {
        return reach.size() == 1 ? colour(reach.iterator().next()) : "";
    }

    private String colour(String region) {
        return region.equals("unknown") ? "" : " c" + regions.indexOf(region) % COLOURS;
    }

    private void card(Box box) {
        Card card = box.card();
        Node node = card.node();
        line(
                "  <g role=\"graphics-object group\" transform=\"translate(%s %s)\"><title>%s</title>"
                        .formatted(number(box.x()), number(box.y()), escaped(description(node))));
        line(
                "    <rect class=\"card\" width=\"%s\" height=\"%s\" rx=\"8\"/>"
                        .formatted(number(box.width()), number(card.height())));
        line(
                "    <text class=\"name\" x=\"%s\" y=\"%s\">%s</text>"
                        .formatted(
                                number(Card.PADDING),
                                number(Card.TITLE_BASELINE),
                                escaped(card.title())));
        for (Card.Pill pill : card.pills()) {
            pill(pill, box.width());
        }
        for (Card.Line detail : card.details()) {
            line(
                    "    <text class=\"detail\" x=\"%s\" y=\"%s\">%s</text>"
                            .formatted(
                                    number(Card.PADDING),
                                    number(detail.baseline()),
                                    escaped(detail.text())));
        }
        if (!card.rows().isEmpty()) {
            double y = card.rows().getFirst().top() - 2;
            line(
                    "    <path class=\"rows\" d=\"M0 %s h%s\"/>"
                            .formatted(number(y), number(box.width())));
        }
        for (Card.RowLines row : card.rows()) {
            row(card, row);
        }
        line("  </g>");
    }

    private static String description(Node node) {
        StringBuilder text = new StringBuilder(node.title());
        if (!node.regions().isEmpty()) {
            text.append(node.kind() == Kind.TEAM ? ", stays in " : " in ");
            text.append(String.join(", ", node.regions()));
        }
        node.details().forEach(detail -> text.append("; ").append(detail));
        node.rows().forEach(row -> text.append("\n").append(row.label()));
        return text.toString();
    }

    private void pill(Card.Pill pill, double width) {
        String fill = " fill" + colour(pill.region());
        double x = width - pill.left();
        line(
                "    <rect class=\"port pill%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"8\"/>"
                        .formatted(
                                fill,
                                number(x),
                                number(Card.PILL_TOP),
                                number(pill.width()),
                                number(Card.PILL_HEIGHT)));
        line(
                "    <text class=\"region%s\" x=\"%s\" y=\"%s\">%s</text>"
                        .formatted(
                                fill,
                                number(x + 7),
                                number(Card.PILL_TOP + 12),
                                escaped(pill.text())));
    }

    private void row(Card card, Card.RowLines row) {
        String refused = row.row().style() == Style.REFUSAL ? " refused" : "";
        line(
                "    <text class=\"word%s\" x=\"%s\" y=\"%s\">%s</text>"
                        .formatted(
                                refused,
                                number(Card.PADDING),
                                number(row.top() + 14.5),
                                escaped(row.word())));
        String code = Card.font(card.node()) == Font.MONOSPACE ? " code" : "";
        for (Card.Line text : row.text()) {
            line(
                    "    <text class=\"text%s%s\" x=\"%s\" y=\"%s\">%s</text>"
                            .formatted(
                                    code,
                                    refused,
                                    number(Card.PADDING + card.wordsWidth() + Card.WORD_GAP),
                                    number(text.baseline()),
                                    escaped(text.text())));
        }
    }

    /// What lines and colours mean, at the bottom.
    private void legend() {
        double y = layout.height() - 22;
        double x = 28;
        boolean fallbacks = graph.edges().stream().anyMatch(graph::isFallback);
        line("  <g aria-hidden=\"true\">");
        if (fallbacks) {
            x = legendLine(x, y, "", "first");
            x = legendLine(x, y, " fallback", "after a failure");
        }
        for (String region : regions) {
            String shown = TextWidth.cut(region, Font.REGULAR, 11, 160);
            line(
                    "    <circle class=\"port fill%s\" cx=\"%s\" cy=\"%s\" r=\"4\"/>"
                            .formatted(colour(region), number(x + 4), number(y - 4)));
            line(
                    "    <text class=\"detail\" x=\"%s\" y=\"%s\">%s</text>"
                            .formatted(number(x + 14), number(y), escaped(shown)));
            x += 14 + TextWidth.of(shown, Font.REGULAR, 11) + 20;
        }
        line("  </g>");
    }

    private double legendLine(double x, double y, String style, String text) {
        line(
                "    <path class=\"way%s\" d=\"M%s %s h26\"/>"
                        .formatted(style, number(x), number(y - 4)));
        line(
                "    <text class=\"detail\" x=\"%s\" y=\"%s\">%s</text>"
                        .formatted(number(x + 34), number(y), text));
        return x + 34 + TextWidth.of(text, Font.REGULAR, 11) + 20;
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value)
                .setScale(1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /// Returns a text for XML 1.0; what XML cannot hold is left out.
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int c : text.codePoints().toArray()) {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\n', '\t' -> escaped.append((char) c);
                default -> {
                    boolean held = c >= ' ' && !(c >= 0xD800 && c < 0xE000) && c < 0xFFFE;
                    if (held || c >= 0x10000) {
                        escaped.appendCodePoint(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
