package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Fallback;
import dev.writ.dsl.policy.Policy.Pool.Member;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Name;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a pool tries after a failure, as far as it has been read.
final class Fallbacks {
    /// On what `then` without `on` takes over: everything but our own wrong credentials.
    private static final Set<Cause> CAUSES_DEFAULT =
            EnumSet.complementOf(EnumSet.of(Cause.UNAUTHORIZED));

    private final Unit unit;
    private final PoolModels models;
    private final List<Fallback> fallbacks = new ArrayList<>();

    /// As written, one a fallback.
    private final List<PoolProperty.Then> thens = new ArrayList<>();

    private boolean whole = true;

    Fallbacks(Unit unit, PoolModels models) {
        this.unit = unit;
        this.models = models;
    }

    void then(PoolProperty.Then then, Members members) {
        Policy.Model model = models.of(then.target());
        Set<Cause> causes = EnumSet.noneOf(Cause.class);
        for (Name name : then.causes()) {
            Cause cause = cause(name);
            if (cause == null) {
                add(
                        Unknowns.label(
                                name.span(),
                                name.text(),
                                "cause of a failure",
                                PropertyWords.CAUSES));
            } else {
                causes.add(cause);
            }
        }
        if (model == null) {
            whole = false;
            return;
        }
        boolean again = fallbacks.stream().anyMatch(f -> PoolModels.isSame(f.model(), model));
        if (again || members.isOnly(model)) {
            add(PoolModels.twice(then.target(), model));
            return;
        }
        if (causes.isEmpty()) {
            causes.addAll(CAUSES_DEFAULT);
        }
        fallbacks.add(new Fallback(model, causes));
        thens.add(then);
    }

    /// Tells whether all of them could be read, so that a pool can be made of them.
    boolean isWhole() {
        return whole;
    }

    List<Fallback> fallbacks() {
        return fallbacks;
    }

    /// Reports what the fallbacks of a pool do not help against.
    void check(Policy.Pool pool) {
        causes(pool);
        oneProvider(pool);
    }

    /// Reports fallbacks on a cause that nothing before them can fail with.
    private void causes(Policy.Pool pool) {
        Set<Cause> possible = EnumSet.noneOf(Cause.class);
        for (Member member : pool.members()) {
            possible.addAll(causesOf(member.model()));
        }
        for (int i = 0; i < thens.size(); i++) {
            for (Name name : thens.get(i).causes()) {
                Cause cause = cause(name);
                if (cause != null && !possible.contains(cause)) {
                    add(
                            Diagnostic.of(
                                            DiagnosticCode.CAUSE_NEVER_RETURNED,
                                            name.span(),
                                            "no model before this fallback ever fails with `%s`"
                                                    .formatted(name.text()))
                                    .at("never happens")
                                    .hint(
                                            "They can fail with: %s."
                                                    .formatted(
                                                            Suggested.listed(
                                                                    possible.stream()
                                                                            .map(Cause::word)
                                                                            .toList()))));
                }
            }
            possible.addAll(causesOf(fallbacks.get(i).model()));
        }
    }

    private Set<Cause> causesOf(Policy.Model model) {
        ProviderKind kind = unit.providerKind(model.provider().kind());
        return kind == null ? EnumSet.allOf(Cause.class) : kind.causes();
    }

    private void oneProvider(Policy.Pool pool) {
        String provider = pool.members().getFirst().model().provider().name();
        boolean same =
                !thens.isEmpty()
                        && pool.ordinary().stream()
                                .allMatch(model -> model.provider().name().equals(provider));
        if (same) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.SAME_PROVIDER_FALLBACKS,
                                    thens.getFirst().span(),
                                    "every fallback of pool `%s` is at the same provider"
                                            .formatted(pool.name()))
                            .at("when `%s` is down, so is this".formatted(provider))
                            .hint("Add a fallback at another provider."));
        }
    }

    private static @Nullable Cause cause(Name name) {
        for (Cause cause : Cause.values()) {
            if (cause.word().equals(name.text())) {
                return cause;
            }
        }
        return null;
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
