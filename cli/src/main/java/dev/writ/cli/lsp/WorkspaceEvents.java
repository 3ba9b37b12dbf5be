package dev.writ.cli.lsp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.DidChangeWorkspaceFoldersParams;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.services.WorkspaceService;

/// What an editor says of folders and files.
final class WorkspaceEvents implements WorkspaceService {
    private final Workspace workspace;

    WorkspaceEvents(Workspace workspace) {
        this.workspace = workspace;
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
