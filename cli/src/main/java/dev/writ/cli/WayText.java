package dev.writ.cli;

import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.CanaryChoice;
import dev.writ.engine.routing.MirrorChoice;
import dev.writ.engine.routing.PassedOver;
import dev.writ.engine.routing.Role;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.engine.routing.TargetStates;
import dev.writ.engine.routing.Trials;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The way of an allowed request through the models of its target, as if all were well: which is
/// tried first, what is passed over, and what takes over on which failure.
///
/// @param model the first model's name; null where there is none
/// @param text lines for people; empty for a request that is denied
record WayText(@Nullable String model, String text) {
    /// A request that goes nowhere.
    static final WayText NONE = new WayText(null, "");

    static WayText of(Policy policy, Policy.Target target, RoutedRequest request) {
        Attempts attempts =
                Attempts.start(
                        target,
                        request,
                        new TargetStates(System::nanoTime),
                        new Trials(policy, _ -> {}));
        Policy.Model tried = attempts.next();
        Policy.Model first = tried;
        if (first != null && attempts.role() == Role.CANARY) {
            attempts.failed(Cause.UNREACHABLE);
            first = attempts.next();
        }
        StringBuilder text = new StringBuilder("\nmodels\n");
        if (!request.regions().isEmpty()) {
            line(text, "only in %s".formatted(String.join(", ", new TreeSet<>(request.regions()))));
        }
        for (PassedOver passed : attempts.passedOver()) {
            line(
                    text,
                    "passed over: %s, %s".formatted(place(passed.model()), passed.why().words()));
        }
        Policy.Pool.Canary canary = CanaryChoice.canary(target);
        if (canary != null) {
            line(text, canary(canary, request));
        }
        line(text, first == null ? "none is left" : first(target, request, first));
        if (first != null && target instanceof Policy.Target.ToPool(Policy.Pool pool)) {
            further(pool, target, request, text);
        }
        return new WayText(tried == null ? null : tried.name(), text.toString());
    }

    private static String canary(Policy.Pool.Canary canary, RoutedRequest request) {
        Policy.Pool.Canary.Stop stop = canary.stop();
        return "canary: %s of the requests, by %s, to %s; this one %s (part %,d of 10,000)%s"
                .formatted(
                        Amount.percent(canary.basisPoints()),
                        canary.by().word(),
                        place(canary.model()),
                        CanaryChoice.isIn(canary, request) ? "too" : "not",
                        CanaryChoice.bucket(canary, request),
                        stop == null
                                ? ""
                                : "; stopped by %d failures in %,d requests"
                                        .formatted(stop.failures(), stop.requests()));
    }

    private static String first(Policy.Target target, RoutedRequest request, Policy.Model first) {
        String chosen = "";
        if (target instanceof Policy.Target.ToPool(Policy.Pool pool)) {
            chosen = ", chosen by pool " + pool.name();
            if (pool.choice() == Policy.Pool.Choice.WEIGHTED) {
                chosen += " (part %,d of 10,000)".formatted(Attempts.bucket(request.hash()));
            }
        }
        return "first: %s%s".formatted(place(first), chosen);
    }

    /// Adds what a pool does beyond its first choice.
    private static void further(
            Policy.Pool pool, Policy.Target target, RoutedRequest request, StringBuilder text) {
        if (pool.retry().times() > 0) {
            line(
                    text,
                    "again: up to %d times within %d ms"
                            .formatted(pool.retry().times(), pool.retry().within().toMillis()));
        }
        if (pool.commitTokens() > 0) {
            line(text, "held: a stream until its token %d".formatted(pool.commitTokens()));
        }
        Policy.Pool.Hedge hedge = pool.hedge();
        if (hedge != null) {
            line(
                    text,
                    "beside it: a second model after %d ms, for up to %s of the requests"
                            .formatted(
                                    hedge.after().toMillis(),
                                    Amount.percent(hedge.basisPointsMax())));
        }
        Policy.Pool.Mirror mirror = pool.mirror();
        if (mirror != null) {
            line(
                    text,
                    "mirror: %s of the requests to %s; this one %s"
                            .formatted(
                                    Amount.percent(mirror.basisPoints()),
                                    place(mirror.model()),
                                    MirrorChoice.of(target, request) == null ? "not" : "too"));
        }
        for (Policy.Pool.Fallback fallback : pool.fallbacks()) {
            PassedOver.Why why = request.hindrance(fallback.model());
            line(
                    text,
                    "then: %s on %s%s"
                            .formatted(
                                    place(fallback.model()),
                                    causes(fallback.causes()),
                                    why == null ? "" : "; passed over, " + why.words()));
        }
    }

    private static void line(StringBuilder text, String line) {
        text.append("  ").append(line).append('\n');
    }

    private static String place(Policy.Model model) {
        return "%s (provider %s, region %s)"
                .formatted(model.name(), model.provider().name(), model.provider().region());
    }

    private static String causes(Set<Cause> causes) {
        return causes.stream().sorted().map(Cause::word).collect(Collectors.joining(", "));
    }
}
