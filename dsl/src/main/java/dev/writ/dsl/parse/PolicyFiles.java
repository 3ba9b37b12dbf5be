package dev.writ.dsl.parse;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.syntax.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Policy files as trees: a file with what it uses, or a folder with every policy file below it.
///
/// A file that is used but not there is left out; the checker says so where it is used.
public final class PolicyFiles {
    /// The most files of one tree.
    public static final int FILES_MAX = 1000;

    /// The largest file, in bytes.
    public static final int FILE_BYTES_MAX = 1024 * 1024;

    /// The most text of one tree, in bytes.
    public static final int TREE_BYTES_MAX = 16 * 1024 * 1024;

    /// The most folders that are looked into.
    public static final int FOLDERS_MAX = 10_000;

    private static final String EXTENSION = ".writ";

    /// The files that stand for a folder in messages, the first that is there.
    private static final List<String> ENTRIES = List.of("policy.writ", "main.writ");

    private PolicyFiles() {}

    /// Reads a policy from disk.
    ///
    /// Of a folder, every `*.writ` below it is read, without folders whose name begins with a dot.
    /// Links are followed only to files in the same folder. Of a file, what it uses is read too,
    /// as far as it lies in the file's folder or below.
    ///
    /// @throws NoSuchFileException if there is neither a file nor a folder
    /// @throws IOException if something cannot be read, is too much, or is not UTF-8; the message
    ///     is for people
    public static SourceTree load(Path fileOrFolder) throws IOException {
        if (!Files.exists(fileOrFolder)) {
            throw new NoSuchFileException(fileOrFolder.toString());
        }
        if (Files.isDirectory(fileOrFolder)) {
            return loadFolder(fileOrFolder);
        }
        Path absolute = fileOrFolder.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        Path name = absolute.getFileName();
        if (folder == null || name == null) {
            throw new IOException("%s is not a file".formatted(fileOrFolder));
        }
        Path realFolder = folder.toRealPath();
        Room room = new Room(name.toString());
        return withUsed(
                name.toString(),
                FILES_MAX,
                path -> {
                    Path file = folder.resolve(path);
                    boolean entry = path.equals(name.toString());
                    return entry || (Files.isRegularFile(file) && isWithin(realFolder, file))
                            ? read(file, path, room)
                            : null;
                });
    }

    /// Builds a tree from texts by their paths, with `/` between folders.
    ///
    /// @param entry a path of the map, for that file with what it uses; or a folder, for every
    ///     `*.writ` below it, where the empty text is the root
    public static SourceTree of(String entry, Map<String, String> pathToText) {
        if (pathToText.containsKey(entry)) {
            String folder = folderOf(entry);
            try {
                return withUsed(
                        entry.substring(folder.length()),
                        Integer.MAX_VALUE,
                        path -> pathToText.get(folder + path));
            } catch (IOException e) {
                throw new AssertionError("a map is read without input", e);
            }
        }
        String folder = entry.isEmpty() || entry.endsWith("/") ? entry : entry + "/";
        NavigableMap<String, String> below = new TreeMap<>();
        pathToText.forEach(
                (path, text) -> {
                    if (path.startsWith(folder) && path.endsWith(EXTENSION)) {
                        below.put(path.substring(folder.length()), text);
                    }
                });
        return tree(below);
    }

