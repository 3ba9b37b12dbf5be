package dev.writ.cli.importing;

import java.util.List;
import java.util.Map;

/// What came of a configuration.
///
/// @param policy laid out
/// @param notes what the policy does not say
/// @param remarks what it says, but deserves a look
/// @param keys of teams, by name: they stand nowhere else, and the policy has their digests only
public record Imported(
        String policy, List<Note> notes, List<String> remarks, Map<String, String> keys) {
    public Imported {
        notes = List.copyOf(notes);
        remarks = List.copyOf(remarks);
        keys = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(keys));
    }

    /// Something of a file that no policy says.
    ///
    /// @param path the keys that lead to it
    public record Note(String path, int line, String why) {
        @Override
        public String toString() {
            return "%s (line %d): %s".formatted(path, line, why);
        }
    }
}
