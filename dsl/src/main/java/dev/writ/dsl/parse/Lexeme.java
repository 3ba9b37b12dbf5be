package dev.writ.dsl.parse;

import dev.writ.dsl.source.Source;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/// A token, a comment or white space of a file.
///
/// @param type a constant of `WritLexer`
/// @param text as written
/// @param offset UTF-16 offset in the file
public record Lexeme(int type, String text, int offset) {
    /// Tells whether it is a comment, be it one that never ends.
    public boolean isComment() {
        return switch (type) {
            case WritLexer.COMMENT, WritLexer.BLOCK_COMMENT, WritLexer.OPEN_COMMENT -> true;
            default -> false;
        };
    }

    /// Tells whether it is a name or a word of the language.
    public boolean isWord() {
        return type == WritLexer.IDENT || Fit.begins(WritParser.RULE_word, type);
    }

    /// Tells whether it is a value or a name that an author chooses, not a word of the language.
    public boolean isChosen() {
        return switch (type) {
            case WritLexer.IDENT,
                    WritLexer.QUOTED,
                    WritLexer.NUMBER,
                    WritLexer.MONEY,
                    WritLexer.PERCENT,
                    WritLexer.DURATION ->
                    true;
            default -> false;
        };
    }

    /// Returns what a file consists of, in order: joined, the texts are the file.
    public static List<Lexeme> listOf(Source source) {
        WritLexer lexer = new WritLexer(CharStreams.fromString(source.text(), source.path()));
        lexer.removeErrorListeners();
        List<Lexeme> lexemes = new ArrayList<>();
        int offset = 0;
        // ANTLR counts code points, but every character belongs to a token, so lengths add up.
        for (Token token : lexer.getAllTokens()) {
            lexemes.add(new Lexeme(token.getType(), token.getText(), offset));
            offset += token.getText().length();
        }
        return lexemes;
    }
}
