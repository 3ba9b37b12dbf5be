package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// Mistakes in the shape of declarations and their parts: names that are missing or taken, arms
/// that say too little, parts in another order, signs that other languages want.
final class ShapeMistakes {
    private ShapeMistakes() {}

    static @Nullable Diagnostic of(Failure failure) {
        Diagnostic found =
                switch (failure.form()) {
                    case ARM -> arm(failure);
                    case POOL_PROPERTY -> share(failure);
                    case EFFECT -> effect(failure);
                    case RULE_HEAD -> phase(failure);
                    case TEST_LINE -> TestMistakes.of(failure);
                    default -> null;
                };
        if (found == null) {
            found = name(failure);
        }
        return found == null ? sign(failure) : found;
    }

    private static @Nullable Diagnostic arm(Failure failure) {
        Tokens tokens = failure.tokens();
        int offset = failure.at() - failure.from();
        if (offset == 0) {
            int type = failure.type();
            return type == WritParser.WHEN || type == WritParser.OTHERWISE
                    ? MistakeExplainer.at(failure, "this arm has no name")
                            .at("a name comes first")
                            .hint(
                                    type == WritParser.WHEN
                                            ? "Write `NAME when … -> …`. Logs and answers name the arm."
                                            : "Write `rest otherwise -> …`. Logs and answers name the arm.")
                            .fix(
                                    "Give it a name",
                                    Edit.before(
                                            failure.place(),
                                            type == WritParser.WHEN ? "some " : "rest "))
                    : null;
        }
        String name = tokens.text(failure.from());
        if (offset == 1) {
            if (failure.type() == WritParser.ARROW || failure.isCutShort()) {
                return MistakeExplainer.before(
                                failure,
                                "arm `%s` says neither `when` nor `otherwise`".formatted(name))
                        .hint(
                                "Write `%s when … -> …`, or `%s otherwise -> …` for the last arm."
                                        .formatted(name, name));
            }
            return failure.goesOnAfterInserting(WritParser.WHEN)
                    ? MistakeExplainer.at(failure, "`when` is missing before the condition")
                            .hint("Write `%s when … -> …`.".formatted(name))
                            .fix("Put `when` before it", Edit.before(failure.place(), "when "))
                    : null;
        }
        if (failure.isCutShort()
                && (failure.expects(WritParser.ARROW) || failure.typeBefore() == WritParser.ARROW)
                && !operandIsMissing(failure)) {
            return MistakeExplainer.at(failure, "arm `%s` leads nowhere".formatted(name))
                    .at("where to?")
                    .hint("Write `-> MODEL`, `-> pool NAME` or `-> deny` at its end.");
        }
        return denial(failure);
    }

    private static boolean operandIsMissing(Failure failure) {
        return failure.expectsRule(
                WritParser.RULE_expr,
                WritParser.RULE_conjunction,
                WritParser.RULE_negation,
                WritParser.RULE_sum,
                WritParser.RULE_literal);
    }

    private static @Nullable Diagnostic share(Failure failure) {
        boolean reversed =
                failure.at() == failure.from()
                        && Words.isName(failure.type())
                        && (failure.type(1) == WritParser.PERCENT
                                || failure.type(1) == WritParser.NUMBER);
        return reversed
                ? MistakeExplainer.at(failure, "the share comes before the model")
                        .hint(
                                "Write `%s%s %s`."
                                        .formatted(
                                                failure.tokens().text(failure.at() + 1),
                                                failure.type(1) == WritParser.NUMBER ? "%" : "",
                                                failure.text()))
                        .fixByWriting(
                                failure.tokens().span(failure.at(), failure.at() + 2),
                                "%s%s %s"
                                        .formatted(
                                                failure.tokens().text(failure.at() + 1),
                                                failure.type(1) == WritParser.NUMBER ? "%" : "",
                                                failure.text()))
                : null;
    }

    private static @Nullable Diagnostic phase(Failure failure) {
        boolean missing =
                failure.at() == failure.from() + 2
                        ? failure.expects(WritParser.ON)
                        : failure.at() == failure.from() + 3 && failure.isCutShort();
        if (!missing || failure.at() < failure.from() + 2) {
            return null;
        }
        String name = failure.tokens().text(failure.from() + 1);
        Diagnostic told =
                MistakeExplainer.at(failure, "rule `%s` does not say when it runs".formatted(name))
                        .at("a phase is missing")
                        .hint(
                                "Write `rule %s on request`, `on route` or `on response`."
                                        .formatted(name));
        Span last = failure.tokens().span(failure.at() - 1);
        boolean on = failure.at() == failure.from() + 3;
        for (Phase phase : Phase.values()) {
            told =
                    told.fix(
                            "Write `on %s`".formatted(phase.word()),
                            Edit.behind(last, (on ? " " : " on ") + phase.word()));
        }
        return told;
    }

    private static @Nullable Diagnostic effect(Failure failure) {
        boolean half =
                failure.isCutShort()
                        && failure.tokens().type(failure.from()) == WritParser.REQUIRE
                        && failure.expects(WritParser.ELSE)
                        && !failure.expects(WritParser.RPAREN);
        return half
                ? MistakeExplainer.at(failure, "`require` does not say what happens else")
                        .at("`else deny` is missing")
                        .hint("Write `require … else deny 403 \"…\"`.")
                : denial(failure);
    }

