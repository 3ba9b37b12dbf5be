package dev.writ.cli.lsp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.writ.dsl.policy.Vocabulary;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.CodeActionOptions;
import org.eclipse.lsp4j.CodeLensOptions;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.DidChangeWatchedFilesRegistrationOptions;
import org.eclipse.lsp4j.ExecuteCommandOptions;
import org.eclipse.lsp4j.FileSystemWatcher;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.InitializedParams;
import org.eclipse.lsp4j.Registration;
import org.eclipse.lsp4j.RegistrationParams;
import org.eclipse.lsp4j.RenameOptions;
import org.eclipse.lsp4j.SaveOptions;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.TextDocumentSyncOptions;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.WorkspaceFoldersOptions;
import org.eclipse.lsp4j.WorkspaceServerCapabilities;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageClientAware;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;
import org.jspecify.annotations.Nullable;

/// A language server for policies.
///
/// Source: Microsoft, Language Server Protocol Specification 3.17.
public final class PolicyServer implements LanguageServer, LanguageClientAware {
    private final Workspace workspace;
    private final Documents documents;
    private final Commands commands;
    private final WorkspaceEvents events;
    private final String version;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private @Nullable LanguageClient client;
    private boolean watches;
    private volatile boolean shutDown;

    private PolicyServer(Vocabulary vocabulary, String version) {
        this.workspace = new Workspace(vocabulary);
        this.documents = new Documents(workspace);
        this.commands = new Commands(workspace);
        this.events = new WorkspaceEvents(workspace, commands);
        this.version = version;
    }

