package dev.writ.dsl.assist;

import dev.writ.dsl.source.Span;

/// Something that an author could write at a place.
///
/// @param label what it is called in a list
/// @param detail a few words beside it: a type, a unit, a price
/// @param documentation what it means; may be empty
/// @param span what it takes the place of
/// @param text what is written
/// @param snippet the same with stops for the cursor, as `${1:name}`; equal to `text` where there
///     are none
public record Completion(
        Sort sort,
        String label,
        String detail,
        String documentation,
        Span span,
        String text,
        String snippet) {
    /// What sort of thing it is.
    public enum Sort {
        /// A declaration or a property with everything that belongs to it.
        PIECE,
        KEYWORD,
        /// A declared name.
        NAME,
        ATTRIBUTE,
        /// A word of a closed set.
        LABEL,
        UNIT,
        FILE
    }

    static Completion plain(Sort sort, String label, String detail, Span span) {
        return new Completion(sort, label, detail, "", span, label, escaped(label));
    }

    Completion documented(String text) {
        return new Completion(sort, label, detail, text, span, this.text, snippet);
    }

    Completion written(String written) {
        return new Completion(sort, label, detail, documentation, span, written, escaped(written));
    }

    /// Returns a text as it stands in a snippet.
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}");
    }
}
