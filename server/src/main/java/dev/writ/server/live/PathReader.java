package dev.writ.server.live;

import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads a policy file or folder and watches the folders that it lies in.
///
/// A change is taken when nothing has changed for a moment, so that an editor that writes in
/// steps is read once. The system may drop events, or have none to give (network file systems):
/// the text is looked at from time to time anyway.
final class PathReader implements OriginReader {
    /// Time without a change after which a change is taken.
    static final Duration QUIET = Duration.ofMillis(50);

    /// Longest time that one change after another can put off the reading.
    static final Duration RESTLESS_MAX = Duration.ofSeconds(1);

    /// Time after which the text is looked at without any event.
    static final Duration LOOK_ANYWAY = Duration.ofSeconds(5);

    /// How many folders are watched; what lies in others is seen by [#LOOK_ANYWAY].
    static final int WATCHED_MAX = 1000;

    private final Path path;
    private final @Nullable WatchService events;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Map<Path, WatchKey> watched = new HashMap<>();

    PathReader(Path path) {
        this.path = path;
        this.events = newEvents(path);
    }

    @Override
    public PolicySources read() throws OriginUnreadable {
        try {
            Path parent = path.getParent();
            Path top = Files.isDirectory(path) || parent == null ? path : parent;
            watch(Files.isDirectory(path) ? foldersBelow(path) : Set.of(top));
            SourceTree tree = PolicyFiles.load(path);
            if (!Files.isDirectory(path)) {
                Set<Path> folders = new HashSet<>();
                folders.add(top);
                for (Source source : tree.files()) {
                    Path folder = top.resolve(source.path()).getParent();
                    folders.add(folder == null ? top : folder.normalize());
                }
                watch(folders);
            }
            return new PolicySources(tree, null);
        } catch (NoSuchFileException e) {
            throw new OriginUnreadable("there is no %s".formatted(e.getFile()), e);
        } catch (IOException e) {
            throw new OriginUnreadable("%s cannot be read: %s".formatted(path, e.getMessage()), e);
        }
    }

    @Override
    public void awaitChange() throws InterruptedException {
        if (events == null) {
            if (closed.await(LOOK_ANYWAY.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("closed");
            }
            return;
        }
        try {
            WatchKey key = events.poll(LOOK_ANYWAY.toMillis(), TimeUnit.MILLISECONDS);
            long rounds = RESTLESS_MAX.dividedBy(QUIET);
            while (key != null) {
                key.pollEvents();
                key.reset();
                key = --rounds > 0 ? events.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS) : null;
            }
        } catch (ClosedWatchServiceException e) {
            InterruptedException closing = new InterruptedException("closed");
            closing.initCause(e);
            throw closing;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (events != null) {
            try {
                events.close();
            } catch (IOException e) {
                throw new IllegalStateException("the watch of %s did not end".formatted(path), e);
            }
        }
    }

    private void watch(Set<Path> folders) {
        if (events == null) {
            return;
        }
        Map<Path, WatchKey> next = new HashMap<>();
        for (Path folder : folders) {
            WatchKey known = watched.get(folder);
            try {
                // Registering again finds a folder that was replaced by one of the same name.
                next.put(
                        folder,
                        folder.register(
                                events,
                                StandardWatchEventKinds.ENTRY_CREATE,
                                StandardWatchEventKinds.ENTRY_MODIFY,
                                StandardWatchEventKinds.ENTRY_DELETE));
            } catch (IOException e) {
                if (known != null) {
                    known.cancel(); // gone; looking anyway finds it when it is back
                }
            }
        }
        watched.forEach(
                (folder, key) -> {
                    if (!next.containsKey(folder)) {
                        key.cancel();
                    }
                });
        watched = next;
    }

    private static Set<Path> foldersBelow(Path top) throws IOException {
        Set<Path> folders = new HashSet<>();
        Files.walkFileTree(
                top,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        if (!folder.equals(top)
                                && folder.getFileName().toString().startsWith(".")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        folders.add(folder);
                        return folders.size() < WATCHED_MAX
                                ? FileVisitResult.CONTINUE
                                : FileVisitResult.TERMINATE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE; // gone since it was listed
                    }
                });
        return folders;
    }

    private static @Nullable WatchService newEvents(Path path) {
        try {
            return path.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            System.getLogger("dev.writ.reload")
                    .log(
                            System.Logger.Level.WARNING,
                            "no file events ({0}); policies are looked at every {1}",
                            e.getMessage(),
                            LOOK_ANYWAY);
            return null;
        }
    }
}
