package dev.writ.cli;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.dsl.policy.Policy.Settable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one request can cost at most, by route.
///
/// A request fills the context of the dearest model that it can reach, with as much output as rules
/// let it have. Failed attempts may be billed like the one that answers.
final class WorstCase {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private final Map<String, Policy.Route> routes = new HashMap<>();
    private final long outputMax;

    private WorstCase(Policy policy) {
        policy.routes().forEach(route -> routes.put(route.name(), route));
        this.outputMax = outputMax(policy);
    }

    /// The most of one route.
    ///
    /// @param answer nano-dollars of the dearest single answer; null without a bound
    /// @param attempts nano-dollars of every attempt of the dearest way; null without a bound
    /// @param model the dearest model, or the one without a bound; null where no model is reached
    record Line(
            String route,
            @Nullable BigDecimal answer,
            @Nullable BigDecimal attempts,
            Policy.@Nullable Model model,
            String why) {}

    /// Returns a line a route, in the order of the policy.
    static List<Line> of(Policy policy) {
        WorstCase worst = new WorstCase(policy);
        return policy.routes().stream().map(worst::line).toList();
    }

    /// Returns the most output that rules on every request let through; `Long.MAX_VALUE` without.
    private static long outputMax(Policy policy) {
        long most = Long.MAX_VALUE;
        for (Policy.Rule rule : policy.rules()) {
            boolean always =
                    rule.phase() != Phase.RESPONSE
                            && rule.when() instanceof Condition.Constant(var _, boolean value)
                            && value;
            for (Effect effect : always ? rule.effects() : List.<Effect>of()) {
                switch (effect) {
                    case Effect.Clamp(Settable field, var _, long bound)
                            when field == Settable.MAX_TOKENS ->
                            most = Math.min(most, bound);
                    case Effect.SetNumber(Settable field, NumberTerm.Constant(var _, long value))
                            when field == Settable.MAX_TOKENS ->
                            most = Math.min(most, value);
                    case Effect _ -> {}
                }
            }
        }
        return most;
    }

    private Line line(Policy.Route route) {
        List<Policy.Target> targets = new ArrayList<>();
        collect(route, targets, new HashSet<>());
        Line worst =
                new Line(route.name(), BigDecimal.ZERO, BigDecimal.ZERO, null, "reaches no model");
        for (Policy.Target target : targets) {
            Line line = line(route.name(), target);
            if (line.attempts() == null) {
                return line;
            }
            BigDecimal most = worst.attempts();
            if (worst.model() == null || (most != null && line.attempts().compareTo(most) > 0)) {
                worst = line;
            }
        }
        return worst;
    }

    private void collect(Policy.Route route, List<Policy.Target> targets, Set<String> seen) {
        for (Policy.Arm arm : route.arms()) {
            if (arm.action() instanceof Policy.ArmAction.Go(Policy.Target target)) {
                if (target instanceof Policy.Target.ToRoute(String next)) {
                    Policy.Route on = routes.get(next);
                    if (on != null && seen.add(next)) {
                        collect(on, targets, seen);
                    }
                } else {
                    targets.add(target);
                }
            }
        }
    }

    private Line line(String route, Policy.Target target) {
        List<Policy.Model> first = new ArrayList<>();
        List<Policy.Model> then = new ArrayList<>();
        int times = 1;
        boolean hedged = false;
        Policy.Model mirror = null;
        switch (target) {
            case Policy.Target.ToModel(Policy.Model model) -> first.add(model);
            case Policy.Target.ToPool(Policy.Pool pool) -> {
                pool.members().forEach(member -> first.add(member.model()));
                pool.fallbacks().forEach(fallback -> then.add(fallback.model()));
                times += pool.retry().times();
                hedged = pool.hedge() != null;
                mirror = pool.mirror() == null ? null : pool.mirror().model();
            }
            case Policy.Target.ToRoute _ ->
                    throw new IllegalArgumentException("routes were followed before");
        }
        Policy.Model dearest = null;
        BigDecimal answer = BigDecimal.ZERO;
        BigDecimal chosen = BigDecimal.ZERO;
        // Of the members, which may be hedged with each other.
        BigDecimal second = BigDecimal.ZERO;
        BigDecimal fallbacks = BigDecimal.ZERO;
        if (mirror != null) {
            // Paid like a fallback, though nobody sees it.
            then.add(mirror);
        }
        List<Policy.Model> all = new ArrayList<>(first);
        all.addAll(then);
        for (int i = 0; i < all.size(); i++) {
            Policy.Model model = all.get(i);
            BigDecimal most = most(model);
            if (most == null) {
                return new Line(
                        route,
                        null,
                        null,
                        model,
                        model.price() == null ? "has no price" : "says no context");
            }
            if (dearest == null || most.compareTo(answer) > 0) {
                dearest = model;
                answer = most;
            }
            if (i < first.size()) {
                second = second.max(chosen.min(most));
                chosen = chosen.max(most);
            } else {
                fallbacks = fallbacks.add(most);
            }
        }
        return new Line(
                route,
                answer,
                chosen.add(hedged ? second : BigDecimal.ZERO)
                        .multiply(BigDecimal.valueOf(times))
                        .add(fallbacks),
                dearest,
                outputMax == Long.MAX_VALUE
                        ? "output without a bound"
                        : "output up to %d tokens".formatted(outputMax));
    }

    /// Returns the nano-dollars of a full context: with output, if that is dearer than input.
    private @Nullable BigDecimal most(Policy.Model model) {
        Policy.Price price = model.price();
        if (price == null || model.contextTokens() == 0) {
            return null;
        }
        long output = Math.min(outputMax, model.contextTokens());
        BigDecimal in = BigDecimal.valueOf(price.inNanosPerMillion());
        BigDecimal out = BigDecimal.valueOf(price.outNanosPerMillion()).max(in);
        return in.multiply(BigDecimal.valueOf(model.contextTokens() - output))
                .add(out.multiply(BigDecimal.valueOf(output)))
                .divide(MILLION);
    }
}
