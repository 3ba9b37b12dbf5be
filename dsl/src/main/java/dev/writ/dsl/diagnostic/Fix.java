package dev.writ.dsl.diagnostic;

import dev.writ.dsl.source.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A change that an author may want, so that a diagnostic goes away.
///
/// @param title what it does, as a command of a few words, such as ``Change to `chat` ``
/// @param edits at least one; none touches another
/// @param automatic whether it can be made without asking, because the policy means the same
///     afterwards
public record Fix(String title, List<Edit> edits, boolean automatic) {
    public Fix {
        edits = List.copyOf(edits);
        if (edits.isEmpty()) {
            throw new IllegalArgumentException("a fix needs an edit");
        }
    }

    /// One that the author chooses.
    public Fix(String title, List<Edit> edits) {
        this(title, edits, false);
    }

    /// Returns the text of a file with those edits made that belong to it.
    public static String apply(Source source, List<Edit> edits) {
        List<Edit> backwards = new ArrayList<>(edits);
        backwards.removeIf(edit -> edit.span().source() != source);
        backwards.sort(Comparator.comparingInt((Edit edit) -> edit.span().start()).reversed());
        StringBuilder text = new StringBuilder(source.text());
        for (Edit edit : backwards) {
            text.replace(edit.span().start(), edit.span().end(), edit.text());
        }
        return text.toString();
    }
}
