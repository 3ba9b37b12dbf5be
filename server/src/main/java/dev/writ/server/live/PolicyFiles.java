package dev.writ.server.live;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Policy files as trees.
final class PolicyFiles {
    private PolicyFiles() {}

    static SourceTree load(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        Map<String, String> files = new TreeMap<>();
        if (Files.isRegularFile(path)) {
            files.put(path.getFileName().toString(), Files.readString(path));
            return of(path.getFileName().toString(), files);
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".writ")).toList()) {
                files.put(
                        path.relativize(file).toString().replace('\\', '/'),
                        Files.readString(file));
            }
        }
        return of("", files);
    }

    static SourceTree of(String entry, Map<String, String> files) {
        List<Source> sources = new ArrayList<>();
        files.forEach((path, text) -> sources.add(new Source(path, text)));
        return new SourceTree(
                entry.isEmpty() && !sources.isEmpty() ? sources.getFirst().path() : entry, sources);
    }
}
