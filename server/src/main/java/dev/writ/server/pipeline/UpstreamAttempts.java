package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.AnswerWatch;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.Attempts.Racer;
import dev.writ.engine.routing.Role;
import dev.writ.server.upstream.ClientWatch;
import dev.writ.server.upstream.HeldStream;
import dev.writ.server.upstream.UpstreamAlarm;
import dev.writ.server.upstream.UpstreamCall;
import dev.writ.server.upstream.UpstreamClient;
import dev.writ.server.upstream.UpstreamFault;
import dev.writ.server.upstream.UpstreamHead;
import dev.writ.server.upstream.UpstreamRequest;
import io.undertow.util.Headers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The attempts of one request, one after the other, until one has an answer for the client.
///
/// A pool may name a commit point: then the beginning of a stream is held back ([HeldStream]), and
/// an attempt that fails before it is followed by the next as if nothing had come.
///
/// A pool may hedge: then a second attempt begins beside one that is silent for too long. The first
/// of both that has an answer for the client wins, and the call of the other is closed.
///
/// INVARIANT (one end): each attempt that began is ended at [Attempts] once; the exchange is
/// resumed once.
final class UpstreamAttempts {
    private static final Logger LOG = System.getLogger("dev.writ.gateway");
    private static final String EVENT_STREAM = "text/event-stream";

    /// Of an answer that nobody will see.
    private static final int REFUSAL_BYTES_MAX = 64 * 1024;

    /// The longest time that a provider may ask clients to stay away.
    private static final long RETRY_AFTER_SECONDS_MAX = 3600;

    private final Exchange exchange;
    private final Attempts attempts;
    private final UpstreamClient upstreams;
    private final GatewayLimits limits;
    private final int commitTokens;

    /// The attempt under way, or the last.
    private @Nullable Attempt current;

    /// The other one, while two are under way.
    private @Nullable Attempt hedge;

    /// Null until a hedge may come.
    private @Nullable UpstreamAlarm hedgeDue;

    private @Nullable Duration retryAfter;
    private boolean ended;

    /// @param commitTokens after how many tokens a stream is passed on
    UpstreamAttempts(
            Exchange exchange,
            Attempts attempts,
            UpstreamClient upstreams,
            GatewayLimits limits,
            int commitTokens) {
        this.exchange = exchange;
        this.attempts = attempts;
        this.upstreams = upstreams;
        this.limits = limits;
        this.commitTokens = commitTokens;
    }

    Step begin() {
        ClientWatch.of(exchange.http()).whenGone(this::clientGone);
        next();
        return Step.AWAIT;
    }

    private void next() {
        Policy.Model chosen = attempts.next();
        if (chosen == null) {
            end(Step.refuse(nothingLeft()));
            return;
        }
        Attempt attempt = new Attempt(this, chosen, attempts.role(), commitTokens);
        current = attempt;
        exchange.add(attempt);
        long delay = attempts.delayNanos();
        if (delay > 0) {
            exchange.ioThread()
                    .executeAfter(() -> guarded(() -> send(attempt)), delay, TimeUnit.NANOSECONDS);
        } else {
            send(attempt);
        }
    }

    private void send(Attempt attempt) {
        if (ended) {
            return;
        }
        call(attempt);
        long hedgeAfter = attempts.hedgeAfterNanos();
        if (hedgeAfter > 0) {
            if (hedgeDue == null) {
                hedgeDue = upstreams.alarm(exchange.ioThread(), () -> guarded(this::hedge));
            }
            hedgeDue.set(Duration.ofNanos(hedgeAfter));
        }
    }

    private void call(Attempt attempt) {
        UpstreamRequest request = ProviderRequest.of(exchange, attempt.model(), attempts.count());
        attempt.begun(upstreams.call(exchange.ioThread(), request, attempt));
    }

    /// The attempt under way has been silent for as long as it may.
    private void hedge() {
        if (ended || isRace() || current == null || !current.isSilent()) {
            return;
        }
        Policy.Model chosen = attempts.hedge();
        if (chosen != null) {
            Attempt attempt = new Attempt(this, chosen, Role.HEDGE, commitTokens);
            hedge = attempt;
            exchange.add(attempt);
            call(attempt);
        }
    }

