package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `writ graph` on real files.
final class GraphCommandTest {
    private static final String RESIDENCY =
            Path.of(System.getProperty("writ.root", "..")).resolve("policies/residency").toString();

    @TempDir Path temp;

    @Test
    void printsMermaidWithoutMore() {
        Ran ran = Ran.writ("graph", RESIDENCY);
        assertEquals(Exit.FINE, ran.exitCode());
        assertTrue(ran.out().startsWith("flowchart LR\n"), ran.out());
    }

    @Test
    void writesInTheFormOfTheFile() throws IOException {
        for (String[] each :
                new String[][] {
                    {"a.svg", "<svg "}, {"a.dot", "digraph "}, {"a.mmd", "flowchart "}
                }) {
            Path file = temp.resolve(each[0]);
            assertEquals(
                    new Ran(Exit.FINE, "", ""),
                    Ran.writ("graph", RESIDENCY, "-o", file.toString()));
            assertTrue(Files.readString(file).startsWith(each[1]), each[0]);
        }
        Path file = temp.resolve("b.svg");
        Ran.writ("graph", RESIDENCY, "-o", file.toString(), "--format", "dot");
        assertTrue(Files.readString(file).startsWith("digraph "));
    }

    @Test
    void suggestsWhatWasMeant() {
        assertEquals(
                new Ran(Exit.USAGE, "", "writ: there is no team `clinc`; did you mean `clinic`?\n"),
                Ran.writ("graph", RESIDENCY, "--team", "clinc"));
        assertEquals(
                new Ran(Exit.USAGE, "", "writ: there is no route `x`\n"),
                Ran.writ("graph", RESIDENCY, "--route", "x"));
        assertEquals(
                Exit.USAGE,
                Ran.writ("graph", RESIDENCY, "--route", "chat", "--team", "lab").exitCode());
    }

    @Test
    void showsWhatKeepsAPolicyFromBeingDrawn() throws IOException {
        Path file = Files.writeString(temp.resolve("p.writ"), "policy \"p\" language 1\nx\n");
        Ran ran = Ran.writ("graph", file.toString());
        assertEquals(Exit.POLICY, ran.exitCode());
        assertTrue(ran.err().endsWith("writ: the policy does not compile\n"), ran.err());
    }
}
