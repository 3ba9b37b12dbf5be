package dev.writ.dsl.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A text with holes that facts of the request fill.
///
/// No hole is filled with a text that clients write: what stands around it would become theirs.
public record Template(List<Part> parts) {
    public Template {
        parts = List.copyOf(parts);
    }

    /// A stretch of a template.
    public sealed interface Part {
        /// Text that stays as it is.
        record Fixed(String text) implements Part {}

        /// `{team}`, `{user else someone}`.
        ///
        /// @param fact a label, a number or a yes or no
        /// @param fallback what stands there for a request without it; null for facts that every
        ///     request has
        record Hole(Fact fact, @Nullable String fallback) implements Part {}
    }
}
