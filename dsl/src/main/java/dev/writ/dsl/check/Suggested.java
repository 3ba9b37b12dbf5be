package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Suggestions;
import java.util.Collection;

/// The hint of a message about a word that is not known: the nearest one that is, or what there is.
final class Suggested {
    private Suggested() {}

    /// Returns the diagnostic with the hint.
    ///
    /// @param word as the author wrote it
    /// @param known what could have been meant, in the order to list it
    /// @param noun what the known ones are, such as `model`
    static Diagnostic hint(
            Diagnostic diagnostic, String word, Collection<String> known, String noun) {
        return Suggestions.hint(diagnostic, word, known, noun);
    }

    /// Returns the first names in back quotes, and how many more there are.
    static String listed(Collection<String> names) {
        return Suggestions.listed(names);
    }
}
