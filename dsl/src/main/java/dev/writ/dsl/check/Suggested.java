package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Suggestions;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

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
        String nearest = Suggestions.nearest(word, known);
        if (nearest != null) {
            return diagnostic.hint("Did you mean `%s`?".formatted(nearest));
        }
        return known.isEmpty()
                ? diagnostic.hint("There is no %s here.".formatted(noun))
                : diagnostic.hint(
                        "%s: %s."
                                .formatted(
                                        known.size() == 1
                                                ? "The only %s here".formatted(noun)
                                                : "To choose from",
                                        listed(known)));
    }

    /// Returns the first names in back quotes, and how many more there are.
    static String listed(Collection<String> names) {
        String first =
                names.stream()
                        .limit(Limits.LISTED_NAMES_MAX)
                        .map("`%s`"::formatted)
                        .collect(Collectors.joining(", "));
        int more = names.size() - Limits.LISTED_NAMES_MAX;
        return more > 0 ? String.format(Locale.ROOT, "%s and %d more", first, more) : first;
    }
}
