package dev.writ.cli.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionContext;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.CodeLensParams;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FoldingRangeRequestParams;
import org.eclipse.lsp4j.FormattingOptions;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InlayHint;
import org.eclipse.lsp4j.InlayHintParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceContext;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An author at work on a policy of three files.
final class PolicyServerTest {
    private static final String MODELS =
            """
            policy "models" language 1

            provider here {
              kind   simulated
              region eu
            }

            provider there {
              kind   simulated
              region us
            }

            /// The cheap one.
            model small on here "small" {
              context 128k tokens
              price   $0.15 in, $0.60 out per 1M tokens
            }

            model large on there "large" {
              context 1M tokens
            }

            pool both {
              first small
              then  large on timeout
            }
            """;

    private static final String ROUTES =
            """
            policy "routes" language 1
            use "models.writ" as models

            route chat as "gpt-4o" {
              long when prompt.tokens > 50k tokens -> models.large
              rest otherwise                       -> pool models.both
            }
            """;

    private static final String TEAMS =
            """
            policy "teams" language 1
            use "routes.writ"

            team support {
              user alice
              key  laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }

            rule late on request
              when team is support and time.hour > 20
              tag "late"
            """;

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
        Files.writeString(folder.resolve("models.writ"), MODELS);
        Files.writeString(folder.resolve("routes.writ"), ROUTES);
        Files.writeString(folder.resolve("teams.writ"), TEAMS);
        editor.enter(folder);
    }

    // ── Diagnostics ──────────────────────────────────────────────────────────────────────────

    @Test
    void tellsMistakesWhenAFileIsOpenedChangedAndSetRight() throws Exception {
        editor.open("teams.writ");
        editor.codes("teams.writ");

        editor.replace("teams.writ", "use chat", "use chatt");
        Diagnostic unknown = editor.codes("teams.writ", "E0102").getFirst();
        assertTrue(
                unknown.getMessage().getLeft().startsWith("unknown route `chatt`"),
                unknown.getMessage().getLeft());
        assertEquals("chatt", shown("teams.writ", unknown.getRange()));

        editor.replace("teams.writ", "chatt", "chat");
        editor.codes("teams.writ");
    }

    @Test
    void aChangeInOneFileIsToldInAnother() throws Exception {
        editor.open("models.writ");
        editor.codes("models.writ");
        editor.replace("models.writ", "pool both", "pool all");
        editor.codes("routes.writ", "E0102");
        editor.replace("models.writ", "pool all", "pool both");
        editor.codes("routes.writ");
    }

    @Test
    void whatIsOpenCountsNotWhatLiesOnDisk() throws Exception {
        editor.open("teams.writ", TEAMS.replace("use chat", "use nothing"));
        editor.codes("teams.writ", "E0102");
        editor.close("teams.writ");
        editor.codes("teams.writ");
    }

    @Test
    void aFileThatIsNotSavedYetBelongsToThePolicy() throws Exception {
        editor.open("rules.writ", "policy \"rules\" language 1\nrule r on request tag 5\n");
        editor.codes("rules.writ", "E0001");
        editor.close("rules.writ");
        editor.codes("rules.writ");
    }

    @Test
    void filesThatChangeOnDiskAreReadAgain() throws Exception {
        editor.open("teams.writ");
        editor.codes("teams.writ");
        Files.writeString(
                folder.resolve("routes.writ"), ROUTES.replace("route chat", "route talk"));
        editor.server()
                .getWorkspaceService()
                .didChangeWatchedFiles(
                        new org.eclipse.lsp4j.DidChangeWatchedFilesParams(List.of()));
        editor.codes("teams.writ", "E0102");
    }

    @Test
    void readsBrokenFilesPieceByPiece() throws Exception {
        editor.open("teams.writ");
        editor.write("teams.writ", TEAMS.replace("  user alice\n", "  usr alice\n  stay\n"));
        editor.codes("teams.writ", "E0004", "E0001");
        Position at = editor.at("teams.writ", "chat");
        assertEquals(editor.uri("routes.writ"), definition("teams.writ", at).getUri());
    }

    @Test
    void aStormOfChangesEndsWithTheTruth() throws Exception {
        editor.open("teams.writ");
        for (int i = 0; i < 100; i++) {
            editor.replace("teams.writ", "use chat", "use chatt");
            editor.replace("teams.writ", "use chatt", "use chat");
        }
        editor.codes("teams.writ");
        editor.replace("teams.writ", "late on request", "late on reqest");
        editor.codes("teams.writ", "E0004");
    }

    @Test
    void countsInUtf16Units() throws Exception {
        editor.open("teams.writ");
        editor.replace("teams.writ", "rule late", "/* \uD83D\uDE00 */ rule late");
        editor.codes("teams.writ");
        editor.replace("teams.writ", "on request", "on reqest");
        Diagnostic unknown = editor.codes("teams.writ", "E0004").getFirst();
        assertEquals("reqest", shown("teams.writ", unknown.getRange()));
    }

    private String shown(String path, Range range) {
        dev.writ.dsl.source.Source source = new dev.writ.dsl.source.Source(path, editor.text(path));
        return source.text()
                .substring(
                        Places.offset(source, range.getStart()),
                        Places.offset(source, range.getEnd()));
    }

    // ── Fixes ────────────────────────────────────────────────────────────────────────────────

    @Test
    void aQuickFixSetsTheNameRight() throws Exception {
        editor.open("teams.writ", TEAMS.replace("use chat", "use chatt"));
        Diagnostic unknown = editor.codes("teams.writ", "E0102").getFirst();
        CodeAction fix = fixes("teams.writ", unknown).getFirst();
        assertEquals("Change to `chat`", fix.getTitle());
        editor.change("teams.writ", edits(fix.getEdit(), "teams.writ"));
        assertEquals(TEAMS, editor.text("teams.writ"));
        editor.codes("teams.writ");
    }

    @Test
    void showsHowItCouldBeWrittenBetterAndWritesIt() throws Exception {
        String text = TEAMS.replace("team is support and", "not team is chief and");
        editor.open("teams.writ", text);
        editor.write("teams.writ", text.replace("chief", "support"));
        Diagnostic finding = editor.codes("teams.writ", "L0808").getFirst();
        assertEquals(DiagnosticSeverity.Information, finding.getSeverity());
        assertEquals("not team is support", shown("teams.writ", finding.getRange()));
        List<CodeAction> fixes = fixes("teams.writ", finding);
        assertEquals(
                List.of("Write `team is not support`", "Acknowledge L0808 with a reason…"),
                fixes.stream().map(CodeAction::getTitle).toList());
        assertTrue(fixes.getFirst().getIsPreferred());
        assertFalse(fixes.getLast().getIsPreferred());

        editor.change("teams.writ", edits(fixes.getLast().getEdit(), "teams.writ"));
        editor.codes("teams.writ", "L0801");
        editor.replace("teams.writ", "because …", "because the chief says so");
        editor.codes("teams.writ");
        editor.replace("teams.writ", "  // writ: allow L0808 because the chief says so\n", "");
        editor.codes("teams.writ", "L0808");
        editor.change("teams.writ", edits(fixes.getFirst().getEdit(), "teams.writ"));
        editor.codes("teams.writ");
        assertTrue(editor.text("teams.writ").contains("when team is not support and"));
    }

    @Test
    void findingsOfTheLinterCanBeTurnedOff() throws Exception {
        editor.open("teams.writ", TEAMS.replace("rule late", "rule Late"));
        editor.codes("teams.writ", "L0805");
        editor.set(Map.of("writ", Map.of("lint", false)));
        editor.codes("teams.writ");
        editor.set(Map.of("lint", true));
        editor.codes("teams.writ", "L0805");
        try (Editor other = Editor.on(folder, Map.of("lint", false))) {
            other.open("teams.writ", TEAMS.replace("rule late", "rule Late"));
            other.codes("teams.writ");
        }
    }

    @Test
    void onlyTheFirstFindingsOfAFileAreShown() throws Exception {
        StringBuilder text = new StringBuilder("policy \"many\" language 1\n");
        for (int i = 0; i <= PolicyTree.LINTS_PER_FILE_MAX; i++) {
            text.append("rule R%d on request when time.hour > 20 tag \"t\"\n".formatted(i));
        }
        editor.open("many.writ", text.toString());
        List<Diagnostic> found = editor.diagnostics("many.writ", all -> !all.isEmpty());
        assertEquals(PolicyTree.LINTS_PER_FILE_MAX, found.size());
    }

    private List<CodeAction> fixes(String path, Diagnostic diagnostic) throws Exception {
        List<CodeAction> fixes = new ArrayList<>();
        Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .codeAction(
                                        new CodeActionParams(
                                                editor.id(path),
                                                diagnostic.getRange(),
                                                new CodeActionContext(List.of(diagnostic)))))
                .forEach(action -> fixes.add(action.getRight()));
        return fixes;
    }

    private List<TextEdit> edits(WorkspaceEdit edit, String path) {
        return edit.getChanges().getOrDefault(editor.uri(path), List.of());
    }

    // ── Names ────────────────────────────────────────────────────────────────────────────────

    private Location definition(String path, Position at) throws Exception {
        return Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .definition(new DefinitionParams(editor.id(path), at)))
                .getLeft()
                .getFirst();
    }

    @Test
    void goesToTheDefinitionInAnotherFile() throws Exception {
        editor.open("routes.writ");
        Location pool = definition("routes.writ", editor.at("routes.writ", "both"));
        assertEquals(editor.uri("models.writ"), pool.getUri());
        editor.open("models.writ");
        assertEquals("both", shown("models.writ", pool.getRange()));

        Location file = definition("routes.writ", editor.at("routes.writ", "\"models.writ\""));
        assertEquals(editor.uri("models.writ"), file.getUri());
        Location alias = definition("routes.writ", editor.at("routes.writ", "models.large"));
        assertEquals(editor.uri("models.writ"), alias.getUri());
        assertEquals(new Position(0, 0), alias.getRange().getStart());
    }

    @Test
    void findsWhereANameIsUsed() throws Exception {
        editor.open("models.writ");
        List<? extends Location> all =
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .references(
                                        new ReferenceParams(
                                                editor.id("models.writ"),
                                                editor.at("models.writ", "large on"),
                                                new ReferenceContext(true))));
        assertEquals(
                List.of(
                        editor.uri("models.writ"),
                        editor.uri("models.writ"),
                        editor.uri("routes.writ")),
                all.stream().map(Location::getUri).toList());
    }

    private WorkspaceEdit rename(String path, String at, String name) throws Exception {
        return Editor.got(
                editor.server()
                        .getTextDocumentService()
                        .rename(new RenameParams(editor.id(path), editor.at(path, at), name)));
    }

    @Test
    void renamesInAllFilesAndQuotesWhereNeeded() throws Exception {
        editor.open("teams.writ");
        editor.open("routes.writ");
        editor.open("models.writ");
        WorkspaceEdit edit = rename("models.writ", "large on", "very large");
        editor.change("models.writ", edits(edit, "models.writ"));
        editor.change("routes.writ", edits(edit, "routes.writ"));
        assertTrue(editor.text("models.writ").contains("model `very large` on there"));
        assertTrue(editor.text("routes.writ").contains("-> models.`very large`"));
        editor.codes("models.writ");
        editor.codes("routes.writ");

        WorkspaceEdit team = rename("teams.writ", "support {", "help");
        editor.change("teams.writ", edits(team, "teams.writ"));
        assertTrue(editor.text("teams.writ").contains("when team is help and"));
        editor.codes("teams.writ");
    }

    @Test
    void refusesNamesThatAreTakenOrNone() throws Exception {
        editor.open("models.writ");
        for (String name : List.of("small", "", "a`b", "two\nlines")) {
            ExecutionException refused =
                    assertThrows(
                            ExecutionException.class,
                            () -> rename("models.writ", "large on", name),
                            name);
            assertTrue(
                    String.valueOf(refused.getMessage())
                            .contains(name.equals("small") ? "already" : "cannot be a name"),
                    refused.getMessage());
        }
        assertNull(
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .prepareRename(
                                        new PrepareRenameParams(
                                                editor.id("models.writ"),
                                                editor.at("models.writ", "context")))));
    }

    @Test
    void tellsWhatANameIs() throws Exception {
        editor.open("models.writ");
        editor.open("teams.writ");
        String model = hover("models.writ", "small\n  then");
        assertTrue(model.contains("The cheap one."), model);
        assertTrue(model.contains("$0.15 in, $0.60 out"), model);
        assertTrue(model.contains("provider here (eu)"), model);
        assertTrue(hover("teams.writ", "time.hour").contains("UTC"));
        assertTrue(hover("teams.writ", "tag").contains("Marks"));
    }

    private String hover(String path, String at) throws Exception {
        return Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .hover(new HoverParams(editor.id(path), editor.at(path, at))))
                .getContents()
                .getRight()
                .getValue();
    }

    // ── Writing ──────────────────────────────────────────────────────────────────────────────

    private List<String> completions(String path, String textWithCursor) throws Exception {
        Position at = editor.write(path, textWithCursor);
        return Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .completion(new CompletionParams(editor.id(path), at)))
                .getLeft()
                .stream()
                .map(CompletionItem::getLabel)
                .toList();
    }

    @Test
    void proposesWhatCouldStandThere() throws Exception {
        editor.open("teams.writ");
        assertTrue(completions("teams.writ", TEAMS.replace("use chat", "use |")).contains("chat"));
        List<String> properties = completions("teams.writ", TEAMS.replace("  user alice", "  |"));
        assertTrue(
                properties.containsAll(List.of("may use", "stay in", "key")), properties::toString);
        List<String> teams = completions("teams.writ", TEAMS.replace("is support", "is |"));
        assertEquals(List.of("support"), teams.subList(0, 1));
        assertFalse(teams.contains("prompt.tokens"), teams::toString);
    }

    @Test
    void laysOutWithTheFewestEdits() throws Exception {
        editor.open("teams.writ", TEAMS.replace("  user alice", "    user    alice"));
        List<? extends TextEdit> edits =
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .formatting(
                                        new DocumentFormattingParams(
                                                editor.id("teams.writ"),
                                                new FormattingOptions(2, true))));
        assertEquals(2, edits.size(), edits::toString);
        editor.change("teams.writ", edits);
        assertEquals(TEAMS, editor.text("teams.writ"));
    }

    // ── What stands beside the text ──────────────────────────────────────────────────────────

    @Test
    void showsRegionsAndPricesWhereModelsAreUsed() throws Exception {
        editor.open("models.writ");
        List<InlayHint> hints =
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .inlayHint(
                                        new InlayHintParams(
                                                editor.id("models.writ"),
                                                new Range(
                                                        new Position(0, 0),
                                                        new Position(100, 0)))));
        assertEquals(
                List.of("eu, $0.15 in, $0.60 out", "us"),
                hints.stream().map(hint -> hint.getLabel().getLeft()).toList());
    }

    @Test
    void showsWhereTheRequestsOfATeamMayGo() throws Exception {
        editor.open("teams.writ");
        List<InlayHint> hints =
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .inlayHint(
                                        new InlayHintParams(
                                                editor.id("teams.writ"),
                                                new Range(
                                                        new Position(0, 0),
                                                        new Position(100, 0)))));
        assertEquals(
                List.of("reaches eu, us"),
                hints.stream().map(hint -> hint.getLabel().getLeft()).toList());
    }

    @Test
    void showsHowOftenThingsAreUsed() throws Exception {
        editor.open("routes.writ");
        List<? extends CodeLens> lenses =
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .codeLens(new CodeLensParams(editor.id("routes.writ"))));
        assertEquals(
                List.of("1 team may use it"),
                lenses.stream().map(lens -> lens.getCommand().getTitle()).toList());
    }

    @Test
    void showsOutlineAndFolds() throws Exception {
        editor.open("routes.writ");
        var symbols =
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .documentSymbol(
                                        new DocumentSymbolParams(editor.id("routes.writ"))));
        assertEquals(
                List.of("models.writ", "chat"),
                symbols.stream().map(symbol -> symbol.getRight().getName()).toList());
        assertEquals(2, symbols.getLast().getRight().getChildren().size());
        var folds =
                Editor.got(
                        editor.server()
                                .getTextDocumentService()
                                .foldingRange(
                                        new FoldingRangeRequestParams(editor.id("routes.writ"))));
        assertEquals(1, folds.size());
        assertEquals(3, folds.getFirst().getStartLine());
        assertEquals(6, folds.getFirst().getEndLine());
    }

    // ── Beginning and end ────────────────────────────────────────────────────────────────────

    @Test
    void endsWithOneWhereTheEditorIsGone() throws Exception {
        try (Editor other = Editor.on(folder)) {
            other.process().getOutputStream().close();
            assertTrue(other.process().waitFor(60, TimeUnit.SECONDS));
            assertEquals(1, other.process().exitValue());
        }
    }

    @Test
    void onlyTheFoldersThatAreNamedArePolicies() throws Exception {
        Path two = Files.createDirectories(folder.resolve("two"));
        Files.writeString(two.resolve("one.writ"), MODELS);
        try (Editor other = Editor.on(folder, Map.of("policies", List.of("two")))) {
            other.open("two/one.writ");
            List<Diagnostic> found =
                    other.diagnostics("two/one.writ", diagnostics -> !diagnostics.isEmpty());
            assertEquals(List.of("W0110"), Editor.codes(found));
        }
    }
}