    /// Serves one editor until it says `exit` or is gone.
    ///
    /// @param version of Writ
    /// @return whether the editor had asked to shut down before
    public static boolean serve(
            Vocabulary vocabulary, String version, InputStream in, OutputStream out)
            throws InterruptedException {
        PolicyServer server = new PolicyServer(vocabulary, version);
        ExecutorService threads =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().daemon().name("writ-lsp-in-", 0).factory());
        Launcher<LanguageClient> launcher =
                LSPLauncher.createServerLauncher(server, in, out, threads, consumer -> consumer);
        server.connect(launcher.getRemoteProxy());
        Future<Void> listening = launcher.startListening();
        Thread.ofVirtual().name("writ-lsp-end").start(() -> server.waitFor(listening));
        try {
            return server.ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            server.workspace.close();
            server.commands.close();
            threads.shutdownNow();
        }
    }

    /// An editor that is gone says nothing any more: its side of the pipe is closed.
    private void waitFor(Future<Void> listening) {
        try {
            listening.get();
        } catch (InterruptedException | ExecutionException _) {
            // It ended, which is all that is asked here.
        }
        ended.complete(shutDown);
    }

    @Override
    public void connect(LanguageClient to) {
        client = to;
        workspace.connect(to);
    }

    @Override
    public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
        ClientCapabilities can = params.getCapabilities();
        documents.useSnippets(hasSnippets(can));
        watches = canWatch(can);
        LanguageClient to = client;
        if (to != null) {
            commands.connect(to, showsDocuments(can));
        }
        workspace.refreshesLenses(refreshesLenses(can));
        workspace.configure(params.getInitializationOptions());
        workspace.folders(roots(params), List.of());
        return CompletableFuture.completedFuture(
                new InitializeResult(capabilities(), new ServerInfo("writ", version)));
    }

    /// Returns the folders that are policies: those of the workspace, or where the option
    /// `policies` names folders below them, only these.
    private static List<Path> roots(InitializeParams params) {
        List<WorkspaceFolder> folders = params.getWorkspaceFolders();
        List<Path> roots = new ArrayList<>();
        if (folders != null) {
            roots.addAll(WorkspaceEvents.paths(folders));
        }
        if (params.getInitializationOptions() instanceof JsonObject options
                && options.get("policies") instanceof JsonArray named
                && !named.isEmpty()) {
            List<Path> below = new ArrayList<>();
            for (Path root : roots) {
                for (JsonElement each : named) {
                    Path folder = root.resolve(each.getAsString()).normalize();
                    if (folder.startsWith(root)) {
                        below.add(folder);
                    }
                }
            }
            return below;
        }
        return roots;
    }

    private static boolean hasSnippets(@Nullable ClientCapabilities can) {
        return can != null
                && can.getTextDocument() != null
                && can.getTextDocument().getCompletion() != null
                && can.getTextDocument().getCompletion().getCompletionItem() != null
                && Boolean.TRUE.equals(
                        can.getTextDocument()
                                .getCompletion()
                                .getCompletionItem()
                                .getSnippetSupport());
    }

    private static boolean showsDocuments(@Nullable ClientCapabilities can) {
        return can != null
                && can.getWindow() != null
                && can.getWindow().getShowDocument() != null
                && can.getWindow().getShowDocument().isSupport();
    }

    private static boolean refreshesLenses(@Nullable ClientCapabilities can) {
        return can != null
                && can.getWorkspace() != null
                && can.getWorkspace().getCodeLens() != null
                && Boolean.TRUE.equals(can.getWorkspace().getCodeLens().getRefreshSupport());
    }

    private static boolean canWatch(@Nullable ClientCapabilities can) {
        return can != null
                && can.getWorkspace() != null
                && can.getWorkspace().getDidChangeWatchedFiles() != null
                && Boolean.TRUE.equals(
                        can.getWorkspace().getDidChangeWatchedFiles().getDynamicRegistration());
    }

    private static ServerCapabilities capabilities() {
        ServerCapabilities capabilities = new ServerCapabilities();
        TextDocumentSyncOptions sync = new TextDocumentSyncOptions();
        sync.setOpenClose(true);
        sync.setChange(TextDocumentSyncKind.Incremental);
        sync.setSave(new SaveOptions(false));
        capabilities.setTextDocumentSync(sync);
        capabilities.setCompletionProvider(
                new CompletionOptions(false, List.of(".", " ", "\"", "`")));
        capabilities.setHoverProvider(true);
        capabilities.setDefinitionProvider(true);
        capabilities.setReferencesProvider(true);
        capabilities.setRenameProvider(new RenameOptions(true));
        capabilities.setDocumentSymbolProvider(true);
        capabilities.setFoldingRangeProvider(true);
        capabilities.setInlayHintProvider(true);
        capabilities.setCodeLensProvider(new CodeLensOptions(false));
        capabilities.setCodeActionProvider(new CodeActionOptions(List.of(CodeActionKind.QuickFix)));
        capabilities.setExecuteCommandProvider(new ExecuteCommandOptions(Commands.ALL));
        capabilities.setDocumentFormattingProvider(true);
        capabilities.setDocumentRangeFormattingProvider(true);
        WorkspaceFoldersOptions folders = new WorkspaceFoldersOptions();
        folders.setSupported(true);
        folders.setChangeNotifications(true);
        capabilities.setWorkspace(new WorkspaceServerCapabilities(folders));
        return capabilities;
    }

    @Override
    public void initialized(InitializedParams params) {
        LanguageClient to = client;
        if (watches && to != null) {
            DidChangeWatchedFilesRegistrationOptions options =
                    new DidChangeWatchedFilesRegistrationOptions(
                            List.of(new FileSystemWatcher(Either.forLeft("**/*.writ"))));
            CompletableFuture<Void> registered =
                    to.registerCapability(
                            new RegistrationParams(
                                    List.of(
                                            new Registration(
                                                    "writ-files",
                                                    "workspace/didChangeWatchedFiles",
                                                    options))));
            registered.exceptionally(_ -> null); // then files are read again when one is saved
        }
    }

    @Override
    public CompletableFuture<Object> shutdown() {
        shutDown = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void exit() {
        ended.complete(shutDown);
    }

    @Override
    public TextDocumentService getTextDocumentService() {
        return documents;
    }

    @Override
    public WorkspaceService getWorkspaceService() {
        return events;
    }
}
