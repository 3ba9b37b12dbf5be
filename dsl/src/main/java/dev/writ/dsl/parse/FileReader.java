package dev.writ.dsl.parse;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.HashMap;
import java.util.Map;

/// Reads files as [PolicyParser] does, each text once: for whoever reads a tree again and again
/// while one of its files changes.
///
/// Not for several threads at once.
public final class FileReader {
    private final Map<String, ParsedFile> read = new HashMap<>();

    /// Returns what a file says.
    public ParsedFile read(Source source) {
        ParsedFile known = read.get(source.path());
        if (known != null && known.source() == source) {
            return known;
        }
        ParsedFile parsed = PolicyParser.parse(source);
        read.put(source.path(), parsed);
        return parsed;
    }
}
