package dev.writ.dsl.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.DiagnosticText.Style;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiagnosticTextTest {
    @Test
    void showsPlacesNotesAndHintsInOrder() {
        Source policy =
                new Source(
                        "1-startup.writ",
                        "\n".repeat(35)
                                + "  rest      otherwise     -> pool general\n"
                                + "\n".repeat(31)
                                + "  stay in eu\n");
        Diagnostic diagnostic =
                Diagnostic.of(
                                DiagnosticCode.LEAVES_REGION,
                                of(policy, "stay in eu"),
                                "team `clinical` must stay in `eu`, but a request can leave it")
                        .at("promised here")
                        .note("one way out: route chat, arm `rest` → pool general")
                        .because(of(policy, "rest"), "reached when: team is clinical")
                        .hint("add an arm above it");
        assertEquals(
                """
                error[E0501]: team `clinical` must stay in `eu`, but a request can leave it
                   ┌─ 1-startup.writ:68:3
                68 │   stay in eu
                   │   ^^^^^^^^^^ promised here
                   = one way out: route chat, arm `rest` → pool general
                   ┌─ 1-startup.writ:36:3
                36 │   rest      otherwise     -> pool general
                   │   ---- reached when: team is clinical
                   = hint: add an arm above it
                   = see docs/reference/diagnostics/E0501.md""",
                DiagnosticText.render(diagnostic, Style.PLAIN));
    }

    @Test
    void placesOnOneLineShareIt() {
        Source policy = new Source("guards.writ", "\n\n  key a  key a\n");
        Diagnostic diagnostic =
                Diagnostic.of(
                                DiagnosticCode.DUPLICATE_NAME,
                                new Span(policy, 15, 16),
                                "two keys `a`")
                        .because(new Span(policy, 8, 9), "the first one");
        assertEquals(
                """
                error[E0101]: two keys `a`
                   ┌─ guards.writ:3:14
                 3 │   key a  key a
                   │              ^
                   │       - the first one
                   = see docs/reference/diagnostics/E0101.md""",
                DiagnosticText.render(diagnostic, Style.PLAIN));
    }

    @Test
    void gutterGrowsWithLineNumbersAndTextsMayHaveLines() {
        Source policy = new Source("p.writ", "\n".repeat(1233) + "x");
        Diagnostic diagnostic =
                Diagnostic.of(DiagnosticCode.UNUSED_DECLARATION, of(policy, "x"), "unused")
                        .note("first\nsecond");
        assertEquals(
                """
                warning[W0110]: unused
                     ┌─ p.writ:1234:1
                1234 │ x
                     │ ^
                     = first
                       second
                     = see docs/reference/diagnostics/W0110.md""",
                DiagnosticText.render(diagnostic, Style.PLAIN));
    }

    @Test
    void marksTabsWideCharactersAndCombiningOnes() {
        assertEquals(new Excerpt("    x", 4, 1), excerpt("\tx", "x"));
        assertEquals(new Excerpt("ab  x", 4, 1), excerpt("ab\tx", "x"));
        assertEquals(new Excerpt("漢字x", 4, 1), excerpt("漢字x", "x"));
        assertEquals(new Excerpt("漢字x", 0, 4), excerpt("漢字x", "漢字"));
        assertEquals(new Excerpt("😀x", 2, 1), excerpt("😀x", "x"));
        assertEquals(new Excerpt("e\u0301x", 1, 1), excerpt("e\u0301x", "x"));
    }

    @Test
    void marksEndsOfLinesAndOfTheFile() {
        assertEquals(new Excerpt("ab", 2, 1), Excerpt.of("ab", 2, 2));
        assertEquals(new Excerpt("", 0, 1), Excerpt.of("", 0, 0));
        assertEquals(new Excerpt("ab", 1, 1), Excerpt.of("ab", 1, 20));
    }

    @Test
    void cutsLongLinesAroundTheMark() {
        String fits = "x".repeat(Excerpt.WIDTH_MAX);
        assertEquals(new Excerpt(fits, 0, 1), Excerpt.of(fits, 0, 1));
        String line = "a".repeat(300) + "MARK" + "b".repeat(300);
        Excerpt middle = excerpt(line, "MARK");
        assertEquals(
                new Excerpt("…" + "a".repeat(29) + "MARK" + "b".repeat(65) + "…", 30, 4), middle);
        assertEquals(
                new Excerpt("MARK" + "b".repeat(95) + "…", 0, 4),
                excerpt("MARK" + "b".repeat(300), "MARK"));
        assertEquals(
                new Excerpt("…" + "a".repeat(95) + "MARK", 96, 4),
                excerpt("a".repeat(300) + "MARK", "MARK"));
        Excerpt all = excerpt(line, line);
        assertEquals(Excerpt.WIDTH_MAX, all.text().length());
        assertEquals(Excerpt.WIDTH_MAX, all.markWidth());
    }

    @Test
    void cutsWideCharactersInHalvesToSpaces() {
        Excerpt cut = excerpt("漢".repeat(60) + "x" + "b".repeat(300), "x");
        String text = "… " + "漢".repeat(14) + "x" + "b".repeat(68) + "…";
        assertEquals(new Excerpt(text, 30, 1), cut);
    }

    @Test
    void showsWhatTerminalsActUponByItsNumber() {
        Source policy = new Source("p\u001b[2J.writ", "a\u202eb\u001b[31mc x");
        String text =
                DiagnosticText.render(
                        Diagnostic.of(
                                        DiagnosticCode.CONFUSABLE_NAME,
                                        of(policy, "x"),
                                        "`a\u202eb`\u0007 hides")
                                .at("\u009b")
                                .note("\u2066")
                                .hint("\u200b"),
                        Style.PLAIN);
        assertEquals(
                """
                error[E0113]: `a<U+202E>b`<U+0007> hides
                   ┌─ p<U+001B>[2J.writ:1:11
                 1 │ a<U+202E>b<U+001B>[31mc x
                   │                         ^ <U+009B>
                   = <U+2066>
                   = hint: <U+200B>
                   = see docs/reference/diagnostics/E0113.md""",
                text);
    }

    @Test
    void hidesWhatIsMasked() {
        Source policy = new Source("p.writ", "secret K = \"sk-live-123\"");
        Span value = of(policy, "\"sk-live-123\"");
        String text =
                DiagnosticText.render(
                        Diagnostic.of(DiagnosticCode.SECRET_VALUE, value, "a secret value")
                                .masking(List.of(value)),
                        Style.PLAIN);
        assertFalse(text.contains("sk-live"), text);
        assertTrue(text.contains(" 1 │ secret K = •••••••••••••\n"), text);
    }

    @Test
    void coloursOnlyForTerminals() {
        Source policy = new Source("p.writ", "x");
        Diagnostic diagnostic =
                Diagnostic.of(DiagnosticCode.UNUSED_DECLARATION, of(policy, "x"), "unused")
                        .hint("remove it");
        String plain = DiagnosticText.render(diagnostic, Style.PLAIN);
        String coloured = DiagnosticText.render(diagnostic, Style.TERMINAL);
        assertFalse(plain.contains("\u001b"));
        assertTrue(coloured.startsWith("\u001b[1;33mwarning[W0110]\u001b[0m"), coloured);
        assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
    }

    private static Excerpt excerpt(String line, String mark) {
        int start = line.indexOf(mark);
        return Excerpt.of(line, start, start + mark.length());
    }

    private static Span of(Source source, String text) {
        int start = source.text().indexOf(text);
        return new Span(source, start, start + text.length());
    }
}
