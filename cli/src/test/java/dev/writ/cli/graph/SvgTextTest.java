package dev.writ.cli.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.cli.graph.Layout.Box;
import dev.writ.cli.graph.TextWidth.Font;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Pictures are whole XML documents in which nothing covers anything else.
final class SvgTextTest {
    static Stream<Graph> graphs() {
        return Stream.of(
                        Drawn.EVERYTHING,
                        "policy \"small\" language 1\n",
                        Drawn.random(1, 2, 3, 2, 1),
                        Drawn.random(2, 5, 30, 9, 5),
                        Drawn.random(3, 7, 30, 3, 12),
                        Drawn.random(4, 20, 100, 40, 20))
                .map(text -> PolicyGraph.of(Drawn.policy(text)));
    }

    private static Document parsed(String svg)
            throws ParserConfigurationException, SAXException, IOException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void everyCardAndWayIsThereWithATitle(Graph graph)
            throws ParserConfigurationException, SAXException, IOException {
        Element svg = parsed(SvgText.of(graph)).getDocumentElement();
        assertEquals("graphics-document document", svg.getAttribute("role"));
        NodeList groups = svg.getElementsByTagName("g");
        int cards = 0;
        int ways = 0;
        for (int i = 0; i < groups.getLength(); i++) {
            if (groups.item(i) instanceof Element group) {
                boolean card = group.getAttribute("role").startsWith("graphics-object");
                boolean way = group.getAttribute("role").startsWith("graphics-symbol");
                cards += card ? 1 : 0;
                ways += way ? 1 : 0;
                if (card || way) {
                    assertEquals("title", group.getFirstChild().getNodeName());
                    assertFalse(group.getFirstChild().getTextContent().isBlank());
                }
            }
        }
        assertEquals(graph.nodes().size(), cards);
        assertEquals(graph.edges().size(), ways);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void noCardCoversAnotherOrLeavesThePicture(Graph graph) {
        Layout layout = Layout.of(graph);
        List<Box> boxes = layout.boxes();
        for (int i = 0; i < boxes.size(); i++) {
            Box a = boxes.get(i);
            assertTrue(
                    a.x() >= 0
                            && a.y() >= 0
                            && a.x() + a.width() <= layout.width()
                            && a.y() + a.card().height() <= layout.height(),
                    a::toString);
            for (Box b : boxes.subList(i + 1, boxes.size())) {
                boolean apart =
                        a.x() + a.width() < b.x()
                                || b.x() + b.width() < a.x()
                                || a.y() + a.card().height() < b.y()
                                || b.y() + b.card().height() < a.y();
                assertTrue(apart, () -> a.card().title() + " covers " + b.card().title());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void waysBeginAndEndAtTheirCardsAndGoRightwards(Graph graph) {
        Layout layout = Layout.of(graph);
        for (Layout.Line line : layout.lines()) {
            Box from = layout.boxes().get(line.edge().from());
            Box to = layout.boxes().get(line.edge().to());
            assertEquals(from.x() + from.width(), line.points().getFirst().x());
            assertEquals(to.x(), line.points().getLast().x());
            for (int i = 1; i < line.points().size(); i++) {
                assertTrue(line.points().get(i - 1).x() < line.points().get(i).x());
            }
        }
    }

    @Test
    void whatXmlCannotHoldIsLeftOut() {
        assertEquals("a&lt;&amp;&gt;&quot;b", SvgText.escaped("a<&>\"\u0000\uFFFEb"));
    }

    @Test
    void textsAreCutToTheirPlace() {
        double width = TextWidth.of("a name", Font.BOLD, 14);
        assertEquals("a name", TextWidth.cut("a name", Font.BOLD, 14, width));
        assertEquals("a nam…", TextWidth.cut("a names", Font.BOLD, 14, width + 8));
        assertEquals(2 * width, TextWidth.of("a name", Font.BOLD, 28));
    }

    @Test
    void placesAreTheNearestThatKeepTheOrder() {
        assertArrayEquals(
                new double[] {1, 2.5, 2.5, 4},
                Layout.nearestRising(new double[] {1, 3, 2, 4}, new double[] {1, 1, 1, 1}));
        assertArrayEquals(
                new double[] {2.25, 2.25},
                Layout.nearestRising(new double[] {3, 2}, new double[] {1, 3}));
    }
}
