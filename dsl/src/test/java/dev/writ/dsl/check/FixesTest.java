package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.Fence;
import dev.writ.dsl.Golden;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.lint.Linter;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every fix of the known mistakes, and of the wrong examples on the diagnostics' pages, does what
/// it says: the diagnostic is gone, and no mistake of form is there that was not there before.
final class FixesTest {
    /// Fixes that set one thing right and show another: by example and title.
    private static final Set<String> HALF_WAY =
            Set.of(
                    "number-with-unknown-ending.case: Write `5M`", // `5min` stands before it
                    "test-lines.case: Remove `=>`"); // the rest says what, but of nothing

    /// Of these codes at least one example must have a fix.
    private static final Set<DiagnosticCode> FIXABLE =
            Set.of(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    DiagnosticCode.BAD_TEXT,
                    DiagnosticCode.MISSING_HEADER,
                    DiagnosticCode.UNKNOWN_KEYWORD,
                    DiagnosticCode.UNKNOWN_NAME);

    /// Files by their paths; the first is the entry.
    private record Example(String name, List<Source> files) {}

    @TestFactory
    Stream<DynamicTest> doWhatTheySay() throws IOException {
        return examples().stream()
                .flatMap(
                        example ->
                                fixes(example).entrySet().stream()
                                        .map(
                                                fix ->
                                                        DynamicTest.dynamicTest(
                                                                example.name()
                                                                        + ": "
                                                                        + fix.getKey(),
                                                                fix.getValue()::run)));
    }

    @Test
    void areThereForMistakesThatLeaveLittleDoubt() throws IOException {
        Set<DiagnosticCode> fixed = new HashSet<>();
        for (Example example : examples()) {
            for (Diagnostic diagnostic : check(example.files())) {
                if (!diagnostic.fixes().isEmpty()) {
                    fixed.add(diagnostic.code());
                }
            }
        }
        assertTrue(fixed.containsAll(FIXABLE), fixed::toString);
    }

    private static Map<String, Runnable> fixes(Example example) {
        Map<String, Runnable> checks = new LinkedHashMap<>();
        List<Diagnostic> before = check(example.files());
        for (Diagnostic diagnostic : before) {
            for (Fix fix : diagnostic.fixes()) {
                checks.put(
                        "%s %s at %s"
                                .formatted(
                                        diagnostic.code().id(),
                                        fix.title(),
                                        diagnostic.primary().span()),
                        () -> doesWhatItSays(example, before, diagnostic, fix));
            }
        }
        return checks;
    }

    private static void doesWhatItSays(
            Example example, List<Diagnostic> before, Diagnostic diagnostic, Fix fix) {
        List<Source> fixed = new ArrayList<>();
        for (Source file : example.files()) {
            fixed.add(new Source(file.path(), Fix.apply(file, fix.edits())));
        }
        List<Diagnostic> after = check(fixed);
        String texts = String.join("\n----\n", fixed.stream().map(Source::text).toList());
        long was = same(before, diagnostic);
        long is = same(after, diagnostic);
        assertTrue(is < was, () -> "still there: %s%n%s".formatted(diagnostic.headline(), texts));
        List<String> fresh = form(after);
        form(before).forEach(fresh::remove);
        boolean halfWay = HALF_WAY.contains("%s: %s".formatted(example.name(), fix.title()));
        assertEquals(halfWay, !fresh.isEmpty(), () -> fresh + "\n" + texts);
    }

    private static long same(List<Diagnostic> all, Diagnostic one) {
        return all.stream()
                .filter(
                        each ->
                                each.code() == one.code()
                                        && each.headline().equals(one.headline())
                                        && each.primary().text().equals(one.primary().text()))
                .count();
    }

    /// Returns the mistakes of form.
    private static List<String> form(List<Diagnostic> diagnostics) {
        List<String> form = new ArrayList<>();
        for (Diagnostic diagnostic : diagnostics) {
            switch (diagnostic.code()) {
                case UNEXPECTED_TOKEN, BAD_TEXT, MISSING_HEADER, UNKNOWN_KEYWORD, TOO_LARGE ->
                        form.add(diagnostic.headline());
                default -> {}
            }
        }
        return form;
    }

    private static List<Diagnostic> check(List<Source> files) {
        SourceTree tree = new SourceTree(files.getFirst().path(), files);
        List<Diagnostic> found =
                new ArrayList<>(Checker.check(tree, Checked.VOCABULARY).diagnostics());
        found.addAll(Linter.lint(tree));
        return found;
    }

    private static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Path file : Golden.files("parse/mistakes")) {
            String text = Golden.given(file, "diagnostics");
            examples.add(
                    new Example(
                            file.getFileName().toString(),
                            List.of(new Source("policy.writ", text))));
        }
        for (DiagnosticCode code : DiagnosticCode.values()) {
            Collection<Source> files = new ArrayList<>();
            for (Fence fence : Fence.of(DiagnosticPagesTest.page(code))) {
                if (fence.is("writ", "wrong")) {
                    String name = fence.words().size() > 2 ? fence.words().get(2) : "policy.writ";
                    files.add(new Source(name, fence.text()));
                }
            }
            if (!files.isEmpty()) { // some codes are not those of the checker
                examples.add(new Example(code.id(), List.copyOf(files)));
            }
        }
        return examples;
    }
}
