package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool;
import dev.writ.dsl.syntax.Item.PoolProperty;
import org.jspecify.annotations.Nullable;

/// Which requests of pools are also sent to a model whose answers nobody sees.
final class Mirrors {
    private Mirrors() {}

    /// Returns what was written, or null if something about it is wrong and reported.
    ///
    /// @param model that it names; null if that is reported
    static Pool.@Nullable Mirror of(
            PoolProperty.Mirror written, Policy.@Nullable Model model, Report report) {
        Integer share = Amounts.share(written.share(), 1, report);
        return model == null || share == null ? null : new Pool.Mirror(model, share);
    }

    /// Reports a mirror at the only model that answers.
    static void check(Pool pool, PoolProperty.Mirror written, Report report) {
        Pool.Mirror mirror = pool.mirror();
        if (mirror != null
                && pool.members().size() == 1
                && PoolModels.isSame(pool.members().getFirst().model(), mirror.model())) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.DOES_NOT_FIT,
                                    written.target().span(),
                                    "pool `%s` mirrors to the model that answers"
                                            .formatted(pool.name()))
                            .at("its answers are seen already")
                            .hint("Mirror to a model that you want to compare with it."));
        }
    }
}
