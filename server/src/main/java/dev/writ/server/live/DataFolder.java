package dev.writ.server.live;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The folder in which one gateway keeps what must outlive it. It is locked while it is open.
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /// Returns where it lies if nobody says: `$XDG_STATE_HOME/writ`, else `~/.local/state/writ`.
    ///
    /// @param environment of the process
    /// @param home of the user
    public static Path defaultPath(Map<String, String> environment, String home) {
        String state = environment.get("XDG_STATE_HOME");
        return state != null && Path.of(state).isAbsolute()
                ? Path.of(state, "writ")
                : Path.of(home, ".local", "state", "writ");
    }

    /// Opens the folder, creating it for this user alone.
    ///
    /// @throws IOException with a sentence for people, also if another gateway has it open
    public static DataFolder open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        createPrivate(absolute);
        Path lock = absolute.resolve("lock");
        FileChannel channel =
                FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new IOException("another gateway uses the data folder %s".formatted(absolute));
        }
        return new DataFolder(absolute, channel);
    }

    /// Returns where it lies.
    public Path path() {
        return path;
    }

    /// Returns a folder inside it, created for this user alone.
    Path folder(String name) throws IOException {
        Path folder = path.resolve(name);
        createPrivate(folder);
        return folder;
    }

    /// Lets another process open it.
    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static void createPrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process has it open already
        }
    }
}
