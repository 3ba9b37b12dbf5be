package dev.writ.cli.lsp;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.CodeLensParams;
import org.eclipse.lsp4j.CodeLensWorkspaceCapabilities;
import org.eclipse.lsp4j.CompletionCapabilities;
import org.eclipse.lsp4j.CompletionItemCapabilities;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidChangeWorkspaceFoldersParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ShowDocumentCapabilities;
import org.eclipse.lsp4j.ShowDocumentParams;
import org.eclipse.lsp4j.ShowDocumentResult;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentClientCapabilities;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WindowClientCapabilities;
import org.eclipse.lsp4j.WorkspaceClientCapabilities;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.WorkspaceFoldersChangeEvent;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageServer;

/// An editor with one folder open, and `writ lsp` as a process beside it.
///
/// Its documents are what it has told the server; a `|` in a text is where the cursor is.
final class Editor implements LanguageClient, AutoCloseable {
    private static final long SECONDS_MAX = 60;

    private Path folder;
    private final Process process;
    private final LanguageServer server;
    private final Future<Void> listening;
    private final InitializeResult capabilities;
    private final Map<String, Source> documents = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Map<String, PublishDiagnosticsParams> published = new HashMap<>();
    private final List<String> messages = new ArrayList<>();
    private final List<ShowDocumentParams> shown = new ArrayList<>();
    private int refreshed;