    private static @Nullable Diagnostic denial(Failure failure) {
        if (failure.at() < failure.from() + 2 || failure.isCutShort()) {
            return null;
        }
        if (failure.type() == WritParser.NUMBER
                && failure.typeBefore() == WritParser.STRING
                && failure.type(-2) == WritParser.DENY) {
            Span text = failure.tokens().span(failure.at() - 1);
            return MistakeExplainer.at(failure, "the status comes before the text")
                    .hint("Write `deny %s \"…\"`.".formatted(failure.text()))
                    .fix(
                            "Put the status before the text",
                            Edit.before(text, failure.text() + " "),
                            Edit.remove(failure.place()));
        }
        boolean said =
                failure.type(1) == WritParser.STRING
                        && (failure.typeBefore() == WritParser.DENY
                                || (failure.typeBefore() == WritParser.NUMBER
                                        && failure.type(-2) == WritParser.DENY));
        return said
                ? MistakeExplainer.at(
                                failure,
                                "%s cannot stand here".formatted(MistakeExplainer.shown(failure)))
                        .hint("Remove it: the text follows the status at once.")
                        .fixByRemoving(failure.place())
                : null;
    }

    /// A name that is missing, or is a word that the language needs.
    private static @Nullable Diagnostic name(Failure failure) {
        boolean wanted =
                failure.expectsRule(
                        WritParser.RULE_name, WritParser.RULE_qname, WritParser.RULE_target);
        if (!wanted || failure.whole()) {
            return null;
        }
        if (!failure.isCutShort()
                && Words.isWord(failure.tokens(), failure.at())
                && !Words.isName(failure.type())
                && failure.goesOnAfterReplacing(WritParser.IDENT)) {
            String word = failure.text();
            return MistakeExplainer.at(
                            failure, "`%s` is a word of the language, not a name".formatted(word))
                    .hint(
                            "Choose another name, or write it in back quotes: `` `%s` ``."
                                    .formatted(word))
                    .fix("Put it in back quotes", failure.place(), "`%s`".formatted(word));
        }
        boolean head =
                switch (failure.form()) {
                    case SECRET,
                            PROVIDER_HEAD,
                            MODEL_HEAD,
                            POOL_HEAD,
                            ROUTE_HEAD,
                            TEAM_HEAD,
                            CALENDAR_HEAD,
                            BUDGET_HEAD,
                            SIGNAL_HEAD,
                            CACHE_HEAD,
                            GUARD_HEAD,
                            SERVER_HEAD,
                            IDENTITY_HEAD,
                            RULE_HEAD ->
                            failure.at() == failure.from() + 1;
                    default -> false;
                };
        if (head
                && (failure.isCutShort()
                        || failure.goesOnAfterInserting(WritParser.IDENT)
                        || failure.type() == WritParser.LBRACE)) {
            String keyword = failure.tokens().text(failure.from());
            return MistakeExplainer.before(failure, "this %s has no name".formatted(keyword))
                    .hint("Write it like `%s`.".formatted(failure.form().example(keyword)));
        }
        return null;
    }

    /// Signs of other languages between a word and its value, and between things.
    private static @Nullable Diagnostic sign(Failure failure) {
        int type = failure.type();
        if (failure.isCutShort()
                || failure.at() == failure.from()
                || (type != WritParser.COLON && type != WritParser.ASSIGN)
                || !failure.goesOnAfterRemoving()) {
            return null;
        }
        String before = failure.tokens().text(failure.at() - 1);
        Diagnostic diagnostic =
                MistakeExplainer.at(
                        failure, "no `%s` stands behind `%s`".formatted(failure.text(), before));
        Span sign = failure.place();
        return diagnostic
                .hint("Remove it: a blank is enough.")
                .fix(
                        "Remove `%s`".formatted(failure.text()),
                        touches(sign) ? new Edit(sign, " ") : Edit.remove(sign));
    }

    /// Tells whether a sign stands between two things without a blank on either side.
    private static boolean touches(Span sign) {
        String text = sign.source().text();
        return sign.start() > 0
                && sign.end() < text.length()
                && !Character.isWhitespace(text.charAt(sign.start() - 1))
                && !Character.isWhitespace(text.charAt(sign.end()));
    }

    /// Returns the message about a comma between pieces.
    static Diagnostic comma(Span span, Form form) {
        return Diagnostic.of(
                        DiagnosticCode.UNEXPECTED_TOKEN,
                        span,
                        "no comma stands between one %s and the next".formatted(form.noun()))
                .hint("Remove it: two blanks or a new line are enough.")
                .fix("Remove `,`", touches(span) ? new Edit(span, "  ") : Edit.remove(span));
    }

    /// Returns what a policy is called that has no name yet: as its file.
    static String title(Source source) {
        String path = source.path();
        String file = path.substring(path.lastIndexOf('/') + 1);
        int end = file.lastIndexOf(".writ");
        return end > 0 && Spelling.canBeName(file) ? file.substring(0, end) : "policy";
    }

    /// Returns how a text is written as a name.
    static String asName(String text) {
        boolean plain =
                !text.isEmpty()
                        && Character.isLetter(text.charAt(0))
                        && text.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-')
                        && !text.endsWith("-");
        return plain ? text : "`` `%s` ``".formatted(text);
    }

    /// Returns the message about a file that does not begin as it must.
    static Diagnostic noHeader(Tokens tokens, int index) {
        Diagnostic missing =
                Diagnostic.of(
                                DiagnosticCode.MISSING_HEADER,
                                tokens.span(index),
                                "a policy file begins with its name and the language")
                        .at("before this")
                        .hint(
                                "Write `%s` in the first line."
                                        .formatted(Form.HEADER.example("policy")));
        return Fit.begins(WritParser.RULE_item, tokens.type(index))
                ? missing.fix(
                        "Write a header",
                        new Span(tokens.source(), 0, 0),
                        "policy \"%s\" language 1\n\n".formatted(title(tokens.source())))
                : missing;
    }
}
