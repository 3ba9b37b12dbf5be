package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The proof that no request of a team leaves the regions in which the team must stay.
///
/// Every arm that may be taken, every member and fallback of its pool, and every arm of a route
/// that it goes on to must end in one of the regions. [Ways] tells which can be taken. Rules that
/// deny are not counted on.
final class Residency {
    private final Unit unit;
    private final List<Policy.Route> routes;
    private final Ways ways;
    private final Callers callers;

    Residency(Unit unit, Map<String, Policy.Route> routes, Ways ways, Callers callers) {
        this.unit = unit;
        this.callers = callers;
        this.routes = List.copyOf(routes.values());
        this.ways = ways;
    }

    /// Reports each team that can leave its regions, with one way out.
    void check(Teams.Checked teams, Collection<Policy.Model> models) {
        for (Policy.Team team : teams.teams().values()) {
            if (team.regions().isEmpty() || !teams.whole().contains(team.name())) {
                continue;
            }
            if (models.stream().noneMatch(model -> isInside(team, model))) {
                report(noModel(team));
                continue;
            }
            Map<String, Ways.Way> out = new LinkedHashMap<>();
            for (Caller caller : callers.of(team)) {
                for (Ways.Way way : ways.of(caller, routes)) {
                    if (!isInside(team, way.model())) {
                        out.putIfAbsent(way.words(), way);
                    }
                }
            }
            if (!out.isEmpty()) {
                report(leaves(team, List.copyOf(out.values()), models));
            }
        }
    }

    private Diagnostic leaves(
            Policy.Team team, List<Ways.Way> out, Collection<Policy.Model> models) {
        Ways.Way way = out.getFirst();
        Span arm = way.arm().span();
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
        if (out.size() > 1) {
            leaves = leaves.note(String.format(Locale.ROOT, "and %d more", out.size() - 1));
        }
        String region = Caller.region(team);
        boolean one = team.regions().size() == 1;
        String request = new Witness(unit.facts().all()).withoutCaller(way.cases());
        return leaves.because(
                        new Span(arm.source(), arm.start(), firstLineEnd(arm)),
                        "reached when %s%s, and no earlier arm catches it"
                                .formatted(
                                        words(way.caller()),
                                        request.isEmpty() ? "" : " and " + request))
                .hint(
                        "Add an arm above it: `%s when %s -> %s`."
                                .formatted(
                                        one ? region + "-bound" : team.name() + "-bound",
                                        one ? "team.region is " + region : "team is " + team.name(),
                                        inside(team, models)));
    }

    private static String words(Caller caller) {
        String team = caller.team().name();
        return switch (caller.shows()) {
            case null -> "team is `%s`".formatted(team);
            case Caller.Shows.AKey(Policy.Key key) -> "key is `%s/%s`".formatted(team, key.name());
            case Caller.Shows.AToken(Policy.Identity identity) ->
                    "team is `%s` and identity is `%s`".formatted(team, identity.name());
        };
    }

    private static int firstLineEnd(Span span) {
        int end = span.text().indexOf('\n');
        return end < 0 ? span.end() : span.start() + end;
    }

    /// Returns how to write a target that stays in the team's regions: a pool if there is one.
    private String inside(Policy.Team team, Collection<Policy.Model> models) {
        for (Policy.Route route : routes) {
            for (Policy.Arm arm : route.arms()) {
                if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target.ToPool(var pool))
                        && pool.models().stream().allMatch(model -> isInside(team, model))) {
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
