package dev.writ.dsl.diagnostic;

import dev.writ.dsl.source.Span;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an author may have meant by a word that nobody knows.
public final class Suggestions {
    /// Words beyond this length get no suggestion.
    static final int WORD_LENGTH_MAX = 80;

    /// Names that a message lists where none is near to the author's.
    static final int LISTED_MAX = 5;

    private Suggestions() {}

    /// Returns the candidate that differs least from the word, or null if none is near.
    ///
    /// Near: at most one letter in three is missing, added, changed or swapped with its
    /// neighbour; one in words of up to five letters. Case does not count. Of equally near ones
    /// the first is taken.
    public static @Nullable String nearest(String word, Collection<String> candidates) {
        if (word.length() > WORD_LENGTH_MAX) {
            return null;
        }
        String wanted = word.toLowerCase(Locale.ROOT);
        String nearest = null;
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : candidates) {
            if (Math.abs(candidate.length() - word.length()) < least) {
                int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
                // A change of every letter of `a` gives any other single letter.
                if (distance < least && distance < Math.max(word.length(), candidate.length())) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return nearest;
    }

    /// Adds to a diagnostic about a word what the author may have meant by it, or else what there
    /// is.
    ///
    /// @param known what could have been meant, in the order to list it
    /// @param noun what the known ones are, such as `model`
    public static Diagnostic hint(
            Diagnostic diagnostic, String word, Collection<String> known, String noun) {
        String nearest = nearest(word, known);
        if (nearest != null) {
            return meant(diagnostic, nearest, nearest);
        }
        return switch (known.size()) {
            case 0 -> diagnostic.hint("There is no %s here.".formatted(noun));
            case 1 -> diagnostic.hint("The only %s here: %s.".formatted(noun, listed(known)));
            default -> diagnostic.hint("To choose from: %s.".formatted(listed(known)));
        };
    }

    /// Adds what the author meant by the word at the caret, and the fix that writes it.
    ///
    /// @param shown what the author meant
    /// @param written how it is written there, without the quotes that the author may have used
    public static Diagnostic meant(Diagnostic diagnostic, String shown, String written) {
        Span word = diagnostic.primary().span();
        boolean quoted = word.text().startsWith("\"");
        return diagnostic
                .hint("Did you mean `%s`?".formatted(shown))
                .fix(
                        "Change to `%s`".formatted(shown),
                        word,
                        quoted ? "\"%s\"".formatted(written) : written);
    }

    /// Returns the first names in back quotes, and how many more there are.
    public static String listed(Collection<String> names) {
        String first =
                names.stream()
                        .limit(LISTED_MAX)
                        .map("`%s`"::formatted)
                        .collect(Collectors.joining(", "));
        int more = names.size() - LISTED_MAX;
        return more > 0 ? String.format(Locale.ROOT, "%s and %d more", first, more) : first;
    }

    /// Returns how many insertions, deletions, changes and swaps of neighbours lead from one to the
    /// other, no place being edited twice.
    ///
    /// Source: Boytsov, Indexing methods for approximate dictionary searching, 2011, section 2.1
    /// (optimal string alignment).
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + change);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
