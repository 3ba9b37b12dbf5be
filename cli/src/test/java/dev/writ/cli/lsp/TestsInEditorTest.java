package dev.writ.cli.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ShowDocumentParams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an author sees of the tests of a policy, and what commands do.
final class TestsInEditorTest {
    private static final String POLICY =
            """
            policy "p" language 1
            provider here { kind simulated  region eu }
            model small on here "small" { context 128k tokens }
            route chat { rest otherwise -> small }
            team dev {
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }
            rule large on request when prompt.tokens > 50k deny 413 "Send less."

            test "large prompts are refused" for team dev, route chat {
              case prompt 48k tokens => deny 413
            }

            test "small prompts pass" for team dev, route chat {
              case prompt 1k tokens => allow
            }
            """;

    private static final String FAILED =
            "failed, line 12: deny 413 expected, but the request is allowed";

    private static Editor editor;

    @TempDir Path folder;

    @BeforeAll
    static void start(@TempDir Path empty) throws Exception {
        editor = Editor.on(empty);
    }

    @AfterAll
    static void stop() {
        editor.close();
        assertEquals(0, editor.process().exitValue());
    }

    @BeforeEach
    void enter() throws IOException {
        Files.writeString(folder.resolve("p.writ"), POLICY);
        editor.set(Map.of("lint", true, "tests", true));
        editor.enter(folder);
    }

    private static String[] lenses(String... ofTests) {
        List<String> declared = List.of("used in 1 place", "used in 1 place", "1 team may use it");
        List<String> all = new ArrayList<>(declared);
        all.addAll(List.of(ofTests));
        return all.toArray(String[]::new);
    }

    private static String name(String test) {
        return "test `%s`".formatted(test);
    }

    // ── While typing ─────────────────────────────────────────────────────────────────────────

    @Test
    void testsRunAfterAPauseAndSayWhatCame() throws Exception {
        editor.open("p.writ");
        Diagnostic failure = editor.codes("p.writ", "E0701").getFirst();
        assertEquals("writ test", failure.getSource());
        assertEquals(DiagnosticSeverity.Error, failure.getSeverity());
        assertEquals(editor.at("p.writ", "deny 413\n}"), failure.getRange().getStart());
        String message = failure.getMessage().getLeft();
        assertTrue(message.contains("deny 413 expected, but the request is allowed"), message);
        assertTrue(message.contains("rule large did not fire"), message);
        editor.lenses("p.writ", lenses(FAILED, "Run", "Explain", "passed", "Run", "Explain"));

        editor.replace("p.writ", "> 50k deny", "> 40k deny");
        editor.codes("p.writ");
        editor.lenses("p.writ", lenses("passed", "Run", "Explain", "passed", "Run", "Explain"));
    }

    @Test
    void aStormOfChangesEndsWithTheTestsOfTheLast() throws Exception {
        editor.open("p.writ");
        for (int i = 0; i < 50; i++) {
            editor.replace("p.writ", "> 50k deny", "> 40k deny");
            editor.replace("p.writ", "> 40k deny", "> 50k deny");
        }
        editor.codes("p.writ", "E0701");
    }

    @Test
    void whatDoesNotCompileIsNotTested() throws Exception {
        editor.open("p.writ", POLICY.replace("-> small", "-> smal"));
        editor.codes("p.writ", "E0104");
        String not = "not run: the policy does not compile";
        List<? extends CodeLens> lenses =
                editor.lenses(
                        "p.writ", "used in 1 place", "never used", "1 team may use it", not, not);
        assertEquals("", lenses.getLast().getCommand().getCommand());
        assertTrue(refusal("writ.runTests", editor.uri("p.writ")).contains("does not compile"));
    }

    @Test
    void testsThatAreTurnedOffRunWhenTheyAreToldTo() throws Exception {
        editor.set(Map.of("writ", Map.of("tests", false)));
        editor.open("p.writ");
        List<? extends CodeLens> lenses =
                editor.lenses(
                        "p.writ", lenses("not run", "Run", "Explain", "not run", "Run", "Explain"));
        Command run = lenses.get(4).getCommand();
        JsonObject ran =
                editor.command(run.getCommand(), run.getArguments().toArray()).getAsJsonObject();
        JsonObject test = ran.getAsJsonArray("tests").get(0).getAsJsonObject();
        assertEquals("large prompts are refused", test.get("name").getAsString());
        assertFalse(test.get("passed").getAsBoolean());
        JsonObject failure = test.getAsJsonArray("failures").get(0).getAsJsonObject();
        assertEquals(
                editor.uri("p.writ"), failure.getAsJsonObject("location").get("uri").getAsString());

        String told = name("large prompts are refused") + " " + FAILED;
        assertTrue(editor.messages().contains(told), editor.messages()::toString);
        editor.codes("p.writ", "E0701");
        editor.lenses("p.writ", lenses(FAILED, "Run", "Explain", "not run", "Run", "Explain"));
    }

