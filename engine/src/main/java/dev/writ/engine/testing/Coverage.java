package dev.writ.engine.testing;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.dsl.source.Span;
import dev.writ.engine.KeptFacts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.Truth;
import dev.writ.engine.routing.Role;
import dev.writ.engine.testing.CoveragePoint.Kind;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which meanings of a policy its tests tried.
///
/// For each rule that it fired and that it did not, for each arm that it was taken, for each grant
/// that a request was let through by it, for each fallback that it was called, for each canary that
/// it was tried. And for each atom of each condition that it was true, and that it was false, in a
/// request in which it decided: had the atom alone been otherwise, the condition would have been
/// too. `x present` counts as false wherever it is, because what else asks for `x` is false then
/// too.
///
/// Source: Chilenski, An Investigation of Three Forms of the Modified Condition Decision Coverage
/// (MCDC) Criterion, 2001, section 3: masking MC/DC, with the Boolean derivative for masking.
public final class Coverage {
    private final Map<CoveragePoint, Boolean> points = new LinkedHashMap<>();
    private final IdentityHashMap<Object, OfCondition> conditions = new IdentityHashMap<>();
    private final IdentityHashMap<Object, CoveragePoint> done = new IdentityHashMap<>();
    private final IdentityHashMap<Object, CoveragePoint> left = new IdentityHashMap<>();

    /// The points of the atoms of one condition, in pairs: true, false.
    private record OfCondition(
            Condition condition, List<Condition> atoms, List<CoveragePoint> pairs) {}

    /// Begins with nothing tried.
    public Coverage(Policy policy) {
        for (Policy.Rule rule : policy.rules()) {
            done.put(
                    rule,
                    point(Kind.RULE, rule.span(), "rule %s never fires".formatted(rule.name())));
            if (!alwaysFires(rule)) {
                left.put(
                        rule,
                        point(
                                Kind.RULE,
                                rule.span(),
                                "rule %s always fires".formatted(rule.name())));
            }
            condition(rule, rule.when(), "rule " + rule.name());
            for (Effect effect : rule.effects()) {
                if (effect instanceof Effect.Require(Condition condition, _)) {
                    condition(effect, condition, "rule " + rule.name());
                }
            }
        }
        for (Policy.Route route : policy.routes()) {
            for (Policy.Arm arm : route.arms()) {
                String name = "arm %s/%s".formatted(route.name(), arm.name());
                done.put(arm, point(Kind.ARM, arm.span(), name + " is never taken"));
                condition(arm, arm.when(), name);
            }
        }
        for (Policy.Team team : policy.teams()) {
            for (Policy.Grant grant : team.grants()) {
                String name = "`may use` of team " + team.name();
                done.put(grant, point(Kind.GRANT, grant.span(), name + " is never used"));
                condition(grant, grant.when(), name);
            }
        }
        for (Policy.Pool pool : policy.pools()) {
            for (Policy.Pool.Fallback fallback : pool.fallbacks()) {
                done.put(
                        fallback,
                        point(
                                Kind.POOL,
                                pool.span(),
                                "fallback %s of pool %s is never called"
                                        .formatted(fallback.model().name(), pool.name())));
            }
            Policy.Pool.Canary canary = pool.canary();
            if (canary != null) {
                done.put(
                        pool,
                        point(
                                Kind.POOL,
                                pool.span(),
                                "canary %s of pool %s is never tried"
                                        .formatted(canary.model().name(), pool.name())));
            }
        }
    }

    /// A hedge may go to another member, or to a fallback.
    private static boolean isFallback(Course.Call call, Policy.Pool pool) {
        return call.role() == Role.FALLBACK
                || (call.role() == Role.HEDGE
                        && pool.members().stream()
                                .noneMatch(member -> member.model().equals(call.model())));
    }

    private static boolean alwaysFires(Policy.Rule rule) {
        return rule.when() instanceof Condition.Constant(_, boolean value)
                && value
                && rule.effects().stream().anyMatch(effect -> !(effect instanceof Effect.Require));
    }

    private CoveragePoint point(Kind kind, Span span, String missing) {
        CoveragePoint point = new CoveragePoint(points.size(), kind, span, missing);
        points.put(point, false);
        return point;
    }

    private void condition(Object owner, Condition condition, String of) {
        List<Condition> atoms = ConditionParts.atoms(condition);
        List<CoveragePoint> pairs = new ArrayList<>();
        for (Condition atom : atoms) {
            String words = KeptFacts.words(atom);
            for (String value : List.of("true", "false")) {
                pairs.add(
                        point(
                                Kind.ATOM,
                                atom.span(),
                                "`%s` of %s never decides by being %s"
                                        .formatted(words, of, value)));
            }
        }
        if (!atoms.isEmpty()) {
            conditions.put(owner, new OfCondition(condition, atoms, pairs));
        }
    }

    // ── What a request tries ─────────────────────────────────────────────────────────────────

    /// Adds what a request tried.
    void add(PolicySnapshot snapshot, Course course) {
        Seen seen = Seen.of(snapshot, course);
        for (Seen.GrantSeen grant : seen.grants()) {
            if (grant.facts().value(grant.grant().when()) == Truth.TRUE) {
                cover(done.get(grant.grant()));
            }
            atoms(grant.grant(), grant.facts());
        }
        for (Seen.RuleSeen rule : seen.rules()) {
            cover((rule.fired() ? done : left).get(rule.rule()));
            atoms(rule.rule(), rule.facts());
            if (rule.facts().value(rule.rule().when()) != Truth.FALSE) {
                rule.rule().effects().forEach(effect -> atoms(effect, rule.facts()));
            }
        }
        for (Seen.ArmSeen arm : seen.arms()) {
            if (arm.value() == Truth.TRUE) {
                cover(done.get(arm.arm()));
            }
            atoms(arm.arm(), arm.facts());
        }
        if (course.verdict().target() instanceof Policy.Target.ToPool(Policy.Pool pool)) {
            for (Course.Call call : course.calls()) {
                for (Policy.Pool.Fallback fallback : pool.fallbacks()) {
                    if (isFallback(call, pool) && call.model().equals(fallback.model())) {
                        cover(done.get(fallback));
                    }
                }
                if (call.role() == Role.CANARY) {
                    cover(done.get(pool));
                }
            }
        }
    }

    private void atoms(Object owner, KeptFacts facts) {
        OfCondition of = conditions.get(owner);
        if (of == null) {
            return;
        }
        Truth value = facts.value(of.condition());
        for (int i = 0; i < of.atoms().size(); i++) {
            Condition atom = of.atoms().get(i);
            Truth own = facts.value(atom);
            // Where something is absent, what asks for its value is false anyway.
            boolean absent = atom instanceof Condition.Present && own == Truth.FALSE;
            boolean decides = Flipped.value(of.condition(), atom, facts) != value;
            if (absent || (own != Truth.UNKNOWN && decides)) {
                cover(of.pairs().get(2 * i + (own == Truth.TRUE ? 0 : 1)));
            }
        }
    }

    private void cover(@Nullable CoveragePoint point) {
        if (point != null) {
            points.put(point, true);
        }
    }

    /// Returns what was tried so far, and what was not.
    public CoverageReport report() {
        return CoverageReport.of(points);
    }
}
