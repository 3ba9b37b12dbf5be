package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Breaker.Admission;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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
/// A pool may hedge: while one attempt is silent, [#hedge] begins a second one on the pool's next
/// choice. Then two are under way, until [#oneFailed], [#oneRefused] or [#won] leaves one, which
/// is from then on the one that all other methods mean.
///
/// Every model that [#next] or [#hedge] returned must be ended, or it counts as under way for ever.
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
    private final Policy.Pool.@Nullable Hedge hedge;
    private final @Nullable HedgeBudget budget;
    private final long startedNanos;

    /// The members of the pool; null once none of them will be tried.
    private @Nullable FirstChoice members;

    private boolean firstTried;
    private int nextFallback;
    private final Policy.Model[] tried;
    private int triedCount;

    /// The attempt that is under way, or was last.
    private @Nullable Leg leg;

    private boolean underWay;

    /// The second attempt while two are under way.
    private @Nullable Leg beside;

    private boolean hedged;
    private long delayNanos;
    private int count;
    private int outsideRegions;
    private int breakersOpen;
    private long breakerWaitNanos = Long.MAX_VALUE;
    private @Nullable Cause cause;
    private Exhausted exhausted = Exhausted.NO;

    private Attempts(
            FirstChoice members,
            Policy.@Nullable Pool pool,
            long requestHash,
            Set<String> regions,
            TargetStates states) {
        this.members = members;
        this.fallbacks = pool == null ? List.of() : pool.fallbacks();
        this.retry = pool == null ? Policy.Pool.Retry.NEVER : pool.retry();
        this.hedge = pool == null ? null : pool.hedge();
        this.budget = pool == null || hedge == null ? null : states.hedges(pool);
        this.hash = requestHash;
        this.regions = regions;
        this.states = states;
        this.tried = new Policy.Model[2 + fallbacks.size()];
        this.startedNanos = states.nanoTime();
        if (hedge != null && budget != null) {
            budget.earn(hedge.basisPointsMax());
        }
    }

    /// Which of two attempts that are under way.
    public enum Racer {
        FIRST,
        HEDGE
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
                    new Attempts(FirstChoice.only(to.model()), null, requestHash, regions, states);
            case Policy.Target.ToPool to ->
                    new Attempts(
                            FirstChoice.of(to.pool(), requestHash, tokens),
                            to.pool(),
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
        Leg begun = null;
        if (!firstTried) {
            firstTried = true;
            begun = beginMember();
        } else {
            begun = tryAgain();
        }
        if (begun == null) {
            members = null;
            begun = tryFallback();
        }
        if (begun != null) {
            return run(begun);
        }
        exhausted =
                cause != null
                        ? Exhausted.FAILED
                        : breakersOpen > 0 ? Exhausted.BREAKERS_OPEN : Exhausted.OUTSIDE_REGIONS;
        return null;
    }

    /// Returns how long an attempt that is under way may be silent before [#hedge] is due; 0 if the
    /// request is not hedged, or was.
    public long hedgeAfterNanos() {
        return hedge == null || hedged ? 0 : hedge.after().toNanos();
    }

    /// Returns the model of a second attempt beside the one under way, and counts it as under way,
    /// too: while a member of the pool is, another member, in the pool's way of choosing; else the
    /// next fallback for a timeout; never a target that was tried.
    ///
    /// @param able tells whether a model can take the request
    /// @return null if there is none, or the pool's share of hedges is used up
    public Policy.@Nullable Model hedge(Predicate<Policy.Model> able) {
        if (hedge == null || budget == null || hedged || !underWay || live().answered()) {
            return null;
        }
        if (!budget.take(hedge.basisPointsMax())) {
            return null;
        }
        Leg second = beginAnother(able);
        if (second == null) {
            budget.giveBack(hedge.basisPointsMax());
            return null;
        }
        hedged = true;
        beside = second;
        count++;
        return second.model;
    }

    /// One of two attempts failed before its first byte; the other goes on alone.
    public void oneFailed(Racer who, Cause cause) {
        part(who).failed(cause);
        this.cause = cause;
    }

    /// One of two attempts was answered with what no client shall have while the other is under
    /// way: its provider works. The other goes on alone.
    public void oneRefused(Racer who) {
        part(who).succeeded();
    }

    /// One of two attempts is to be the client's; the other is given up.
    public void won(Racer who) {
        part(who == Racer.FIRST ? Racer.HEDGE : Racer.FIRST).lost();
    }

    /// Takes one of two attempts out, so that the other is the one under way.
    private Leg part(Racer who) {
        Leg first = leg;
        Leg second = beside;
        if (!underWay || first == null || second == null) {
            throw new IllegalStateException("two attempts must be under way");
        }
        beside = null;
        if (who == Racer.HEDGE) {
            return second;
        }
        leg = second;
        return first;
    }

    /// The attempt under way failed, before or after the first byte.
    public void failed(Cause cause) {
        Leg failed = end();
        this.cause = cause;
        failed.failed(cause);
        if (failed.answered()) {
            exhausted = Exhausted.ANSWERED;
        }
    }

    /// The attempt under way has its first byte of a good answer: from now on it is final.
    public void firstByte() {
        live().firstByte();
    }

    /// The attempt under way ended as it should, the provider's refusals of a client's mistake
    /// included. Implies [#firstByte].
    public void completed() {
        end().succeeded();
        exhausted = Exhausted.ANSWERED;
    }

    /// The client left, or we gave up for a reason of our own: says nothing of the targets. Does
    /// nothing if no attempt is under way, but ends the way in any case.
    public void abandoned() {
        Leg second = beside;
        if (second != null) {
            beside = null;
            second.abandoned();
        }
        if (underWay) {
            end().abandoned();
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

    /// Begins with a member of the pool; null if none can be.
    private @Nullable Leg beginMember() {
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

    private @Nullable Leg tryAgain() {
        Leg last = leg;
        if (last == null || last.retries >= retry.times() || cause == Cause.UNAUTHORIZED) {
            return null;
        }
        long delay = retryDelay(last.retries);
        long age = states.nanoTime() - startedNanos;
        // What would begin too late is not begun.
        return age + delay >= retry.within().toNanos()
                ? null
                : begin(last.model, delay, last.retries + 1);
    }

    private @Nullable Leg tryFallback() {
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

    /// Begins with what may stand beside the attempt under way; null if there is nothing.
    private @Nullable Leg beginAnother(Predicate<Policy.Model> able) {
        FirstChoice choice = members;
        if (choice != null) {
            for (int m = choice.next(regions, states); m >= 0; m = choice.next(regions, states)) {
                Leg begun = beginBeside(choice.model(m), able);
                if (begun != null) {
                    return begun;
                }
            }
        }
        // None is passed: should both fail, those that are left are tried in their order.
        for (int i = nextFallback; i < fallbacks.size(); i++) {
            Policy.Pool.Fallback fallback = fallbacks.get(i);
            if (fallback.causes().contains(Cause.TIMEOUT) && inRegions(fallback.model(), regions)) {
                Leg begun = beginBeside(fallback.model(), able);
                if (begun != null) {
                    return begun;
                }
            }
        }
        return null;
    }

    private @Nullable Leg beginBeside(Policy.Model candidate, Predicate<Policy.Model> able) {
        return wasTried(candidate) || !able.test(candidate) ? null : begin(candidate, 0, 0);
    }

    /// Returns null, with nothing counted as under way, if the target must not be called.
    private @Nullable Leg begin(Policy.Model candidate, long delay, int retries) {
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
        delayNanos = delay;
        return new Leg(candidate, retries, target, asked, now + delay, states);
    }

    private Policy.Model run(Leg begun) {
        leg = begun;
        underWay = true;
        count++;
        return begun.model;
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

    private Leg live() {
        if (!underWay || leg == null || beside != null) {
            throw new IllegalStateException("one attempt must be under way");
        }
        return leg;
    }

    private Leg end() {
        Leg ended = live();
        underWay = false;
        return ended;
    }

    /// @param retries how often the model was tried again before
    private long retryDelay(int retries) {
        long whole = Math.min(RETRY_DELAY_NANOS_MAX, RETRY_DELAY_NANOS << Math.min(retries, 10));
        int half = (int) (whole / 2);
        return (long) half + Mix.below(Mix.draw(hash, Mix.DELAYS + count), half + 1);
    }

    static boolean inRegions(Policy.Model model, Set<String> regions) {
        return regions.isEmpty() || regions.contains(model.provider().region());
    }
}
