package dev.writ.dsl.check;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Comparison;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Conditions and numbers put together, with what is constant reckoned at once.
final class Terms {
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private Terms() {}

    static Condition not(Span span, Condition operand) {
        return switch (operand) {
            case Condition.Constant constant -> new Condition.Constant(span, !constant.value());
            case Condition.Not not -> not.operand();
            case Condition other -> new Condition.Not(span, other);
        };
    }

    /// Returns `condition`, or the opposite of it.
    static Condition unless(boolean negated, Span span, Condition condition) {
        return negated ? not(span, condition) : condition;
    }

    static Condition all(Span span, List<Condition> operands) {
        return joined(span, operands, false);
    }

    static Condition any(Span span, List<Condition> operands) {
        return joined(span, operands, true);
    }

    /// Joins by or where `decisive` is true, by and where it is false: one operand that is
    /// constantly so decides the whole.
    private static Condition joined(Span span, List<Condition> operands, boolean decisive) {
        List<Condition> left = new ArrayList<>(operands.size());
        for (Condition operand : operands) {
            if (!(operand instanceof Condition.Constant constant)) {
                left.add(operand);
            } else if (constant.value() == decisive) {
                return new Condition.Constant(span, decisive);
            }
        }
        if (left.isEmpty()) {
            return new Condition.Constant(span, !decisive);
        }
        if (left.size() == 1) {
            return left.getFirst();
        }
        return decisive ? new Condition.Any(span, left) : new Condition.All(span, left);
    }

    static Condition compare(Span span, NumberTerm left, Comparison comparison, NumberTerm right) {
        if (left instanceof NumberTerm.Constant a && right instanceof NumberTerm.Constant b) {
            return new Condition.Constant(span, comparison.holds(a.value(), b.value()));
        }
        return new Condition.NumberCompare(span, left, comparison, right);
    }

    static NumberTerm plus(NumberTerm left, NumberTerm right) {
        if (left instanceof NumberTerm.Constant a && right instanceof NumberTerm.Constant b) {
            return constant(a, big(a).add(big(b)));
        }
        return new NumberTerm.Plus(left.type(), left, right);
    }

    static NumberTerm minus(NumberTerm left, NumberTerm right) {
        if (left instanceof NumberTerm.Constant a && right instanceof NumberTerm.Constant b) {
            return constant(a, big(a).subtract(big(b)));
        }
        return new NumberTerm.Minus(left.type(), left, right);
    }

    static NumberTerm scaled(NumberTerm operand, long numerator, long denominator) {
        if (operand instanceof NumberTerm.Constant a) {
            BigInteger product = big(a).multiply(BigInteger.valueOf(numerator));
            return constant(a, product.divide(BigInteger.valueOf(denominator)));
        }
        return new NumberTerm.Scaled(operand.type(), operand, numerator, denominator);
    }

    private static NumberTerm constant(NumberTerm.Constant like, BigInteger value) {
        return new NumberTerm.Constant(like.type(), value.max(MIN).min(MAX).longValueExact());
    }

    private static BigInteger big(NumberTerm.Constant constant) {
        return BigInteger.valueOf(constant.value());
    }
}
