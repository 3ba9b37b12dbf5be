package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.Fence;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.DiagnosticText;
import dev.writ.dsl.lint.Linter;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The page of each diagnostic shows what it is about: an example that gets it, and one that gets
/// nothing. What an author sees stands between them; `-Dgolden=update` rewrites it.
final class DiagnosticPagesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("writ.root", "..")).resolve("docs/reference/diagnostics");

    @Test
    void everyPageIsOfACode() throws IOException {
        try (Stream<Path> pages = Files.list(FOLDER)) {
            assertEquals(
                    Stream.concat(
                                    Arrays.stream(DiagnosticCode.values())
                                            .map(code -> code.id() + ".md"),
                                    Stream.of("README.md"))
                            .sorted()
                            .toList(),
                    pages.map(page -> page.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void theIndexListsEveryPageWithItsTitle() throws IOException {
        String index = Files.readString(FOLDER.resolve("README.md"));
        for (DiagnosticCode code : DiagnosticCode.values()) {
            String title = title(code).substring("# %s: ".formatted(code.id()).length());
            String row = "| [%1$s](%1$s.md) | %2$s |\n".formatted(code.id(), title);
            assertTrue(index.contains(row), row);
        }
    }

    private static String title(DiagnosticCode code) throws IOException {
        return Files.readAllLines(page(code)).getFirst();
    }

    /// What tests of a policy find is the engine's affair; a test there reads their pages.
    private static final String BY_TESTS = "TESTS?_.*";

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = BY_TESTS)
    void theWrongExampleGetsTheCodeAndNothingElse(DiagnosticCode code) throws IOException {
        List<Diagnostic> found = found(code, "wrong");
        List<String> ids = new ArrayList<>(found.stream().map(d -> d.code().id()).toList());
        ids.removeAll(also(page(code)));
        assertEquals(List.of(code.id()), ids, found::toString);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = BY_TESTS)
    void thePageShowsWhatTheAuthorSees(DiagnosticCode code) throws IOException {
        Path page = page(code);
        String shown =
                found(code, "wrong").stream()
                        .filter(diagnostic -> diagnostic.code() == code)
                        .map(d -> DiagnosticText.render(d, DiagnosticText.Style.PLAIN))
                        .collect(Collectors.joining("\n\n"));
        String text = Files.readString(page);
        String begin = "```text\n";
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf("```\n", from);
        assertTrue(from >= begin.length() && to >= from, page::toString);
        String whole = text.substring(0, from) + shown + "\n" + text.substring(to);
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(page, whole);
        }
        assertEquals(whole, Files.readString(page));
    }

    /// Returns the warnings of which a comment of the example says that it gets them too.
    private static List<String> also(Path page) throws IOException {
        return Fence.of(page).stream()
                .filter(fence -> fence.is("writ", "wrong"))
                .flatMap(fence -> fence.text().lines())
                .filter(line -> line.startsWith("// also W"))
                .map(line -> line.substring("// also ".length(), line.indexOf(':')))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsWrongWithTheRightExample(DiagnosticCode code) throws IOException {
        assertEquals(List.of(), found(code, "right"));
    }

    static Path page(DiagnosticCode code) {
        return FOLDER.resolve(code.id() + ".md");
    }

    /// Checks the blocks of a page with a mark, each a file of one policy; the first is its entry.
    /// Pages of lints are linted too.
    private static List<Diagnostic> found(DiagnosticCode code, String mark) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (Fence fence : Fence.of(page(code))) {
            if (fence.is("writ", mark)) {
                String name = fence.words().size() > 2 ? fence.words().get(2) : "policy.writ";
                files.put(name, fence.text());
            }
        }
        CheckResult result = Checked.check(files, files.keySet().iterator().next());
        List<Diagnostic> found = new ArrayList<>(result.diagnostics());
        if (code.severity() == DiagnosticCode.Severity.LINT) {
            List<Source> sources = new ArrayList<>();
            files.forEach((name, text) -> sources.add(new Source(name, text)));
            found.addAll(Linter.lint(new SourceTree(sources.getFirst().path(), sources)));
        }
        return found;
    }
}
