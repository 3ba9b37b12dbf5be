package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.syntax.Expr;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Sums and products with units: amounts add to their like, and scale by written numbers.
final class Arithmetic {
    /// Decimal places that a quotient of two written numbers keeps.
    private static final int QUOTIENT_SCALE = 12;

    private final Report report;

    Arithmetic(Report report) {
        this.report = report;
    }

    /// Returns the value, or null if it is reported.
    @Nullable Operand of(Expr.Arithmetic expr, Operand left, Operand right) {
        return switch (expr.operator()) {
            case PLUS, MINUS -> sum(expr, left, right);
            case TIMES -> product(expr, left, right);
            case DIVIDED_BY -> quotient(expr, left, right);
        };
    }

    private @Nullable Operand sum(Expr.Arithmetic expr, Operand left, Operand right) {
        boolean plus = expr.operator() == Expr.Arithmetic.Operator.PLUS;
        if (left instanceof Operand.Bare a && right instanceof Operand.Bare b) {
            return new Operand.Bare(
                    expr.span(), plus ? a.value().add(b.value()) : a.value().subtract(b.value()));
        }
        Operands.Pair pair = pair(left, right, plus ? "added to" : "reckoned with");
        if (pair == null) {
            return null;
        }
        return new Operand.Amount(
                expr.span(),
                plus
                        ? Terms.plus(pair.left(), pair.right())
                        : Terms.minus(pair.left(), pair.right()));
    }

    private @Nullable Operand product(Expr.Arithmetic expr, Operand left, Operand right) {
        BigDecimal byRight = factor(right);
        BigDecimal byLeft = factor(left);
        if (left instanceof Operand.Bare a && byRight != null) {
            return new Operand.Bare(expr.span(), a.value().multiply(byRight));
        }
        if (left instanceof Operand.Amount amount && byRight != null) {
            return scaled(expr, amount, byRight, BigDecimal.ONE);
        }
        if (right instanceof Operand.Amount amount && byLeft != null) {
            return scaled(expr, amount, byLeft, BigDecimal.ONE);
        }
        return unscalable(left, right);
    }

    private @Nullable Operand quotient(Expr.Arithmetic expr, Operand left, Operand right) {
        if (!(right instanceof Operand.Bare divisor)) {
            return unscalable(left, right);
        }
        if (divisor.value().signum() == 0) {
            report.add(
                    Amounts.notAllowed(right.span(), "nothing can be divided by 0")
                            .at("this is 0"));
            return null;
        }
        return switch (left) {
            case Operand.Bare bare ->
                    new Operand.Bare(
                            expr.span(),
                            bare.value()
                                    .divide(divisor.value(), QUOTIENT_SCALE, RoundingMode.DOWN));
            case Operand.Amount amount -> scaled(expr, amount, BigDecimal.ONE, divisor.value());
            case Operand other -> unscalable(other, right);
        };
    }

    /// Returns what a written number or share multiplies by, or null for anything else.
    private static @Nullable BigDecimal factor(Operand operand) {
        return switch (operand) {
            case Operand.Bare bare -> bare.value();
            case Operand.Amount(_, NumberTerm.Constant(ValueType type, long value))
                    when type == ValueType.PERCENT ->
                    BigDecimal.valueOf(value, 4);
            case Operand _ -> null;
        };
    }

    private @Nullable Operand scaled(
            Expr.Arithmetic expr, Operand.Amount amount, BigDecimal times, BigDecimal by) {
        // times / by as a fraction of two whole numbers, shortened.
        int scale = Math.max(0, Math.max(times.scale(), by.scale()));
        BigInteger over = times.movePointRight(scale).toBigInteger();
        BigInteger under = by.movePointRight(scale).toBigInteger();
        BigInteger common = over.gcd(under).max(BigInteger.ONE);
        if (under.signum() < 0) {
            common = common.negate();
        }
        over = over.divide(common);
        under = under.divide(common);
        if (over.bitLength() >= Long.SIZE || under.bitLength() >= Long.SIZE) {
            report.add(
                    Amounts.notAllowed(expr.span(), "this number has too many digits")
                            .at("round it"));
            return null;
        }
        return new Operand.Amount(
                expr.span(),
                Terms.scaled(amount.term(), over.longValueExact(), under.longValueExact()));
    }

