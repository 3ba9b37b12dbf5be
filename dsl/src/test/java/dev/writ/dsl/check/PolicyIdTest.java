package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicyIdTest {
    private static String id(String entry, Source... files) {
        return PolicyId.of(new SourceTree(entry, List.of(files)));
    }

    @Test
    void isTheDigestOfTheText() {
        String id = Checked.usable(Checked.BASE).id();
        assertTrue(id.matches("[0-9a-f]{64}"), id);
        assertEquals(id, Checked.usable(Checked.BASE).id());
        assertEquals(id, id("policy.writ", new Source("policy.writ", Checked.BASE)));
    }

    @Test
    void staysTheSameOverLineBreaksAndTheOrderOfFiles() {
        String unix = "policy \"a\" language 1\n// x\n";
        assertEquals(
                id("a", new Source("a", unix)),
                id("a", new Source("a", unix.replace("\n", "\r\n"))));
        Source a = new Source("a", unix);
        Source b = new Source("b", "policy \"b\" language 1\n");
        assertEquals(id("a", a, b), id("a", b, a));
    }

    @Test
    void changesWithEverythingElse() {
        Source a = new Source("a", "one");
        Source b = new Source("b", "two");
        String id = id("a", a, b);
        assertNotEquals(id, id("b", a, b), "entry");
        assertNotEquals(id, id("a", a), "fewer files");
        assertNotEquals(id, id("a", a, new Source("c", "two")), "path");
        assertNotEquals(id, id("a", a, new Source("b", "two // comment")), "comment");
        assertNotEquals(id, id("a", a, new Source("b", "two ")), "white space");
        assertNotEquals(id, id("a", a, new Source("b", "two\n")), "line break");
        assertNotEquals(id, id("a", new Source("a", "two"), new Source("b", "one")), "swapped");
        assertNotEquals(id, id("a", new Source("a", "onetwo"), new Source("b", "")), "moved");
        assertNotEquals(
                id("a", new Source("a", "x\ry")), id("a", new Source("a", "x\ny")), "bare return");
    }
}
