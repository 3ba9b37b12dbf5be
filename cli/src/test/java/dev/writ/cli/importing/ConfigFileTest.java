package dev.writ.cli.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong with a file is told with its place, and nothing of its text.
final class ConfigFileTest {
    private static String yaml(String text) {
        return String.valueOf(
                assertThrows(BadConfig.class, () -> ConfigFile.yaml(text)).getMessage());
    }

    private static String json(String text) {
        return String.valueOf(
                assertThrows(BadConfig.class, () -> ConfigFile.json(text)).getMessage());
    }

    @Test
    void brokenFilesAreToldWithLineAndColumn() {
        assertTrue(yaml("a: 1\nb: [1, 2\nc: 3\n").startsWith("line 3, column "), yaml("a: [\n"));
        assertTrue(yaml("a: 1\n b: 2\n").startsWith("line 2, column "));
        assertEquals("line 2, column 1: this key stands here twice", yaml("a: 1\na: 2\n"));
        assertTrue(json("{\n  \"a\": tru\n}").startsWith("line 2, column "));
        assertEquals("line 2, column 1: this key stands here twice", json("{\"a\": 1,\n\"a\": 2}"));
        assertTrue(json("{} {}").endsWith("something follows behind the end"));
        assertEquals("line 1, column 1: the file is empty", yaml(""));
        assertEquals("line 1, column 1: the file is empty", json(""));
        assertEquals("line 1, column 1: the file is no map of settings", yaml("- 1\n"));
        assertEquals("line 1, column 1: the file is no map of settings", json("[1]"));
    }

    @Test
    void messagesDoNotRepeatTheFile() {
        assertTrue(!yaml("key: 'PLAIN\n").contains("PLAIN"));
        assertTrue(!yaml("key: @PLAIN\n").contains("PLAIN"));
        assertTrue(!json("{\"a\": PLAIN}").contains("PLAIN"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: !!java.net.URL [x]\n", "a: !x {b: 1}\n"})
    void tagsMakeNoObjects(String text) throws BadConfig {
        assertEquals(List.of("a"), Section.of(ConfigFile.yaml(text)).keys());
    }

    @Test
    void aliasesCountEachTime() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            text.append("a%d: &a%d [".formatted(i, i));
            text.append(("*a" + (i - 1) + ", ").repeat(9)).append("x]\n");
        }
        assertTrue(
                yaml(text.toString()).contains("more than 200000 values"), yaml(text.toString()));
        assertTrue(yaml("a: &a [*a]\n").contains("nested more than 60 deep"), yaml("a: &a [*a]\n"));
    }

    @Test
    void depthHasALimit() throws BadConfig {
        int most = ConfigFile.DEPTH_MAX - 1;
        ConfigFile.json("{\"a\":" + "[".repeat(most) + "]".repeat(most) + "}");
        ConfigFile.yaml("a: " + "[".repeat(most) + "]".repeat(most) + "\n");
        String deep = "[".repeat(most + 2) + "]".repeat(most + 2);
        assertTrue(json("{\"a\":" + deep + "}").startsWith("line 1, column "));
        assertTrue(yaml("a: " + deep + "\n").contains("nested more than 60 deep"));
    }

    @Test
    void mergeKeysAreMerged() throws BadConfig {
        Section root = Section.of(ConfigFile.yaml("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n"));
        Section y = java.util.Objects.requireNonNull(root.section("y"));
        assertEquals("1", y.text("a"));
        assertEquals("3", y.text("b"));
    }
}
