package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item.ProviderProperty;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The properties of one provider that only simulated ones take.
final class Simulations {
    static final long TOKENS_PER_SECOND_MAX = 1_000_000;
    static final long BREAK_AFTER_TOKENS_MAX = 1_000_000;

    private static final Map<String, Integer> SECONDS =
            Map.of("second", 1, "minute", 60, "hour", 3_600, "day", 86_400);

    private final Report report;
    private final Map<String, Span> spans = new LinkedHashMap<>();
    private Duration latency = Duration.ZERO;
    private long tokensPerSecond;
    private int failBasisPoints;
    private int failStatus = 503;
    private int breakBasisPoints;
    private long breakAfterTokens;
    private @Nullable String reply;

    Simulations(Report report) {
        this.report = report;
    }

    void add(ProviderProperty.Latency property, Once once) {
        if (first("latency", property.span(), once)) {
            Duration time = Amounts.time(property.time(), report);
            latency = time == null ? latency : time;
        }
    }

    void add(ProviderProperty.Pace property, Once once) {
        if (!first("pace", property.span(), once)) {
            return;
        }
        Long tokens = Amounts.of(property.rate().amount(), ValueType.TOKENS, report);
        String period = property.rate().period().text();
        Integer seconds = SECONDS.get(period);
        if (seconds == null) {
            report.add(
                    Unknowns.label(
                            property.rate().period().span(),
                            period,
                            "period",
                            List.of("second", "minute", "hour", "day")));
            return;
        }
        if (tokens == null) {
            return;
        }
        long pace =
                BigDecimal.valueOf(tokens)
                        .divide(BigDecimal.valueOf(seconds), 0, RoundingMode.DOWN)
                        .longValue();
        if (pace < 1 || pace > TOKENS_PER_SECOND_MAX) {
            report.add(
                    Amounts.notAllowed(property.rate().span(), "no answer comes at this pace")
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "from 1 to %,d tokens per second",
                                            TOKENS_PER_SECOND_MAX)));
            return;
        }
        tokensPerSecond = pace;
    }

    void add(ProviderProperty.Fail property, Once once) {
        if (first("fail", property.span(), once)) {
            Integer share = Amounts.share(property.share(), 0, report);
            Integer status =
                    Amounts.whole(property.status(), "a status of errors", 400, 599, report);
            failBasisPoints = share == null ? failBasisPoints : share;
            failStatus = status == null ? failStatus : status;
        }
    }

    void add(ProviderProperty.Break property, Once once) {
        if (!first("break", property.span(), once)) {
            return;
        }
        Integer share = Amounts.share(property.share(), 0, report);
        Long after = Amounts.of(property.after(), ValueType.TOKENS, report);
        if (after != null && after > BREAK_AFTER_TOKENS_MAX) {
            report.add(
                    Amounts.notAllowed(property.after().span(), "no answer is that long")
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "at most %,d tokens",
                                            BREAK_AFTER_TOKENS_MAX)));
            return;
        }
        breakBasisPoints = share == null ? breakBasisPoints : share;
        breakAfterTokens = after == null ? breakAfterTokens : after;
    }

    void add(ProviderProperty.Reply property, Once once) {
        if (first("reply", property.span(), once)) {
            reply = Texts.text(property.text(), report);
        }
    }

    private boolean first(String property, Span span, Once once) {
        spans.putIfAbsent(property, span);
        return once.first(property, span);
    }

    /// Reports what does not fit a provider that is not simulated.
    void mustFit(ProviderKind kind) {
        if (kind.simulated()) {
            return;
        }
        spans.forEach(
                (property, span) ->
                        report.add(
                                Diagnostic.of(
                                                DiagnosticCode.DOES_NOT_FIT,
                                                span,
                                                "kind `%s` has no `%s`"
                                                        .formatted(kind.name(), property))
                                        .at("only simulated providers have it")
                                        .hint("Remove it, or write `kind simulated`.")
                                        .fix("Remove it", Edit.remove(span))));
    }

    /// Returns how the provider behaves.
    Policy.Simulation simulation() {
        return new Policy.Simulation(
                latency,
                tokensPerSecond,
                failBasisPoints,
                failStatus,
                breakBasisPoints,
                breakAfterTokens,
                reply);
    }
}