    private static SourceTree loadFolder(Path folder) throws IOException {
        Path real = folder.toRealPath();
        NavigableMap<String, String> texts = new TreeMap<>();
        Room room = new Room(folder.toString());
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    private int folders;

                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path below, BasicFileAttributes attributes) throws IOException {
                        if (!below.equals(folder)
                                && below.getFileName().toString().startsWith(".")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        if (++folders > FOLDERS_MAX) {
                            throw new IOException(
                                    "%s has more than %d folders".formatted(folder, FOLDERS_MAX));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (!isPolicy(file)) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (attributes.isSymbolicLink() && !isWithin(real, file)) {
                            throw new IOException(
                                    "%s is a link that leads out of %s".formatted(file, folder));
                        }
                        if (texts.size() == FILES_MAX) {
                            throw new IOException(
                                    "%s has more than %d policy files"
                                            .formatted(folder, FILES_MAX));
                        }
                        String path = folder.relativize(file).toString();
                        path = path.replace(file.getFileSystem().getSeparator(), "/");
                        texts.put(path, read(file, path, room));
                        return FileVisitResult.CONTINUE;
                    }
                });
        if (texts.isEmpty()) {
            throw new IOException("%s has no %s file".formatted(folder, EXTENSION));
        }
        return tree(texts);
    }

    /// Tells whether a folder holds a policy file that [#load] would read, itself or below.
    ///
    /// @throws IOException if it cannot be looked into
    public static boolean hasAny(Path folder) throws IOException {
        try (Stream<Path> files =
                Files.find(folder, Integer.MAX_VALUE, (file, _) -> isPolicy(file))) {
            return files.anyMatch(file -> !isHidden(folder.relativize(file)));
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
    }

    private static boolean isHidden(Path below) {
        for (Path part : below) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPolicy(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(EXTENSION)
                && !name.startsWith(".")
                && (Files.isRegularFile(file)
                        || (Files.isSymbolicLink(file) && !Files.isDirectory(file)));
    }

    /// Tells whether a file lies below a folder, links followed.
    private static boolean isWithin(Path realFolder, Path file) throws IOException {
        return file.toRealPath().startsWith(realFolder);
    }

    /// Reads one file from a stream, without what it uses.
    ///
    /// @param path what people call it
    /// @throws IOException if it cannot be read, is too large, or is not UTF-8; the message is for
    ///     people
    public static Source read(InputStream in, String path) throws IOException {
        return new Source(path, text(in, path, new Room(path)));
    }

    private static String read(Path file, String path, Room room) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return text(in, path, room);
        }
    }

    private static String text(InputStream in, String path, Room room) throws IOException {
        byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
        if (bytes.length > FILE_BYTES_MAX) {
            throw new IOException(
                    "%s is larger than %d MB; split it, and name the parts with `use`"
                            .formatted(path, FILE_BYTES_MAX / (1024 * 1024)));
        }
        room.take(bytes.length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("%s is not UTF-8 text".formatted(path), e);
        }
    }

    private static SourceTree tree(NavigableMap<String, String> texts) {
        List<Source> sources = new ArrayList<>();
        texts.forEach((path, text) -> sources.add(new Source(path, text)));
        String entry =
                ENTRIES.stream()
                        .filter(texts::containsKey)
                        .findFirst()
                        .orElse(texts.isEmpty() ? "" : texts.firstKey());
        return new SourceTree(entry, sources);
    }

    /// How much more text a tree may hold.
    private static final class Room {
        private final String tree;
        private int bytes = TREE_BYTES_MAX;

        /// @param tree what people call it
        Room(String tree) {
            this.tree = tree;
        }

        void take(int taken) throws IOException {
            bytes -= taken;
            if (bytes < 0) {
                throw new IOException(
                        "%s holds more than %d MB of policies"
                                .formatted(tree, TREE_BYTES_MAX / (1024 * 1024)));
            }
        }
    }

    /// Where texts come from.
    private interface Texts {
        /// Returns the text of a path, or null if there is none.
        @Nullable String text(String path) throws IOException;
    }

    private static SourceTree withUsed(String entry, int filesMax, Texts texts) throws IOException {
        NavigableMap<String, Source> found = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(entry));
        while (!open.isEmpty()) {
            String path = open.remove();
            if (found.containsKey(path)) {
                continue;
            }
            String text = texts.text(path);
            if (text == null) {
                continue;
            }
            if (found.size() == filesMax) {
                throw new IOException("%s uses more than %d files".formatted(entry, filesMax));
            }
            Source source = new Source(path, text);
            found.put(path, source);
            for (Item item : PolicyParser.parse(source).items()) {
                if (item instanceof Item.Use use) {
                    String used = resolve(path, use.file().value());
                    if (used != null) {
                        open.add(used);
                    }
                }
            }
        }
        return new SourceTree(entry, List.copyOf(found.values()));
    }

    /// Returns the path in the tree that a `use` in a file means.
    ///
    /// @param from the path of the file
    /// @param used what it names, relative to its folder
    /// @return null if that is not in the tree's folder or below it
    public static @Nullable String resolve(String from, String used) {
        if (used.isEmpty() || used.startsWith("/") || used.indexOf('\\') >= 0) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (String part : (folderOf(from) + used).split("/", -1)) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return null;
                }
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    /// Returns how the file `from` writes the path `to` of the tree.
    public static String relative(String from, String to) {
        String[] a = from.split("/", -1);
        String[] b = to.split("/", -1);
        int same = 0;
        while (same < a.length - 1 && same < b.length - 1 && a[same].equals(b[same])) {
            same++;
        }
        List<String> parts = new ArrayList<>();
        for (int i = same; i < a.length - 1; i++) {
            parts.add("..");
        }
        for (int i = same; i < b.length; i++) {
            parts.add(b[i]);
        }
        return String.join("/", parts);
    }

    /// Returns the folder of a path with a `/` at its end, or the empty text for the root.
    private static String folderOf(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }
}
