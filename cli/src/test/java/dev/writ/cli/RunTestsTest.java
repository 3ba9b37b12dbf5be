package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/// `writ test` on real files.
final class RunTestsTest {
    private static final String POLICY =
            """
            policy "p" language 1
            provider p { kind simulated }
            model m on p "m" { }
            route chat { only otherwise -> m }
            team t {
              key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }
            rule large on request
              when prompt.tokens > 50k tokens and request.stream
              deny 413 "Too <large>."
            """;

    private static final String GOOD =
            """
            test "small prompts pass" for team t, route chat {
              case prompt 300 tokens => allow, model m
              case prompt 60k tokens => allow
            }
            test "large streams are refused" for team t, route chat {
              case prompt 60k tokens, stream => deny 413
            }
            """;

    @TempDir Path temp;

    private static String withoutTimes(String text) {
        return Pattern.compile("in \\d+ ms").matcher(text).replaceAll("in N ms");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(temp.resolve("p.writ"), text);
    }

    @Test
    void saysInOneLineThatAllPass() throws IOException {
        Ran ran = Ran.writ("test", write(POLICY + GOOD).toString());
        assertEquals("ok: 2 tests, 3 requests in N ms\n", withoutTimes(ran.out()));
        assertEquals(Exit.FINE, ran.exitCode());
    }

    @Test
    void drawsWhatDecidedAFailure() throws IOException {
        Path file =
                write(
                        POLICY
                                + GOOD.replace(
                                        "case prompt 300 tokens => allow",
                                        "case prompt 48112 tokens => deny"));
        Ran ran = Ran.writ("test", file.toString());
        assertEquals(
                """
                FAILED small prompts pass
                  p.writ:13
                  deny expected, but the request is allowed
                  rule large did not fire (p.writ:9)
                    prompt.tokens > 50k tokens and request.stream
                    │                              └ no: false
                    └ 48,112: false

                  writ test POLICY --only 'small prompts pass' --explain

                1 of 2 tests failed, 3 requests in N ms
                """,
                withoutTimes(ran.out())
                        .replace(file.toString(), "POLICY")
                        .replace("p.writ:13, case 1", "p.writ:13"));
        assertEquals(Exit.TESTS, ran.exitCode());
    }

    @Test
    void explainsFailuresWhenAsked() throws IOException {
        Path file = write(POLICY + GOOD.replace("=> deny 413", "=> allow"));
        Ran ran = Ran.writ("test", "--explain", file.toString());
        assertTrue(ran.out().contains("  denied with 413: rule large: Too <large>.\n"), ran.out());
        assertTrue(ran.out().contains("  grants: may use (p.writ:7)\n"), ran.out());
    }

    @Test
    void runsOnlyWhatIsNamed() throws IOException {
        Path file = write(POLICY + GOOD);
        Ran ran = Ran.writ("test", "--only", "large", file.toString());
        assertEquals("ok: 1 test, 1 request in N ms\n", withoutTimes(ran.out()));
        assertEquals(Exit.USAGE, Ran.writ("test", "--only", "nobody", file.toString()).exitCode());
    }

    @Test
    void refusesPoliciesThatDoNotCompile() throws IOException {
        Ran ran = Ran.writ("test", write(POLICY + GOOD.replace("model m", "model n")).toString());
        assertEquals(Exit.POLICY, ran.exitCode());
        assertTrue(ran.err().contains("E0104"), ran.err());
    }

    @Test
    void tellsWhatNoTestTries() throws IOException {
        Path file = write(POLICY + GOOD.substring(0, GOOD.indexOf("test \"large")));
        Ran ran = Ran.writ("test", "--coverage", file.toString());
        assertEquals(
                """
                tried   rules  arms  grants  pools  conditions  all
                p.writ    1/2   1/1     1/1      -         1/4  50%

                not tried:
                  p.writ:9 rule large never fires
                  p.writ:10 `prompt.tokens > 50,000` of rule large never decides by being true
                  p.writ:10 `prompt.tokens > 50,000` of rule large never decides by being false
                  p.writ:10 `request.stream` of rule large never decides by being true

                coverage 50%: 4 of 8
                ok: 1 test, 2 requests in N ms
                """,
                withoutTimes(ran.out()));
        assertEquals(Exit.FINE, ran.exitCode());
        assertEquals(Exit.FINE, Ran.writ("test", "--floor", "50%", file.toString()).exitCode());
        assertEquals(Exit.COVERAGE, Ran.writ("test", "--floor", "51%", file.toString()).exitCode());
        assertEquals(Exit.USAGE, Ran.writ("test", "--floor", "much", file.toString()).exitCode());
    }

