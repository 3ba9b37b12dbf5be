package dev.writ.cli;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.dsl.policy.Policy.Settable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one request can cost at most, by route.
///
/// A request fills the context of each model that it comes to, with as much output as rules let
/// it have, and each attempt that is made for it is paid in full. Every attempt that a pool may
/// make is counted: the canary once, the dearest first choice, the dearest other member beside it
/// where the pool hedges, every fallback, and all but the canary again as often as `retry` says.
/// A mirror is told by itself: nobody waits for it.
///
/// Exact, but for what a charge rounds up to whole nano-dollars.
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
    /// @param mirror nano-dollars of the dearest copy at a mirror, 0 where there is none; null
    ///     without a bound
    /// @param model the dearest model, or one without a bound; null where no model is reached
    record Line(
            String route,
            @Nullable BigDecimal answer,
            @Nullable BigDecimal attempts,
            @Nullable BigDecimal mirror,
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
        Bound worst = Bound.NOTHING;
        for (Policy.Target target : targets) {
            worst = worst.or(bound(target));
        }
        return worst.line(route.name(), outputMax);
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

    private Bound bound(Policy.Target target) {
        return switch (target) {
            case Policy.Target.ToModel(Policy.Model model) -> {
                Bound bound = Bound.of(model, most(model));
                yield bound.paid(bound.answer());
            }
            case Policy.Target.ToPool(Policy.Pool pool) -> bound(pool);
            case Policy.Target.ToRoute _ ->
                    throw new IllegalArgumentException("routes were followed before");
        };
    }

    private Bound bound(Policy.Pool pool) {
        Policy.Pool.Canary canary = pool.canary();
        Policy.Pool.Mirror mirror = pool.mirror();
        List<Policy.Model> answering = new ArrayList<>(pool.ordinary());
        if (canary != null) {
            answering.add(canary.model());
        }
        Bound bound = Bound.NOTHING;
        for (Policy.Model model : answering) {
            bound = bound.or(Bound.of(model, most(model)));
        }
        if (bound.answer() != null) {
            BigDecimal times = BigDecimal.valueOf(1L + pool.retry().times());
            BigDecimal all = canary == null ? BigDecimal.ZERO : mostOf(canary.model());
            all = all.add(firstChoices(pool).multiply(times));
            for (Policy.Pool.Fallback fallback : pool.fallbacks()) {
                all = all.add(mostOf(fallback.model()).multiply(times));
            }
            bound = bound.paid(all);
        }
        return mirror == null ? bound : bound.mirrored(most(mirror.model()));
    }

    /// Returns the most of a first choice; of two where one may be hedged with another. A member
    /// that is a fallback as well is tried once, so it is paid for there.
    private BigDecimal firstChoices(Policy.Pool pool) {
        return pool.members().stream()
                .map(Policy.Pool.Member::model)
                .filter(
                        member ->
                                pool.fallbacks().stream()
                                        .noneMatch(then -> then.model().equals(member)))
                .map(this::mostOf)
                .sorted(Comparator.reverseOrder())
                .limit(pool.hedge() == null ? 1 : 2)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private BigDecimal mostOf(Policy.Model model) {
        return Objects.requireNonNull(most(model));
    }

    /// The most that requests to some targets cost.
    ///
    /// @param model the dearest, or one without a bound; null without any
    private record Bound(
            @Nullable BigDecimal answer,
            @Nullable BigDecimal attempts,
            @Nullable BigDecimal mirror,
            Policy.@Nullable Model model) {
        static final Bound NOTHING =
                new Bound(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, null);

        static Bound of(Policy.Model model, @Nullable BigDecimal answer) {
            BigDecimal attempts = answer == null ? null : BigDecimal.ZERO;
            return new Bound(answer, attempts, BigDecimal.ZERO, model);
        }

        Bound paid(@Nullable BigDecimal all) {
            return new Bound(answer, all, mirror, model);
        }

        Bound mirrored(@Nullable BigDecimal copy) {
            return new Bound(answer, attempts, copy, model);
        }

        /// Returns the most of both, each for itself.
        Bound or(Bound other) {
            BigDecimal more = max(answer, other.answer);
            boolean otherIsDearer =
                    model == null
                            || (answer != null && (more == null || more.compareTo(answer) > 0));
            return new Bound(
                    more,
                    max(attempts, other.attempts),
                    max(mirror, other.mirror),
                    otherIsDearer ? other.model : model);
        }

        private static @Nullable BigDecimal max(@Nullable BigDecimal a, @Nullable BigDecimal b) {
            return a == null || b == null ? null : a.max(b);
        }

        Line line(String route, long outputMax) {
            String why;
            if (model == null) {
                why = "reaches no model";
            } else if (answer == null) {
                why = model.price() == null ? "has no price" : "says no context";
            } else {
                why =
                        outputMax == Long.MAX_VALUE
                                ? "output without a bound"
                                : "output up to %d tokens".formatted(outputMax);
            }
            return new Line(route, answer, attempts, mirror, model, why);
        }
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
