package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.util.List;

/// `name`, or `alias.name` for what another file declares.
///
/// @param parts at least one
public record QualifiedName(Span span, List<Name> parts) {
    public QualifiedName {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a qualified name needs a part");
        }
    }
}
