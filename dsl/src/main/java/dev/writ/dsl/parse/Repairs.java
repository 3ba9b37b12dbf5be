package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Mistakes that leave no doubt about what was meant: they are told, and reading goes on as if the
/// author had written it, so that the rest of the piece is looked at too.
final class Repairs {
    /// Rules that begin with keywords only.
    private static final int[] WITH_KEYWORDS = {
        WritParser.RULE_test,
        WritParser.RULE_unit,
        WritParser.RULE_origin,
        WritParser.RULE_denial,
        WritParser.RULE_whenPart
    };

    private Repairs() {}

    /// A token that was meant by another one.
    ///
    /// @param type of the token that was meant
    /// @param text of it
    /// @param habit what to tell once only, because the author does it everywhere; empty for what
    /// is told each time
    record Repair(int type, String text, String habit, Diagnostic diagnostic) {}

    /// Returns what was meant, or null where that is not clear.
    static @Nullable Repair of(Failure failure) {
        if (failure.at() == failure.from() || failure.at() >= failure.to()) {
            return null;
        }
        Repair repair =
                switch (failure.type()) {
                    case WritParser.AND_SIGN -> sign(failure, WritParser.AND);
                    case WritParser.OR_SIGN -> sign(failure, WritParser.OR);
                    case WritParser.NOT_SIGN -> sign(failure, WritParser.NOT);
                    case WritParser.ASSIGN -> equals(failure);
                    case WritParser.FAT_ARROW -> fatArrow(failure);
                    case WritParser.COLON ->
                            failure.form() == Form.ARM ? sign(failure, WritParser.ARROW) : null;
                    case WritParser.BAD -> character(failure);
                    default -> word(failure);
                };
        return repair != null && fits(failure, repair) ? repair : null;
    }

    /// Tells whether it makes sense; a sign that has one meaning only need not go with what
    // follows.
    private static boolean fits(Failure failure, Repair repair) {
        return switch (failure.type()) {
            case WritParser.AND_SIGN,
                    WritParser.OR_SIGN,
                    WritParser.NOT_SIGN,
                    WritParser.ASSIGN,
                    WritParser.BAD ->
                    failure.expects(repair.type);
            default -> failure.goesOnAfterReplacing(repair.type);
        };
    }

    private static Repair sign(Failure failure, int meant) {
        String spelling = Nouns.spelling(meant);
        return new Repair(
                meant,
                spelling,
                failure.text(),
                MistakeExplainer.at(
                                failure, "`%s` is written `%s`".formatted(failure.text(), spelling))
                        .hint("Write `%s`.".formatted(spelling))
                        .fixByWriting(failure.place(), spaced(failure, spelling)));
    }

    /// Returns a word with a blank behind it where the sign that it stands for needs none.
    private static String spaced(Failure failure, String spelling) {
        int end = failure.place().end();
        String text = failure.place().source().text();
        boolean touches = end < text.length() && !Character.isWhitespace(text.charAt(end));
        return touches && Character.isLetter(spelling.charAt(0)) ? spelling + " " : spelling;
    }

    private static @Nullable Repair equals(Failure failure) {
        if (!failure.expects(WritParser.EQUAL) || failure.type(1) == WritParser.LESS) {
            return null;
        }
        boolean label = Words.isName(failure.type(1)) || failure.type(1) == WritParser.STRING;
        int meant = label ? WritParser.IS : WritParser.EQUAL;
        return new Repair(
                meant,
                Nouns.spelling(meant),
                "=",
                MistakeExplainer.at(failure, "`=` does not compare")
                        .at("sets a field")
                        .hint("Write `is` for names and texts, `==` for numbers.")
                        .fixByWriting(failure.place(), Nouns.spelling(meant)));
    }

    private static @Nullable Repair fatArrow(Failure failure) {
        if (failure.expects(WritParser.ARROW) && failure.goesOnAfterReplacing(WritParser.ARROW)) {
            return sign(failure, WritParser.ARROW);
        }
        return failure.expects(WritParser.AT_LEAST) ? sign(failure, WritParser.AT_LEAST) : null;
    }

    private static @Nullable Repair character(Failure failure) {
        return switch (failure.text()) {
            case "→" -> sign(failure, WritParser.ARROW);
            case "≥" -> sign(failure, WritParser.AT_LEAST);
            case "≤" -> sign(failure, WritParser.AT_MOST);
            case "≠" -> sign(failure, WritParser.NOT_EQUAL);
            default -> null;
        };
    }

    private static @Nullable Repair word(Failure failure) {
        if (failure.whole() && failure.isCutShort()) {
            return null; // it begins the next piece
        }
        if (!Words.isWord(failure.tokens(), failure.at())) {
            return null;
        }
        BitSet keywords = (BitSet) failure.expectedTokens().clone();
        for (int rule : WITH_KEYWORDS) {
            if (failure.expectsRule(rule)) {
                keywords.or(Words.beginning(rule));
            }
        }
        int meant = Words.meant(failure.text(), keywords);
        if (meant == 0 || meant == failure.type()) {
            return null;
        }
        String spelling = Nouns.spelling(meant);
        return new Repair(
                meant,
                spelling,
                "",
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_KEYWORD,
                                failure.place(),
                                "unknown word `%s`"
                                        .formatted(MistakeExplainer.shortened(failure.text())))
                        .at("expected `%s`".formatted(spelling))
                        .hint("Did you mean `%s`?".formatted(spelling))
                        .fixByWriting(failure.place(), spelling));
    }
}
