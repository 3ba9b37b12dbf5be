package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticText;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is left of files with mistakes. What is told of each mistake stands in `mistakes`.
final class BrokenFileTest {
    private static final String HEADER = "policy \"p\" language 1\n";

    @Test
    void keepsEveryPieceThatCanBeRead() {
        ParsedFile parsed =
                parse(
                        """
                        provider here { kind simulated  regoin eu  latency 50ms }
                        model near on here "near" { context 128K tokens  can tools }
                        pool all { 70% near  30%  then near }
                        route chat {
                          big when prompt.tokens > -> pool all
                          small when prompt.tokens < 5 -> .
                          rest otherwise near
                        }
                        team support { usr alice  may use chat }
                        rule cap on request when team is support { tga "x"  tag "y" }
                        """);
        assertNotNull(parsed.header());
        assertEquals(6, parsed.items().size());
        Item.Provider provider = assertInstanceOf(Item.Provider.class, parsed.items().get(0));
        assertEquals(
                List.of("Kind", "Unknown", "Latency"),
                provider.properties().stream().map(p -> p.getClass().getSimpleName()).toList());
        Item.Model model = assertInstanceOf(Item.Model.class, parsed.items().get(1));
        assertEquals(
                List.of("Unknown", "Can"),
                model.properties().stream().map(p -> p.getClass().getSimpleName()).toList());
        Item.Pool pool = assertInstanceOf(Item.Pool.class, parsed.items().get(2));
        assertEquals(
                List.of("Share", "Unknown", "Then"),
                pool.properties().stream().map(p -> p.getClass().getSimpleName()).toList());
        Item.Route route = assertInstanceOf(Item.Route.class, parsed.items().get(3));
        Item.Arm big = route.arms().get(0);
        assertInstanceOf(Expr.Missing.class, big.when());
        assertInstanceOf(Item.ArmAction.Go.class, big.action());
        Item.Arm small = route.arms().get(1);
        assertInstanceOf(Expr.Compare.class, small.when());
        assertInstanceOf(Item.ArmAction.Missing.class, small.action());
        Item.Arm rest = route.arms().get(2);
        assertEquals("rest", rest.name().text());
        assertNull(rest.when());
        Item.Team team = assertInstanceOf(Item.Team.class, parsed.items().get(4));
        assertEquals(
                List.of("Unknown", "MayUse"),
                team.properties().stream().map(p -> p.getClass().getSimpleName()).toList());
        Item.Rule rule = assertInstanceOf(Item.Rule.class, parsed.items().get(5));
        assertEquals(
                List.of("Unknown", "Tag"),
                rule.effects().stream().map(e -> e.getClass().getSimpleName()).toList());
    }

    @Test
    void keepsNamesOfWhatCannotBeRead() {
        ParsedFile parsed =
                parse(
                        """
                        secret KEY form env
                        secret OTHER
                        model near on here { context 8k tokens }
                        rule r when team is support deny
                        cache answers { exact for 24x }
                        frobnicate all
                        use teams
                        """);
        assertEquals(
                List.of("Secret", "Broken", "Broken", "Broken", "Cache", "Unknown"),
                parsed.items().stream()
                        .map(item -> item.getClass().getSimpleName())
                        .limit(6)
                        .toList());
        assertEquals(
                List.of("OTHER", "near", "r"),
                parsed.items().stream()
                        .filter(Item.Broken.class::isInstance)
                        .map(item -> ((Item.Broken) item).name())
                        .filter(name -> name != null)
                        .map(name -> name.text())
                        .toList());
    }

    @Test
    void readsWhatFollowsAMistakeOfAnyKind() {
        String good = "team research { user bob }\n";
        for (String bad :
                List.of(
                        "team { }",
                        "team a {",
                        "team a { user \"b }",
                        "team a { budget $1 per month { }",
                        "}",
                        "} }",
                        "model",
                        "rule r on request when (",
                        "route r { a when b -> c",
                        "use 'x",
                        "# x",
                        "a b c")) {
            ParsedFile parsed = parse(bad + "\n" + good);
            assertTrue(
                    parsed.items().stream()
                            .anyMatch(
                                    item ->
                                            item instanceof Item.Team team
                                                    && team.name().text().equals("research")
                                                    && team.properties().size() == 1),
                    () -> bad + parsed.items());
            assertEquals(1, parsed.diagnostics().size(), () -> bad + parsed.diagnostics());
        }
    }

    @Test
    void tellsAtMostSoManyMistakesAndHowManyThereAre() {
        ParsedFile parsed = parse("team a { usr b }\n".repeat(Mistakes.TOLD_MAX + 5));
        assertEquals(Mistakes.TOLD_MAX, parsed.diagnostics().size());
        assertEquals(List.of("5 more are not shown"), parsed.diagnostics().getLast().notes());
    }

