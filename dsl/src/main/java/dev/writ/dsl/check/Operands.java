package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Literal;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Expressions as values, with types and units checked.
final class Operands {
    private final Unit unit;
    private final Attributes attributes;
    private final Arithmetic arithmetic;

    Operands(Unit unit, Attributes attributes) {
        this.unit = unit;
        this.attributes = attributes;
        this.arithmetic = new Arithmetic(unit.report());
    }

    /// Returns the value of the expression, or null for one that is reported, now or before.
    ///
    /// @param known slots of facts that are surely present where the expression counts
    @Nullable Operand operand(Expr expr, BitSet known) {
        return switch (expr) {
            case Expr.Path _, Expr.Call _ -> {
                Fact fact = fact(expr);
                yield fact == null ? null : present(expr.span(), fact, known);
            }
            case Expr.OrElse orElse -> orElse(orElse);
            case Expr.Constant(Span span, Literal literal) -> literal(span, literal);
            case Expr.Arithmetic sum -> {
                Operand left = operand(sum.left(), known);
                Operand right = operand(sum.right(), known);
                yield left == null || right == null ? null : arithmetic.of(sum, left, right);
            }
            case Expr.Missing _ -> null;
            case Expr.ListOf _, Expr.Range _ -> misplaced(expr, "a list");
            case Expr.Not _,
                    Expr.All _,
                    Expr.Any _,
                    Expr.Compare _,
                    Expr.Is _,
                    Expr.In _,
                    Expr.Presence _,
                    Expr.TextTest _ ->
                    misplaced(expr, "a condition");
        };
    }

    private @Nullable Operand misplaced(Expr expr, String noun) {
        unit.report()
                .add(
                        Diagnostic.of(
                                        DiagnosticCode.TYPE_MISMATCH,
                                        expr.span(),
                                        "%s stands where a value is needed".formatted(noun))
                                .at("this is %s".formatted(noun)));
        return null;
    }

    /// Returns the fact that a path or a call reads; null for another expression, or one that is
    /// reported.
    @Nullable Fact fact(Expr expr) {
        return switch (expr) {
            case Expr.Path path -> attributes.fact(path);
            case Expr.Call call -> attributes.fact(call);
            case Expr other -> {
                Operand wrong = operand(other, new BitSet());
                if (wrong != null) {
                    unit.report()
                            .add(
                                    Diagnostic.of(
                                                    DiagnosticCode.DOES_NOT_FIT,
                                                    other.span(),
                                                    "only an attribute can be absent")
                                            .at("this is %s".formatted(wrong.noun())));
                }
                yield null;
            }
        };
    }

    /// The value of a fact; its stand-in where it is absent never counts, because the author asked
    /// for presence.
    private @Nullable Operand present(Span span, Fact fact, BitSet known) {
        ValueType type = fact.attribute().type();
        boolean optional = fact.attribute().optional();
        if (attributes.mayBeAbsent(fact.attribute())
                && type != ValueType.COLLECTION
                && !known.get(fact.slot())) {
            unit.report().add(mayBeAbsent(span, fact));
            return null;
        }
        return switch (type) {
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES ->
                    new Operand.Amount(
                            span, new NumberTerm.FactNumber(fact, optional ? (Long) 0L : null));
            case TEXT -> new Operand.TextFact(span, new TextTerm(fact, optional ? "" : null));
            case LABEL -> new Operand.LabelFact(span, fact, -1);
            case BOOL -> new Operand.FlagFact(span, fact, false);
            case COLLECTION -> new Operand.Several(span, fact);
        };
    }

    private static Diagnostic mayBeAbsent(Span span, Fact fact) {
        String words = span.text();
        String fallback =
                switch (fact.attribute().type()) {
                    case TOKENS -> "4k tokens";
                    case NUMBER -> "1";
                    case USD -> "$0";
                    case DURATION -> "0s";
                    case PERCENT -> "0%";
                    case BYTES -> "0 bytes";
                    case BOOL -> "false";
                    case TEXT, COLLECTION -> "\"\"";
                    case LABEL ->
                            Objects.requireNonNull(fact.labels()).labels().stream()
                                    .findFirst()
                                    .map("\"%s\""::formatted)
                                    .orElse("\"…\"");
                };
        return Diagnostic.of(
                        DiagnosticCode.OPTIONAL_NOT_RESOLVED,
                        span,
                        "`%s` may be absent".formatted(words))
                .at("what if a request has none?")
                .hint("`%s else %s` puts a value in its place.".formatted(words, fallback))
                .hint("`%s present and …` leaves requests without it out.".formatted(words))
                .hint("`%s absent or …` lets requests without it in.".formatted(words))
                .fix("Write `else %s`".formatted(fallback), Edit.behind(span, " else " + fallback))
                .fix(
                        "Write `%s present and`".formatted(words),
                        Edit.before(span, words + " present and "))
                .fix(
                        "Write `%s absent or`".formatted(words),
                        Edit.before(span, words + " absent or "));
    }

