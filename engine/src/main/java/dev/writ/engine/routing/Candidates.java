package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Breaker.Admission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The models of a target that a request may still try: its canary, members, then fallbacks, each
/// target once.
///
/// A model outside of the team's regions, that cannot take the request, or whose breaker is open is
/// passed over.
final class Candidates {
    /// A canary, a member, and a member or fallback beside one of them.
    private static final int TRIED_BEFORE_FALLBACKS_MAX = 3;

    private final TargetStates states;
    private final RoutedRequest request;
    private final List<Policy.Pool.Fallback> fallbacks;

    /// The members of the pool; null once none of them will be tried.
    private @Nullable FirstChoice members;

    private int nextFallback;
    private final Policy.Model[] tried;
    private int triedCount;
    private boolean sawTried;
    private @Nullable List<PassedOver> passedOver;
    private long breakerWaitNanos;

    Candidates(
            FirstChoice members,
            List<Policy.Pool.Fallback> fallbacks,
            RoutedRequest request,
            TargetStates states) {
        this.members = members;
        this.fallbacks = fallbacks;
        this.request = request;
        this.states = states;
        this.tried = new Policy.Model[TRIED_BEFORE_FALLBACKS_MAX + fallbacks.size()];
    }

    /// Begins with the canary; null if it cannot be.
    @Nullable Leg canary(Policy.Model canary, Trial trial) {
        if (trial.isStopped()) {
            pass(canary, PassedOver.Why.CANARY_STOPPED, Role.CANARY);
            return null;
        }
        return begin(canary, Role.CANARY);
    }

    /// Begins with a member of the pool; null if none can be.
    @Nullable Leg member(Role role) {
        FirstChoice choice = members;
        if (choice != null) {
            for (int m = choice.next(states); m >= 0; m = choice.next(states)) {
                Leg begun = begin(choice.model(m), role);
                if (begun != null) {
                    return begun;
                }
            }
        }
        return null;
    }

    /// Begins with the same model again; null if its breaker is open.
    @Nullable Leg again(Leg last, long delayNanos) {
        return begin(last.model, Role.AGAIN, last.retries + 1, delayNanos);
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
            Leg begun = begin(fallback.model(), Role.FALLBACK);
            if (begun != null) {
                return begun;
            }
        }
        return null;
    }

    /// Begins with what may stand beside an attempt: a member while one or the canary is under
    /// way, else the next fallback for a timeout; null if there is nothing.
    @Nullable Leg beside() {
        Leg begun = member(Role.HEDGE);
        // None is passed: should both fail, those that are left are tried in their order.
        for (int i = nextFallback; i < fallbacks.size() && begun == null; i++) {
            Policy.Pool.Fallback fallback = fallbacks.get(i);
            if (fallback.causes().contains(Cause.TIMEOUT)) {
                begun = begin(fallback.model(), Role.HEDGE);
            }
        }
        return begun;
    }

    /// Returns null, with nothing counted as under way, if the target must not be called for the
    /// first time.
    private @Nullable Leg begin(Policy.Model candidate, Role role) {
        if (wasTried(candidate)) {
            sawTried = true;
            return null;
        }
        PassedOver.Why why = request.hindrance(candidate);
        if (why != null) {
            pass(candidate, why, role);
            return null;
        }
        Leg begun = begin(candidate, role, 0, 0);
        if (begun != null) {
            tried[triedCount++] = candidate;
        }
        return begun;
    }

    private @Nullable Leg begin(Policy.Model candidate, Role role, int retries, long delayNanos) {
        TargetState target = states.of(candidate);
        long now = states.nanoTime();
        Admission asked = target.breaker.enter(now);
        if (asked == Admission.REFUSED) {
            if (role != Role.CANARY) {
                long wait = target.breaker.waitNanos(now);
                breakerWaitNanos = breakerWaitNanos == 0 ? wait : Math.min(breakerWaitNanos, wait);
            }
            pass(candidate, PassedOver.Why.BREAKER_OPEN, role);
            return null;
        }
        return new Leg(candidate, role, retries, delayNanos, target, asked, states);
    }

    private void pass(Policy.Model model, PassedOver.Why why, Role role) {
        List<PassedOver> known = passedOver;
        if (known == null) {
            known = new ArrayList<>();
            passedOver = known;
        }
        PassedOver passed = new PassedOver(model, why, role == Role.CANARY);
        if (!known.contains(passed)) {
            known.add(passed);
        }
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

    /// Tells whether it was the turn of a target that had been tried.
    boolean sawTried() {
        return sawTried;
    }

    /// Returns the models that were not tried although it was their turn, each reason once.
    List<PassedOver> passedOver() {
        List<PassedOver> known = passedOver;
        return known == null ? List.of() : Collections.unmodifiableList(known);
    }

    /// Returns why no target could be tried: what may be otherwise in a while before what may not.
    Exhausted whyNone() {
        Exhausted why = Exhausted.OUTSIDE_REGIONS;
        for (PassedOver passed : passedOver()) {
            if (passed.canary()) {
                continue;
            }
            if (passed.why() == PassedOver.Why.BREAKER_OPEN) {
                return Exhausted.BREAKERS_OPEN;
            }
            if (passed.why().isInability()) {
                why = Exhausted.UNABLE;
            }
        }
        return why;
    }

    /// Returns the shortest time after which one of the targets with an open breaker may be tried;
    /// 0 if there was none. A canary does not count.
    long breakerWaitNanos() {
        return breakerWaitNanos;
    }
}