    @Test
    void neverShowsWhatMayBeASecret() {
        String secret = "hunter2-hunter2";
        for (String line :
                List.of(
                        "secret K %s",
                        "secret K \"%s\"",
                        "secret K = \"%s",
                        "secret K: \"%s\"",
                        "secret K = '%s'",
                        "secret K form \"%s\"",
                        "team a { key b: \"%s\" }",
                        "team a { key b '%s' }",
                        "team a { key b = \"%s\" fro }",
                        "team a { key b \"%s }",
                        "team a { password \"%s\" }",
                        "provider p { key \"%s\" }",
                        "provider p { api_key \"%s\" }",
                        "provider p { api_key: %s }",
                        "provider p { token = %s }")) {
            ParsedFile parsed = parse(line.formatted(secret) + "\n");
            for (Diagnostic diagnostic : parsed.diagnostics()) {
                String text = DiagnosticText.render(diagnostic, DiagnosticText.Style.PLAIN);
                assertTrue(!text.contains("hunter2"), text);
            }
        }
    }

    @Test
    void nestsExactlyAsDeepAsTheLimit() {
        String rule = "rule r on request when %sa%s deny\n";
        int most = PolicyParser.DEPTH_MAX;
        assertEquals(
                List.of(), parse(rule.formatted("(".repeat(most), ")".repeat(most))).diagnostics());
        ParsedFile deeper =
                parse(rule.formatted("(".repeat(most + 1), ")".repeat(most + 1)) + "use \"x\"\n");
        assertEquals(1, deeper.diagnostics().size());
        assertInstanceOf(Item.Use.class, deeper.items().getLast());
    }

    /// Threads of a gateway have small ones.
    @Test
    void readsWhatIsNestedDeepOnASmallStack() throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int depth : new int[] {30, 40, 41, PolicyParser.DEPTH_MAX}) {
            texts.add(
                    "rule r on request when "
                            + "(".repeat(depth)
                            + "a"
                            + ")".repeat(depth)
                            + " deny");
            texts.add(
                    "rule r on request when "
                            + "(".repeat(depth)
                            + "a"
                            + ")".repeat(depth)
                            + " dny");
            texts.add("test \"x\" " + "{".repeat(depth) + "}".repeat(depth - 1));
        }
        List<ParsedFile> parsed = new ArrayList<>();
        Thread small =
                new Thread(
                        null, () -> texts.forEach(t -> parsed.add(parse(t))), "small", 256 * 1024);
        small.start();
        small.join();
        assertEquals(texts.size(), parsed.size());
    }

    @Test
    void readsFilesUpToTheLimit() {
        String text = HEADER + "/".repeat(PolicyParser.FILE_LENGTH_MAX - HEADER.length());
        assertEquals(List.of(), PolicyParser.parse(new Source("p.writ", text)).diagnostics());
        ParsedFile tooLarge = PolicyParser.parse(new Source("p.writ", text + "/"));
        assertEquals("this file is larger than 1 MB", tooLarge.diagnostics().getFirst().headline());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF", "\uFEFF\uFEFF", "", "\n\n\t "})
    void whatStandsBeforeTheHeaderMayBeBlank(String before) {
        assertEquals(
                List.of(), PolicyParser.parse(new Source("p.writ", before + HEADER)).diagnostics());
    }

    static Stream<String> endless() {
        return Stream.of(
                "{",
                "}",
                "[",
                "(",
                "not ",
                "!",
                "\"",
                "\"\n",
                "'",
                "`",
                "/*",
                ";",
                "#\n",
                "a.",
                "a and ",
                "key ",
                "team a {\n",
                "team a { usr b }\n",
                "secret A form env\n",
                "secret A form env ",
                "cache a {\n b\n",
                "route r {\na when b -> \n",
                "rule r on request when a and\n",
                "rule r on request tag \"x\" tag \"y\" ",
                "policy \"p\" language 1\n");
    }

    /// Each of them once took time by the square of its length.
    @ParameterizedTest
    @MethodSource("endless")
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void readsEndlessNonsense(String unit) {
        int length = 100_000;
        for (String start : List.of("", "team a { user a, ")) {
            ParsedFile parsed = parse(start + unit.repeat(length / unit.length()));
            assertTrue(parsed.diagnostics().size() <= Mistakes.TOLD_MAX);
        }
    }

    private static ParsedFile parse(String body) {
        ParsedFile parsed = PolicyParser.parse(new Source("p.writ", HEADER + body));
        for (Diagnostic diagnostic : parsed.diagnostics()) {
            Span span = diagnostic.primary().span();
            assertTrue(span.end() <= HEADER.length() + body.length());
        }
        return parsed;
    }
}
