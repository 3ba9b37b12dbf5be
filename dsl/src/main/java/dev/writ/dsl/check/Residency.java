package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.check.Identity.Answer;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The proof that no request of a team leaves the regions in which the team must stay.
///
/// Every arm that may be taken, every member and fallback of its pool, and every arm of a route
/// that it goes on to must end in one of the regions. What is known of the caller decides
/// conditions; everything else of a request may be either. Rules that deny are not counted on.
final class Residency {
    /// A way of a request to a provider outside.
    private record Way(String words, Span arm, String route) {}

    private final Unit unit;
    private final Map<String, Policy.Route> routes;
    private final Set<String> provable;
    private final Map<String, Boolean> readsCaller = new HashMap<>();

    /// @param provable names of the routes in which nothing is wrong and that stand in no ring
    Residency(Unit unit, Map<String, Policy.Route> routes, Set<String> provable) {
        this.unit = unit;
        this.routes = routes;
        this.provable = provable;
    }

    /// Reports each team that can leave its regions, with one way out.
    void check(Collection<Policy.Team> teams, Collection<Policy.Model> models) {
        List<Policy.Route> byIndex = List.copyOf(routes.values());
        for (Policy.Team team : teams) {
            if (team.regions().isEmpty()) {
                continue;
            }
            if (models.stream().noneMatch(m -> team.regions().contains(m.provider().region()))) {
                report(noModel(team));
                continue;
            }
            List<Way> ways = new ArrayList<>();
            for (Policy.Grant grant : team.grants()) {
                for (int index : new TreeSet<>(grant.routes())) {
                    Policy.Route route = byIndex.get(index);
                    for (Identity caller : callers(team, grant, route)) {
                        if (caller.answer(grant.when()) != Answer.FALSE) {
                            follow(route, caller, "", ways);
                        }
                    }
                }
            }
            if (!ways.isEmpty()) {
                report(leaves(team, ways, models));
            }
        }
    }

