package dev.writ.server.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sources of the newest policy that served, kept on disk for each origin.
///
/// A file holds the SHA-256 of the rest in its first line, then JSON. It is written beside its
/// place, forced to disk and renamed, so that a reader finds the old one or the new one whole,
/// whenever the process was killed.
final class LastGood {
    /// How many origins are kept; the one written longest ago goes first.
    static final int ORIGINS_MAX = 16;

    private static final JsonFactory JSON = new JsonFactory();
    private static final String SUFFIX = ".policy";
    private static final String UNFINISHED = ".unfinished";

    private final Path folder;
    private final Path file;
    private final String origin;

    /// @param folder that holds nothing else; its data folder is locked
    LastGood(Path folder, String origin) {
        this.folder = folder;
        this.origin = origin;
        this.file = folder.resolve(Digests.hex(origin).substring(0, 32) + SUFFIX);
    }

    /// Keeps the sources in place of what was kept for the origin.
    void keep(PolicySources sources) throws IOException {
        byte[] json = write(sources);
        byte[] sum =
                HexFormat.of()
                        .formatHex(Digests.sha256().digest(json))
                        .getBytes(StandardCharsets.US_ASCII);
        Path unfinished = folder.resolve(file.getFileName() + UNFINISHED);
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            for (ByteBuffer part :
                    List.of(
                            ByteBuffer.wrap(sum),
                            ByteBuffer.wrap(new byte[] {'\n'}),
                            ByteBuffer.wrap(json))) {
                while (part.hasRemaining()) {
                    channel.write(part);
                }
            }
            channel.force(true);
        }
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        forceFolder();
        dropOldest();
    }

    /// Returns what was kept for the origin; null if there is nothing.
    ///
    /// @throws IOException if there is something that cannot be read or was changed
    @Nullable PolicySources find() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        int line = 64;
        if (bytes.length <= line || bytes[line] != '\n') {
            throw new IOException("%s is not a kept policy".formatted(file));
        }
        byte[] json = Arrays.copyOfRange(bytes, line + 1, bytes.length);
        String sum = new String(bytes, 0, line, StandardCharsets.US_ASCII);
        if (!sum.equals(HexFormat.of().formatHex(Digests.sha256().digest(json)))) {
            throw new IOException("%s was changed after it was written".formatted(file));
        }
        return read(json);
    }

    private byte[] write(PolicySources sources) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("origin", origin);
            if (sources.commit() != null) {
                json.writeStringField("commit", sources.commit());
            }
            json.writeStringField("entry", sources.tree().entry());
            json.writeObjectFieldStart("files");
            for (Source source : sources.tree().files()) {
                json.writeStringField(source.path(), source.text());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static PolicySources read(byte[] bytes) throws IOException {
        String commit = null;
        String entry = "";
        List<Source> files = new ArrayList<>();
        try (JsonParser json = JSON.createParser(bytes)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "commit" -> commit = json.getText();
                    case "entry" -> entry = json.getText();
                    case "files" -> {
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            String path = json.currentName();
                            json.nextToken();
                            files.add(new Source(path, json.getText()));
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }
        return new PolicySources(new SourceTree(entry, files), commit);
    }

    private void forceFolder() throws IOException {
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private void dropOldest() throws IOException {
        List<Path> kept;
        try (Stream<Path> files = Files.list(folder)) {
            kept =
                    files.filter(f -> f.toString().endsWith(SUFFIX) && !f.equals(file))
                            .sorted(Comparator.comparing(LastGood::modified).reversed())
                            .toList();
        }
        for (int i = ORIGINS_MAX - 1; i < kept.size(); i++) {
            Files.deleteIfExists(kept.get(i));
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
