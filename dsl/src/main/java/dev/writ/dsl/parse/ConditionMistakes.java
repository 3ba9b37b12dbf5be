package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// Mistakes in conditions: what misses an operand, an operator, or a bracket.
final class ConditionMistakes {
    private ConditionMistakes() {}

    static @Nullable Diagnostic of(Failure failure) {
        Diagnostic found = missingOperand(failure);
        if (found == null) {
            found = missingBracket(failure);
        }
        if (found == null) {
            found = otherSpelling(failure);
        }
        return found == null ? missingOperator(failure) : found;
    }

    private static @Nullable Diagnostic missingOperand(Failure failure) {
        int before = failure.typeBefore();
        boolean ends = endsCondition(failure) && wantsOperand(failure);
        if (before == WritParser.ELSE) {
            return failure.expectsRule(WritParser.RULE_literal) ? fallback(failure) : null;
        }
        boolean joins = before == WritParser.AND || before == WritParser.OR;
        if (joins && failure.type() == before && !failure.isCutShort()) {
            return MistakeExplainer.at(failure, "`%s` stands twice".formatted(failure.text()))
                    .hint("Remove one.")
                    .fixByRemoving(failure.place());
        }
        if (!ends) {
            return null;
        }
        String word = failure.at() > failure.from() ? failure.tokens().text(failure.at() - 1) : "";
        return switch (before) {
            case WritParser.AND, WritParser.OR ->
                    MistakeExplainer.before(failure, "the condition ends with `%s`".formatted(word))
                            .at("nothing follows")
                            .hint(
                                    "Remove `%s`, or finish the comparison behind it."
                                            .formatted(word))
                            .fixByRemoving(last(failure));
            case WritParser.NOT ->
                    MistakeExplainer.before(failure, "`not` stands before nothing")
                            .hint("Remove it, or write a condition behind it.")
                            .fixByRemoving(
                                    failure.type(-2) == WritParser.WHEN
                                            ? failure.tokens().span(failure.at() - 2, failure.at())
                                            : last(failure));
            case WritParser.EQUAL,
                    WritParser.NOT_EQUAL,
                    WritParser.LESS,
                    WritParser.AT_MOST,
                    WritParser.GREATER,
                    WritParser.AT_LEAST,
                    WritParser.IS,
                    WritParser.IN ->
                    MistakeExplainer.before(
                                    failure, "the comparison ends with `%s`".formatted(word))
                            .at("with what?")
                            .hint("Write a value behind it.");
            case WritParser.PLUS, WritParser.MINUS, WritParser.STAR, WritParser.SLASH ->
                    failure.expectsRule(WritParser.RULE_term, WritParser.RULE_atom)
                            ? MistakeExplainer.before(
                                            failure,
                                            "there is no value behind `%s`".formatted(word))
                                    .hint("Remove it, or write a value behind it.")
                                    .fixByRemoving(last(failure))
                            : null;
            case WritParser.WHEN ->
                    failure.expectsRule(WritParser.RULE_expr)
                            ? MistakeExplainer.before(
                                            failure, "there is no condition behind `when`")
                                    .hint("Write one, or remove `when` for always.")
                                    .fixByRemoving(last(failure))
                            : null;
            default -> null;
        };
    }

    /// Returns the last token that fits.
    private static Span last(Failure failure) {
        return failure.tokens().span(failure.at() - 1);
    }

    private static boolean wantsOperand(Failure failure) {
        return failure.expectsRule(
                WritParser.RULE_expr,
                WritParser.RULE_conjunction,
                WritParser.RULE_negation,
                WritParser.RULE_comparison,
                WritParser.RULE_sum,
                WritParser.RULE_term,
                WritParser.RULE_atom,
                WritParser.RULE_literal,
                WritParser.RULE_list);
    }

    /// A bracket that nothing closes, where the condition is over.
    private static @Nullable Diagnostic missingBracket(Failure failure) {
        boolean parenthesis = failure.expects(WritParser.RPAREN);
        boolean bracket = failure.expects(WritParser.RBRACKET);
        if (!endsCondition(failure) || (!parenthesis && !bracket)) {
            return null;
        }
        Tokens tokens = failure.tokens();
        int closed = 0;
        int open = failure.at() - 1;
        while (open > failure.from()) {
            int type = tokens.type(open);
            if (type == WritParser.RPAREN || type == WritParser.RBRACKET) {
                closed++;
            } else if (type == WritParser.LPAREN || type == WritParser.LBRACKET) {
                if (closed == 0) {
                    break;
                }
                closed--;
            }
            open--;
        }
        return Diagnostic.of(
                        DiagnosticCode.UNEXPECTED_TOKEN,
                        tokens.span(open),
                        "this `%s` is never closed".formatted(tokens.text(open)))
                .because(failure.place(), "the condition ends here")
                .hint("Put `%s` where it ends.".formatted(parenthesis ? ")" : "]"));
    }

    private static Diagnostic fallback(Failure failure) {
        boolean word = !failure.isCutShort() && Words.isWord(failure.tokens(), failure.at());
        Diagnostic diagnostic =
                !word || failure.type() == WritParser.DENY
                        ? MistakeExplainer.before(failure, "there is no value behind `else`")
                        : MistakeExplainer.at(
                                failure,
                                "`else` takes a value that is written out, not %s"
                                        .formatted(MistakeExplainer.shown(failure)));
        return diagnostic.hint(
                "Write what counts where there is none, such as `else 0` or `else \"\"`.");
    }