    /// Tells whether two attempts are under way.
    boolean isRace() {
        return hedge != null;
    }

    private Racer racer(Attempt attempt) {
        return attempt.equals(hedge) ? Racer.HEDGE : Racer.FIRST;
    }

    /// Takes one of two attempts out.
    ///
    /// @return the other, which goes on alone
    private Attempt part(Attempt one) {
        Attempt other = Objects.requireNonNull(one.equals(hedge) ? current : hedge);
        hedge = null;
        current = other;
        return other;
    }

    /// The answer of an attempt has begun.
    void answered(Attempt attempt, UpstreamCall call, UpstreamHead head) {
        Cause cause = Cause.ofStatus(head.status());
        if (cause != null) {
            attempt.refused(cause);
            retryAfter = retryAfter(head);
            // Read to its end, so that the connection can be used again.
            call.collectWhole(REFUSAL_BYTES_MAX, _ -> guarded(() -> failed(attempt, cause, false)));
            return;
        }
        String type = head.headers().getFirst(Headers.CONTENT_TYPE);
        if (head.status() < 300 && exchange.request().stream() && isStream(type)) {
            AnswerWatch rules = exchange.watchAnswer(attempt.model());
            StreamWatch watch = attempt.watch(head, rules);
            if (rules != null && watch.denied()) {
                call.cancel();
                denied(attempt, rules);
            } else if (commitTokens == Policy.Pool.FIRST_BYTE) {
                streams(attempt, new Completion.Streamed(head, call, watch, null));
            } else {
                HeldStream.start(
                        call, watch, limits.streamHeldBytesMax(), limits.streamHeldMax(), attempt);
            }
            return;
        }
        attempt.collecting();
        call.collectWhole(
                limits.answerBytesMax(), body -> guarded(() -> whole(attempt, head, body)));
    }

    /// The attempt has a stream for the client.
    void streams(Attempt attempt, Completion.Streamed streamed) {
        if (ended || attempt.isOver()) {
            return;
        }
        firstByte(attempt);
        exchange.completion(streamed);
        end(Step.PROCEED);
    }

    /// The attempt has an answer that a rule denies, and nothing of it was sent.
    void denied(Attempt attempt, AnswerWatch rules) {
        if (ended || attempt.isOver()) {
            return;
        }
        firstByte(attempt);
        attempt.answered();
        attempts.completed();
        end(Step.refuse(exchange.deny(rules)));
    }

    private void whole(Attempt attempt, UpstreamHead head, ByteBuffer body) {
        if (ended || attempt.isOver()) {
            return;
        }
        boolean refusal = head.status() >= 300;
        if (refusal && !attempts.isRefusalFinal(racer(attempt))) {
            refused(attempt);
            return;
        }
        firstByte(attempt);
        attempt.answered();
        if (refusal) {
            attempts.refused();
        } else {
            attempts.completed();
        }
        exchange.completion(new Completion.Whole(head, body));
        end(Step.PROCEED);
    }

    /// The attempt takes the request for wrong, which is not for it to say.
    private void refused(Attempt attempt) {
        attempt.loseAnswered();
        if (isRace()) {
            attempts.oneRefused(racer(attempt));
            part(attempt);
        } else {
            stopHedging();
            attempts.refused();
            next();
        }
    }

    private void stopHedging() {
        if (hedgeDue != null) {
            hedgeDue.cancel();
        }
    }

    private void firstByte(Attempt attempt) {
        if (isRace()) {
            attempts.won(racer(attempt));
            part(attempt).lose();
            current = attempt;
        }
        attempts.firstByte();
        exchange.firstByteNanos = System.nanoTime();
        exchange.answer(attempt);
    }

    /// The call of an attempt has failed.
    ///
    /// @param refusedFor what the provider's status said before
    void faulty(Attempt attempt, UpstreamFault fault, @Nullable Cause refusedFor) {
        LOG.log(
                Level.WARNING,
                "request {0}: {1}: {2}",
                exchange.requestId(),
                attempt.model().provider().name(),
                fault.text());
        failed(
                attempt,
                refusedFor != null ? refusedFor : cause(fault),
                refusedFor == null && wasSent(fault));
    }

