package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Breaker.Admission;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The way of one request through the models of its target: first the chosen one, after a failure
/// the same again or a fallback.
///
/// ```
/// Attempts attempts = Attempts.start(…);
/// for (model = attempts.next(); model != null; model = attempts.next()) {
///     call it after attempts.delayNanos()
///     end it by failed(cause), completed() or abandoned();
///     firstByte() as soon as the answer has begun
/// }
/// ```
/// - **First**: the pool's choice among the members that lie in the team's regions and whose
///   breaker is closed (or lets a probe through).
/// - **After a failure**: the same model while the pool's `retry` allows it; then the next fallback
///   in written order whose causes contain the failure's. The other members are not tried: a pool
///   says with `then` what it falls back to. A fallback that was passed is not come back to.
/// - **Where no member can be tried**, the fallbacks are, whatever their causes.
/// - A target is tried once, unless `retry`. After the first byte nothing is.
///
/// Every model that [#next] returned must be ended, or it counts as under way for ever.
///
/// Threads: one at a time, the request's own. What is shared lies in [TargetStates].
public final class Attempts {
    /// The first delay before the same model is tried again; doubles with each, up to the maximum.
    public static final long RETRY_DELAY_NANOS = 50_000_000L;

    /// The longest delay before the same model is tried again.
    public static final long RETRY_DELAY_NANOS_MAX = 1_000_000_000L;

    private final TargetStates states;
    private final Set<String> regions;
    private final long hash;
    private final Policy.Pool.Retry retry;
    private final List<Policy.Pool.Fallback> fallbacks;
    private final long startedNanos;

    private @Nullable FirstChoice first;
    private int nextFallback;
    private final Policy.Model[] tried;
    private int triedCount;

    private Policy.@Nullable Model model;
    private @Nullable TargetState state;
    private Admission admission = Admission.REFUSED;
    private long sentNanos;
    private boolean underWay;
    private boolean answered;

    private int retries;
    private long delayNanos;
    private int count;
    private int outsideRegions;
    private int breakersOpen;
    private long breakerWaitNanos = Long.MAX_VALUE;
    private @Nullable Cause cause;
    private Exhausted exhausted = Exhausted.NO;

    private Attempts(
            FirstChoice first,
            List<Policy.Pool.Fallback> fallbacks,
            Policy.Pool.Retry retry,
            long requestHash,
            Set<String> regions,
            TargetStates states) {
        this.first = first;
        this.fallbacks = fallbacks;
        this.retry = retry;
        this.hash = requestHash;
        this.regions = regions;
        this.states = states;
        this.tried = new Policy.Model[1 + fallbacks.size()];
        this.startedNanos = states.nanoTime();
    }

    /// Begins the way of a request; no model is chosen yet.
    ///
    /// @param target where the decision sends the request; [Policy.Target.ToRoute] must have been
    ///     followed
    /// @param requestHash of policy salt and request id; the same hash makes the same choices
    /// @param regions that providers must be in; empty without such a promise
    /// @param tokens what the request is expected to use; read by `choose cheapest` only
    public static Attempts start(
            Policy.Target target,
            long requestHash,
            Set<String> regions,
            Estimate tokens,
            TargetStates states) {
        return switch (target) {
            case Policy.Target.ToModel to ->
                    new Attempts(
                            FirstChoice.only(to.model()),
                            List.of(),
                            Policy.Pool.Retry.NEVER,
                            requestHash,
                            regions,
                            states);
            case Policy.Target.ToPool to ->
                    new Attempts(
                            FirstChoice.of(to.pool(), requestHash, tokens),
                            to.pool().fallbacks(),
                            to.pool().retry(),
                            requestHash,
                            regions,
                            states);
            case Policy.Target.ToRoute to ->
                    throw new IllegalArgumentException(
                            "a target must be a model or a pool, got route " + to.route());
        };
    }

    /// Returns in which of 10,000 equal parts a request falls when a share is chosen: below the
    /// first member's basis points it is the first member's, and so on.
    public static int bucket(long requestHash) {
        return Mix.below(Mix.draw(requestHash, Mix.SHARES), 10_000);
    }

    /// Returns the model to call next, and counts the call as under way.
    ///
    /// @return null if nothing is left; [#exhausted] says why
    /// @throws IllegalStateException if the attempt before was not ended
    public Policy.@Nullable Model next() {
        if (underWay) {
            throw new IllegalStateException("the attempt before must be ended first");
        }
        if (exhausted != Exhausted.NO) {
            return null;
        }
        if (first != null) {
            if (tryFirst(first)) {
                first = null;
                return model;
            }
            first = null;
        } else if (tryAgain()) {
            return model;
        }
        if (tryFallback()) {
            return model;
        }
        exhausted =
                cause != null
                        ? Exhausted.FAILED
                        : breakersOpen > 0 ? Exhausted.BREAKERS_OPEN : Exhausted.OUTSIDE_REGIONS;
        return null;
    }

