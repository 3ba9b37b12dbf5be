package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.syntax.Item;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The models that pools of one file name.
final class PoolModels {
    private final Unit unit;
    private final Scope scope;
    private final Map<String, Policy.Model> models;

    PoolModels(Unit unit, Scope scope, Map<String, Policy.Model> models) {
        this.unit = unit;
        this.scope = scope;
        this.models = models;
    }

    /// Returns the model that a pool names, or null if it is reported or broken.
    Policy.@Nullable Model of(Item.Target target) {
        return switch (target.kind()) {
            case MODEL -> {
                Declared declared = scope.resolve(Kind.MODEL, target.name());
                yield declared == null ? null : models.get(declared.name().text());
            }
            case POOL, ROUTE -> {
                unit.report()
                        .add(
                                Diagnostic.of(
                                                DiagnosticCode.DOES_NOT_FIT,
                                                target.span(),
                                                "a pool holds models only")
                                        .at("not a model")
                                        .hint("Name the models; arms of routes can name pools."));
                yield null;
            }
        };
    }

    static boolean isSame(Policy.Model a, Policy.Model b) {
        return a.index() == b.index();
    }

    /// Tells whether two models are one at the provider, so that a request tries one of them only.
    static boolean isOneTarget(Policy.Model a, Policy.Model b) {
        return a.upstreamName().equals(b.upstreamName())
                && a.provider().name().equals(b.provider().name());
    }

    static Diagnostic twice(Item.Target target, Policy.Model model) {
        return Diagnostic.of(
                        DiagnosticCode.PROPERTY_TWICE,
                        target.span(),
                        "model `%s` stands twice in this pool".formatted(model.name()))
                .at("again here")
                .hint("Name it once; to try it again write `retry 1 within 2s`.");
    }
}
