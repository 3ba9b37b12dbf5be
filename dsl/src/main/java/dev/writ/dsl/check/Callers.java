package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who can ask on behalf of a team, as far as it makes a difference on the way to a model.
final class Callers {
    private final FactTable facts;
    private final List<Policy.Route> routes;
    private final Map<String, Policy.Route> byName;
    private final List<Policy.Identity> identities;
    private final Map<String, Boolean> readsCaller = new HashMap<>();

    /// @param routes by name, in the order in which grants number them
    Callers(FactTable facts, Map<String, Policy.Route> routes, List<Policy.Identity> identities) {
        this.facts = facts;
        this.byName = routes;
        this.routes = List.copyOf(routes.values());
        this.identities = identities;
    }

    /// Returns the team as one caller where it makes no difference what callers show, else each of
    /// its keys, and each identity that leads to it.
    List<Caller> of(Policy.Team team) {
        boolean each = false;
        for (Policy.Grant grant : team.grants()) {
            each |= readsCaller(grant.when());
            for (int index : grant.routes()) {
                each |= readsCaller(routes.get(index));
            }
        }
        List<Caller.Shows> ways = new ArrayList<>();
        team.keys().forEach(key -> ways.add(new Caller.Shows.AKey(key)));
        identities.stream()
                .filter(identity -> identity.leadsTo(team))
                .forEach(identity -> ways.add(new Caller.Shows.AToken(identity)));
        if (!each || ways.isEmpty()) {
            return List.of(new Caller(team, null, facts));
        }
        return ways.stream().map(way -> new Caller(team, way, facts)).toList();
    }

    private boolean readsCaller(Policy.Route route) {
        Boolean known = readsCaller.get(route.name());
        if (known != null) {
            return known;
        }
        // Set first, so that a ring of routes ends here.
        readsCaller.put(route.name(), false);
        boolean reads = false;
        for (Policy.Arm arm : route.arms()) {
            reads |= readsCaller(arm.when());
            if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target.ToRoute(String next))) {
                Policy.Route on = byName.get(next);
                reads |= on != null && readsCaller(on);
            }
        }
        readsCaller.put(route.name(), reads);
        return reads;
    }

    private static boolean readsCaller(Condition condition) {
        return switch (condition) {
            case Condition.Not not -> readsCaller(not.operand());
            case Condition.All all -> all.operands().stream().anyMatch(Callers::readsCaller);
            case Condition.Any any -> any.operands().stream().anyMatch(Callers::readsCaller);
            case Condition.LabelIn in -> isOfCaller(in.fact().attribute());
            case Condition.Present present -> isOfCaller(present.fact().attribute());
            case Condition.Constant _,
                    Condition.Flag _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    false;
        };
    }

    private static boolean isOfCaller(Attribute attribute) {
        return switch (attribute) {
            case KEY, IDENTITY, USER, CALLER_CLAIM -> true;
            case Attribute _ -> false;
        };
    }
}
