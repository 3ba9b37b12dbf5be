package dev.writ.cli.graph;

import dev.writ.cli.graph.Graph.Edge;
import dev.writ.cli.graph.Graph.Kind;
import dev.writ.cli.graph.Graph.Node;
import dev.writ.cli.graph.Graph.Row;
import dev.writ.cli.graph.Graph.Style;
import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Arm;
import dev.writ.dsl.policy.Policy.ArmAction;
import dev.writ.dsl.policy.Policy.Pool;
import dev.writ.dsl.policy.Policy.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The graph of a policy, or of what of it concerns a team or a route.
public final class PolicyGraph {
    private static final Set<Cause> CAUSES_DEFAULT =
            EnumSet.complementOf(EnumSet.of(Cause.UNAUTHORIZED));

    private final Policy policy;
    private final Policy.@Nullable Team team;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Integer> depths = new HashMap<>();
    private final Map<String, Draft> drafts = new LinkedHashMap<>();

    private PolicyGraph(Policy policy, Policy.@Nullable Team team) {
        this.policy = policy;
        this.team = team;
    }

    /// A node that is not finished, and where its edges lead.
    private record Draft(
            Kind kind,
            String name,
            List<String> details,
            List<String> regions,
            List<Row> rows,
            List<Way> ways) {}

    /// A way to the node of a key.
    private record Way(int row, String to) {}

    /// Returns the graph of a whole policy.
    public static Graph of(Policy policy) {
        PolicyGraph graph = new PolicyGraph(policy, null);
        graph.seeAll();
        return graph.finished();
    }

    /// Returns what a team can reach. Arms that none of its requests takes are left out, as far as
    /// that follows from the team itself.
    public static Graph ofTeam(Policy policy, Policy.Team team) {
        PolicyGraph graph = new PolicyGraph(policy, team);
        graph.seen.add(key(Kind.TEAM, team.name()));
        for (Policy.Grant grant : team.grants()) {
            if (TeamAnswer.of(grant.when(), team) != TeamAnswer.NO) {
                grant.routes().forEach(index -> graph.seeRoute(policy.routes().get(index)));
            }
        }
        return graph.finished();
    }

    /// Returns what a route leads to, with the teams that may use it.
    public static Graph ofRoute(Policy policy, Policy.Route route) {
        PolicyGraph graph = new PolicyGraph(policy, null);
        graph.seeRoute(route);
        for (Policy.Team each : policy.teams()) {
            if (each.grants().stream().anyMatch(grant -> grant.routes().contains(route.index()))) {
                graph.seen.add(key(Kind.TEAM, each.name()));
            }
        }
        return graph.finished();
    }

    private void seeAll() {
        policy.teams().forEach(each -> seen.add(key(Kind.TEAM, each.name())));
        policy.routes().forEach(this::seeRoute);
        policy.pools().forEach(this::seePool);
        policy.models().forEach(this::seeModel);
        policy.providers().forEach(each -> seen.add(key(Kind.PROVIDER, each.name())));
    }

    private void seeRoute(Policy.Route route) {
        if (!seen.add(key(Kind.ROUTE, route.name()))) {
            return;
        }
        for (Arm arm : arms(route)) {
            if (arm.action() instanceof ArmAction.Go(Target target)) {
                switch (target) {
                    case Target.ToModel(Policy.Model model) -> seeModel(model);
                    case Target.ToPool(Pool pool) -> seePool(pool);
                    case Target.ToRoute(String next) -> seeRoute(route(next));
                }
            }
        }
    }

    private void seePool(Pool pool) {
        seen.add(key(Kind.POOL, pool.name()));
        pool.models().forEach(this::seeModel);
    }

    private void seeModel(Policy.Model model) {
        seen.add(key(Kind.MODEL, model.name()));
        seen.add(key(Kind.PROVIDER, model.provider().name()));
    }

    private Policy.Route route(String name) {
        return policy.routes().stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no route " + name));
    }

    /// Returns the arms that requests of the team may take; all of them without a team.
    private List<Arm> arms(Policy.Route route) {
        List<Arm> taken = new ArrayList<>();
        for (Arm arm : route.arms()) {
            TeamAnswer answer = team == null ? TeamAnswer.MAYBE : TeamAnswer.of(arm.when(), team);
            if (answer != TeamAnswer.NO) {
                taken.add(arm);
            }
            if (answer == TeamAnswer.YES) {
                break;
            }
        }
        return taken;
    }

    private static String key(Kind kind, String name) {
        return kind.word() + " " + name;
    }