    /// Tells whether what stands at the mistake begins something behind the condition.
    private static boolean endsCondition(Failure failure) {
        return failure.isCutShort()
                || switch (failure.type()) {
                    case WritParser.EOF,
                            WritParser.ARROW,
                            WritParser.FAT_ARROW,
                            WritParser.DENY,
                            WritParser.LBRACE,
                            WritParser.RBRACE,
                            WritParser.ELSE,
                            WritParser.RPAREN,
                            WritParser.RBRACKET,
                            WritParser.COMMA,
                            WritParser.AND,
                            WritParser.OR ->
                            true;
                    default -> false;
                };
    }

    private static @Nullable Diagnostic otherSpelling(Failure failure) {
        return switch (failure.type()) {
            case WritParser.IN ->
                    switch (failure.typeBefore()) {
                        case WritParser.IS ->
                                MistakeExplainer.at(failure, "`is` and `in` do not stand together")
                                        .hint("Write `in` alone: `x in [\"a\", \"b\"]`.")
                                        .fixByRemoving(last(failure));
                        case WritParser.NOT ->
                                MistakeExplainer.at(
                                                failure, "`is not` and `in` do not stand together")
                                        .hint("Write `not in` alone: `x not in [\"a\", \"b\"]`.")
                                        .fixByRemoving(failure.tokens().span(failure.at() - 2));
                        default -> null;
                    };
            case WritParser.LPAREN ->
                    failure.typeBefore() == WritParser.IN
                            ? MistakeExplainer.at(failure, "a list stands in square brackets")
                                    .hint("Write `in [… , …]`.")
                            : null;
            case WritParser.LBRACKET ->
                    switch (failure.typeBefore()) {
                        case WritParser.IS ->
                                MistakeExplainer.at(failure, "one value is compared with a list")
                                        .hint("Write `in […]` for one of several.")
                                        .fixByWriting(last(failure), "in");
                        case WritParser.CONTAINS ->
                                MistakeExplainer.at(failure, "`any` is missing before the list")
                                        .hint("Write `contains any […]`.")
                                        .fix(
                                                "Put `any` before it",
                                                Edit.before(failure.place(), "any "));
                        default -> null;
                    };
            case WritParser.GREATER ->
                    failure.typeBefore() == WritParser.LESS
                            ? MistakeExplainer.at(failure, "`<>` is written `!=`")
                                    .hint("Write `!=`.")
                                    .fixByWriting(
                                            failure.tokens()
                                                    .span(failure.at() - 1, failure.at() + 1),
                                            "!=")
                            : null;
            case WritParser.ASSIGN ->
                    failure.type(1) == WritParser.LESS && failure.expects(WritParser.AT_MOST)
                            ? MistakeExplainer.at(failure, "`=<` is written `<=`")
                                    .hint("Write `<=`.")
                                    .fixByWriting(
                                            failure.tokens().span(failure.at(), failure.at() + 2),
                                            "<=")
                            : null;
            case WritParser.MINUS ->
                    failure.expectsRule(
                                    WritParser.RULE_sum,
                                    WritParser.RULE_expr,
                                    WritParser.RULE_term,
                                    WritParser.RULE_atom,
                                    WritParser.RULE_literal)
                            ? MistakeExplainer.at(failure, "a value cannot begin with `-`")
                                    .hint("No amount that can be compared is below zero.")
                            : null;
            case WritParser.LBRACE ->
                    failure.expectsRule(WritParser.RULE_list)
                            ? MistakeExplainer.at(failure, "a list stands in square brackets")
                                    .hint("Write `in [… , …]`.")
                            : null;
            default -> null;
        };
    }

    /// Two values in a row.
    private static @Nullable Diagnostic missingOperator(Failure failure) {
        if (failure.isCutShort()
                || !failure.expects(WritParser.IS)
                || !failure.expects(WritParser.GREATER)
                || failure.at() == failure.from()) {
            return null;
        }
        String before = operandBefore(failure);
        return switch (failure.type()) {
            case WritParser.NUMBER, WritParser.MONEY, WritParser.DURATION, WritParser.PERCENT ->
                    MistakeExplainer.at(
                                    failure,
                                    "a comparison is missing between %s and %s"
                                            .formatted(before, MistakeExplainer.shown(failure)))
                            .hint("Write one of `==`, `!=`, `<`, `<=`, `>` and `>=` there.")
                            .fix("Write `>`", Edit.before(failure.place(), "> "))
                            .fix("Write `<`", Edit.before(failure.place(), "< "))
                            .fix("Write `==`", Edit.before(failure.place(), "== "));
            case WritParser.STRING ->
                    MistakeExplainer.at(
                                    failure,
                                    "a comparison is missing between %s and %s"
                                            .formatted(before, MistakeExplainer.shown(failure)))
                            .hint("Write `is`, `contains`, `starts with` or `matches` there.")
                            .fix("Write `is`", Edit.before(failure.place(), "is "))
                            .fix("Write `contains`", Edit.before(failure.place(), "contains "));
            default ->
                    Words.isName(failure.type())
                                    && failure.goesOnAfterInserting(WritParser.IS)
                                    && failure.type(1) != WritParser.DOT
                            ? MistakeExplainer.at(
                                            failure,
                                            "a comparison is missing between %s and %s"
                                                    .formatted(
                                                            before,
                                                            MistakeExplainer.shown(failure)))
                                    .hint("Write `is` there, or `is not`.")
                                    .fix("Write `is`", Edit.before(failure.place(), "is "))
                                    .fix("Write `is not`", Edit.before(failure.place(), "is not "))
                            : null;
        };
    }

    /// Returns the attribute before the mistake with all its parts.
    private static String operandBefore(Failure failure) {
        Tokens tokens = failure.tokens();
        int first = failure.at() - 1;
        while (first - 2 >= failure.from() && tokens.type(first - 1) == WritParser.DOT) {
            first -= 2;
        }
        return "`%s`"
                .formatted(MistakeExplainer.shortened(tokens.span(first, failure.at()).text()));
    }
}
