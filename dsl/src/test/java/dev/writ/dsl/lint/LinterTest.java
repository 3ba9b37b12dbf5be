package dev.writ.dsl.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the linter finds, what it leaves alone, and what its fixes write.
final class LinterTest {
    private static List<Diagnostic> lint(Source source) {
        return Linter.lint(new SourceTree(source.path(), List.of(source)));
    }

    private static Source source(String declarations) {
        return new Source("p.writ", "policy \"p\" language 1\n" + declarations);
    }

    /// Returns codes with what their carets stand under.
    private static List<String> told(String declarations) {
        return lint(source(declarations)).stream()
                .map(d -> d.code().id() + " " + d.primary().span().text())
                .toList();
    }

    private static String fixed(String condition) {
        Source before = source("rule r on request when %s tag \"t\"\n".formatted(condition));
        String after = Linter.fixed(before, lint(before));
        assertTrue(PolicyParser.parse(new Source("p.writ", after)).diagnostics().isEmpty(), after);
        int from = after.indexOf("when ") + 5;
        return after.substring(from, after.lastIndexOf(" tag"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "not team is a | team is not a",
                "not (team is a) | team is not a",
                "not (team is not a) and true | team is a and true",
                "not ((team is a)) or user present | team is not a or user present",
                "not team in [a, b] | team not in [a, b]",
                "not user present | user absent",
                "not not request.stream | request.stream",
                "request.model matches \"^gpt\" | request.model starts with \"gpt\"",
                "request.model matches \"gpt$\" | request.model ends with \"gpt\"",
                "request.model matches \"^gpt$\" | request.model is \"gpt\"",
                "request.model matches \"gpt\" | request.model contains \"gpt\"",
                "request.model in [\"a\"] | request.model is \"a\"",
                "request.model not in [\"a\"] | request.model is not \"a\"",
                "request.model in [\"a\", \"b\", \"a\"] | request.model in [\"a\", \"b\"]",
            })
    void fixesSayTheSame(String before, String after) {
        assertEquals(after.strip(), fixed(before.strip()));
        assertEquals(after.strip(), fixed(after.strip()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "not (team is a and user present)",
                "not request.stream",
                "request.model matches \"gpt-4.\"",
                "request.model matches \"(?i)gpt\"",
                "request.model matches \"^\"",
                "request.model in [\"a\", \"b\"]",
                "time.hour in 8..18"
            })
    void whatIsGoodStays(String condition) {
        assertEquals(List.of(), told("rule r on request when %s tag \"t\"\n".formatted(condition)));
    }

    @Test
    void fixesLeaveCommentsAlone() {
        String text =
                """
                policy "p" language 1
                pool a {
                  first m // the good one
                  retry 1 // once
                }
                rule r on request
                  when not ( /* who */ team is a)
                  tag "t"
                """;
        Source source = new Source("p.writ", text);
        String fixed = Linter.fixed(source, lint(source));
        assertTrue(fixed.contains("  retry 1 within 2s // once\n"), fixed);
        assertTrue(fixed.contains("// the good one") && fixed.contains("/* who */"), fixed);
    }

    @Test
    void acknowledgementsHideTheLineBelow() {
        String rule = "rule A on request when time.hour < 6 tag \"t\"\n";
        assertEquals(List.of("L0805 A"), told(rule));
        assertEquals(List.of(), told("// writ: allow L0805 because it is so\n" + rule));
        assertEquals(List.of(), told("// writ: allow L0805 because it is so\n// more\n" + rule));
        assertEquals(List.of("L0801 // writ: allow L0805"), told("// writ: allow L0805\n" + rule));
        assertEquals(
                List.of("L0801 // writ: allow L0805 because"),
                told("// writ: allow L0805 because \n" + rule));
        assertEquals(
                List.of("L0802 // writ: allow L0805 because it is so", "L0805 A"),
                told("// writ: allow L0805 because it is so\n\n" + rule));
        assertEquals(
                List.of("L0802 // writ: allow L9 because it is so", "L0805 A"),
                told("// writ: allow L9 because it is so\n" + rule));
    }

    @Test
    void ourPoliciesHaveNoFindings() throws IOException {
        Path policies = Path.of(System.getProperty("writ.root", "..")).resolve("policies");
        try (Stream<Path> folders = Files.list(policies)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                List<Diagnostic> found = Linter.lint(PolicyFiles.load(folder));
                assertEquals(
                        List.of(),
                        found.stream()
                                .map(each -> each.primary().span() + " " + each.code())
                                .toList());
            }
        }
    }

    @Test
    void declarationsWithMistakesOfFormHaveNone() {
        assertEquals(List.of("L0805 A"), told("rule A on request tag \"t\"\n"));
        assertEquals(List.of(), told("rule A on\n"));
        assertEquals(List.of("L0805 B"), told("rule A on\nrule B on request tag \"t\"\n"));
        assertEquals(
                List.of("L0805 B"),
                told(
                        """
                        // writ: allow L0805 because it is so
                        rule A on
                        rule B on request tag "t"
                        """));
    }

    @Test
    void theLastFixAcknowledgesAndAsksForTheReason() {
        Source before = source("route r {\n  A otherwise -> m\n}\n");
        Diagnostic finding = lint(before).getFirst();
        Fix fix = finding.fixes().getLast();
        assertEquals("Acknowledge L0805 with a reason…", fix.title());
        String after = Fix.apply(before, fix.edits());
        String line = "  // writ: allow L0805 because …\n";
        assertTrue(after.endsWith("route r {\n" + line + "  A otherwise -> m\n}\n"), after);
        assertEquals(
                List.of("L0801 " + line.strip()), told(after.substring(after.indexOf('\n') + 1)));
        assertEquals(
                List.of(), told(after.substring(after.indexOf('\n') + 1).replace("…", "it is so")));
    }

    @Test
    void onlyWhatKeepsTheMeaningIsFixedWithoutAsking() {
        Source before =
                source(
                        """
                        // writ: allow L0805 because it is so
                        route r {
                          a when not team is t -> m
                          b when user present -> m
                          c otherwise -> m
                        }
                        """);
        assertEquals(
                List.of("L0802", "L0807", "L0808", "L0807"),
                lint(before).stream().map(each -> each.code().id()).toList());
        assertEquals(
                before.text().replace("not team is t", "team is not t"),
                Linter.fixed(before, lint(before)));
    }
}
