package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// What is known of every model of every provider that was called: calls under way, latency,
/// breaker.
///
/// One for all threads and all policies: a reload keeps what is known, because a state belongs to
/// the names of a provider and of its model, not to a policy. [#keep] bounds it to what the current
/// policy names and what has calls under way.
public final class TargetStates {
    private final LongSupplier nanoClock;
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, TargetState>> byProvider =
            new ConcurrentHashMap<>();

    /// By name of the pool.
    private final ConcurrentHashMap<String, HedgeBudget> hedges = new ConcurrentHashMap<>();

    /// Begins with nothing known.
    ///
    /// @param nanoClock nanoseconds since whenever, as `System::nanoTime` gives them
    public TargetStates(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// Forgets the targets that `policy` does not name: at once, or when their last call ends. Of
    /// pools that hedge no more it forgets what they had left.
    ///
    /// To be called on each reload. Requests that began with an older policy may bring a target
    /// back, which the next reload forgets again.
    public void keep(Policy policy) {
        Map<String, Set<String>> named = new HashMap<>();
        for (Policy.Model model : policy.models()) {
            named.computeIfAbsent(model.provider().name(), _ -> new HashSet<>())
                    .add(model.upstreamName());
        }
        Set<String> hedging = new HashSet<>();
        for (Policy.Pool pool : policy.pools()) {
            if (pool.hedge() != null) {
                hedging.add(pool.name());
            }
        }
        hedges.keySet().retainAll(hedging);
        for (var models : byProvider.values()) {
            for (TargetState state : models.values()) {
                boolean retire =
                        !named.getOrDefault(state.provider, Set.of()).contains(state.model);
                state.retire(retire);
                if (retire && state.inFlight() == 0) {
                    forget(state);
                }
            }
        }
    }

    /// Returns what is known now, sorted by provider and model.
    public List<TargetView> view() {
        long now = nanoClock.getAsLong();
        List<TargetView> views = new ArrayList<>();
        for (var models : byProvider.values()) {
            for (TargetState state : models.values()) {
                views.add(state.view(now));
            }
        }
        views.sort(Comparator.comparing(TargetView::provider).thenComparing(TargetView::model));
        return views;
    }

    /// Returns how many requests of a pool may still be hedged.
    HedgeBudget hedges(Policy.Pool pool) {
        HedgeBudget known = hedges.get(pool.name());
        return known != null ? known : hedges.computeIfAbsent(pool.name(), _ -> new HedgeBudget());
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    TargetState of(Policy.Model model) {
        String provider = model.provider().name();
        var models = byProvider.get(provider);
        TargetState known = models == null ? null : models.get(model.upstreamName());
        return known != null ? known : add(provider, model.upstreamName());
    }

    /// Counts a call out, and forgets the target if that was the last call of a retired one.
    void end(TargetState state) {
        if (state.end() == 0 && state.retired()) {
            forget(state);
        }
    }

    private TargetState add(String provider, String model) {
        // Inside `compute`, so that `forget` cannot drop the provider's map in between.
        TargetState[] added = new TargetState[1];
        byProvider.compute(
                provider,
                (_, models) -> {
                    var kept =
                            models == null ? new ConcurrentHashMap<String, TargetState>() : models;
                    added[0] =
                            kept.computeIfAbsent(
                                    model,
                                    _ -> new TargetState(provider, model, nanoClock.getAsLong()));
                    return kept;
                });
        return added[0];
    }

    private void forget(TargetState state) {
        byProvider.computeIfPresent(
                state.provider,
                (_, models) -> {
                    models.remove(state.model, state);
                    return models.isEmpty() ? null : models;
                });
    }
}
