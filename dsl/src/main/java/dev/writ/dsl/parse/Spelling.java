package dev.writ.dsl.parse;

import dev.writ.dsl.source.Source;
import java.util.List;

/// How names are written in a policy file.
public final class Spelling {
    private Spelling() {}

    /// Returns a name as it must be written, in back quotes where it would be read as something
    /// else.
    public static String name(String name) {
        return isPlain(name) ? name : "`" + name + "`";
    }

    /// Tells whether a text can be a name, be it in back quotes.
    public static boolean canBeName(String text) {
        return isPlain(text)
                || (!text.isBlank()
                        && text.equals(text.strip())
                        && isOne("`" + text + "`", WritLexer.QUOTED));
    }

    private static boolean isPlain(String name) {
        List<Lexeme> lexemes = Lexeme.listOf(new Source("", name));
        return lexemes.size() == 1
                && lexemes.getFirst().type() != WritLexer.QUOTED
                && Words.isName(lexemes.getFirst().type());
    }

    private static boolean isOne(String text, int type) {
        List<Lexeme> lexemes = Lexeme.listOf(new Source("", text));
        return lexemes.size() == 1 && lexemes.getFirst().type() == type;
    }

    /// Returns a text in double quotes.
    public static String text(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
