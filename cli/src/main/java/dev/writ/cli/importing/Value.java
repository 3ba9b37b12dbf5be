package dev.writ.cli.importing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of a configuration file, and where it stands.
sealed interface Value {
    /// Returns its line, counted from 1.
    int line();

    /// A text, a number, yes or no, or nothing.
    ///
    /// @param quoted whether it is surely a text
    record Scalar(int line, String text, boolean quoted) implements Value {}

    /// Several values.
    record Items(int line, List<Value> values) implements Value {
        public Items {
            values = List.copyOf(values);
        }
    }

    /// Values by their keys.
    ///
    /// @param entries in the order of the file
    record Keyed(int line, Map<String, Entry> entries) implements Value {
        public Keyed {
            entries = new LinkedHashMap<>(entries);
        }
    }

    /// A value and the line of its key.
    record Entry(int line, Value value) {}
}
