package dev.writ.dsl.syntax;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A policy file, read.
///
/// @param header null where it is missing, which `diagnostics` says
/// @param items in the order of the file, without those that could not be read at all
/// @param diagnostics what is wrong with the form of the file
public record ParsedFile(
        Source source, @Nullable Header header, List<Item> items, List<Diagnostic> diagnostics) {
    public ParsedFile {
        items = List.copyOf(items);
        diagnostics = List.copyOf(diagnostics);
    }

    /// `policy "name" language 1`.
    public record Header(Span span, Literal.Text name, Literal.Quantity language) {}
}
