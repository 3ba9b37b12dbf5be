package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way of one request through the models of its target: the canary for some, then the chosen
/// one, after a failure the same again or a fallback.
///
/// ```
/// Attempts attempts = Attempts.start(…);
/// for (model = attempts.next(); model != null; model = attempts.next()) {
///     call it after attempts.delayNanos()
///     end it by failed(cause), completed(), refused() or abandoned();
///     firstByte() as soon as the answer has begun
/// }
/// ```
/// - **The canary** of the pool, for its share of the requests. When it fails or takes the request
///   for wrong, and the client has seen nothing of it, the way begins as if there were none. It is
///   not retried, and its failure is for no fallback's causes.
/// - **First**: the pool's choice among the members that lie in the team's regions, can take the
///   request, and whose breaker is closed (or lets a probe through).
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
/// Threads: one at a time, the request's own. What is shared lies in [TargetStates] and [Trials].
public final class Attempts {
    private final TargetStates states;
    private final Candidates candidates;
    private final long hash;
    private final Policy.Pool.Retry retry;
    private final @Nullable Hedging hedging;
    private final long startedNanos;

    /// The model on trial that this request is to try; null if it is not.
    private final Policy.@Nullable Model canary;

    private final @Nullable CanaryOutcome onTrial;
    private boolean canaryAsked;
    private boolean firstTried;

    /// The attempt that is under way, or was last.
    private @Nullable Leg leg;

    private boolean underWay;

    /// The second attempt while two are under way.
    private @Nullable Leg beside;

    private int count;
    private @Nullable Cause cause;
    private Exhausted exhausted = Exhausted.NO;

