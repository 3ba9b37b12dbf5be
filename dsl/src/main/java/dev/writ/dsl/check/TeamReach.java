package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Arms that requests could take, but those of no team do: the condition asks for a team, a key or
/// a region that nobody has who may use the route.
final class TeamReach {
    private final Report report;
    private final Map<String, Policy.Route> routes;
    private final Ways ways;
    private final Callers callers;

    TeamReach(Unit unit, Map<String, Policy.Route> routes, Ways ways, Callers callers) {
        this.callers = callers;
        this.report = unit.report();
        this.routes = routes;
        this.ways = ways;
    }

    /// Warns of each such arm, unless something else is told of its route already.
    void check(Collection<Policy.Team> teams) {
        List<Policy.Route> byIndex = List.copyOf(routes.values());
        for (Policy.Team team : teams) {
            callers.of(team).forEach(caller -> ways.of(caller, byIndex));
        }
        for (Policy.Route route : routes.values()) {
            boolean told = route.arms().stream().anyMatch(arm -> report.hasAnyIn(arm.span()));
            if (!told && route.arms().stream().anyMatch(ways::isReached)) {
                for (Policy.Arm arm : route.arms()) {
                    boolean last = arm.label() == route.arms().getLast().label();
                    if (!last && !ways.isReached(arm)) {
                        report.add(unreached(route, arm));
                    }
                }
            }
        }
    }

    private static Diagnostic unreached(Policy.Route route, Policy.Arm arm) {
        Span span = arm.span();
        int nameEnd = Math.min(span.start() + arm.name().length(), span.end());
        return Diagnostic.of(
                        DiagnosticCode.NO_TEAM_REACHES_ARM,
                        new Span(span.source(), span.start(), nameEnd),
                        "no team can reach arm `%s` of route `%s`"
                                .formatted(arm.name(), route.name()))
                .at("nobody who may use the route fits its condition")
                .hint("Let a team that fits use the route, or remove the arm.");
    }
}
