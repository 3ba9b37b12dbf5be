package dev.writ.dsl.assist;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.policy.Policy;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// Where the requests of a team may be computed, whatever they say: conditions do not count, so it
/// may be fewer regions, never more.
final class Reach {
    private final Analysis analysis;
    private final Set<String> regions = new TreeSet<>();
    private final Set<String> seen = new HashSet<>();

    private Reach(Analysis analysis) {
        this.analysis = analysis;
    }

    /// Returns the regions, sorted.
    static Set<String> regions(Analysis analysis, Policy.Team team) {
        Reach reach = new Reach(analysis);
        for (Policy.Route route : analysis.known().routes().values()) {
            boolean granted =
                    team.grants().stream()
                            .anyMatch(grant -> grant.routes().contains(route.index()));
            if (granted) {
                reach.route(route.name());
            }
        }
        return reach.regions;
    }

    private void route(String name) {
        Policy.Route route = analysis.known().routes().get(name);
        if (route == null || !seen.add(name)) {
            return;
        }
        for (Policy.Arm arm : route.arms()) {
            if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target target)) {
                switch (target) {
                    case Policy.Target.ToModel(Policy.Model model) -> model(model);
                    case Policy.Target.ToPool(Policy.Pool pool) ->
                            pool.models().forEach(this::model);
                    case Policy.Target.ToRoute(String next) -> route(next);
                }
            }
        }
    }

    private void model(Policy.Model model) {
        regions.add(model.provider().region());
    }
}
