package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Breaker.Admission;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The models of a target that a request may still try: members, then fallbacks, each target once.
///
/// A model outside of the team's regions, or whose breaker is open, is passed over.
final class Candidates {
    private final TargetStates states;
    private final Set<String> regions;
    private final List<Policy.Pool.Fallback> fallbacks;

    /// The members of the pool; null once none of them will be tried.
    private @Nullable FirstChoice members;

    private int nextFallback;
    private final Policy.Model[] tried;
    private int triedCount;
    private int outsideRegions;
    private int breakersOpen;
    private long breakerWaitNanos = Long.MAX_VALUE;

    Candidates(
            FirstChoice members,
            List<Policy.Pool.Fallback> fallbacks,
            Set<String> regions,
            TargetStates states) {
        this.members = members;
        this.fallbacks = fallbacks;
        this.regions = regions;
        this.states = states;
        this.tried = new Policy.Model[2 + fallbacks.size()];
    }

    /// Begins with a member of the pool; null if none can be.
    @Nullable Leg member() {
        FirstChoice choice = members;
        Leg begun = null;
        if (choice != null) {
            int member = choice.next(regions, states);
            while (member >= 0 && begun == null) {
                begun = begin(choice.model(member), 0, 0);
                member = begun == null ? choice.next(regions, states) : -1;
            }
            outsideRegions += choice.outsideRegions();
        }
        return begun;
    }

    /// Begins with the same model again; null if its breaker is open.
    @Nullable Leg again(Leg last, long delayNanos) {
        return begin(last.model, delayNanos, last.retries + 1);
    }

    /// Begins with the next fallback, in written order, and gives the members up.
    ///
    /// @param cause that it must be for; null for any
    @Nullable Leg fallback(@Nullable Cause cause) {
        members = null;
        while (nextFallback < fallbacks.size()) {
            Policy.Pool.Fallback fallback = fallbacks.get(nextFallback++);
            if (cause != null && !fallback.causes().contains(cause)) {
                continue;
            }
            if (!inRegions(fallback.model(), regions)) {
                outsideRegions++;
                continue;
            }
            if (!wasTried(fallback.model())) {
                Leg begun = begin(fallback.model(), 0, 0);
                if (begun != null) {
                    return begun;
                }
            }
        }
        return null;
    }

    /// Begins with what may stand beside an attempt: another member while one is under way, else
    /// the next fallback for a timeout; null if there is nothing.
    ///
    /// @param able tells whether a model can take the request
    @Nullable Leg beside(Predicate<Policy.Model> able) {
        FirstChoice choice = members;
        if (choice != null) {
            for (int m = choice.next(regions, states); m >= 0; m = choice.next(regions, states)) {
                Leg begun = beside(choice.model(m), able);
                if (begun != null) {
                    return begun;
                }
            }
        }
        // None is passed: should both fail, those that are left are tried in their order.
        for (int i = nextFallback; i < fallbacks.size(); i++) {
            Policy.Pool.Fallback fallback = fallbacks.get(i);
            if (fallback.causes().contains(Cause.TIMEOUT) && inRegions(fallback.model(), regions)) {
                Leg begun = beside(fallback.model(), able);
                if (begun != null) {
                    return begun;
                }
            }
        }
        return null;
    }

    private @Nullable Leg beside(Policy.Model candidate, Predicate<Policy.Model> able) {
        return wasTried(candidate) || !able.test(candidate) ? null : begin(candidate, 0, 0);
    }

    /// Returns null, with nothing counted as under way, if the target must not be called.
    private @Nullable Leg begin(Policy.Model candidate, long delayNanos, int retries) {
        TargetState target = states.of(candidate);
        long now = states.nanoTime();
        Admission asked = target.breaker.enter(now);
        if (asked == Admission.REFUSED) {
            breakersOpen++;
            breakerWaitNanos = Math.min(breakerWaitNanos, target.breaker.waitNanos(now));
            return null;
        }
        if (retries == 0) {
            tried[triedCount++] = candidate;
        }
        return new Leg(candidate, retries, delayNanos, target, asked, states);
    }

    /// Two models of a policy that are one at the provider are one target.
    private boolean wasTried(Policy.Model candidate) {
        for (int i = 0; i < triedCount; i++) {
            Policy.Model before = tried[i];
            if (before.upstreamName().equals(candidate.upstreamName())
                    && before.provider().name().equals(candidate.provider().name())) {
                return true;
            }
        }
        return false;
    }

    int outsideRegions() {
        return outsideRegions;
    }

    int breakersOpen() {
        return breakersOpen;
    }

    /// Returns the shortest time after which one of the targets with an open breaker may be tried;
    /// 0 if there was none.
    long breakerWaitNanos() {
        return breakersOpen == 0 ? 0 : breakerWaitNanos;
    }

    static boolean inRegions(Policy.Model model, Set<String> regions) {
        return regions.isEmpty() || regions.contains(model.provider().region());
    }
}
