package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Literal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Literals as numbers in the units of [ValueType].
final class Amounts {
    /// How many of the unit of `NUMBER` make one.
    static final long MILLION = 1_000_000;

    static final long NANOS_PER_DOLLAR = 1_000_000_000;
    static final long BASIS_POINTS_PER_PERCENT = 100;

    private static final int DIGIT_BITS_MAX = 256;

    private Amounts() {}

    /// Returns what the literal is, or null for a unit that nothing can be compared with, such as
    /// requests. A bare quantity is a number.
    static @Nullable ValueType typeOf(Literal literal) {
        return switch (literal) {
            case Literal.Quantity quantity -> {
                String unit = quantity.unit();
                if (unit == null) {
                    yield ValueType.NUMBER;
                }
                yield switch (unit) {
                    case "tokens" -> ValueType.TOKENS;
                    case "bytes" -> ValueType.BYTES;
                    default -> null;
                };
            }
            case Literal.Money _ -> ValueType.USD;
            case Literal.Percent _ -> ValueType.PERCENT;
            case Literal.Time _ -> ValueType.DURATION;
            case Literal.Text _ -> ValueType.TEXT;
            case Literal.Bool _ -> ValueType.BOOL;
        };
    }

    /// Returns what to call the literal in a message, with its article.
    static String noun(Literal literal) {
        ValueType type = typeOf(literal);
        if (type != null) {
            return type.noun();
        }
        return literal instanceof Literal.Quantity quantity
                ? "an amount of " + quantity.unit()
                : "a value";
    }

    /// Returns the literal in the unit of `type`; reports one of another unit or out of range.
    static @Nullable Long of(Literal literal, ValueType type, Report report) {
        BigDecimal amount = in(literal, type);
        if (amount == null) {
            report.add(mismatch(literal, type));
            return null;
        }
        return exact(amount, type, literal.span(), report);
    }

    /// Returns the literal counted in the unit of `type`, or null if it has another unit.
    private static @Nullable BigDecimal in(Literal literal, ValueType type) {
        return switch (literal) {
            case Literal.Quantity quantity -> {
                boolean bare = quantity.unit() == null;
                boolean fits = typeOf(quantity) == type || (bare && type == ValueType.TOKENS);
                yield fits ? scaled(quantity.amount(), type) : null;
            }
            case Literal.Money money ->
                    type == ValueType.USD ? scaled(money.dollars(), type) : null;
            case Literal.Percent percent ->
                    type == ValueType.PERCENT ? scaled(percent.amount(), type) : null;
            case Literal.Time time ->
                    type == ValueType.DURATION ? BigDecimal.valueOf(time.nanos()) : null;
            case Literal.Text _, Literal.Bool _ -> null;
        };
    }

    /// Returns an amount as people write it, counted in the unit of `type`.
    static BigDecimal scaled(BigDecimal amount, ValueType type) {
        return switch (type) {
            case NUMBER -> amount.multiply(BigDecimal.valueOf(MILLION));
            case USD -> amount.multiply(BigDecimal.valueOf(NANOS_PER_DOLLAR));
            case PERCENT -> amount.multiply(BigDecimal.valueOf(BASIS_POINTS_PER_PERCENT));
            case TOKENS, DURATION, BYTES, BOOL, TEXT, LABEL, COLLECTION -> amount;
        };
    }

    /// Returns a number of units as a `long`; reports one that is not whole or too large.
    static @Nullable Long exact(BigDecimal units, ValueType type, Span span, Report report) {
        if (isHuge(units)) {
            report.add(
                    notAllowed(span, "this has more digits than %s can have".formatted(type.noun()))
                            .at("too many digits"));
            return null;
        }
        if (units.stripTrailingZeros().scale() > 0) {
            report.add(
                    notAllowed(span, "this is finer than %s can be".formatted(type.noun()))
                            .at("the smallest step is %s".formatted(smallest(type))));
            return null;
        }
        if (units.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            report.add(
                    notAllowed(span, "this is more than %s can be".formatted(type.noun()))
                            .at("too large"));
            return null;
        }
        return units.longValueExact();
    }