    private @Nullable Operand orElse(Expr.OrElse orElse) {
        Fact fact = fact(orElse.value());
        if (fact == null) {
            return null;
        }
        Literal fallback = orElse.fallback();
        if (!fact.attribute().optional()) {
            unit.report()
                    .add(
                            Diagnostic.of(
                                            DiagnosticCode.DOES_NOT_FIT,
                                            fallback.span(),
                                            "`%s` is never absent"
                                                    .formatted(fact.attribute().path()))
                                    .at("this could never count")
                                    .hint("Remove the `else`.")
                                    .fix(
                                            "Remove the `else`",
                                            new Span(
                                                    fallback.span().source(),
                                                    orElse.value().span().end(),
                                                    fallback.span().end()),
                                            ""));
            return null;
        }
        Span span = orElse.span();
        ValueType type = fact.attribute().type();
        return switch (type) {
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> {
                Long value = Amounts.of(fallback, type, unit.report());
                yield value == null
                        ? null
                        : new Operand.Amount(span, new NumberTerm.FactNumber(fact, value));
            }
            case TEXT ->
                    fallback instanceof Literal.Text text
                            ? new Operand.TextFact(
                                    span, new TextTerm(fact, Texts.text(text, unit.report())))
                            : mismatch(fallback, type);
            case LABEL -> orElseLabel(span, fact, fallback);
            case BOOL ->
                    fallback instanceof Literal.Bool bool
                            ? new Operand.FlagFact(span, fact, bool.value())
                            : mismatch(fallback, type);
            case COLLECTION -> {
                unit.report()
                        .add(
                                Diagnostic.of(
                                                DiagnosticCode.DOES_NOT_FIT,
                                                fallback.span(),
                                                "nothing can stand in for %s"
                                                        .formatted(type.noun()))
                                        .hint(
                                                "Write `%s present`."
                                                        .formatted(fact.attribute().path())));
                yield null;
            }
        };
    }

    private @Nullable Operand orElseLabel(Span span, Fact fact, Literal fallback) {
        if (!(fallback instanceof Literal.Text text)) {
            return mismatch(fallback, ValueType.TEXT);
        }
        int place = unit.labels().place(fact.attribute(), text.value());
        if (place < 0) {
            unit.report().add(LabelWords.unknown(fact, text.span(), text.value()));
            return null;
        }
        return new Operand.LabelFact(span, fact, place);
    }

    private @Nullable Operand mismatch(Literal literal, ValueType needed) {
        unit.report().add(Amounts.mismatch(literal, needed));
        return null;
    }

    private @Nullable Operand literal(Span span, Literal literal) {
        return switch (literal) {
            case Literal.Text text -> new Operand.TextValue(span, text.value());
            case Literal.Bool bool -> new Operand.FlagValue(span, bool.value());
            case Literal.Quantity quantity when quantity.unit() == null ->
                    new Operand.Bare(span, quantity.amount());
            case Literal.Quantity _, Literal.Money _, Literal.Percent _, Literal.Time _ -> {
                ValueType type = Amounts.typeOf(literal);
                if (type == null) {
                    unit.report()
                            .add(
                                    Diagnostic.of(
                                                    DiagnosticCode.TYPE_MISMATCH,
                                                    span,
                                                    "no attribute counts %s"
                                                            .formatted(Amounts.noun(literal)))
                                            .at("this is %s".formatted(Amounts.noun(literal))));
                    yield null;
                }
                Long value = Amounts.of(literal, type, unit.report());
                yield value == null
                        ? null
                        : new Operand.Amount(span, new NumberTerm.Constant(type, value));
            }
        };
    }

    /// Returns both sides of a comparison in one unit, or null if they have none in common.
    @Nullable Pair pair(Operand left, Operand right) {
        return arithmetic.pair(left, right, "compared with");
    }

    /// Returns a number in the unit of `type`, or reports that it is none and returns null.
    @Nullable NumberTerm number(Operand operand, ValueType type) {
        return arithmetic.number(operand, type);
    }

    /// Two numbers in one unit.
    record Pair(NumberTerm left, NumberTerm right) {}
}
