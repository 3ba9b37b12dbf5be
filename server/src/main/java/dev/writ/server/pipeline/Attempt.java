package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.AnswerWatch;
import dev.writ.engine.routing.Role;
import dev.writ.server.upstream.HeldStream;
import dev.writ.server.upstream.StreamGate;
import dev.writ.server.upstream.UpstreamCall;
import dev.writ.server.upstream.UpstreamFault;
import dev.writ.server.upstream.UpstreamHead;
import dev.writ.server.upstream.UpstreamListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One call of a model for a request: how it goes, and what is remembered of it.
public final class Attempt implements UpstreamListener, StreamGate {
    /// How an attempt ended.
    public enum End {
        /// It is under way.
        NONE,
        /// The client has its answer, or what came of it.
        ANSWERED,
        /// It gave no answer that the client could have.
        FAILED,
        /// Another attempt beside it was faster, or had the better answer.
        LOST,
        /// It was given up for a reason of ours, or because the client left.
        ABANDONED
    }

    private final UpstreamAttempts owner;
    private final Policy.Model model;
    private final Role role;
    private final int commitTokens;
    private final long createdNanos;

    private @Nullable UpstreamCall call;
    private @Nullable UpstreamHead head;
    private @Nullable StreamWatch watch;
    private @Nullable Cause refusedFor;
    private boolean collecting;
    private boolean heldOn;

    private End end = End.NONE;
    private @Nullable Cause cause;
    private long endedNanos;
    private boolean mayBill;

    /// @param commitTokens after how many tokens a stream is passed on
    Attempt(UpstreamAttempts owner, Policy.Model model, Role role, int commitTokens) {
        this.owner = owner;
        this.model = model;
        this.role = role;
        this.commitTokens = commitTokens;
        this.createdNanos = System.nanoTime();
    }

    public Policy.Model model() {
        return model;
    }

    /// Returns what it is among those of its request.
    public Role role() {
        return role;
    }

    public End end() {
        return end;
    }

    /// Returns why it failed; null unless it did.
    public @Nullable Cause cause() {
        return cause;
    }

    /// Returns how long it took, or has taken so far; what a retry waits is in it.
    public Duration time() {
        return Duration.ofNanos((end == End.NONE ? System.nanoTime() : endedNanos) - createdNanos);
    }

    /// Tells whether the provider may ask money for it: it has an answer, or the request was sent
    /// and not refused, so that the provider may have worked on it.
    public boolean mayBill() {
        return mayBill;
    }

    void begun(UpstreamCall begun) {
        call = begun;
    }

    /// Looks at the stream of the answer, and takes nothing of it yet.
    ///
    /// @param rules that may have something to say of it; null for none
    StreamWatch watch(UpstreamHead answered, @Nullable AnswerWatch rules) {
        head = answered;
        StreamWatch begun = new StreamWatch(commitTokens, rules);
        watch = begun;
        return begun;
    }

    /// Notes that the provider refused, before its reasons are read to their end.
    void refused(Cause why) {
        refusedFor = why;
    }

    /// Notes that an answer has begun that is read whole.
    void collecting() {
        collecting = true;
    }

    /// Tells whether nothing has come of it yet that a client could use.
    boolean isSilent() {
        return end == End.NONE && refusedFor == null && !collecting;
    }

    boolean isOver() {
        return end != End.NONE;
    }

    /// Ends it with an answer.
    void answered() {
        over(End.ANSWERED, true);
    }

    /// Ends it without one.
    ///
    /// @param billable whether the provider may have worked on it
    void failed(Cause why, boolean billable) {
        cause = why;
        over(End.FAILED, billable);
    }

    /// Ends it without an outcome, and its call with it.
    void abandon() {
        giveUp(End.ABANDONED);
    }

    /// Ends it because of another, and its call with it.
    void lose() {
        giveUp(End.LOST);
    }

    /// Ends it with an answer that another must do better than: a refusal of the request.
    void loseAnswered() {
        over(End.LOST, false);
    }

    private void giveUp(End how) {
        UpstreamCall running = call;
        over(how, running != null && running.isSent() && refusedFor == null);
        if (running != null) {
            running.cancel();
        }
    }

    private void over(End how, boolean billable) {
        if (end == End.NONE) {
            end = how;
            endedNanos = System.nanoTime();
            mayBill = billable;
        }
    }

    @Override
    public void onHeaders(UpstreamCall answered, UpstreamHead told) {
        owner.guarded(() -> owner.answered(this, answered, told));
    }

    @Override
    public void onFault(UpstreamFault fault) {
        owner.guarded(() -> owner.faulty(this, fault, refusedFor));
    }

    @Override
    public Verdict decide(Occasion occasion) {
        StreamWatch seen = watch;
        if (seen == null || seen.failed() || seen.denied()) {
            return Verdict.GIVE_UP;
        }
        return switch (occasion) {
            case READ -> seen.contents() >= commitTokens ? Verdict.PASS_ON : Verdict.HOLD;
            case ENDED ->
                    seen.endsWell() && !seen.deniesAtEnd() ? Verdict.PASS_ON : Verdict.GIVE_UP;
            case TIME -> {
                // With another under way, one of both may be worth some more waiting.
                boolean holdOn = !heldOn && seen.contents() == 0 && owner.isRace();
                heldOn = true;
                yield holdOn ? Verdict.HOLD : Verdict.PASS_ON;
            }
        };
    }

    @Override
    public void opened(HeldStream held) {
        UpstreamHead told = head;
        StreamWatch seen = watch;
        UpstreamCall running = call;
        if (told != null && seen != null && running != null) {
            owner.guarded(
                    () -> owner.streams(this, new Completion.Streamed(told, running, seen, held)));
        }
    }

    @Override
    public void givenUp() {
        owner.guarded(
                () -> {
                    AnswerWatch rules = watch == null ? null : watch.rules();
                    if (rules != null && rules.denies()) {
                        owner.denied(this, rules);
                    } else {
                        owner.failed(this, Cause.SERVER_ERROR, true);
                    }
                });
    }
}
