package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool;
import dev.writ.dsl.policy.Policy.Pool.Canary;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which requests of pools try a new model first, and when that ends.
final class Canaries {
    private static final int ALL = (int) (100 * Amounts.BASIS_POINTS_PER_PERCENT);

    private Canaries() {}

    /// Returns what was written, or null if something about it is wrong and reported.
    ///
    /// @param model that it names; null if that is reported
    static @Nullable Canary of(
            PoolProperty.Canary written, Policy.@Nullable Model model, Report report) {
        Integer share = Amounts.share(written.share(), 1, report);
        Canary.By by = by(written.by(), report);
        PoolProperty.Canary.Stop stopWritten = written.stop();
        Canary.Stop stop = stopWritten == null ? null : stop(stopWritten, report);
        if (model == null || share == null || by == null || (stopWritten != null && stop == null)) {
            return null;
        }
        return new Canary(model, share, by, stop);
    }

    private static Canary.@Nullable By by(@Nullable Name written, Report report) {
        if (written == null) {
            return Canary.By.REQUEST;
        }
        for (Canary.By by : Canary.By.values()) {
            if (by.word().equals(written.text())) {
                return by;
            }
        }
        report.add(Unknowns.keyword(written, "way to split requests", Unknowns.SPLIT));
        return null;
    }

    private static Canary.@Nullable Stop stop(PoolProperty.Canary.Stop written, Report report) {
        Integer share = Amounts.share(written.failures(), 1, report);
        Literal.Quantity many = written.requests();
        Integer requests =
                many == null
                        ? (Integer) Limits.CANARY_REQUESTS_DEFAULT
                        : Amounts.whole(
                                many,
                                "a number of requests",
                                1,
                                Limits.CANARY_REQUESTS_MAX,
                                report);
        if (share == null || requests == null) {
            return null;
        }
        if (share * requests < ALL) {
            report.add(
                    Amounts.notAllowed(
                                    written.span(),
                                    String.format(
                                            Locale.ROOT,
                                            "%s of %,d requests is less than one failure",
                                            written.failures().span().text(),
                                            requests))
                            .at("one failure is more")
                            .hint(
                                    "Count more requests: `in %d requests`."
                                            .formatted(Math.ceilDiv(ALL, share))));
            return null;
        }
        return new Canary.Stop(share, requests);
    }

    /// Reports a canary that the pool tries first anyway.
    static void check(Pool pool, PoolProperty.Canary written, Report report) {
        Canary canary = pool.canary();
        if (canary != null
                && pool.members().stream()
                        .anyMatch(
                                member -> PoolModels.isOneTarget(member.model(), canary.model()))) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.CANARY_IS_ORDINARY,
                                    written.target().span(),
                                    "canary `%s` is one of the models that pool `%s` tries first"
                                            .formatted(canary.model().name(), pool.name()))
                            .at("not new to this pool")
                            .hint(
                                    "Name the model that is on trial, or take this one from those"
                                            + " that are tried first."));
        }
    }
}