    // ── Commands ─────────────────────────────────────────────────────────────────────────────

    private static String refusal(String command, Object... arguments) {
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> editor.command(command, arguments));
        return String.valueOf(refused.getMessage());
    }

    @Test
    void theServerSaysWhichCommandsItHas() {
        assertEquals(
                List.of("writ.runTests", "writ.explainTest", "writ.showPlaces"),
                editor.capabilities().getCapabilities().getExecuteCommandProvider().getCommands());
    }

    @Test
    void allTestsOfAPolicyRunTogether() throws Exception {
        editor.open("p.writ");
        JsonObject ran = editor.command("writ.runTests", editor.uri("p.writ")).getAsJsonObject();
        assertEquals(2, ran.getAsJsonArray("tests").size());
        assertTrue(
                editor.messages()
                        .contains(
                                "1 of 2 tests failed; %s %s"
                                        .formatted(name("large prompts are refused"), FAILED)),
                editor.messages()::toString);
        editor.write("p.writ", POLICY.replace("> 50k deny", "> 40k deny"));
        editor.command("writ.runTests", editor.uri("p.writ"));
        assertTrue(editor.messages().contains("2 tests passed"), editor.messages()::toString);
    }

    @Test
    void aTestIsExplainedInADocument() throws Exception {
        editor.open("p.writ");
        JsonObject explained =
                editor.command(
                                "writ.explainTest",
                                editor.uri("p.writ"),
                                "large prompts are refused")
                        .getAsJsonObject();
        ShowDocumentParams shown = editor.shown().getLast();
        String text = Files.readString(Path.of(URI.create(shown.getUri())));
        assertEquals(text, explained.get("text").getAsString());
        assertTrue(text.startsWith(name("large prompts are refused") + " failed\n"), text);
        assertTrue(text.contains("not as expected, line 12: deny 413 expected"), text);
        assertTrue(text.contains("arm chat/rest -> model small"), text);
    }

    @Test
    void explanationsAreGoneWithTheServer() throws Exception {
        Path file;
        try (Editor other = Editor.on(folder)) {
            other.open("p.writ");
            other.command("writ.explainTest", other.uri("p.writ"), "small prompts pass");
            file = Path.of(URI.create(other.shown().getLast().getUri()));
            assertTrue(Files.exists(file));
        }
        assertFalse(Files.exists(file.getParent()));
    }

    @Test
    void anEditorThatShowsNoDocumentsGetsMessages() throws Exception {
        try (Editor other = Editor.plain(folder)) {
            other.open("p.writ");
            other.command("writ.explainTest", other.uri("p.writ"), "small prompts pass");
            String told = other.messages().getLast();
            assertTrue(told.startsWith(name("small prompts pass") + " passed\n"), told);
            other.command(
                    "writ.showPlaces", other.uri("p.writ"), new Position(0, 0), List.of(place(3)));
            assertEquals("p.writ:4", other.messages().getLast());
        }
    }

    private Location place(int line) {
        return new Location(
                editor.uri("p.writ"), new Range(new Position(line, 0), new Position(line, 5)));
    }

    @Test
    void placesAreShownWhereTheEditorDoesNotKnowHow() throws Exception {
        editor.open("p.writ");
        CodeLens route =
                editor.lenses(
                                "p.writ",
                                lenses(FAILED, "Run", "Explain", "passed", "Run", "Explain"))
                        .get(2);
        Command show = route.getCommand();
        editor.command(show.getCommand(), show.getArguments().toArray());
        ShowDocumentParams shown = editor.shown().getLast();
        assertEquals(editor.uri("p.writ"), shown.getUri());
        assertEquals(editor.at("p.writ", "chat\n}"), shown.getSelection().getStart());

        editor.command(
                "writ.showPlaces",
                editor.uri("p.writ"),
                new Position(0, 0),
                List.of(place(1), place(4)));
        assertEquals("p.writ:2, p.writ:5", editor.messages().getLast());
    }

    @Test
    void whatCannotBeDoneIsRefused() throws Exception {
        editor.open("p.writ");
        assertTrue(refusal("writ.runTests", editor.uri("p.writ"), "no").contains("no test `no`"));
        assertTrue(refusal("writ.runTests").contains("address of a document"));
        assertTrue(refusal("writ.showPlaces").contains("locations"));
        assertTrue(refusal("writ.fly").contains("no command writ.fly"));
        assertTrue(refusal("writ.runTests", "nowhere:/x").contains("no policy has this document"));
    }
}
