package dev.writ.dsl.format;

import dev.writ.dsl.format.Part.Block;
import dev.writ.dsl.format.Part.Form;
import dev.writ.dsl.format.Part.Statement;
import dev.writ.dsl.parse.WritLexer;
import org.jspecify.annotations.Nullable;

/// What stands between two parts of a statement on one line.
final class Spacing {
    private Spacing() {}

    /// Returns the spaces before a part of a statement.
    ///
    /// @param index not 0
    static String before(Statement statement, int index) {
        Piece right = statement.parts().get(index).first();
        if (!(statement.parts().get(index - 1) instanceof Piece left)
                || statement.parts().get(index) instanceof Block) {
            return " ";
        }
        if (isTight(statement, index, left, right)) {
            return "";
        }
        // Where the syntax is not known, wide gaps have a meaning for their author.
        boolean wide =
                statement.form() == Form.LINE
                        && index > 1
                        && right.breaks() == 0
                        && right.spaces() > 1
                        && !right.isComment()
                        && !isArrow(right);
        return wide ? "  " : " ";
    }

    /// Tells whether a line may end before a part, where its author ended one.
    static boolean mayBreak(Statement statement, int index) {
        if (!(statement.parts().get(index) instanceof Piece right) || right.is(WritLexer.COMMA)) {
            return false;
        }
        return isClosing(right)
                || isOpening(statement.parts().get(index - 1).first())
                || !before(statement, index).isEmpty();
    }

    static boolean isOpening(Piece piece) {
        return piece.is(WritLexer.LPAREN) || piece.is(WritLexer.LBRACKET);
    }

    static boolean isClosing(Piece piece) {
        return piece.is(WritLexer.RPAREN) || piece.is(WritLexer.RBRACKET);
    }

    static boolean isArrow(Piece piece) {
        return piece.is(WritLexer.ARROW) || piece.is(WritLexer.FAT_ARROW);
    }

    /// Tells whether a line that ends with `left` goes on with `right`.
    static boolean isContinued(Piece left, Piece right) {
        return left.is(WritLexer.COMMA)
                || right.is(WritLexer.COMMA)
                || isOperator(left)
                || isOperator(right);
    }

    private static boolean isOperator(Piece piece) {
        return switch (piece.type()) {
            case WritLexer.AND,
                    WritLexer.OR,
                    WritLexer.ARROW,
                    WritLexer.FAT_ARROW,
                    WritLexer.ASSIGN,
                    WritLexer.EQUAL,
                    WritLexer.NOT_EQUAL,
                    WritLexer.AT_MOST,
                    WritLexer.AT_LEAST,
                    WritLexer.LESS,
                    WritLexer.GREATER,
                    WritLexer.PLUS,
                    WritLexer.MINUS ->
                    true;
            default -> false;
        };
    }

    private static boolean isTight(Statement statement, int index, Piece left, Piece right) {
        if (right.is(WritLexer.COMMA) || isClosing(right) || isOpening(left)) {
            return true;
        }
        if (right.is(WritLexer.DOT) || left.is(WritLexer.DOT)) {
            // `1 . 5` and `1.5` are different tokens, so numbers are not moved together.
            return (right.is(WritLexer.DOT) && isOfPath(left))
                    || (left.is(WritLexer.DOT) && isOfPath(right))
                    || touches(right);
        }
        if (right.is(WritLexer.RANGE) || left.is(WritLexer.RANGE)) {
            return true;
        }
        return switch (right.type()) {
            case WritLexer.LPAREN ->
                    (statement.form() == Form.LINE || left.isComment())
                            ? touches(right)
                            : isCalled(statement, index, left);
            case WritLexer.QUESTION -> left.isWord();
            case WritLexer.COLON, WritLexer.SEMICOLON ->
                    statement.form() == Form.LINE && touches(right);
            default -> false;
        };
    }

    private static boolean isOfPath(Piece piece) {
        return piece.isWord() || piece.is(WritLexer.STRING);
    }

    private static boolean touches(Piece right) {
        return right.breaks() == 0 && right.spaces() == 0;
    }

    /// Tells whether an open parenthesis behind a piece holds arguments.
    private static boolean isCalled(Statement statement, int index, Piece left) {
        Piece before = pieceAt(statement, index - 2);
        if (before != null && before.is(WritLexer.DOT)) {
            return true; // a part of a path, whatever word it is
        }
        return switch (left.type()) {
            case WritLexer.WHEN, WritLexer.NOT, WritLexer.AND, WritLexer.OR -> false;
            // The effect stands first, or behind the head or the condition of its rule. As a name
            // it can only stand behind an operator.
            case WritLexer.REQUIRE ->
                    before != null && (isOperator(before) || before.is(WritLexer.NOT));
            default -> left.isWord();
        };
    }

    private static @Nullable Piece pieceAt(Statement statement, int index) {
        return index >= 0 && statement.parts().get(index) instanceof Piece piece ? piece : null;
    }
}
