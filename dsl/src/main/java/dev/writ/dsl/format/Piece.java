package dev.writ.dsl.format;

import dev.writ.dsl.parse.Lexeme;
import dev.writ.dsl.parse.WritLexer;
import dev.writ.dsl.source.Source;
import java.util.ArrayList;
import java.util.List;

/// A token or a comment, and the white space before it.
///
/// @param type of the lexer
/// @param text as it is written again: comments without white space at their end
/// @param offset UTF-16 offset in the file
/// @param breaks line breaks before it, behind the piece before
/// @param spaces columns between it and the piece before, where `breaks` is 0
record Piece(int type, String text, int offset, int breaks, int spaces) implements Part {
    private static final int TAB_COLUMNS = 2;

    /// Returns the pieces of a file in order.
    static List<Piece> listOf(Source source) {
        List<Piece> pieces = new ArrayList<>();
        int breaks = 0;
        int spaces = 0;
        for (Lexeme lexeme : Lexeme.listOf(source)) {
            if (lexeme.type() == WritLexer.SPACE) {
                breaks += breaks(lexeme.text());
                spaces += columns(lexeme.text());
            } else {
                pieces.add(
                        new Piece(lexeme.type(), written(lexeme), lexeme.offset(), breaks, spaces));
                breaks = 0;
                spaces = 0;
            }
        }
        return pieces;
    }

    /// Returns what of the pieces must never change.
    static List<String> texts(List<Piece> pieces) {
        return pieces.stream().map(Piece::text).toList();
    }

    boolean is(int tokenType) {
        return type == tokenType;
    }

    /// Tells whether nothing can stand behind it on its line.
    boolean isLineComment() {
        return type == WritLexer.COMMENT;
    }

    boolean isComment() {
        return type == WritLexer.COMMENT || type == WritLexer.BLOCK_COMMENT;
    }

    /// Tells whether it is a name or a keyword.
    boolean isWord() {
        int first = text.codePointAt(0);
        return Character.isLetter(first) || first == '_' || first == '`';
    }

    private static String written(Lexeme lexeme) {
        return switch (lexeme.type()) {
            case WritLexer.COMMENT -> lexeme.text().stripTrailing();
            case WritLexer.BLOCK_COMMENT -> lexeme.text().replace("\r\n", "\n").replace('\r', '\n');
            default -> lexeme.text();
        };
    }

    /// Returns how many of `\n`, `\r\n` and `\r` there are.
    private static int breaks(String space) {
        int breaks = 0;
        for (int i = 0; i < space.length(); i++) {
            char c = space.charAt(i);
            if (c == '\n' || (c == '\r' && !space.startsWith("\n", i + 1))) {
                breaks++;
            }
        }
        return breaks;
    }

    private static int columns(String space) {
        int columns = 0;
        for (int i = 0; i < space.length(); i++) {
            columns += space.charAt(i) == '\t' ? TAB_COLUMNS : 1;
        }
        return columns;
    }
}
