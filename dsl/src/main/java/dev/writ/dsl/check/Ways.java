package dev.writ.dsl.check;

import dev.writ.dsl.check.Caller.Answer;
import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The ways that requests of a caller can take to a model.
///
/// What is known of the caller decides conditions; everything else of a request may be either, but
/// not both at once: what a grant or an arm on the way demands still holds behind it. A way that
/// cannot be excluded is one. Where too many alternatives meet ([Limits#CASES_MAX]) what was
/// demanded is forgotten, so that there are more ways, never fewer.
///
/// Arms see what rules on `request` have set, grants do not: what a grant demands of a field that
/// some rule sets is forgotten behind it.
///
/// Each route is walked once a caller, after all routes that go on to it.
final class Ways {
    /// A way of a request to a model.
    ///
    /// @param words the way as a line, such as
    ///     ``route chat, arm `rest` → pool all → 70% gpt → provider openai (us)``
    /// @param arm the last arm on it
    /// @param cases what holds of the requests that take it
    record Way(String words, Caller caller, Policy.Arm arm, Policy.Model model, Cases cases) {}

    /// How a route is come to.
    ///
    /// @param before the first way to it, as words
    /// @param cases what holds of the requests that come, on any way
    private record Arrival(String before, Cases cases) {}

    private final Map<String, Policy.Route> routes;
    private final List<Policy.Route> order;
    private final BitSet settable;
    /// Labels of the arms that requests can take.
    private final BitSet reached = new BitSet();
    private final CaseTable cases;

    /// @param provable names of the routes in which nothing is wrong and that stand in no ring
    /// @param settable slots of the facts that rules on `request` set
    /// @param cases of conditions
    Ways(Map<String, Policy.Route> routes, Set<String> provable, BitSet settable, CaseTable cases) {
        this.cases = cases;
        this.routes = routes;
        this.order = order(routes, provable);
        this.settable = settable;
    }

    /// Returns the provable routes, each before those that it goes on to.
    private static List<Policy.Route> order(
            Map<String, Policy.Route> routes, Set<String> provable) {
        Deque<Policy.Route> order = new ArrayDeque<>();
        Set<String> done = new HashSet<>();
        for (Policy.Route route : routes.values()) {
            visit(route, routes, provable, done, order);
        }
        return List.copyOf(order);
    }

    private static void visit(
            Policy.Route route,
            Map<String, Policy.Route> routes,
            Set<String> provable,
            Set<String> done,
            Deque<Policy.Route> order) {
        if (!provable.contains(route.name()) || !done.add(route.name())) {
            return;
        }
        for (Policy.Arm arm : route.arms()) {
            if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target.ToRoute(String next))) {
                Policy.Route on = routes.get(next);
                if (on != null) {
                    visit(on, routes, provable, done, order);
                }
            }
        }
        order.addFirst(route);
    }

    /// Returns every way of the caller, to each model of each arm one.
    ///
    /// @param byIndex the routes as grants number them
    List<Way> of(Caller caller, List<Policy.Route> byIndex) {
        Map<String, Arrival> arrivals = new HashMap<>();
        for (Policy.Grant grant : caller.team().grants()) {
            if (caller.answer(grant.when()) == Answer.FALSE) {
                continue;
            }
            Cases granted = and(caller.cases(), yes(grant.when())).forgetting(settable);
            for (int index : new TreeSet<>(grant.routes())) {
                arrive(arrivals, byIndex.get(index).name(), "", granted);
            }
        }
        List<Way> ways = new ArrayList<>();
        for (Policy.Route route : order) {
            Arrival arrival = arrivals.get(route.name());
            if (arrival != null) {
                walk(route, arrival, caller, arrivals, ways);
            }
        }
        return ways;
    }

    /// Tells whether a request of a caller whose ways were asked for can take the arm.
    boolean isReached(Policy.Arm arm) {
        return reached.get(arm.label());
    }

    private static void arrive(
            Map<String, Arrival> arrivals, String route, String before, Cases cases) {
        if (!cases.isEmpty()) {
            arrivals.merge(
                    route,
                    new Arrival(before, cases),
                    (first, other) -> new Arrival(first.before(), first.cases().or(other.cases())));
        }
    }

    private void walk(
            Policy.Route route,
            Arrival arrival,
            Caller caller,
            Map<String, Arrival> arrivals,
            List<Way> ways) {
        Cases left = arrival.cases();
        for (Policy.Arm arm : route.arms()) {
            Answer taken = caller.answer(arm.when());
            Cases here = and(left, yes(arm.when()));
            if (taken == Answer.FALSE || here.isEmpty()) {
                continue;
            }
            reached.set(arm.label());
            if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target target)) {
                String words =
                        "%sroute %s, arm `%s` → "
                                .formatted(arrival.before(), route.name(), arm.name());
                go(target, words, here, caller, arm, arrivals, ways);
            }
            left = and(left, no(arm.when()));
            if (taken == Answer.TRUE || left.isEmpty()) {
                return;
            }
        }
    }

    private void go(
            Policy.Target target,
            String words,
            Cases here,
            Caller caller,
            Policy.Arm arm,
            Map<String, Arrival> arrivals,
            List<Way> ways) {
        switch (target) {
            case Policy.Target.ToModel(Policy.Model model) ->
                    ways.add(new Way(words + end(model), caller, arm, model, here));
            case Policy.Target.ToPool(Policy.Pool pool) -> {
                String through = "%spool %s → ".formatted(words, pool.name());
                for (Policy.Pool.Member member : pool.members()) {
                    String end = through + share(member) + end(member.model());
                    ways.add(new Way(end, caller, arm, member.model(), here));
                }
                for (Policy.Pool.Fallback fallback : pool.fallbacks()) {
                    String end = through + "then " + end(fallback.model());
                    ways.add(new Way(end, caller, arm, fallback.model(), here));
                }
                Policy.Pool.Canary canary = pool.canary();
                if (canary != null) {
                    String end = through + "canary to " + end(canary.model());
                    ways.add(new Way(end, caller, arm, canary.model(), here));
                }
                Policy.Pool.Mirror mirror = pool.mirror();
                if (mirror != null) {
                    String end = through + "mirror to " + end(mirror.model());
                    ways.add(new Way(end, caller, arm, mirror.model(), here));
                }
            }
            case Policy.Target.ToRoute(String next) -> {
                if (routes.containsKey(next)) {
                    arrive(arrivals, next, words, here);
                }
            }
        }
    }

    private static String end(Policy.Model model) {
        Policy.Provider provider = model.provider();
        return "%s → provider %s (%s)".formatted(model.name(), provider.name(), provider.region());
    }

    private static String share(Policy.Pool.Member member) {
        return member.basisPoints() == 0 ? "" : Amount.percent(member.basisPoints()) + " ";
    }

    private Cases yes(Condition condition) {
        return anyIfNull(cases.yes(condition));
    }

    private Cases no(Condition condition) {
        return anyIfNull(cases.no(condition));
    }

    private static Cases anyIfNull(@Nullable Cases cases) {
        return cases == null ? Cases.ANY : cases;
    }

    /// Returns the requests that fit both; those that fit the first where they are too many.
    private static Cases and(Cases first, Cases second) {
        Cases both = first.and(second);
        return both == null ? first : both;
    }
}