    private Attempts(
            FirstChoice members,
            Policy.@Nullable Pool pool,
            RoutedRequest request,
            TargetStates states,
            Trials trials) {
        this.candidates =
                new Candidates(
                        members, pool == null ? List.of() : pool.fallbacks(), request, states);
        this.retry = pool == null ? Policy.Pool.Retry.NEVER : pool.retry();
        this.hedging = Hedging.of(pool, states);
        this.hash = request.hash();
        this.states = states;
        this.startedNanos = states.nanoTime();
        Policy.Pool.Canary tried = pool == null ? null : pool.canary();
        Trial trial =
                pool != null && tried != null && CanaryChoice.isIn(tried, request)
                        ? trials.of(pool)
                        : null;
        this.canary = tried == null || trial == null ? null : tried.model();
        this.onTrial = trial == null ? null : new CanaryOutcome(trial);
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
    /// @param trials of the policy that the target is of
    public static Attempts start(
            Policy.Target target, RoutedRequest request, TargetStates states, Trials trials) {
        return switch (target) {
            case Policy.Target.ToModel to ->
                    new Attempts(FirstChoice.only(to.model()), null, request, states, trials);
            case Policy.Target.ToPool to ->
                    new Attempts(
                            FirstChoice.of(to.pool(), request.hash(), request.tokens()),
                            to.pool(),
                            request,
                            states,
                            trials);
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
        Leg begun = begin();
        if (begun == null) {
            exhausted = nothingLeft();
            return null;
        }
        leg = begun;
        underWay = true;
        count++;
        return begun.model;
    }

    private @Nullable Leg begin() {
        if (!canaryAsked) {
            canaryAsked = true;
            Leg begun =
                    canary == null || onTrial == null
                            ? null
                            : candidates.canary(canary, onTrial.trial());
            if (begun != null) {
                return begun;
            }
        }
        Leg begun;
        if (firstTried) {
            begun = tryAgain();
        } else {
            firstTried = true;
            begun = candidates.member(Role.FIRST);
        }
        return begun != null ? begun : candidates.fallback(cause);
    }

    /// What a canary met is not told, but where it has taken the turn of the target that was left.
    private Exhausted nothingLeft() {
        if (cause == null && onTrial != null && candidates.sawTried()) {
            cause = onTrial.cause();
        }
        return cause != null ? Exhausted.FAILED : candidates.whyNone();
    }

    private @Nullable Leg tryAgain() {
        Leg last = leg;
        if (last == null
                || last.role == Role.CANARY
                || last.retries >= retry.times()
                || cause == Cause.UNAUTHORIZED) {
            return null;
        }
        long delay = Backoff.nanos(hash, last.retries, count);
        long age = states.nanoTime() - startedNanos;
        // What would begin too late is not begun.
        return age + delay >= retry.within().toNanos() ? null : candidates.again(last, delay);
    }

    /// Returns how long an attempt that is under way may be silent before [#hedge] is due; 0 if the
    /// request is not hedged, or was.
    public long hedgeAfterNanos() {
        return hedging == null ? 0 : hedging.afterNanos();
    }

    /// Returns the model of a second attempt beside the one under way, and counts it as under way,
    /// too: while a member of the pool or its canary is, another member, in the pool's way of
    /// choosing; else the next fallback for a timeout; never a target that was tried.
    ///
    /// @return null if there is none, or the pool's share of hedges is used up
    public Policy.@Nullable Model hedge() {
        if (hedging == null || !underWay || beside != null || leg == null || leg.answered()) {
            return null;
        }
        if (!hedging.take()) {
            return null;
        }
        Leg second = candidates.beside();
        if (second == null) {
            hedging.giveBack();
            return null;
        }
        firstTried = true;
        beside = second;
        count++;
        return second.model;
    }

    /// One of two attempts failed before its first byte; the other goes on alone.
    public void oneFailed(Racer who, Cause cause) {
        Leg failed = part(who);
        failed.failed(cause);
        noteFailure(failed, cause);
    }

    /// Tells whether the client gets a refusal of its request (an answer of 300 or above that is no
    /// failure) by one of two attempts, or by the one under way: not one of a canary, and not one
    /// of an attempt beside the pool's own choice while that is under way. Whether a request is a
    /// mistake is for the pool's choice to say.
    ///
    /// @param who [Racer#FIRST] while one is under way
    public boolean isRefusalFinal(Racer who) {
        Leg first = leg;
        if (!underWay || first == null) {
            throw new IllegalStateException("an attempt must be under way");
        }
        boolean isOfFirst = beside == null || who == Racer.FIRST;
        return isOfFirst != (first.role == Role.CANARY);
    }

    /// One of two attempts was answered with a refusal that the client does not get: its provider
    /// works. The other goes on alone.
    public void oneRefused(Racer who) {
        Leg refused = part(who);
        refused.succeeded();
        if (refused.role == Role.CANARY && onTrial != null) {
            onTrial.refused();
        }
    }

    /// One of two attempts is to be the client's; the other is given up.
    public void won(Racer who) {
        Leg lost = part(who == Racer.FIRST ? Racer.HEDGE : Racer.FIRST);
        lost.lost();
        if (lost.role == Role.CANARY && onTrial != null) {
            onTrial.lost();
        }
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
        failed.failed(cause);
        if (failed.answered()) {
            this.cause = cause;
            exhausted = Exhausted.ANSWERED;
            if (failed.role == Role.CANARY && onTrial != null) {
                onTrial.brokeOff();
            }
        } else {
            noteFailure(failed, cause);
        }
    }

    private void noteFailure(Leg failed, Cause cause) {
        if (failed.role == Role.CANARY && onTrial != null) {
            onTrial.failed(cause);
        } else {
            this.cause = cause;
        }
    }

    /// The attempt under way has its first byte of a good answer: from now on it is final.
    public void firstByte() {
        live().firstByte();
    }

    /// The attempt under way ended as it should. Implies [#firstByte].
    public void completed() {
        Leg answered = end();
        answered.succeeded();
        exhausted = Exhausted.ANSWERED;
        if (onTrial != null && answered.role == Role.CANARY) {
            onTrial.answered();
        } else if (onTrial != null) {
            onTrial.otherAnswered();
        }
    }

    /// The attempt under way was answered with a refusal of the request: its provider works. The
    /// client gets it unless it is the canary's ([#isRefusalFinal]); then the way goes on.
    public void refused() {
        Leg refused = end();
        refused.succeeded();
        if (onTrial != null && refused.role == Role.CANARY) {
            onTrial.refused();
            return;
        }
        exhausted = Exhausted.ANSWERED;
        if (onTrial != null) {
            onTrial.otherRefused();
        }
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
            if (onTrial != null) {
                onTrial.clientLeft();
            }
        }
    }

    /// Returns what the attempt that [#next] began is among those of the request.
    ///
    /// @throws IllegalStateException if there was none
    public Role role() {
        if (leg == null) {
            throw new IllegalStateException("there must have been an attempt");
        }
        return leg.role;
    }

    /// Returns how long to wait before the model that [#next] returned is called.
    ///
    /// Above 0 only where the same model is tried again.
    public long delayNanos() {
        return leg == null ? 0 : leg.delayNanos;
    }

    /// Returns how many models were called, the one under way and retries included.
    public int count() {
        return count;
    }

    /// Returns why the last failed attempt did; null if none did. A canary's does not count.
    public @Nullable Cause cause() {
        return cause;
    }

    /// Returns why [#next] has nothing left.
    public Exhausted exhausted() {
        return exhausted;
    }

    /// Returns the models that were not tried although it was their turn, in that order.
    public List<PassedOver> passedOver() {
        return candidates.passedOver();
    }

    /// Returns the shortest time after which one of the skipped targets may be tried, for
    /// `retry-after`; 0 if none was skipped.
    public long breakerWaitNanos() {
        return candidates.breakerWaitNanos();
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
}