    @Test
    void writesJsonAndJunit() throws Exception {
        Path file = write(POLICY + GOOD.replace("=> deny 413", "=> allow"));
        String json = Ran.writ("test", "--format", "json", file.toString()).out();
        assertTrue(json.startsWith("{\"ok\":false,\"tests\":2,\"failed\":1,\"requests\":3,"), json);
        Path report = temp.resolve("reports/junit.xml");
        Ran ran =
                Ran.writ(
                        "test",
                        "--format",
                        "junit",
                        "--output",
                        report.toString(),
                        file.toString());
        assertTrue(ran.out().contains("1 of 2 tests failed"), ran.out());
        Document xml =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        assertEquals("2", xml.getDocumentElement().getAttribute("tests"));
        assertEquals("1", xml.getDocumentElement().getAttribute("failures"));
        assertEquals(2, xml.getElementsByTagName("testcase").getLength());
        String failure = xml.getElementsByTagName("failure").item(0).getTextContent();
        assertTrue(failure.contains("rule large denies with 413 \"Too <large>.\""), failure);
    }

    @Test
    void runsAgainOnEachChangeUntilInterrupted() throws Exception {
        Path file = write(POLICY + GOOD);
        StringWriter out = new StringWriter();
        Console console =
                new Console(
                        new PrintWriter(out, true),
                        new PrintWriter(new StringWriter(), true),
                        new ByteArrayInputStream(new byte[0]),
                        Map.of(),
                        false);
        AtomicInteger code = new AtomicInteger(-1);
        Thread watching =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        code.set(
                                                Writ.run(
                                                        console,
                                                        "test",
                                                        "--watch",
                                                        file.toString())));
        try {
            await(out, "ok: 2 tests");
            Files.writeString(file, POLICY + GOOD.replace("=> deny 413", "=> allow"));
            await(out, "1 of 2 tests failed");
        } finally {
            watching.interrupt();
            watching.join(Duration.ofMinutes(1));
        }
        assertEquals(Exit.TESTS, code.get());
    }

    private static void await(StringWriter out, String text) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(1));
        while (!out.toString().contains(text)) {
            assertTrue(Instant.now().isBefore(deadline), out::toString);
            Thread.sleep(5);
        }
    }

    @Test
    void ourPoliciesDoWhatTheirTestsSay() throws IOException {
        Path policies = Path.of(System.getProperty("writ.root", "..")).resolve("policies");
        try (Stream<Path> folders = Files.list(policies)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                if (folder.endsWith("conformance")) {
                    continue; // many policies, each for one thing only
                }
                Ran ran = Ran.writ("test", "--floor", "90%", folder.toString());
                assertEquals(Exit.FINE, ran.exitCode(), () -> folder + "\n" + ran.out());
            }
        }
    }

    @Test
    void theReferenceDoesWhatItsTestsSay() throws IOException {
        Path page =
                Path.of(System.getProperty("writ.root", ".."))
                        .resolve("docs/reference/language.md");
        String text = Files.readString(page);
        Path file = write(policyAround(text, text.indexOf("\ntest \"")));
        Ran ran = Ran.writ("test", file.toString());
        assertEquals(Exit.FINE, ran.exitCode(), ran::out);
    }

    @Test
    void theTutorialEndsWithAPolicyThatIsTestedWhole() throws IOException {
        Path page = Path.of(System.getProperty("writ.root", "..")).resolve("docs/tutorial.md");
        String text = Files.readString(page);
        Path file = write(policyAround(text, text.lastIndexOf("\ntest \"")));
        Ran ran = Ran.writ("test", "--floor", "100%", file.toString());
        assertEquals(Exit.FINE, ran.exitCode(), ran::out);
        assertTrue(ran.out().contains("coverage 100%: 18 of 18") && text.contains("18 of 18"));
    }

    /// Returns the block of a page around an index.
    private static String policyAround(String page, int at) {
        int from = page.lastIndexOf("```writ\n", at) + "```writ\n".length();
        return page.substring(from, page.indexOf("```", from));
    }

    @Test
    void saysThatThereAreNoTests() throws IOException {
        Ran ran = Ran.writ("test", write(POLICY).toString());
        assertEquals("no tests in 1 file\n", ran.out());
        assertEquals(Exit.FINE, ran.exitCode());
    }
}
