package dev.writ.dsl.check;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.parse.Spelling;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Comparison;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Literal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Conditions made of one value and a test of it: `is`, `in`, `starts with` and their like.
final class Tests {
    private final Unit unit;
    private final LabelWords words;
    private final Operands operands;

    Tests(Unit unit, LabelWords words, Operands operands) {
        this.unit = unit;
        this.words = words;
        this.operands = operands;
    }

    /// Returns `left is right`, or null if it is reported.
    @Nullable Condition is(Expr.Is is, Operand left, BitSet known) {
        Condition positive =
                switch (left) {
                    case Operand.LabelFact label -> {
                        BitSet places = words.places(label.fact(), is.right());
                        yield places == null ? null : labelIn(is.span(), label, places);
                    }
                    case Operand.FlagFact flag -> isFlag(is, flag);
                    case Operand.TextFact text -> {
                        String value = text(is.right());
                        yield value == null
                                ? null
                                : new Condition.TextPasses(
                                        is.span(), text.text(), new TextTest.In(Set.of(value)));
                    }
                    case Operand.Amount _, Operand.Bare _ -> isNumber(is, left, known);
                    case Operand.TextValue _, Operand.FlagValue _, Operand.Several _ ->
                            untestable(left);
                };
        return positive == null ? null : Terms.unless(is.negated(), is.span(), positive);
    }

    private @Nullable Condition isNumber(Expr.Is is, Operand left, BitSet known) {
        Operand right = operands.operand(is.right(), known);
        Operands.Pair pair = right == null ? null : operands.pair(left, right);
        return pair == null
                ? null
                : Terms.compare(is.span(), pair.left(), Comparison.EQUAL, pair.right());
    }

    private @Nullable Condition isFlag(Expr.Is is, Operand.FlagFact flag) {
        if (is.right() instanceof Expr.Constant(_, Literal.Bool wanted)) {
            return Terms.unless(!wanted.value(), is.span(), Conditions.flag(is.span(), flag));
        }
        report(
                Diagnostic.of(
                                DiagnosticCode.TYPE_MISMATCH,
                                is.right().span(),
                                "a yes or no is compared with `true` or `false` only")
                        .hint(
                                "Write `%s` or `not %s`."
                                        .formatted(flag.span().text(), flag.span().text())));
        return null;
    }

    private static Condition labelIn(Span span, Operand.LabelFact label, BitSet places) {
        Condition in = new Condition.LabelIn(span, label.fact(), places);
        boolean absentToo = label.fallback() >= 0 && places.get(label.fallback());
        return absentToo
                ? Terms.any(
                        span,
                        List.of(in, Terms.not(span, new Condition.Present(span, label.fact()))))
                : in;
    }

    /// Returns `left in set`, or null if it is reported.
    @Nullable Condition in(Expr.In in, Operand left, BitSet known) {
        Condition positive =
                switch (in.set()) {
                    case Expr.ListOf list -> inList(in, left, list, known);
                    case Expr.Range range -> inRange(in, left, range);
                    case Expr.Missing _ -> null;
                    case Expr other -> {
                        report(
                                Diagnostic.of(
                                                DiagnosticCode.DOES_NOT_FIT,
                                                other.span(),
                                                "`in` needs a list or a range")
                                        .at("neither a list nor a range")
                                        .hint(
                                                "Write `in [%s]` or `in 8..18`."
                                                        .formatted(other.span().text())));
                        yield null;
                    }
                };
        return positive == null ? null : Terms.unless(in.negated(), in.span(), positive);
    }