    /// The attempt has come to nothing.
    ///
    /// @param billable whether the provider may have worked on it
    void failed(Attempt attempt, Cause cause, boolean billable) {
        if (ended || attempt.isOver()) {
            return;
        }
        attempt.failed(cause, billable);
        if (isRace()) {
            attempts.oneFailed(racer(attempt), cause);
            part(attempt);
            return;
        }
        stopHedging();
        attempts.failed(cause);
        next();
    }

    private void clientGone() {
        if (ended) {
            return;
        }
        abandon();
        exchange.outcome = Exchange.Outcome.CLIENT_GONE;
        end(new Step.Answer(new Reply.Nothing()));
    }

    private void abandon() {
        if (hedge != null) {
            hedge.abandon();
        }
        if (current != null) {
            current.abandon();
        }
        attempts.abandoned();
    }

    private void end(Step step) {
        ended = true;
        stopHedging();
        exchange.resume(step);
    }

    /// Runs what an upstream's callback does: a bug there must not leave the client waiting.
    void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError e) {
            Step step = GatewayPipeline.bug("an attempt", exchange, e);
            if (!ended) {
                abandon();
                end(step);
            }
        }
    }

    private Fault nothingLeft() {
        return switch (attempts.exhausted()) {
            case FAILED ->
                    new Fault.UpstreamFailed(Objects.requireNonNull(attempts.cause()), retryAfter);
            case BREAKERS_OPEN ->
                    new Fault.BreakersOpen(Duration.ofNanos(attempts.breakerWaitNanos()));
            case OUTSIDE_REGIONS -> new Fault.OutsideRegions();
            case UNABLE -> Inability.of(attempts.passedOver(), exchange.routed().needs());
            case NO, ANSWERED, ABANDONED ->
                    throw new IllegalStateException(
                            "attempts must be over, are " + attempts.exhausted());
        };
    }

    static boolean isStream(@Nullable String contentType) {
        return contentType != null
                && contentType.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    }

    /// Returns for what a fault counts.
    static Cause cause(UpstreamFault fault) {
        return switch (fault) {
            case UpstreamFault.ConnectTimeout _,
                    UpstreamFault.FirstByteTimeout _,
                    UpstreamFault.IdleTimeout _,
                    UpstreamFault.TotalTimeout _ ->
                    Cause.TIMEOUT;
            case UpstreamFault.Unreachable _, UpstreamFault.TlsRefused _ -> Cause.UNREACHABLE;
            case UpstreamFault.Crowded _ -> Cause.OVERLOADED;
            case UpstreamFault.ClosedEarly _,
                    UpstreamFault.TooLarge _,
                    UpstreamFault.BadAnswer _,
                    UpstreamFault.Redirected _ ->
                    Cause.SERVER_ERROR;
        };
    }

    /// Tells whether the request went out before the fault.
    private static boolean wasSent(UpstreamFault fault) {
        return switch (fault) {
            case UpstreamFault.ConnectTimeout _,
                    UpstreamFault.Unreachable _,
                    UpstreamFault.TlsRefused _,
                    UpstreamFault.Crowded _ ->
                    false;
            case UpstreamFault.FirstByteTimeout _,
                    UpstreamFault.IdleTimeout _,
                    UpstreamFault.TotalTimeout _,
                    UpstreamFault.ClosedEarly _,
                    UpstreamFault.TooLarge _,
                    UpstreamFault.BadAnswer _,
                    UpstreamFault.Redirected _ ->
                    true;
        };
    }

    /// Returns when the provider wants to be asked again; null where it does not say so in seconds.
    private static @Nullable Duration retryAfter(UpstreamHead head) {
        String seconds = head.headers().getFirst(Headers.RETRY_AFTER);
        if (seconds == null || seconds.isEmpty() || seconds.length() > 9) {
            return null;
        }
        for (int i = 0; i < seconds.length(); i++) {
            if (seconds.charAt(i) < '0' || seconds.charAt(i) > '9') {
                return null;
            }
        }
        return Duration.ofSeconds(Math.min(Long.parseLong(seconds), RETRY_AFTER_SECONDS_MAX));
    }
}
