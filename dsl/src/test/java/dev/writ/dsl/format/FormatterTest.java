package dev.writ.dsl.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.dsl.Golden;
import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How files look: each case holds what somebody wrote and what becomes of it.
final class FormatterTest {
    private static List<Path> cases() throws IOException {
        return Golden.files("format");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void laysOut(Path file) throws IOException {
        String kind = "formatted";
        Golden.expect(file, kind, text(Golden.given(file, kind)));
    }

    @Test
    void endsLinesInOneWayAndDropsTheByteOrderMark() {
        assertEquals(
                "policy \"p\" language 1\n\n// a\nsecret K from env  // b\n",
                text(
                        "\uFEFFpolicy \"p\"\tlanguage 1\r\n\r\n\r\n// a  \r\nsecret K from env\t// b\r\n\r\n"));
    }

    @Test
    void endsWithALineBreakWhereThereWasNone() {
        assertEquals("policy \"p\" language 1\n", text("policy \"p\" language 1"));
        assertEquals("policy \"p\" language 1\n// end\n", text("policy \"p\" language 1\n// end"));
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 121})
    void breaksABlockThatIsWiderThanALine(int width) {
        String empty = "provider p { kind simulated  reply \"\" }";
        String block = empty.replace("\"\"", "\"" + "x".repeat(width - empty.length()) + "\"");
        String text = text("policy \"p\" language 1\n" + block);
        assertEquals(width == 120, text.contains(block), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "// nothing but this",
                "policy \"p\" language 1\npool {",
                "policy \"p\" language 1\nrule r on request deny \"open",
                "policy \"p\" language 1\nwhat is this"
            })
    void leavesAloneWhatCannotBeRead(String text) {
        Formatted formatted = Formatter.format(new Source("p.writ", text));
        assertFalse(
                assertInstanceOf(Formatted.Unreadable.class, formatted).diagnostics().isEmpty());
    }

    private static String text(String text) {
        Formatted formatted = Formatter.format(new Source("p.writ", text));
        return assertInstanceOf(Formatted.Text.class, formatted, formatted::toString).text();
    }
}
