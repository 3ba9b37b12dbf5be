package dev.writ.server.live;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder in which one gateway keeps what must outlive it. It is locked while it is open.
public final class DataFolder implements AutoCloseable {
    /// The file that holds the token of the management address.
    public static final String TOKEN_FILE = "admin.token";

    private static final int TOKEN_BYTES = 32;

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
    public Path folder(String name) throws IOException {
        Path folder = path.resolve(name);
        createPrivate(folder);
        return folder;
    }

    /// Returns the token that management calls must bring: the one that lies in [#TOKEN_FILE], or a
    /// new random one that is put there for this user alone.
    public String managementToken() throws IOException {
        Path file = path.resolve(TOKEN_FILE);
        if (Files.exists(file)) {
            String token = Files.readString(file).strip();
            if (token.isEmpty()) {
                throw new IOException("%s is empty; delete it for a new token".formatted(file));
            }
            return token;
        }
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path unfinished = path.resolve(TOKEN_FILE + ".unfinished");
        Files.deleteIfExists(unfinished);
        if (isPosix(path)) {
            Files.createFile(unfinished, forOwner("rw-------"));
        }
        Files.writeString(unfinished, token + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return token;
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
        if (isPosix(folder)) {
            Files.createDirectories(folder, forOwner("rwx------"));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<Set<PosixFilePermission>> forOwner(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process has it open already
        }
    }
}