    /// Returns the team as one caller where keys make no difference, else each of its keys.
    private List<Identity> callers(Policy.Team team, Policy.Grant grant, Policy.Route route) {
        boolean each = readsCaller(grant.when()) || readsCaller(route);
        if (!each || team.keys().isEmpty()) {
            return List.of(new Identity(team, null));
        }
        return team.keys().stream().map(key -> new Identity(team, key)).toList();
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
                Policy.Route on = routes.get(next);
                reads |= on != null && readsCaller(on);
            }
        }
        readsCaller.put(route.name(), reads);
        return reads;
    }

    private static boolean readsCaller(Condition condition) {
        return switch (condition) {
            case Condition.Not not -> readsCaller(not.operand());
            case Condition.All all -> all.operands().stream().anyMatch(Residency::readsCaller);
            case Condition.Any any -> any.operands().stream().anyMatch(Residency::readsCaller);
            case Condition.LabelIn in ->
                    in.fact().attribute() == Attribute.KEY
                            || in.fact().attribute() == Attribute.USER;
            case Condition.Present present -> present.fact().attribute() == Attribute.USER;
            case Condition.Constant _,
                    Condition.Flag _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    false;
        };
    }

    private void follow(Policy.Route route, Identity caller, String before, List<Way> ways) {
        if (!provable.contains(route.name())) {
            return;
        }
        for (Policy.Arm arm : route.arms()) {
            Answer taken = caller.answer(arm.when());
            if (taken == Answer.FALSE) {
                continue;
            }
            String here = "%sroute %s, arm `%s` → ".formatted(before, route.name(), arm.name());
            if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target target)) {
                go(target, arm, route, caller, here, ways);
            }
            if (taken == Answer.TRUE) {
                return;
            }
        }
    }

    private void go(
            Policy.Target target,
            Policy.Arm arm,
            Policy.Route route,
            Identity caller,
            String here,
            List<Way> ways) {
        switch (target) {
            case Policy.Target.ToModel(Policy.Model model) ->
                    end(model, "", arm, route, caller, here, ways);
            case Policy.Target.ToPool(Policy.Pool pool) -> {
                String through = "%spool %s → ".formatted(here, pool.name());
                for (Policy.Pool.Member member : pool.members()) {
                    end(member.model(), share(member), arm, route, caller, through, ways);
                }
                for (Policy.Pool.Fallback fallback : pool.fallbacks()) {
                    end(fallback.model(), "then ", arm, route, caller, through, ways);
                }
            }
            case Policy.Target.ToRoute(String next) -> {
                Policy.Route on = routes.get(next);
                if (on != null) {
                    follow(on, caller, here, ways);
                }
            }
        }
    }

    private static String share(Policy.Pool.Member member) {
        return member.basisPoints() == 0
                ? ""
                : BigDecimal.valueOf(member.basisPoints(), 2).stripTrailingZeros().toPlainString()
                        + "% ";
    }

    private static void end(
            Policy.Model model,
            String how,
            Policy.Arm arm,
            Policy.Route route,
            Identity caller,
            String here,
            List<Way> ways) {
        Policy.Provider provider = model.provider();
        if (!caller.team().regions().contains(provider.region())) {
            String words =
                    "%s%s%s → provider %s (%s)"
                            .formatted(here, how, model.name(), provider.name(), provider.region());
            if (ways.stream().noneMatch(way -> way.words().equals(words))) {
                ways.add(new Way(words, arm.span(), route.name()));
            }
        }
    }

    private Diagnostic leaves(Policy.Team team, List<Way> ways, Collection<Policy.Model> models) {
        Way way = ways.getFirst();
        Span arm = way.arm();
        Diagnostic leaves =
                Diagnostic.of(
                                DiagnosticCode.LEAVES_REGION,
                                promise(team),
                                "team `%s` must stay in %s, but a request can leave %s"
                                        .formatted(
                                                team.name(),
                                                regions(team),
                                                team.regions().size() == 1 ? "it" : "them"))
                        .at("promised here")
                        .note("one way out: " + way.words());
        if (ways.size() > 1) {
            leaves = leaves.note("and %d more".formatted(ways.size() - 1));
        }
        String region = Identity.region(team);
        boolean one = team.regions().size() == 1;
        String target = inside(team, models);
        return leaves.because(
                        new Span(arm.source(), arm.start(), firstLineEnd(arm)),
                        "reached when: team is %s (no earlier arm catches it)"
                                .formatted(team.name()))
                .hint(
                        "add an arm above it: %s when %s -> %s"
                                .formatted(
                                        one ? region + "-bound" : team.name() + "-bound",
                                        one ? "team.region is " + region : "team is " + team.name(),
                                        target));
    }

    private static int firstLineEnd(Span span) {
        int end = span.text().indexOf('\n');
        return end < 0 ? span.end() : span.start() + end;
    }

    /// Returns how to write a target that stays in the team's regions: a pool if there is one.
    private String inside(Policy.Team team, Collection<Policy.Model> models) {
        for (Policy.Route route : routes.values()) {
            for (Policy.Arm arm : route.arms()) {
                if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target.ToPool(var pool))
                        && pool.members().stream().allMatch(m -> isInside(team, m.model()))
                        && pool.fallbacks().stream().allMatch(f -> isInside(team, f.model()))) {
                    return "pool " + pool.name();
                }
            }
        }
        return models.stream()
                .filter(model -> isInside(team, model))
                .findFirst()
                .map(Policy.Model::name)
                .orElse("…");
    }

    private static boolean isInside(Policy.Team team, Policy.Model model) {
        return team.regions().contains(model.provider().region());
    }

    private Diagnostic noModel(Policy.Team team) {
        return Diagnostic.of(
                        DiagnosticCode.NO_MODEL_LEFT,
                        promise(team),
                        "team `%s` must stay in %s, but no model runs there"
                                .formatted(team.name(), regions(team)))
                .at("nothing is left to use")
                .hint("Declare a model on a provider in %s.".formatted(regions(team)));
    }

    private static String regions(Policy.Team team) {
        return new TreeSet<>(team.regions())
                .stream().map("`%s`"::formatted).collect(Collectors.joining(" or "));
    }

    /// Returns where the team's `stay in` stands.
    private Span promise(Policy.Team team) {
        Declared declared = unit.declarations().find(Kind.TEAM, team.name());
        if (declared != null && declared.item() instanceof Item.Team item) {
            for (Item.TeamProperty property : item.properties()) {
                if (property instanceof Item.TeamProperty.StayIn stay) {
                    return stay.span();
                }
            }
        }
        return team.span();
    }

    private void report(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
