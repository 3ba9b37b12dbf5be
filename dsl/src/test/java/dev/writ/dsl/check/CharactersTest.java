package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Text that looks otherwise than it is.
final class CharactersTest {
    private static List<String> ids(String text) {
        return Checked.ids(Checked.check(text));
    }

    @ParameterizedTest
    @CsvSource({
        "\u0430dmin, Cyrillic a",
        "ch\u0430t, Cyrillic a",
        "\u03bfps, Greek o",
        "p\u043eol, Cyrillic o",
        "te\u0430m-2, Cyrillic a",
        "\u0561\u0431, Armenian and Cyrillic",
        "\uff41dmin, full width a",
        "\ufb01le, ligature",
        "e\u0301t\u00e9, letter and accent",
        "a\u034fb, grapheme joiner",
        "a\u3164, Hangul filler",
        "a\ufe0f, variation selector",
        "a\u17b4, Khmer vowel that is not shown",
    })
    void aNameWithATwinIsTold(String name, String what) {
        String team =
                "team %s { key k sha256 \"%s\"  may use chat }".formatted(name, "a".repeat(64));
        assertEquals(List.of("E0113 " + name), Checked.toldOf(team), what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin",
                "\u00e9t\u00e9",
                "\u0430\u0434\u043c\u0438\u043d",
                "\u65e5\u672c\u8a9e",
                "\u65e5\u672c\u8a9e-team",
                "\u30c6\u30b9\u30c8-\u30c1\u30fc\u30e0-dev",
                "\ud55c\uad6d\u8a9e-dev",
                "\u0645\u062f\u064a\u0631",
                "team_2",
                "\u0909\u092a\u092f\u094b\u0917",
            })
    void aNameInOneScriptIsFine(String name) {
        String team =
                "team %s { key k sha256 \"%s\"  may use chat }".formatted(name, "a".repeat(64));
        assertEquals(List.of(), Checked.toldOf(team));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "provider \u0430x { kind simulated } model m on \u0430x \"m\" { } route r { o otherwise -> m } team t { key k sha256 \"D\" may use r }",
                "model \u0430x on here \"m\" { } route r { o otherwise -> \u0430x } team t { key k sha256 \"D\" may use r }",
                "pool \u0430x { first near } route r { o otherwise -> pool \u0430x } team t { key k sha256 \"D\" may use r }",
                "route \u0430x { o otherwise -> near } team t { key k sha256 \"D\" may use \u0430x }",
                "route r { \u0430x otherwise -> near } team t { key k sha256 \"D\" may use r }",
                "team t { key \u0430x sha256 \"D\" may use chat }",
                "team t { user \u0430x key k sha256 \"D\" may use chat }",
                "rule \u0430x on request when request.stream tag \"t\"",
                "provider p { kind simulated region \u0430x } model m on p \"m\" { } route r { o otherwise -> m } team t { key k sha256 \"D\" may use r }",
            })
    void everyKindOfNameIsLookedAt(String declaration) {
        assertEquals(
                List.of("E0113 \u0430x"), Checked.toldOf(declaration.replace("D", "a".repeat(64))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// a comment \u202e that turns",
                "rule r on request when request.stream tag \"a\u202eb\"",
                "rule r on request when request.stream /* \u2066 */ tag \"a\"",
                "rule r on request when request.stream tag \"a\u200bb\"",
                "// \u200d",
                "// \u2060",
                "// \u061c",
                "// \ufeff",
            })
    void whatIsNotShownIsToldWhereverItStands(String line) {
        assertEquals(List.of("E0113"), ids(Checked.BASE + line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// caf\u00e9, \u4f60\u597d, \ud83d\ude00, \u05d0\u05d1",
                "rule r on request when request.stream tag \"\u2764\ufe0f\"",
                "rule r on request when request.stream tag \"\\u{200D}\"",
                "// soft\u00adhyphen, no-break\u00a0space",
            })
    void whatIsShownIsFine(String line) {
        assertEquals(List.of(), ids(Checked.BASE + line));
    }

    @Test
    void aMarkOfTheByteOrderMayBeginAFile() {
        assertEquals(List.of(), ids("\ufeff" + Checked.BASE));
    }

    @Test
    void oneLineIsToldOnceAndShownWithoutThem() {
        Diagnostic told = Checked.only(Checked.BASE + "// a\u202eb\u202ec");
        assertEquals("U+202E", told.primary().text());
        int line = told.primary().span().line();
        assertEquals("// a•b•c", told.lineText(told.primary().span().source(), line));
        assertEquals(List.of("Remove it; where a text needs it, write `\\u{202E}`."), told.hints());
        assertEquals(List.of("E0113", "E0113"), ids(Checked.BASE + "// \u202e\n// \u202e"));
    }
}