    private @Nullable Operand unscalable(Operand left, Operand right) {
        report.add(
                Diagnostic.of(
                                DiagnosticCode.TYPE_MISMATCH,
                                right.span(),
                                "%s cannot be scaled by %s".formatted(left.noun(), right.noun()))
                        .at("this is %s".formatted(right.noun()))
                        .because(left.span(), "this is %s".formatted(left.noun()))
                        .hint("Amounts scale by a written number or share: `* 2`, `* 50%`."));
        return null;
    }

    /// Returns both numbers in one unit; a bare number takes the other's where that is a number or
    /// tokens. Reports what has no unit in common and returns null.
    Operands.@Nullable Pair pair(Operand left, Operand right, String verb) {
        ValueType type = typeBeside(left, right);
        if (type == null || type != typeBeside(right, left)) {
            report.add(mismatch(left, right, verb));
            return null;
        }
        NumberTerm a = term(left, type);
        NumberTerm b = term(right, type);
        return a == null || b == null ? null : new Operands.Pair(a, b);
    }

    /// Returns the unit of a number; that of the other side for a bare one; null for no number.
    private static @Nullable ValueType typeBeside(Operand operand, Operand other) {
        return switch (operand) {
            case Operand.Amount number -> number.term().type();
            case Operand.Bare _ -> bareType(other);
            case Operand _ -> null;
        };
    }

    /// Returns a number in the unit of `type`, or reports that it is none and returns null.
    @Nullable NumberTerm number(Operand operand, ValueType type) {
        boolean bare =
                operand instanceof Operand.Bare
                        && (type == ValueType.NUMBER || type == ValueType.TOKENS);
        boolean fits = operand instanceof Operand.Amount number && number.term().type() == type;
        if (bare || fits) {
            return term(operand, type);
        }
        Diagnostic mismatch =
                Diagnostic.of(
                                DiagnosticCode.TYPE_MISMATCH,
                                operand.span(),
                                "%s stands where %s is needed"
                                        .formatted(operand.noun(), type.noun()))
                        .at("this is %s".formatted(operand.noun()));
        report.add(
                operand instanceof Operand.Bare
                        ? Amounts.withUnit(mismatch, operand.span(), type)
                        : mismatch);
        return null;
    }

    private @Nullable NumberTerm term(Operand operand, ValueType type) {
        return switch (operand) {
            case Operand.Amount number -> number.term();
            case Operand.Bare bare -> {
                BigDecimal units = Amounts.scaled(bare.value(), type);
                Long value = Amounts.exact(units, type, bare.span(), report);
                yield value == null ? null : new NumberTerm.Constant(type, value);
            }
            case Operand _ -> null;
        };
    }

    /// Returns what a bare number is beside the operand, or null if it must have a unit there.
    private static @Nullable ValueType bareType(Operand other) {
        return switch (other) {
            case Operand.Bare _ -> ValueType.NUMBER;
            case Operand.Amount number ->
                    switch (number.term().type()) {
                        case NUMBER, TOKENS -> number.term().type();
                        case USD, DURATION, PERCENT, BYTES, BOOL, TEXT, LABEL, COLLECTION -> null;
                    };
            case Operand _ -> null;
        };
    }

    private static Diagnostic mismatch(Operand left, Operand right, String verb) {
        Diagnostic mismatch =
                Diagnostic.of(
                                DiagnosticCode.TYPE_MISMATCH,
                                right.span(),
                                "%s cannot be %s %s".formatted(left.noun(), verb, right.noun()))
                        .at("this is %s".formatted(right.noun()))
                        .because(left.span(), "this is %s".formatted(left.noun()));
        if (right instanceof Operand.Bare && left instanceof Operand.Amount number) {
            return Amounts.withUnit(mismatch, right.span(), number.term().type());
        }
        if (left instanceof Operand.LabelFact || left instanceof Operand.TextFact) {
            return mismatch.hint("Texts and names are compared with `is` and `in`.");
        }
        return mismatch;
    }
}