    private @Nullable Condition inList(Expr.In in, Operand left, Expr.ListOf list, BitSet known) {
        if (list.elements().isEmpty()) {
            report(
                    Amounts.notAllowed(list.span(), "nothing is in an empty list")
                            .hint("Name what to look for."));
            return null;
        }
        if (list.elements().size() > Limits.LIST_ELEMENTS_MAX) {
            report(
                    Diagnostic.of(DiagnosticCode.TOO_LARGE, list.span(), "this list is too long")
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "%,d elements; a list may have %,d",
                                            list.elements().size(),
                                            Limits.LIST_ELEMENTS_MAX)));
            return null;
        }
        return switch (left) {
            case Operand.LabelFact label -> {
                BitSet places = new BitSet();
                boolean whole = true;
                for (Expr element : list.elements()) {
                    BitSet one = words.places(label.fact(), element);
                    whole &= one != null;
                    if (one != null) {
                        places.or(one);
                    }
                }
                yield whole ? labelIn(in.span(), label, places) : null;
            }
            case Operand.TextFact text -> {
                Set<String> values = new LinkedHashSet<>();
                boolean whole = true;
                for (Expr element : list.elements()) {
                    String one = text(element);
                    whole &= one != null;
                    if (one != null) {
                        values.add(one);
                    }
                }
                yield whole
                        ? new Condition.TextPasses(in.span(), text.text(), new TextTest.In(values))
                        : null;
            }
            case Operand.Amount _, Operand.Bare _ -> {
                List<Condition> equal = new ArrayList<>();
                boolean whole = true;
                for (Expr element : list.elements()) {
                    Operand right = operands.operand(element, known);
                    Operands.Pair pair = right == null ? null : operands.pair(left, right);
                    whole &= pair != null;
                    if (pair != null) {
                        equal.add(
                                Terms.compare(
                                        element.span(),
                                        pair.left(),
                                        Comparison.EQUAL,
                                        pair.right()));
                    }
                }
                yield whole ? Terms.any(in.span(), equal) : null;
            }
            case Operand.FlagFact _, Operand.FlagValue _, Operand.TextValue _, Operand.Several _ ->
                    untestable(left);
        };
    }

    private @Nullable Condition inRange(Expr.In in, Operand left, Expr.Range range) {
        Operand from = operands.operand(constant(range.from()), new BitSet());
        Operand to = operands.operand(constant(range.to()), new BitSet());
        if (from == null || to == null) {
            return null;
        }
        Operands.Pair low = operands.pair(left, from);
        Operands.Pair high = low == null ? null : operands.pair(left, to);
        if (low == null || high == null) {
            return null;
        }
        if (Terms.compare(range.span(), low.right(), Comparison.AT_LEAST, high.right())
                        instanceof Condition.Constant(_, boolean empty)
                && empty) {
            String words = left.span().text();
            report(
                    Amounts.notAllowed(range.span(), "nothing is in this range")
                            .at("from the first up to, but not including, the last")
                            .hint(
                                    "Around midnight write `%s >= %s or %s < %s`."
                                            .formatted(
                                                    words,
                                                    range.from().span().text(),
                                                    words,
                                                    range.to().span().text())));
            return null;
        }
        return Terms.all(
                in.span(),
                List.of(
                        Terms.compare(in.span(), low.left(), Comparison.AT_LEAST, low.right()),
                        Terms.compare(in.span(), high.left(), Comparison.LESS, high.right())));
    }

    private static Expr constant(Literal literal) {
        return new Expr.Constant(literal.span(), literal);
    }

    /// Returns `left starts with …` and its like, or null if it is reported.
    @Nullable Condition text(Expr.TextTest test, Operand left) {
        if (!(left instanceof Operand.TextFact text)) {
            report(
                    Diagnostic.of(
                                    DiagnosticCode.TYPE_MISMATCH,
                                    left.span(),
                                    "only the text of a request can be tested so")
                            .at("this is %s".formatted(left.noun())));
            return null;
        }
        boolean whole = true;
        for (Literal.Text part : test.texts()) {
            whole &= isUsable(part);
        }
        if (!whole || test.texts().isEmpty()) {
            return null;
        }
        List<String> parts = test.texts().stream().map(Literal.Text::value).toList();
        TextTest check =
                switch (test.kind()) {
                    case STARTS_WITH -> new TextTest.StartsWith(parts.getFirst());
                    case ENDS_WITH -> new TextTest.EndsWith(parts.getFirst());
                    case CONTAINS -> new TextTest.ContainsAny(parts);
                    case MATCHES -> pattern(test.texts().getFirst());
                };
        return check == null ? null : new Condition.TextPasses(test.span(), text.text(), check);
    }

    private boolean isUsable(Literal.Text text) {
        if (Texts.text(text, unit.report()).isEmpty()) {
            report(
                    Amounts.notAllowed(text.span(), "every text has an empty text in it")
                            .hint("Write what to look for between the quotes."));
            return false;
        }
        return true;
    }

    private @Nullable TextTest pattern(Literal.Text text) {
        if (text.value().length() > Limits.PATTERN_LENGTH_MAX) {
            tooLargePattern(text);
            return null;
        }
        try {
            Pattern pattern = Pattern.compile(text.value());
            if (pattern.programSize() > Limits.PATTERN_INSTRUCTIONS_MAX) {
                tooLargePattern(text);
                return null;
            }
            return new TextTest.Matches(text.value());
        } catch (PatternSyntaxException e) {
            if (unit.report().hasAnyIn(text.span())) {
                return null; // an escape could not be read, so this may not be what is written
            }
            report(
                    Diagnostic.of(
                                    DiagnosticCode.REGEX_NOT_LINEAR,
                                    text.span(),
                                    "this pattern is not one that RE2 can run")
                            .at(e.getDescription())
                            .hint(
                                    "Patterns run in linear time: there is no look-around and no"
                                            + " back-reference."));
            return null;
        }
    }

    private void tooLargePattern(Literal.Text text) {
        report(
                Diagnostic.of(DiagnosticCode.TOO_LARGE, text.span(), "this pattern is too large")
                        .at(
                                String.format(
                                        Locale.ROOT,
                                        "at most %,d characters and %,d instructions",
                                        Limits.PATTERN_LENGTH_MAX,
                                        Limits.PATTERN_INSTRUCTIONS_MAX))
                        .hint("Split it into several tests with `or`."));
    }

    /// Returns the written text, or reports that there is none.
    private @Nullable String text(Expr expr) {
        if (expr instanceof Expr.Constant(_, Literal.Text text)) {
            return Texts.text(text, unit.report());
        }
        if (!(expr instanceof Expr.Missing)) {
            Diagnostic wrong =
                    Diagnostic.of(
                                    DiagnosticCode.TYPE_MISMATCH,
                                    expr.span(),
                                    "a text is compared with written texts only")
                            .at("not in quotes");
            report(
                    expr instanceof Expr.Path path
                            ? wrong.hint("Write `\"%s\"`.".formatted(path.text()))
                                    .fix(
                                            "Put it in quotes",
                                            path.span(),
                                            Spelling.text(path.text()))
                            : wrong);
        }
        return null;
    }

    private @Nullable Condition untestable(Operand left) {
        Diagnostic wrong =
                Diagnostic.of(
                                DiagnosticCode.TYPE_MISMATCH,
                                left.span(),
                                "%s cannot be compared so".formatted(left.noun()))
                        .at("this is %s".formatted(left.noun()));
        report(
                left instanceof Operand.Several
                        ? wrong.hint("Ask for it: `%s present`.".formatted(left.span().text()))
                        : wrong);
        return null;
    }

    private void report(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