    /// The attempt under way failed, before or after the first byte.
    public void failed(Cause cause) {
        TargetState failed = end();
        this.cause = cause;
        long now = states.nanoTime();
        failed.failedAfter(answered ? 0 : now - sentNanos, now);
        if (TargetState.breaks(cause)) {
            if (admission == Admission.PROBE) {
                failed.breaker.probeFailed(now);
            } else {
                failed.breaker.failed(now);
            }
        } else if (admission == Admission.PROBE) {
            failed.breaker.recovered();
        }
        if (answered) {
            exhausted = Exhausted.ANSWERED;
        }
    }

    /// The attempt under way has its first byte of a good answer: from now on it is final.
    public void firstByte() {
        TargetState live = live();
        if (answered) {
            return;
        }
        answered = true;
        long now = states.nanoTime();
        live.firstByteAfter(now - sentNanos, now);
        if (admission == Admission.PROBE) {
            live.breaker.recovered();
            admission = Admission.ADMITTED;
        }
    }

    /// The attempt under way ended as it should, the provider's refusals of a client's mistake
    /// included. Implies [#firstByte].
    public void completed() {
        firstByte();
        TargetState done = end();
        done.breaker.succeeded(states.nanoTime());
        exhausted = Exhausted.ANSWERED;
    }

    /// The client left, or we gave up for a reason of our own: says nothing of the target. Does
    /// nothing if no attempt is under way, but ends the way in any case.
    public void abandoned() {
        if (underWay) {
            TargetState left = end();
            if (admission == Admission.PROBE) {
                left.breaker.probeAbandoned(states.nanoTime());
            }
        }
        if (exhausted == Exhausted.NO) {
            exhausted = Exhausted.ABANDONED;
        }
    }

    /// Returns how long to wait before the model that [#next] returned is called.
    ///
    /// Above 0 only where the same model is tried again: half to the whole of a delay that doubles
    /// with each retry; which part follows from the request hash.
    public long delayNanos() {
        return delayNanos;
    }

    /// Returns how many models were called, the one under way and retries included.
    public int count() {
        return count;
    }

    /// Returns why the last failed attempt did; null if none did.
    public @Nullable Cause cause() {
        return cause;
    }

    /// Returns why [#next] has nothing left.
    public Exhausted exhausted() {
        return exhausted;
    }

    /// Returns how many targets were refused for lying outside the team's regions.
    public int outsideRegions() {
        return outsideRegions;
    }

    /// Returns how many targets were skipped for their open breaker.
    public int breakersOpen() {
        return breakersOpen;
    }

    /// Returns the shortest time after which one of the skipped targets may be tried, for
    /// `retry-after`; 0 if none was skipped.
    public long breakerWaitNanos() {
        return breakersOpen == 0 ? 0 : breakerWaitNanos;
    }

    private boolean tryFirst(FirstChoice choice) {
        while (true) {
            int member = choice.next(regions, states);
            if (member < 0) {
                outsideRegions += choice.outsideRegions();
                return false;
            }
            if (begin(choice.model(member), 0)) {
                remember();
                outsideRegions += choice.outsideRegions();
                return true;
            }
        }
    }

    private boolean tryAgain() {
        if (model == null || retries >= retry.times() || cause == Cause.UNAUTHORIZED) {
            return false;
        }
        long delay = retryDelay();
        long age = states.nanoTime() - startedNanos;
        // What would begin too late is not begun.
        if (age + delay >= retry.within().toNanos() || !begin(model, delay)) {
            return false;
        }
        retries++;
        return true;
    }

    private boolean tryFallback() {
        while (nextFallback < fallbacks.size()) {
            Policy.Pool.Fallback fallback = fallbacks.get(nextFallback++);
            if (cause != null && !fallback.causes().contains(cause)) {
                continue;
            }
            if (!inRegions(fallback.model(), regions)) {
                outsideRegions++;
                continue;
            }
            if (!wasTried(fallback.model()) && begin(fallback.model(), 0)) {
                remember();
                retries = 0;
                return true;
            }
        }
        return false;
    }

    /// Returns false, with nothing counted as under way, if the target must not be called.
    private boolean begin(Policy.Model candidate, long delay) {
        TargetState target = states.of(candidate);
        long now = states.nanoTime();
        Admission asked = target.breaker.enter(now);
        if (asked == Admission.REFUSED) {
            breakersOpen++;
            breakerWaitNanos = Math.min(breakerWaitNanos, target.breaker.waitNanos(now));
            return false;
        }
        target.begin();
        model = candidate;
        state = target;
        admission = asked;
        delayNanos = delay;
        sentNanos = now + delay;
        underWay = true;
        count++;
        return true;
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

    private void remember() {
        if (model != null) {
            tried[triedCount++] = model;
        }
    }

    private TargetState live() {
        if (!underWay || state == null) {
            throw new IllegalStateException("no attempt is under way");
        }
        return state;
    }

    private TargetState end() {
        TargetState ended = live();
        underWay = false;
        states.end(ended);
        return ended;
    }

    private long retryDelay() {
        long whole = Math.min(RETRY_DELAY_NANOS_MAX, RETRY_DELAY_NANOS << Math.min(retries, 10));
        int half = (int) (whole / 2);
        return (long) half + Mix.below(Mix.draw(hash, Mix.DELAYS + count), half + 1);
    }

    static boolean inRegions(Policy.Model model, Set<String> regions) {
        return regions.isEmpty() || regions.contains(model.provider().region());
    }
}
