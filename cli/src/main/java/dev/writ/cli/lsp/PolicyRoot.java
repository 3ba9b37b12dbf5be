package dev.writ.cli.lsp;

import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the files of one policy come from.
sealed interface PolicyRoot {
    /// A folder with every policy file below it.
    record Folder(Path path) implements PolicyRoot {}

    /// A file with the files that it uses: one that is in no folder that the editor has opened.
    record File(Path path) implements PolicyRoot {}

    /// A text that is in no file yet.
    record Draft(String uri) implements PolicyRoot {}

    /// Returns what lies on disk; empty where there is nothing.
    ///
    /// @throws IOException if something cannot be read or is too much; the message is for people
    default List<Source> load() throws IOException {
        return switch (this) {
            case Folder(Path path) -> folder(path);
            case File(Path path) -> {
                try {
                    yield PolicyFiles.load(path).files();
                } catch (NoSuchFileException _) {
                    yield List.of();
                }
            }
            case Draft _ -> List.of();
        };
    }

    private static List<Source> folder(Path path) throws IOException {
        return Files.isDirectory(path) && PolicyFiles.hasAny(path)
                ? PolicyFiles.load(path).files()
                : List.of();
    }

    /// Returns the path in the policy of a document, or null if the document belongs to another.
    default @Nullable String path(String uri) {
        Path file = file(uri);
        return switch (this) {
            case Folder(Path folder) ->
                    file != null && file.startsWith(folder) && file.toString().endsWith(".writ")
                            ? slashes(folder.relativize(file))
                            : null;
            case File(Path own) -> {
                Path folder = own.getParent();
                yield file != null && folder != null && file.startsWith(folder)
                        ? slashes(folder.relativize(file))
                        : null;
            }
            case Draft(String draft) -> draft.equals(uri) ? name(draft) : null;
        };
    }

    /// Returns the address of a file of the policy, as the protocol wants it.
    default String uri(String path) {
        return switch (this) {
            case Folder(Path folder) -> folder.resolve(path).toUri().toString();
            case File(Path own) -> own.resolveSibling(path).toUri().toString();
            case Draft(String uri) -> uri;
        };
    }

    /// Returns the file of an address, or null if it is none.
    static @Nullable Path file(String uri) {
        try {
            URI parsed = URI.create(uri);
            return "file".equals(parsed.getScheme())
                    ? Path.of(parsed).toAbsolutePath().normalize()
                    : null;
        } catch (IllegalArgumentException | FileSystemNotFoundException _) {
            return null;
        }
    }

    private static String slashes(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static String name(String uri) {
        return uri.substring(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf(':')) + 1);
    }
}
