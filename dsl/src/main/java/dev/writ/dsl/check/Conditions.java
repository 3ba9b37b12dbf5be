package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Expressions as conditions: every name resolved, every type checked.
///
/// A part that is wrong is reported once and makes the whole null, silently from there on.
final class Conditions {
    private final Unit unit;
    private final Attributes attributes;
    private final Operands operands;
    private final Tests tests;

    /// @param place where the conditions stand
    Conditions(Unit unit, Scope scope, Place place) {
        this.unit = unit;
        this.attributes = new Attributes(unit, scope, place);
        this.operands = new Operands(unit, attributes);
        this.tests = new Tests(unit, new LabelWords(unit, scope), operands);
    }

    /// Returns the condition, or null if something in it is wrong.
    @Nullable Condition condition(Expr expr) {
        return condition(expr, new BitSet());
    }

    /// Returns the condition, or null if something in it is wrong.
    ///
    /// @param known slots of facts that are surely present where the condition counts
    @Nullable Condition condition(Expr expr, BitSet known) {
        attributes.begin();
        return part(expr, known);
    }

    private @Nullable Condition part(Expr expr, BitSet known) {
        return switch (expr) {
            case Expr.Not not -> {
                Condition operand = part(not.operand(), known);
                yield operand == null ? null : Terms.not(not.span(), operand);
            }
            case Expr.All all -> {
                List<Condition> parts = parts(all.operands(), known, Presence::ifTrue);
                yield parts == null ? null : Terms.all(all.span(), parts);
            }
            case Expr.Any any -> {
                List<Condition> parts = parts(any.operands(), known, Presence::ifFalse);
                yield parts == null ? null : Terms.any(any.span(), parts);
            }
            case Expr.Compare compare -> compare(compare, known);
            case Expr.Is is -> {
                Operand left = operands.operand(is.left(), known);
                yield left == null ? null : tests.is(is, left, known);
            }
            case Expr.In in -> {
                Operand left = operands.operand(in.left(), known);
                yield left == null ? null : tests.in(in, left, known);
            }
            case Expr.Presence presence -> {
                Fact fact = operands.fact(presence.operand());
                yield fact == null ? null : presence(presence, fact);
            }
            case Expr.TextTest test -> {
                Operand left = operands.operand(test.left(), known);
                yield left == null ? null : tests.text(test, left);
            }
            case Expr.Path _, Expr.Call _, Expr.OrElse _, Expr.Constant _, Expr.Arithmetic _ -> {
                Operand operand = operands.operand(expr, known);
                yield operand == null ? null : alone(expr, operand);
            }
            case Expr.ListOf _, Expr.Range _ -> {
                unit.report()
                        .add(
                                notACondition(expr.span(), "a list")
                                        .hint("Put a value and `in` before it."));
                yield null;
            }
            case Expr.Missing _ -> null;
        };
    }

    /// Checks operands one after the other; what each tells of presence holds for those behind it.
    private @Nullable List<Condition> parts(
            List<Expr> exprs, BitSet known, Function<Condition, BitSet> told) {
        BitSet now = (BitSet) known.clone();
        List<Condition> parts = new ArrayList<>(exprs.size());
        boolean whole = true;
        for (Expr expr : exprs) {
            Condition part = part(expr, now);
            if (part == null) {
                // It may have asked for anything: what stands behind it is taken as present.
                whole = false;
                now.set(0, Limits.FACTS_MAX);
            } else {
                parts.add(part);
                now.or(told.apply(part));
            }
        }
        return whole ? parts : null;
    }

    private @Nullable Condition compare(Expr.Compare compare, BitSet known) {
        Operand left = operands.operand(compare.left(), known);
        Operand right = operands.operand(compare.right(), known);
        if (left == null || right == null) {
            return null;
        }
        if (isWordOrFlag(left) && isWordOrFlag(right)) {
            unit.report().add(notNumbers(compare, left, right));
            return null;
        }
        Operands.Pair pair = operands.pair(left, right);
        return pair == null
                ? null
                : Terms.compare(compare.span(), pair.left(), compare.comparison(), pair.right());
    }

