package dev.writ.cli;

import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.Verdict;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.Estimate;
import dev.writ.engine.routing.MirrorChoice;
import dev.writ.engine.routing.RequestHash;
import dev.writ.engine.routing.TargetStates;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The way of an allowed request through the models of its target, as if all were well: which is
/// tried first, and what takes over on which failure.
///
/// @param model the first model's name; null where there is none
/// @param text lines for people; empty for a request that is denied
record WayText(@Nullable String model, String text) {
    static WayText of(Policy policy, Verdict verdict, Caller caller, String requestId) {
        Policy.Target target = verdict.target();
        if (verdict.denied() || target == null) {
            return new WayText(null, "");
        }
        Set<String> regions = caller.team().regions();
        long hash = RequestHash.of(policy.name(), requestId);
        Policy.Model first =
                Attempts.start(
                                target,
                                hash,
                                regions,
                                Estimate.UNKNOWN,
                                new TargetStates(System::nanoTime))
                        .next();
        StringBuilder text = new StringBuilder("\nmodels\n");
        if (!regions.isEmpty()) {
            text.append("  only in ").append(String.join(", ", new TreeSet<>(regions)));
            text.append('\n');
        }
        if (first == null) {
            return new WayText(
                    null, text.append("  none: all lie outside of the regions\n").toString());
        }
        text.append("  first: ").append(place(first));
        if (target instanceof Policy.Target.ToPool(Policy.Pool pool)) {
            text.append(", chosen by pool ").append(pool.name());
            if (pool.choice() == Policy.Pool.Choice.WEIGHTED) {
                text.append(" (part %,d of 10,000)".formatted(Attempts.bucket(hash)));
            }
            text.append('\n');
            if (pool.retry().times() > 0) {
                text.append("  again: up to ")
                        .append(pool.retry().times())
                        .append(" times within ");
                text.append(pool.retry().within().toMillis()).append(" ms\n");
            }
            int commit = pool.commitTokens();
            if (commit > 0) {
                text.append("  held: a stream until its token ").append(commit).append('\n');
            }
            Policy.Pool.Hedge hedge = pool.hedge();
            if (hedge != null) {
                text.append(
                        "  beside it: a second model after %d ms, for up to %s of the requests\n"
                                .formatted(
                                        hedge.after().toMillis(),
                                        Amount.percent(hedge.basisPointsMax())));
            }
            Policy.Pool.Mirror mirror = pool.mirror();
            if (mirror != null) {
                text.append(
                        "  mirror: %s of the requests to %s; this one %s\n"
                                .formatted(
                                        Amount.percent(mirror.basisPoints()),
                                        place(mirror.model()),
                                        MirrorChoice.of(target, hash, regions) == null
                                                ? "not"
                                                : "too"));
            }
            for (Policy.Pool.Fallback fallback : pool.fallbacks()) {
                text.append("  then: ").append(place(fallback.model())).append(" on ");
                text.append(causes(fallback.causes()));
                boolean outside =
                        !regions.isEmpty()
                                && !regions.contains(fallback.model().provider().region());
                text.append(outside ? "; passed over, outside of the regions\n" : "\n");
            }
        } else {
            text.append('\n');
        }
        return new WayText(first.name(), text.toString());
    }

    private static String place(Policy.Model model) {
        return "%s (provider %s, region %s)"
                .formatted(model.name(), model.provider().name(), model.provider().region());
    }

    private static String causes(Set<Cause> causes) {
        return causes.stream().sorted().map(Cause::word).collect(Collectors.joining(", "));
    }
}
