package dev.writ.cli.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Graphs as text: exactly what stands in the golden files; `-Dgolden=update` rewrites them.
final class GraphTextTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));
    private static final Path GOLDEN = ROOT.resolve("cli/src/test/resources/dev/writ/cli/graph");

    private final Policy everything = Drawn.policy(Drawn.EVERYTHING);

    private static void expect(Path file, String text) throws IOException {
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text, file::toString);
    }

    @Test
    void mermaidHasAllOfAPolicy() throws IOException {
        expect(GOLDEN.resolve("everything.mmd"), MermaidText.of(PolicyGraph.of(everything)));
    }

    @Test
    void dotHasAllOfAPolicy() throws IOException {
        expect(GOLDEN.resolve("everything.dot"), DotText.of(PolicyGraph.of(everything)));
    }

    @Test
    void svgHasAllOfAPolicy() throws IOException {
        expect(GOLDEN.resolve("everything.svg"), SvgText.of(PolicyGraph.of(everything)));
    }

    @Test
    void thePageAboutGraphsShowsThePolicyAsItIs() throws IOException {
        Policy residency =
                Drawn.policy(Files.readString(ROOT.resolve("policies/residency/residency.writ")));
        expect(
                ROOT.resolve("docs/how-to/graph-residency.svg"),
                SvgText.of(PolicyGraph.of(residency)));
        expect(
                ROOT.resolve("docs/how-to/graph-clinic.svg"),
                SvgText.of(PolicyGraph.ofTeam(residency, residency.teams().getFirst())));
        String page = Files.readString(ROOT.resolve("docs/how-to/graph.md"));
        String block = "```mermaid\n" + MermaidText.of(PolicyGraph.of(residency)) + "```\n";
        assertTrue(page.contains(block), block);
    }

    @Test
    void aTeamSeesOnlyItsOwnWays() {
        Graph graph = PolicyGraph.ofTeam(everything, everything.teams().getFirst());
        assertEquals("1 team, 1 route, 1 pool, 2 models, 1 provider", graph.summary());
        Graph.Node chat = graph.nodes().get(1);
        assertEquals(
                "eu-bound eu-rest", chat.rows().get(0).word() + " " + chat.rows().get(1).word());
        assertEquals(2, chat.rows().size());
        assertEquals(Set.of("eu"), chat.reach());
    }

    @Test
    void aRouteIsShownWithWhoMayUseIt() {
        Graph graph = PolicyGraph.ofRoute(everything, everything.routes().get(2));
        assertEquals("1 team, 1 route, 1 model, 1 provider", graph.summary());
    }

    @Test
    void labelsKeepNoSignThatMermaidActsUpon() {
        assertEquals("a#34;b#35;c#60;d#62;#38;#96;", MermaidText.escaped("a\"b#c<d>&`"));
        assertEquals("#45; x", MermaidText.escaped("- x"));
        assertEquals("1#46; x", MermaidText.escaped("1. x"));
        assertEquals("62.5%", MermaidText.escaped("62.5%"));
        assertFalse(MermaidText.escaped("a\nb").contains("\n"));
    }

    @Test
    void conditionsStandOnOneLineWithoutComments() {
        assertEquals(
                "a is \"x  // y\" and b",
                OneLine.of("a is \"x  // y\"   // why\n   /* and\n this */ and b"));
    }
}