    /// Tells whether a number has so many digits that to reckon with it would take long.
    static boolean isHuge(BigDecimal amount) {
        return amount.unscaledValue().bitLength() > DIGIT_BITS_MAX;
    }

    private static String smallest(ValueType type) {
        return switch (type) {
            case NUMBER -> "a millionth";
            case TOKENS -> "one token";
            case USD -> "a billionth of a dollar";
            case DURATION -> "a nanosecond";
            case PERCENT -> "a hundredth of a percent";
            case BYTES -> "one byte";
            case BOOL, TEXT, LABEL, COLLECTION -> "one";
        };
    }

    /// Returns a whole number without a unit between two bounds, both included, or reports it.
    static @Nullable Integer whole(
            Literal.Quantity literal, String noun, int min, int max, Report report) {
        if (literal.unit() != null) {
            report.add(mismatch(literal, ValueType.NUMBER));
            return null;
        }
        BigDecimal amount = literal.amount();
        if (isHuge(amount)
                || amount.stripTrailingZeros().scale() > 0
                || amount.compareTo(BigDecimal.valueOf(min)) < 0
                || amount.compareTo(BigDecimal.valueOf(max)) > 0) {
            report.add(
                    notAllowed(
                                    literal.span(),
                                    "`%s` is not %s".formatted(literal.span().text(), noun))
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "a whole number from %d to %d",
                                            min,
                                            max)));
            return null;
        }
        return amount.intValueExact();
    }

    /// Returns a time that is longer than nothing and at most [Limits#TIME_MAX], or reports it.
    static @Nullable Duration time(Literal.Time literal, Report report) {
        if (literal.nanos() <= 0 || literal.nanos() > Limits.TIME_MAX.toNanos()) {
            report.add(
                    notAllowed(
                                    literal.span(),
                                    "`%s` is not a time that Writ can wait"
                                            .formatted(literal.span().text()))
                            .at("more than nothing, at most 1h"));
            return null;
        }
        return Duration.ofNanos(literal.nanos());
    }

    /// Returns a share in basis points, at least `min` and at most 100%, or reports it.
    static @Nullable Integer share(Literal.Percent literal, int min, Report report) {
        Long basisPoints = of(literal, ValueType.PERCENT, report);
        if (basisPoints == null) {
            return null;
        }
        if (basisPoints < min || basisPoints > 100 * BASIS_POINTS_PER_PERCENT) {
            report.add(
                    notAllowed(
                                    literal.span(),
                                    "`%s` is not a share".formatted(literal.span().text()))
                            .at(min > 0 ? "more than 0%, at most 100%" : "from 0% to 100%"));
            return null;
        }
        return basisPoints.intValue();
    }

    static Diagnostic notAllowed(Span span, String headline) {
        return Diagnostic.of(DiagnosticCode.VALUE_NOT_ALLOWED, span, headline);
    }

    /// Returns the message that the literal is of another type than is needed.
    static Diagnostic mismatch(Literal literal, ValueType type) {
        Diagnostic mismatch =
                Diagnostic.of(
                                DiagnosticCode.TYPE_MISMATCH,
                                literal.span(),
                                "%s stands where %s is needed"
                                        .formatted(noun(literal), type.noun()))
                        .at("this is %s".formatted(noun(literal)));
        boolean bare = literal instanceof Literal.Quantity quantity && quantity.unit() == null;
        return bare ? withUnit(mismatch, literal.span(), type) : mismatch;
    }

    /// Returns the diagnostic with a hint that shows a bare number with the unit that it needs.
    static Diagnostic withUnit(Diagnostic diagnostic, Span number, ValueType type) {
        String written = number.text();
        String fixed =
                switch (type) {
                    case TOKENS -> written + " tokens";
                    case USD -> "$" + written;
                    case DURATION -> written + "s";
                    case PERCENT -> written + "%";
                    case BYTES -> written + " bytes";
                    case BOOL, NUMBER, TEXT, LABEL, COLLECTION -> "";
                };
        return fixed.isEmpty()
                ? diagnostic
                : diagnostic.hint("Write `%s`.".formatted(fixed)).fixByWriting(number, fixed);
    }
}
