package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How the canaries of one policy fare. Each policy that is loaded begins anew, and requests that
/// began with an older one count for that.
///
/// Threads: any.
public final class Trials {
    private final Map<String, Entry> byPool = new LinkedHashMap<>();

    private record Entry(Policy.Pool pool, Policy.Pool.Canary canary, Trial trial) {
        TrialView view() {
            return new TrialView(
                    pool.name(),
                    canary.model().name(),
                    canary.basisPoints(),
                    trial.requests(),
                    trial.failures(),
                    trial.isStopped());
        }
    }

    /// Begins with nothing known.
    ///
    /// @param whenStopped is told of each canary that is stopped, on the thread of a request
    public Trials(Policy policy, Consumer<TrialView> whenStopped) {
        for (Policy.Pool pool : policy.pools()) {
            Policy.Pool.Canary canary = pool.canary();
            if (canary != null) {
                Trial trial = new Trial(canary.stop(), () -> whenStopped.accept(view(pool.name())));
                byPool.put(pool.name(), new Entry(pool, canary, trial));
            }
        }
    }

    private TrialView view(String pool) {
        Entry entry = byPool.get(pool);
        if (entry == null) {
            throw new IllegalStateException("the pool must have a canary: " + pool);
        }
        return entry.view();
    }

    /// Returns what is known now, in the order of the policy.
    public List<TrialView> view() {
        List<TrialView> views = new ArrayList<>();
        byPool.values().forEach(entry -> views.add(entry.view()));
        return views;
    }

    /// Returns how the canary of a pool fares; null if it has none.
    @Nullable Trial of(Policy.Pool pool) {
        if (pool.canary() == null) {
            return null;
        }
        Entry entry = byPool.get(pool.name());
        if (entry == null) {
            throw new IllegalArgumentException("the pool must be of the policy: " + pool.name());
        }
        return entry.trial();
    }
}
