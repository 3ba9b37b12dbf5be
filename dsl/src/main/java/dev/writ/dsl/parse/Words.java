package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Suggestions;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/// The words of the language by their tokens, and words of other languages that mean the same.
final class Words {
    private static final Map<String, Integer> FOREIGN =
            Map.ofEntries(
                    Map.entry("if", WritParser.WHEN),
                    Map.entry("where", WritParser.WHEN),
                    Map.entry("default", WritParser.OTHERWISE),
                    Map.entry("else", WritParser.OTHERWISE),
                    Map.entry("equals", WritParser.EQUAL),
                    Map.entry("each", WritParser.PER),
                    Map.entry("import", WritParser.USE),
                    Map.entry("include", WritParser.USE),
                    Map.entry("upstream", WritParser.PROVIDER),
                    Map.entry("backend", WritParser.PROVIDER),
                    Map.entry("block", WritParser.DENY),
                    Map.entry("reject", WritParser.DENY),
                    Map.entry("forbid", WritParser.DENY),
                    Map.entry("label", WritParser.TAG),
                    Map.entry("fallback", WritParser.THEN));

    private Words() {}

    /// Tells whether a token is a word: a keyword or a name without quotes.
    static boolean isWord(Tokens tokens, int index) {
        int type = tokens.type(index);
        return type == WritParser.IDENT
                || (type != WritParser.QUOTED && Fit.begins(WritParser.RULE_word, type));
    }

    /// Tells whether a token can be a name.
    static boolean isName(int type) {
        return Fit.begins(WritParser.RULE_name, type);
    }

    /// Returns types as a set.
    static BitSet set(int... types) {
        BitSet set = new BitSet();
        for (int type : types) {
            set.set(type);
        }
        return set;
    }

    /// Returns the types of the words that declarations begin with.
    static BitSet ofDeclarations() {
        return beginning(WritParser.RULE_item);
    }

    /// Returns the types of the tokens that a rule can begin with.
    static BitSet beginning(int rule) {
        ATN grammar = WritParser._ATN;
        BitSet set = new BitSet();
        grammar.nextTokens(grammar.ruleToStartState[rule])
                .toList()
                .forEach(type -> set.set(Math.max(0, type)));
        return set;
    }

    /// Returns the type of the one keyword among some that the author of a word meant, or 0.
    static int meant(String word, BitSet keywords) {
        Integer foreign = FOREIGN.get(word);
        if (foreign != null && keywords.get(foreign)) {
            return foreign;
        }
        List<String> words =
                keywords.stream()
                        .mapToObj(Nouns::spelling)
                        .filter(spelling -> Character.isLetter(spelling.charAt(0)))
                        .toList();
        String nearest = Suggestions.nearest(word, words);
        return nearest == null
                ? 0
                : keywords.stream()
                        .filter(type -> Nouns.spelling(type).equals(nearest))
                        .findFirst()
                        .orElse(0);
    }

    /// Returns the word of the language that one of another language stands for, or null.
    static @Nullable String translated(String word) {
        Integer type = FOREIGN.get(word);
        return type == null ? null : Nouns.spelling(type);
    }

    /// Returns a token that a rule can begin with: a plain name, if that is one.
    static int first(int rule) {
        ATN grammar = WritParser._ATN;
        IntervalSet types = grammar.nextTokens(grammar.ruleToStartState[rule]);
        return types.contains(WritParser.IDENT) ? WritParser.IDENT : types.getMinElement();
    }
}
