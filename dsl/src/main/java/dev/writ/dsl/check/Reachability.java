package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What can never happen: conditions that are always the same, arms that are never reached, routes
/// in a ring, declarations that nobody uses.
final class Reachability {
    /// With one of these a declaration may only look unused.
    private static final Set<DiagnosticCode> NAMES_MISSING =
            EnumSet.of(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    DiagnosticCode.BAD_TEXT,
                    DiagnosticCode.UNKNOWN_KEYWORD,
                    DiagnosticCode.TOO_LARGE,
                    DiagnosticCode.NOT_AVAILABLE_YET,
                    DiagnosticCode.DUPLICATE_NAME,
                    DiagnosticCode.UNKNOWN_NAME,
                    DiagnosticCode.UNKNOWN_PROVIDER_OR_SECRET,
                    DiagnosticCode.UNKNOWN_MODEL,
                    DiagnosticCode.UNKNOWN_FILE,
                    DiagnosticCode.PROPERTY_TWICE,
                    DiagnosticCode.DOES_NOT_FIT);

    private final Report report;
    private final Repeated repeated;
    private final Declarations declarations;
    private final FactTable facts;
    private final CaseTable cases;

    Reachability(Unit unit) {
        this.facts = unit.facts();
        this.cases = unit.cases();
        this.report = unit.report();
        this.repeated = new Repeated(report);
        this.declarations = unit.declarations();
    }

    /// Warns of conditions of rules and grants that are always the same.
    void conditions(Collection<Policy.Team> teams, List<Policy.Rule> rules) {
        for (Policy.Team team : teams) {
            for (Policy.Grant grant : team.grants()) {
                constant(
                        grant.when(),
                        !grant.when().span().equals(grant.span()),
                        "the grant never holds",
                        "Remove the `when`.");
            }
        }
        for (Policy.Rule rule : rules) {
            constant(
                    rule.when(),
                    !rule.when().span().equals(rule.span()),
                    "the rule never fires",
                    "Remove the `when`.");
            for (Policy.Effect effect : rule.effects()) {
                if (effect instanceof Policy.Effect.Require(Condition condition, var _)) {
                    constant(condition, true, "every request is denied", "Remove the `require`.");
                }
            }
        }
    }

