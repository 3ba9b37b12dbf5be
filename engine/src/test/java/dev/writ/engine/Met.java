package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.ValueType;
import dev.writ.engine.internal.ClauseIndex;
import dev.writ.engine.internal.FactValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What random policies and requests have met, so that a test can tell that it tests everything.
final class Met {
    private final Set<String> met = new TreeSet<>();

    private static Set<String> everything() {
        Set<String> all = new TreeSet<>();
        for (Attribute attribute : Attribute.values()) {
            all.add("read " + attribute.path());
        }
        for (ValueType type : ValueType.values()) {
            if (type != ValueType.PERCENT) { // no attribute is one yet
                all.addAll(List.of(type + " present", type + " absent", type + " unknown"));
            }
        }
        all.add("another label");
        for (Class<?> effect : Policy.Effect.class.getPermittedSubclasses()) {
            all.add("fired " + effect.getSimpleName());
        }
        for (Policy.Settable field : Policy.Settable.values()) {
            all.add("set " + field.path());
        }
        for (Phase phase : Phase.values()) {
            all.addAll(
                    List.of(
                            "fired on " + phase.word(),
                            "fired on " + phase.word() + ", unknown",
                            "asks the caller on " + phase.word(),
                            "summarised on " + phase.word(),
                            "summarised for a team on " + phase.word()));
        }
        for (Reason reason : Reason.values()) {
            all.add("denied for " + reason);
        }
        all.addAll(
                List.of(
                        "not denied",
                        "unknown grant",
                        "unknown arm",
                        "led to another route",
                        "led through two routes",
                        "to a model",
                        "to a pool"));
        return all;
    }

    /// Returns what there is to meet and was not met.
    Set<String> missed() {
        Set<String> missed = everything();
        missed.removeAll(met);
        return missed;
    }

    void policy(PolicySnapshot snapshot) {
        for (Fact fact : snapshot.facts()) {
            met.add("read " + fact.attribute().path());
        }
        for (Phase phase : Phase.values()) {
            PhaseRules rules = snapshot.rules(phase);
            if (rules.common().isSummarised()) {
                met.add("summarised on " + phase.word());
            }
            for (Policy.Team team : snapshot.policy().teams()) {
                ClauseIndex index = rules.ofTeam(team);
                if (index != null) {
                    met.add("asks the caller on " + phase.word());
                    if (index.isSummarised()) {
                        met.add("summarised for a team on " + phase.word());
                    }
                }
            }
        }
    }

    void facts(PolicySnapshot snapshot, FactValues facts) {
        for (Fact fact : snapshot.facts()) {
            ValueType type = fact.attribute().type();
            int slot = fact.slot();
            if (facts.isUnknown(slot)) {
                met.add(type + " unknown");
            } else if (facts.isAbsent(slot)) {
                met.add(type + " absent");
            } else {
                met.add(type + " present");
                if (type == ValueType.LABEL && facts.number(slot) < 0) {
                    met.add("another label");
                }
            }
        }
    }

    void explanation(Explanation explanation) {
        Verdict verdict = explanation.verdict();
        Reason reason = verdict.reason();
        met.add(reason == null ? "not denied" : "denied for " + reason);
        for (Explanation.RuleLine line : explanation.rules()) {
            if (line.fired()) {
                String phase = line.rule().phase().word();
                met.add("fired on " + phase + (line.when() == Truth.UNKNOWN ? ", unknown" : ""));
                for (Policy.Effect effect : line.rule().effects()) {
                    met.add("fired " + effect.getClass().getSimpleName());
                }
            }
        }
        verdict.sets().keySet().forEach(field -> met.add("set " + field.path()));
        if (explanation.grants().stream().anyMatch(line -> line.value() == Truth.UNKNOWN)) {
            met.add("unknown grant");
        }
        if (explanation.arms().stream().anyMatch(line -> line.value() == Truth.UNKNOWN)) {
            met.add("unknown arm");
        }
        List<Policy.Route> passed = new ArrayList<>();
        explanation.arms().stream().map(Explanation.ArmLine::route).distinct().forEach(passed::add);
        if (passed.size() > 1) {
            met.add("led to another route");
        }
        if (passed.size() > 2) {
            met.add("led through two routes");
        }
        target(verdict.target());
    }

    private void target(Policy.@Nullable Target target) {
        switch (target) {
            case null -> {}
            case Policy.Target.ToModel _ -> met.add("to a model");
            case Policy.Target.ToPool _ -> met.add("to a pool");
            case Policy.Target.ToRoute to ->
                    throw new AssertionError("a route must have been followed: " + to.route());
        }
    }
}
