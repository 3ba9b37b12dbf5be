package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules that would set one field to different values for the same request.
final class Conflicts {
    private record Setter(Policy.Rule rule, Policy.Effect effect, @Nullable Cases cases) {}

    private final Declarations declarations;
    private final FactTable facts;
    private final CaseTable cases;
    private final Report report;

    Conflicts(Unit unit) {
        this.facts = unit.facts();
        this.cases = unit.cases();
        this.declarations = unit.declarations();
        this.report = unit.report();
    }

    /// Reports, for each rule that sets, the first one before it in its phase that may disagree.
    void check(List<Policy.Rule> rules) {
        for (Phase phase : Phase.values()) {
            Map<Settable, List<Setter>> setters = new EnumMap<>(Settable.class);
            for (Policy.Rule rule : rules) {
                if (rule.phase() != phase) {
                    continue;
                }
                for (Policy.Effect effect : rule.effects()) {
                    Settable field = Rules.field(effect);
                    if (field != null) {
                        add(setters.computeIfAbsent(field, _ -> new ArrayList<>()), rule, effect);
                    }
                }
            }
        }
    }

    private void add(List<Setter> before, Policy.Rule rule, Policy.Effect effect) {
        Setter setter = new Setter(rule, effect, cases.yes(rule.when()));
        for (Setter other : before) {
            if (!other.effect().equals(effect) && canBothFire(other, setter)) {
                Settable field = Rules.field(effect);
                String path = field == null ? "" : field.path();
                report.add(
                        other.rule().index() == rule.index()
                                ? twice(rule, path)
                                : conflict(other, setter, path));
                break;
            }
        }
        before.add(setter);
    }

    private Diagnostic twice(Policy.Rule rule, String path) {
        return Diagnostic.of(
                        DiagnosticCode.CONFLICTING_SETS,
                        name(rule),
                        "rule `%s` sets `%s` to different values".formatted(rule.name(), path))
                .at("sets it twice")
                .hint("Keep one of them.");
    }

    private Diagnostic conflict(Setter first, Setter second, String path) {
        Policy.Rule rule = second.rule();
        Diagnostic conflict =
                Diagnostic.of(
                                DiagnosticCode.CONFLICTING_SETS,
                                name(rule),
                                "two rules can set `%s` of one request to different values"
                                        .formatted(path))
                        .at("rule `%s` sets it".formatted(rule.name()))
                        .because(
                                name(first.rule()),
                                "so does rule `%s`".formatted(first.rule().name()));
        Cases both =
                first.cases() == null || second.cases() == null
                        ? null
                        : first.cases().and(second.cases());
        String request = both == null ? "" : new Witness(facts.all()).of(both);
        if (!request.isEmpty()) {
            conflict = conflict.note("both fire when " + request);
        }
        return conflict.hint("Make their conditions exclude each other, or set it in one rule.");
    }

    private static boolean canBothFire(Setter a, Setter b) {
        if (a.rule().index() == b.rule().index() || a.cases() == null || b.cases() == null) {
            return true;
        }
        return !a.cases().excludes(b.cases());
    }

    private Span name(Policy.Rule rule) {
        Declarations.Declared declared = declarations.find(Kind.RULE, rule.name());
        return declared == null ? rule.span() : declared.name().span();
    }
}
