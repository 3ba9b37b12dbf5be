package dev.writ.dsl.format;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.util.List;

/// What came of formatting a file.
public sealed interface Formatted {
    /// The file, laid out; the same as before where it was laid out so already.
    record Text(String text) implements Formatted {}

    /// The file has mistakes of form, so nobody can tell where its statements end.
    ///
    /// @param diagnostics with at least one error
    record Unreadable(List<Diagnostic> diagnostics) implements Formatted {
        public Unreadable {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