    private void constant(Condition condition, boolean written, String never, String always) {
        if (!written) {
            return;
        }
        repeated.check(condition);
        Cases yes = cases.yes(condition);
        Cases no = cases.no(condition);
        if (yes != null && yes.isEmpty()) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.NEVER_TRUE,
                                    condition.span(),
                                    "this condition is never true")
                            .at(never));
        } else if (no != null && no.isEmpty()) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.ALWAYS_TRUE,
                                    condition.span(),
                                    "this condition is always true")
                            .hint(always));
        }
    }

    /// Warns of arms that no request reaches.
    void arms(Policy.Route route) {
        Cases left = Cases.ANY;
        for (Policy.Arm arm : route.arms()) {
            repeated.check(arm.when());
            boolean last = arm.label() == route.arms().getLast().label();
            Cases here = cases.yes(arm.when());
            Cases reached = here == null ? null : left.and(here);
            Cases not = cases.no(arm.when());
            Span name = new Span(arm.span().source(), arm.span().start(), nameEnd(arm));
            if (here != null && here.isEmpty()) {
                report.add(
                        Diagnostic.of(
                                        DiagnosticCode.NEVER_TRUE,
                                        arm.when().span(),
                                        "this condition is never true")
                                .at("arm `%s` is never taken".formatted(arm.name())));
            } else if (!last && here != null && reached != null && reached.isEmpty()) {
                report.add(hidden(route, arm, name, here));
            } else if (!last && not != null && not.isEmpty()) {
                report.add(
                        Diagnostic.of(
                                        DiagnosticCode.ALWAYS_TRUE,
                                        arm.when().span(),
                                        "this condition is always true")
                                .at("the arms below are never reached")
                                .hint(
                                        "Write `%s otherwise -> …` as the last arm."
                                                .formatted(arm.name())));
                return;
            }
            // Where the alternatives are too many, the arm is taken to catch nothing.
            Cases next = not == null ? null : left.and(not);
            left = next == null ? left : next;
        }
    }

    private Diagnostic hidden(Policy.Route route, Policy.Arm arm, Span name, Cases fits) {
        Diagnostic hidden =
                Diagnostic.of(
                                DiagnosticCode.SHADOWED_ARM,
                                name,
                                "arm `%s` of route `%s` is never taken"
                                        .formatted(arm.name(), route.name()))
                        .at("the arms above catch every request that fits it");
        Cases one = new Cases(List.of(fits.cases().getFirst()));
        for (Policy.Arm above : route.arms()) {
            Cases caught = above.label() == arm.label() ? null : cases.yes(above.when());
            Cases both = caught == null ? null : one.and(caught);
            if (both != null && !both.isEmpty()) {
                hidden =
                        hidden.note(
                                "for example, when %s, arm `%s` is taken"
                                        .formatted(
                                                new Witness(facts.all()).of(both), above.name()));
                break;
            }
        }
        return hidden.hint("Move it up, or remove it.")
                .fix("Remove the arm", Edit.remove(arm.span()));
    }

    private static int nameEnd(Policy.Arm arm) {
        return Math.min(arm.span().start() + arm.name().length(), arm.span().end());
    }

    /// Reports each ring of routes that go on to one another, once.
    ///
    /// @return the names of the routes that stand in a ring
    Set<String> rings(Map<String, Policy.Route> routes) {
        Set<String> inRing = new HashSet<>();
        Map<String, Integer> state = new HashMap<>();
        for (String start : routes.keySet()) {
            walk(start, routes, new ArrayList<>(), state, inRing);
        }
        return inRing;
    }

    private void walk(
            String name,
            Map<String, Policy.Route> routes,
            List<String> path,
            Map<String, Integer> state,
            Set<String> inRing) {
        Policy.Route route = routes.get(name);
        if (route == null || state.putIfAbsent(name, 1) != null) {
            return;
        }
        path.add(name);
        for (Policy.Arm arm : route.arms()) {
            if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target.ToRoute(String next))) {
                int at = path.indexOf(next);
                if (at < 0) {
                    walk(next, routes, path, state, inRing);
                    continue;
                }
                List<String> ring = new ArrayList<>(path.subList(at, path.size()));
                inRing.addAll(ring);
                ring.add(next);
                report.add(
                        Diagnostic.of(
                                        DiagnosticCode.TARGET_CYCLE,
                                        arm.span(),
                                        "routes go on to each other in a ring")
                                .at("this closes the ring")
                                .note("the ring: route " + String.join(" → route ", ring))
                                .hint("Let one of them end at a model or a pool."));
            }
        }
        path.removeLast();
    }

    /// Warns of declarations that nothing uses, unless a mistake may be why.
    void unused() {
        if (report.hasAny(NAMES_MISSING)) {
            return;
        }
        for (Kind kind :
                List.of(
                        Kind.SECRET,
                        Kind.PROVIDER,
                        Kind.MODEL,
                        Kind.POOL,
                        Kind.ROUTE,
                        Kind.CALENDAR)) {
            for (Declared declared : declarations.unused(kind)) {
                report.add(
                        Diagnostic.of(
                                        DiagnosticCode.UNUSED_DECLARATION,
                                        declared.name().span(),
                                        "%s `%s` is never used"
                                                .formatted(kind.noun(), declared.name().text()))
                                .hint(use(kind, declared.item()))
                                .fix(
                                        "Remove the declaration",
                                        Blocks.removeDeclaration(declared.item().span())));
            }
        }
    }

    private static String use(Kind kind, Item item) {
        return switch (kind) {
            case SECRET -> "Name it in a provider: `key NAME`. Or remove it.";
            case PROVIDER -> "Declare a model on it, or remove it.";
            case MODEL -> "Name it in a pool or an arm, or remove it.";
            case POOL -> "Name it in an arm: `-> pool NAME`. Or remove it.";
            case ROUTE -> "Let a team use it: `may use NAME`. Or remove it.";
            case CALENDAR -> "Ask for it in a condition: `when calendar.NAME`. Or remove it.";
            case TEAM, IDENTITY, RULE, SIGNAL, CACHE, GUARD, BUDGET, LIMIT, SERVER ->
                    throw new IllegalArgumentException("nothing refers to %s".formatted(item));
        };
    }
}