    private Editor(Path folder, Object options, ClientCapabilities can) throws Exception {
        this.folder = folder;
        this.process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.writ.cli.Writ",
                                "lsp")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Launcher<LanguageServer> launcher =
                LSPLauncher.createClientLauncher(
                        this, process.getInputStream(), process.getOutputStream());
        this.listening = launcher.startListening();
        this.server = launcher.getRemoteProxy();
        InitializeParams params = new InitializeParams();
        params.setWorkspaceFolders(List.of(workspace(folder)));
        params.setCapabilities(can);
        params.setInitializationOptions(options);
        this.capabilities = got(server.initialize(params));
        server.initialized(new InitializedParams());
    }

    /// Starts with the files that a folder has.
    static Editor on(Path folder) throws Exception {
        return new Editor(folder.toRealPath(), Map.of(), able());
    }

    /// Starts with options of the server.
    static Editor on(Path folder, Map<String, Object> options) throws Exception {
        return new Editor(folder.toRealPath(), options, able());
    }

    /// Starts one that can do no more than it must.
    static Editor plain(Path folder) throws Exception {
        return new Editor(folder.toRealPath(), Map.of(), new ClientCapabilities());
    }

    private static ClientCapabilities able() {
        CompletionItemCapabilities item = new CompletionItemCapabilities(true);
        TextDocumentClientCapabilities documents = new TextDocumentClientCapabilities();
        documents.setCompletion(new CompletionCapabilities(item));
        ClientCapabilities capabilities = new ClientCapabilities();
        capabilities.setTextDocument(documents);
        WindowClientCapabilities window = new WindowClientCapabilities();
        window.setShowDocument(new ShowDocumentCapabilities(true));
        capabilities.setWindow(window);
        WorkspaceClientCapabilities workspace = new WorkspaceClientCapabilities();
        workspace.setCodeLens(new CodeLensWorkspaceCapabilities(true));
        capabilities.setWorkspace(workspace);
        return capabilities;
    }

    /// Opens another folder and closes the one before, with all documents.
    void enter(Path next) throws IOException {
        Path before = folder;
        List.copyOf(documents.keySet()).forEach(this::close);
        folder = next.toRealPath();
        server.getWorkspaceService()
                .didChangeWorkspaceFolders(
                        new DidChangeWorkspaceFoldersParams(
                                new WorkspaceFoldersChangeEvent(
                                        List.of(workspace(folder)), List.of(workspace(before)))));
    }

    private static WorkspaceFolder workspace(Path folder) {
        return new WorkspaceFolder(folder.toUri().toString(), "policies");
    }

    LanguageServer server() {
        return server;
    }

    InitializeResult capabilities() {
        return capabilities;
    }

    Process process() {
        return process;
    }

    String uri(String path) {
        return folder.resolve(path).toUri().toString();
    }

    TextDocumentIdentifier id(String path) {
        return new TextDocumentIdentifier(uri(path));
    }

    // ── What the author does ─────────────────────────────────────────────────────────────────

    /// Opens a file with what lies on disk.
    void open(String path) throws IOException {
        open(path, Files.readString(folder.resolve(path)));
    }

    void open(String path, String text) {
        documents.put(path, new Source(path, text));
        versions.put(path, 1);
        server.getTextDocumentService()
                .didOpen(
                        new DidOpenTextDocumentParams(
                                new TextDocumentItem(uri(path), "writ", 1, text)));
    }

    String text(String path) {
        return source(path).text();
    }

    private Source source(String path) {
        Source source = documents.get(path);
        return source == null ? fail(path + " is not open") : source;
    }

    /// Writes something in the place of what stands in a document once.
    void replace(String path, String old, String text) {
        int start = text(path).indexOf(old);
        if (start < 0) {
            fail("%s has no %s".formatted(path, old));
        }
        Range range = new Range(position(path, start), position(path, start + old.length()));
        change(path, List.of(new TextEdit(range, text)));
    }

    /// Writes a text in the place of all, as one edit, and returns where its `|` was.
    Position write(String path, String textWithCursor) {
        int cursor = textWithCursor.indexOf('|');
        String text = cursor < 0 ? textWithCursor : textWithCursor.replaceFirst("\\|", "");
        Range all = new Range(new Position(0, 0), position(path, text(path).length()));
        change(path, List.of(new TextEdit(all, text)));
        return position(path, Math.max(0, cursor));
    }

    /// Makes edits that the server proposed, all against the text as it is now.
    void change(String path, List<? extends TextEdit> edits) {
        Source source = source(path);
        List<TextEdit> backwards = new ArrayList<>(edits);
        backwards.sort(
                (a, b) ->
                        Integer.compare(
                                Places.offset(source, b.getRange().getStart()),
                                Places.offset(source, a.getRange().getStart())));
        StringBuilder text = new StringBuilder(source.text());
        List<TextDocumentContentChangeEvent> changes = new ArrayList<>();
        for (TextEdit edit : backwards) {
            text.replace(
                    Places.offset(source, edit.getRange().getStart()),
                    Places.offset(source, edit.getRange().getEnd()),
                    edit.getNewText());
            changes.add(new TextDocumentContentChangeEvent(edit.getRange(), edit.getNewText()));
        }
        documents.put(path, new Source(path, text.toString()));
        int version = versions.merge(path, 1, Integer::sum);
        server.getTextDocumentService()
                .didChange(
                        new DidChangeTextDocumentParams(
                                new VersionedTextDocumentIdentifier(uri(path), version), changes));
    }

    /// Sets what authors can set.
    void set(Map<String, Object> settings) {
        server.getWorkspaceService()
                .didChangeConfiguration(new DidChangeConfigurationParams(settings));
    }

    void close(String path) {
        documents.remove(path);
        versions.remove(path);
        server.getTextDocumentService().didClose(new DidCloseTextDocumentParams(id(path)));
    }

    Position position(String path, int offset) {
        return Places.position(source(path), offset);
    }

    /// Returns where a text begins that stands in a document.
    Position at(String path, String text) {
        int offset = text(path).indexOf(text);
        return offset < 0 ? fail("%s has no %s".formatted(path, text)) : position(path, offset);
    }

    // ── What the author sees ─────────────────────────────────────────────────────────────────

    /// Waits until the server has said of the newest text of a document what is asked.
    List<Diagnostic> diagnostics(String path, Predicate<List<Diagnostic>> wanted)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        synchronized (published) {
            while (true) {
                PublishDiagnosticsParams last = published.get(uri(path));
                Integer version = versions.get(path);
                boolean newest =
                        last != null && (version == null || version.equals(last.getVersion()));
                if (last != null && newest && wanted.test(last.getDiagnostics())) {
                    return last.getDiagnostics();
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return fail("waited for other diagnostics of %s than %s".formatted(path, last));
                }
                published.wait(left);
            }
        }
    }

    /// Waits until a document has exactly these codes, in order.
    List<Diagnostic> codes(String path, String... codes) throws InterruptedException {
        return diagnostics(path, found -> codes(found).equals(List.of(codes)));
    }

    static List<String> codes(List<Diagnostic> diagnostics) {
        return diagnostics.stream().map(each -> each.getCode().getLeft()).toList();
    }

    /// Waits until the lenses of a document have exactly these titles, asking for them again
    /// whenever the server says so.
    List<? extends CodeLens> lenses(String path, String... titles) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (true) {
            int before;
            synchronized (published) {
                before = refreshed;
            }
            List<? extends CodeLens> lenses =
                    got(server.getTextDocumentService().codeLens(new CodeLensParams(id(path))));
            List<String> seen = lenses.stream().map(lens -> lens.getCommand().getTitle()).toList();
            if (seen.equals(List.of(titles))) {
                return lenses;
            }
            synchronized (published) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                while (refreshed == before && left > 0) {
                    published.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
                if (refreshed == before) {
                    fail("waited for other lenses of %s than %s".formatted(path, seen));
                }
            }
        }
    }

    /// Has the server carry out a command, and returns what it says of it.
    JsonElement command(String command, Object... arguments) throws Exception {
        return new Gson()
                .toJsonTree(
                        got(
                                server.getWorkspaceService()
                                        .executeCommand(
                                                new ExecuteCommandParams(
                                                        command, List.of(arguments)))));
    }

    /// Returns the documents that the server had the editor show.
    List<ShowDocumentParams> shown() {
        synchronized (published) {
            return List.copyOf(shown);
        }
    }

    List<String> messages() {
        synchronized (published) {
            return List.copyOf(messages);
        }
    }

    /// Waits for an answer.
    static <T> T got(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    @Override
    public void publishDiagnostics(PublishDiagnosticsParams params) {
        synchronized (published) {
            published.put(params.getUri(), params);
            published.notifyAll();
        }
    }

    @Override
    public void telemetryEvent(Object object) {}

    @Override
    public void showMessage(MessageParams params) {
        synchronized (published) {
            messages.add(params.getMessage());
            published.notifyAll();
        }
    }

    @Override
    public CompletableFuture<ShowDocumentResult> showDocument(ShowDocumentParams params) {
        synchronized (published) {
            shown.add(params);
        }
        return CompletableFuture.completedFuture(new ShowDocumentResult(true));
    }

    @Override
    public CompletableFuture<Void> refreshCodeLenses() {
        synchronized (published) {
            refreshed++;
            published.notifyAll();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<MessageActionItem> showMessageRequest(
            ShowMessageRequestParams params) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }

    @Override
    public void logMessage(MessageParams params) {}

    @Override
    public void close() {
        if (process.isAlive()) {
            server.shutdown().orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
            server.exit();
        }
        try {
            process.onExit().orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join();
        } finally {
            process.destroyForcibly();
            listening.cancel(true);
        }
    }
}
