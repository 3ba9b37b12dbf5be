package dev.writ.cli.lsp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.DidChangeWorkspaceFoldersParams;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.services.WorkspaceService;

/// What an editor says of folders and files, and has done.
final class WorkspaceEvents implements WorkspaceService {
    private final Workspace workspace;
    private final Commands commands;

    WorkspaceEvents(Workspace workspace, Commands commands) {
        this.workspace = workspace;
        this.commands = commands;
    }

    @Override
    public CompletableFuture<Object> executeCommand(ExecuteCommandParams params) {
        return commands.execute(params.getCommand(), params.getArguments());
    }

    @Override
    public void didChangeConfiguration(DidChangeConfigurationParams params) {
        workspace.configure(params.getSettings());
    }

    @Override
    public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
        workspace.reload();
    }

    @Override
    public void didChangeWorkspaceFolders(DidChangeWorkspaceFoldersParams params) {
        workspace.folders(
                paths(params.getEvent().getAdded()), paths(params.getEvent().getRemoved()));
    }

    static List<Path> paths(List<WorkspaceFolder> folders) {
        List<Path> paths = new ArrayList<>();
        for (WorkspaceFolder folder : folders) {
            Path path = PolicyRoot.file(folder.getUri());
            if (path != null) {
                paths.add(path);
            }
        }
        return paths;
    }
}
