package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Suggestions;
import dev.writ.dsl.parse.Spelling;
import java.util.Collection;

/// The hint of a message about a word that is not known: the nearest one that is, or what there is.
final class Suggested {
    private Suggested() {}

    /// Returns the diagnostic with the hint, and with the fix where one is near.
    ///
    /// @param word as the author wrote it
    /// @param known names that could have been meant, in the order to list them
    /// @param noun what the known ones are, such as `model`
    static Diagnostic hint(
            Diagnostic diagnostic, String word, Collection<String> known, String noun) {
        String nearest = Suggestions.nearest(word, known);
        boolean inText = diagnostic.primary().span().text().startsWith("\"");
        return nearest == null || inText
                ? Suggestions.hint(diagnostic, word, known, noun)
                : Suggestions.meant(diagnostic, nearest, written(nearest));
    }

    /// Returns a name, an attribute, or both halves of a label as they stand in a condition.
    private static String written(String name) {
        int halves = name.indexOf(Labels.HALVES);
        if (halves > 0) {
            return Spelling.name(name.substring(0, halves))
                    + "."
                    + Spelling.name(name.substring(halves + 1));
        }
        return name.indexOf('.') > 0 && Spelling.canBeName(name.replace('.', 'x'))
                ? name
                : Spelling.name(name);
    }

    /// Returns the diagnostic with the hint, for words that need no quotes where they stand.
    static Diagnostic word(
            Diagnostic diagnostic, String word, Collection<String> known, String noun) {
        return Suggestions.hint(diagnostic, word, known, noun);
    }

    /// Returns the first names in back quotes, and how many more there are.
    static String listed(Collection<String> names) {
        return Suggestions.listed(names);
    }
}