    private static boolean isWordOrFlag(Operand operand) {
        return switch (operand) {
            case Operand.TextFact _,
                    Operand.TextValue _,
                    Operand.LabelFact _,
                    Operand.FlagFact _,
                    Operand.FlagValue _ ->
                    true;
            case Operand.Amount _, Operand.Bare _, Operand.Several _ -> false;
        };
    }

    private static Diagnostic notNumbers(Expr.Compare compare, Operand left, Operand right) {
        String symbol = compare.comparison().symbol();
        Diagnostic notNumbers =
                Diagnostic.of(
                                DiagnosticCode.TYPE_MISMATCH,
                                compare.span(),
                                "`%s` compares numbers only".formatted(symbol))
                        .at("%s and %s".formatted(left.noun(), right.noun()));
        String is =
                switch (compare.comparison()) {
                    case EQUAL -> "is";
                    case NOT_EQUAL -> "is not";
                    case LESS, AT_MOST, GREATER, AT_LEAST -> "";
                };
        boolean written = right instanceof Operand.TextValue || right instanceof Operand.FlagValue;
        if (is.isEmpty() || !written) {
            return notNumbers;
        }
        int from = left.span().end();
        int to = right.span().start();
        return notNumbers
                .hint("Write `%s %s %s`.".formatted(left.span().text(), is, right.span().text()))
                .fix(
                        "Write `%s`".formatted(is),
                        new Span(left.span().source(), from, to),
                        " %s ".formatted(is));
    }

    private static Condition presence(Expr.Presence presence, Fact fact) {
        Condition present =
                fact.attribute().optional()
                        ? new Condition.Present(presence.span(), fact)
                        : new Condition.Constant(presence.span(), true);
        return Terms.unless(!presence.present(), presence.span(), present);
    }

    private @Nullable Condition alone(Expr expr, Operand operand) {
        return switch (operand) {
            case Operand.FlagFact flag -> flag(expr.span(), flag);
            case Operand.FlagValue value -> new Condition.Constant(expr.span(), value.value());
            case Operand other -> {
                unit.report().add(how(notACondition(expr.span(), other.noun()), expr, other));
                yield null;
            }
        };
    }

    /// Returns a yes or no of the request as a condition.
    static Condition flag(Span span, Operand.FlagFact flag) {
        Condition yes = new Condition.Flag(span, flag.fact());
        return flag.fallback()
                ? Terms.any(
                        span,
                        List.of(yes, Terms.not(span, new Condition.Present(span, flag.fact()))))
                : yes;
    }

    private static Diagnostic notACondition(Span span, String noun) {
        return Diagnostic.of(
                        DiagnosticCode.NOT_A_CONDITION,
                        span,
                        "%s is not a condition".formatted(noun))
                .at("neither true nor false");
    }

    private static Diagnostic how(Diagnostic diagnostic, Expr expr, Operand operand) {
        String words = expr.span().text();
        return switch (operand) {
            case Operand.Amount _, Operand.Bare _ ->
                    diagnostic.hint("Compare it: `%s > …`.".formatted(words));
            case Operand.TextFact _ -> diagnostic.hint("Test it: `%s is \"…\"`.".formatted(words));
            case Operand.LabelFact label ->
                    diagnostic.hint(
                            "Compare it: `%s is %s`."
                                    .formatted(
                                            words,
                                            label.labels().labels().stream()
                                                    .findFirst()
                                                    .orElse("…")));
            case Operand.Several _ ->
                    diagnostic
                            .hint("Ask for it: `%s present`.".formatted(words))
                            .fix("Write `present`", Edit.behind(expr.span(), " present"));
            case Operand.TextValue _ -> diagnostic.hint("Put what it is compared with before it.");
            case Operand.FlagFact _, Operand.FlagValue _ -> diagnostic;
        };
    }

    /// Returns the number that an expression gives in the unit of `type`, or null if it is
    /// reported.
    @Nullable NumberTerm number(Expr expr, ValueType type, BitSet known) {
        attributes.begin();
        Operand operand = operands.operand(expr, known);
        return operand == null ? null : operands.number(operand, type);
    }
}
