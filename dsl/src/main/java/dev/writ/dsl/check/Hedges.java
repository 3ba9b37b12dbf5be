package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy.Pool;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Literal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When pools ask a second model beside a silent one.
final class Hedges {
    private Hedges() {}

    /// Returns what was written, or null if something about it is wrong and reported.
    static Pool.@Nullable Hedge of(PoolProperty.Hedge written, Report report) {
        Duration after = Amounts.time(written.after(), report);
        Literal.Percent most = written.most();
        Integer share = Limits.HEDGES_BASIS_POINTS_DEFAULT;
        if (most != null) {
            share = Amounts.share(most, 1, report);
        }
        return after == null || share == null ? null : new Pool.Hedge(after, share);
    }

    /// Reports a hedge for which the pool has no second model.
    static void check(Pool pool, PoolProperty.Hedge written, Report report) {
        boolean another =
                pool.members().size() > 1
                        || pool.fallbacks().stream()
                                .anyMatch(then -> then.causes().contains(Cause.TIMEOUT));
        if (!another) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.HEDGE_WITHOUT_ANOTHER,
                                    written.span(),
                                    "pool `%s` has no second model to hedge with"
                                            .formatted(pool.name()))
                            .at("never sent to the same model twice")
                            .hint("Add a model, or a fallback that is tried on `timeout`."));
        }
    }
}