    private Graph finished() {
        policy.teams().forEach(this::draftTeam);
        policy.routes().forEach(this::draftRoute);
        policy.pools().forEach(this::draftPool);
        policy.models().forEach(this::draftModel);
        policy.providers().forEach(this::draftProvider);
        drafts.keySet().retainAll(seen);
        for (Draft draft : drafts.values()) {
            draft.ways().removeIf(way -> !drafts.containsKey(way.to()));
        }

        List<String> keys = List.copyOf(drafts.keySet());
        Map<String, Set<String>> reaches = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        Set<Edge> edges = new LinkedHashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            Draft draft = drafts.get(keys.get(i));
            if (draft != null) {
                nodes.add(
                        new Node(
                                draft.kind(),
                                layer(draft),
                                draft.name(),
                                draft.details(),
                                draft.regions(),
                                reach(keys.get(i), reaches),
                                draft.rows()));
                for (Way way : draft.ways()) {
                    edges.add(new Edge(i, way.row(), keys.indexOf(way.to())));
                }
            }
        }
        return new Graph(policy.name(), nodes, List.copyOf(edges));
    }

    private Set<String> reach(String key, Map<String, Set<String>> known) {
        Set<String> found = known.get(key);
        if (found != null) {
            return found;
        }
        Set<String> reach = new TreeSet<>();
        Draft draft = drafts.get(key);
        if (draft != null) {
            if (draft.kind() == Kind.PROVIDER) {
                reach.addAll(draft.regions());
            }
            draft.ways().forEach(way -> reach.addAll(reach(way.to(), known)));
        }
        known.put(key, reach);
        return reach;
    }

    /// Teams stand first; routes by the longest way to them; then pools, models, providers.
    private int layer(Draft draft) {
        List<Kind> kinds = drafts.values().stream().map(Draft::kind).distinct().toList();
        int teams = kinds.contains(Kind.TEAM) ? 1 : 0;
        int routes =
                drafts.values().stream()
                        .filter(each -> each.kind() == Kind.ROUTE)
                        .mapToInt(each -> depth(each.name()) + 1)
                        .max()
                        .orElse(0);
        int pools = kinds.contains(Kind.POOL) ? 1 : 0;
        return switch (draft.kind()) {
            case TEAM -> 0;
            case ROUTE -> teams + depth(draft.name());
            case POOL -> teams + routes;
            case MODEL -> teams + routes + pools;
            case PROVIDER -> teams + routes + pools + (kinds.contains(Kind.MODEL) ? 1 : 0);
        };
    }

    /// Returns how many routes at most a request passes before this one.
    private int depth(String route) {
        Integer known = depths.get(route);
        if (known != null) {
            return known;
        }
        int depth = 0;
        for (Draft draft : drafts.values()) {
            boolean leads =
                    draft.kind() == Kind.ROUTE
                            && draft.ways().stream()
                                    .anyMatch(way -> way.to().equals(key(Kind.ROUTE, route)));
            if (leads) {
                depth = Math.max(depth, depth(draft.name()) + 1);
            }
        }
        depths.put(route, depth);
        return depth;
    }

    private void draftTeam(Policy.Team each) {
        List<Row> rows = new ArrayList<>();
        List<Way> ways = new ArrayList<>();
        for (Policy.Grant grant : each.grants()) {
            int row = Edge.HEAD;
            if (!(grant.when() instanceof Condition.Constant)) {
                row = rows.size();
                rows.add(new Row("may use", "when " + words(grant.when()), Style.PLAIN));
            }
            for (int index : new TreeSet<>(grant.routes())) {
                ways.add(new Way(row, key(Kind.ROUTE, policy.routes().get(index).name())));
            }
        }
        List<String> who = new ArrayList<>();
        List<String> identities =
                policy.identities().stream()
                        .filter(identity -> identity.leadsTo(each))
                        .map(identity -> "identity " + identity.name())
                        .toList();
        if (!each.keys().isEmpty() || identities.isEmpty()) {
            who.add(count(each.keys().size(), "key"));
        }
        if (!each.users().isEmpty()) {
            who.add(count(each.users().size(), "user"));
        }
        who.addAll(identities);
        List<String> details = new ArrayList<>(List.of(String.join(", ", who)));
        List<String> regions = each.regions().stream().sorted().toList();
        put(new Draft(Kind.TEAM, each.name(), details, regions, rows, ways));
    }

    private void draftRoute(Policy.Route route) {
        List<Row> rows = new ArrayList<>();
        List<Way> ways = new ArrayList<>();
        for (Arm arm : arms(route)) {
            String when =
                    arm.when() instanceof Condition.Constant
                            ? "otherwise"
                            : "when " + words(arm.when());
            switch (arm.action()) {
                case ArmAction.Go(Target target) -> {
                    ways.add(new Way(rows.size(), key(target)));
                    rows.add(new Row(arm.name(), when, Style.PLAIN));
                }
                case ArmAction.Refuse(Policy.Denial denial) ->
                        rows.add(
                                new Row(
                                        arm.name(),
                                        "%s: deny %d".formatted(when, denial.status()),
                                        Style.REFUSAL));
            }
        }
        List<String> details = new ArrayList<>();
        if (route.aliases().size() > 1) {
            details.add(
                    "as " + String.join(", ", route.aliases().subList(1, route.aliases().size())));
        }
        put(new Draft(Kind.ROUTE, route.name(), details, List.of(), rows, ways));
    }

    private static String key(Target target) {
        return switch (target) {
            case Target.ToModel(Policy.Model model) -> key(Kind.MODEL, model.name());
            case Target.ToPool(Pool pool) -> key(Kind.POOL, pool.name());
            case Target.ToRoute(String next) -> key(Kind.ROUTE, next);
        };
    }

    private void draftPool(Pool pool) {
        List<Row> rows = new ArrayList<>();
        List<Way> ways = new ArrayList<>();
        for (Pool.Member member : pool.members()) {
            ways.add(new Way(rows.size(), key(Kind.MODEL, member.model().name())));
            rows.add(new Row(choice(pool.choice(), member), "", Style.PLAIN));
        }
        for (Pool.Fallback fallback : pool.fallbacks()) {
            ways.add(new Way(rows.size(), key(Kind.MODEL, fallback.model().name())));
            rows.add(new Row("then", "on " + causes(fallback.causes()), Style.FALLBACK));
        }
        Pool.Canary canary = pool.canary();
        if (canary != null) {
            ways.add(new Way(rows.size(), key(Kind.MODEL, canary.model().name())));
            rows.add(new Row("canary", Amount.percent(canary.basisPoints()), Style.PLAIN));
        }
        Pool.Mirror mirror = pool.mirror();
        if (mirror != null) {
            ways.add(new Way(rows.size(), key(Kind.MODEL, mirror.model().name())));
            rows.add(new Row("mirror", Amount.percent(mirror.basisPoints()), Style.FALLBACK));
        }
        List<String> details = new ArrayList<>();
        switch (pool.choice()) {
            case WEIGHTED, FIRST -> {} // the rows say so
            case LEAST_IN_FLIGHT -> details.add("choose least-in-flight");
            case FASTEST -> details.add("choose fastest");
            case CHEAPEST -> details.add("choose cheapest");
        }
        if (pool.retry().times() > 0) {
            details.add(
                    "retry %d within %s"
                            .formatted(pool.retry().times(), time(pool.retry().within())));
        }
        if (pool.commitTokens() > 0) {
            details.add("commit after %d tokens".formatted(pool.commitTokens()));
        }
        Pool.Hedge hedge = pool.hedge();
        if (hedge != null) {
            details.add(
                    "hedge after %s up to %s"
                            .formatted(
                                    time(hedge.after()), Amount.percent(hedge.basisPointsMax())));
        }
        put(new Draft(Kind.POOL, pool.name(), details, List.of(), rows, ways));
    }

    private static String choice(Pool.Choice choice, Pool.Member member) {
        return switch (choice) {
            case WEIGHTED -> Amount.percent(member.basisPoints());
            case FIRST -> "first";
            case LEAST_IN_FLIGHT, FASTEST, CHEAPEST -> "one of";
        };
    }

    private static String causes(Set<Cause> causes) {
        return causes.equals(CAUSES_DEFAULT)
                ? "failure"
                : Arrays.stream(Cause.values())
                        .filter(causes::contains)
                        .map(Cause::word)
                        .collect(Collectors.joining(", "));
    }

    private void draftModel(Policy.Model model) {
        List<String> details = new ArrayList<>();
        if (!model.upstreamName().equals(model.name())) {
            details.add(model.upstreamName());
        }
        List<String> facts = new ArrayList<>();
        if (model.contextTokens() > 0) {
            facts.add(Amount.tokens(model.contextTokens()) + " tokens");
        }
        Policy.Price price = model.price();
        if (price != null) {
            facts.add(
                    "%s in, %s out"
                            .formatted(
                                    Amount.dollars(price.inNanosPerMillion()),
                                    Amount.dollars(price.outNanosPerMillion())));
        }
        if (!facts.isEmpty()) {
            details.add(String.join("; ", facts));
        }
        List<Way> ways = new ArrayList<>();
        ways.add(new Way(Edge.HEAD, key(Kind.PROVIDER, model.provider().name())));
        put(new Draft(Kind.MODEL, model.name(), details, List.of(), List.of(), ways));
    }

    private void draftProvider(Policy.Provider provider) {
        put(
                new Draft(
                        Kind.PROVIDER,
                        provider.name(),
                        List.of(provider.kind()),
                        List.of(provider.region()),
                        List.of(),
                        new ArrayList<>()));
    }

    private void put(Draft draft) {
        drafts.put(key(draft.kind(), draft.name()), draft);
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String time(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    /// Returns a condition as its author wrote it, on one line and without comments.
    private static String words(Condition condition) {
        return OneLine.of(condition.span().text());
    }
}
