package dev.writ.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.DiagnosticText;
import dev.writ.engine.PolicySnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AllTestsTest {
    private static final Path PAGES =
            Path.of(System.getProperty("writ.root", "..")).resolve("docs/reference/diagnostics");

    private static List<Diagnostic> problems(String policy, Duration most) {
        return AllTests.problems(
                PolicySnapshot.compile(Tried.policy(policy)),
                String::length,
                System::nanoTime,
                most);
    }

    private static String example(String page, String mark) {
        int from = page.indexOf("```writ " + mark + "\n") + "```writ \n".length() + mark.length();
        return page.substring(from, page.indexOf("```", from));
    }

    /// `-Dgolden=update` rewrites what the page shows.
    @Test
    void pageOfFailedTestsShowsWhatTheAuthorSees() throws IOException {
        Path file = PAGES.resolve("E0701.md");
        String page = Files.readString(file);
        List<Diagnostic> problems = problems(example(page, "wrong"), Duration.ofMinutes(1));
        assertEquals(
                List.of(DiagnosticCode.TEST_FAILED),
                problems.stream().map(Diagnostic::code).toList());
        assertShown(file, page, problems.getFirst());
        assertEquals(List.of(), problems(example(page, "right"), Duration.ofMinutes(1)));
    }

    @Test
    void pageOfSlowTestsShowsWhatTheAuthorSees() throws IOException {
        Path file = PAGES.resolve("E0702.md");
        String page = Files.readString(file);
        List<Diagnostic> problems = problems(example(page, "right"), Duration.ZERO);
        assertEquals(
                List.of(DiagnosticCode.TESTS_TAKE_TOO_LONG),
                problems.stream().map(Diagnostic::code).toList());
        assertShown(file, page, problems.getFirst());
    }

    private static void assertShown(Path file, String page, Diagnostic shown) throws IOException {
        String begin = "```text\n";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf("```\n", from);
        String text =
                DiagnosticText.render(shown, DiagnosticText.Style.PLAIN)
                        .replace("shop.writ", "policy.writ");
        String whole = page.substring(0, from) + text + "\n" + page.substring(to);
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(file, whole);
        }
        assertEquals(whole, Files.readString(file));
    }

    @Test
    void tellsNoMoreFailuresThanAnybodyReads() {
        String tests =
                """
                test "t" for team dev, route chat {
                  step 100 times => deny
                  step 100 times => deny
                }
                """;
        List<Diagnostic> problems = problems(Tried.BASE + tests, Duration.ofMinutes(1));
        assertTrue(problems.size() <= AllTests.FAILURES_MAX, "" + problems.size());
        assertTrue(problems.size() <= TestRunner.FAILURES_MAX, "" + problems.size());
    }
}
