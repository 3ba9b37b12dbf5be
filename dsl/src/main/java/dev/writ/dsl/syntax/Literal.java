package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// A value written in a policy.
public sealed interface Literal {
    Span span();

    /// `4k`, `200k tokens`, `60 requests`: the amount with its suffix applied (`4k` is 4000).
    ///
    /// @param unit `tokens`, `requests`, `calls`, `bytes`, or null where none is written
    record Quantity(Span span, BigDecimal amount, @Nullable String unit) implements Literal {}

    /// `$2_000`, `$0.15`.
    record Money(Span span, BigDecimal dollars) implements Literal {}

    /// `70%`; the amount is 70.
    record Percent(Span span, BigDecimal amount) implements Literal {}

    /// `1.5s`, `40ms`, `24h`.
    record Time(Span span, long nanos) implements Literal {}

    /// `"text"`, escapes resolved.
    record Text(Span span, String value) implements Literal {}

    /// `true` or `false`.
    record Bool(Span span, boolean value) implements Literal {}
}
