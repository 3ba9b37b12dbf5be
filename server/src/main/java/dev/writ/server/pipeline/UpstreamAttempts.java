package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Attempts;
import dev.writ.providers.openai.Endpoint;
import dev.writ.server.serving.ModelUpstream;
import dev.writ.server.upstream.ClientWatch;
import dev.writ.server.upstream.HeldStream;
import dev.writ.server.upstream.UpstreamCall;
import dev.writ.server.upstream.UpstreamClient;
import dev.writ.server.upstream.UpstreamFault;
import dev.writ.server.upstream.UpstreamHead;
import dev.writ.server.upstream.UpstreamRequest;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
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
/// INVARIANT (one end): each attempt that began is ended at [Attempts] once; the exchange is
/// resumed once.
final class UpstreamAttempts {
    private static final Logger LOG = System.getLogger("dev.writ.gateway");
    private static final String NO_ENDPOINT =
            "The model behind this route does not take this kind of request.";
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

    private @Nullable Attempt current;
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
        Attempt attempt = new Attempt(this, chosen, commitTokens);
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
        ModelUpstream upstream = exchange.policy().upstream(attempt.model());
        Endpoint endpoint = Objects.requireNonNull(exchange.endpoint());
        if (!upstream.has(endpoint)) {
            abandon();
            end(Step.refuse(new Fault.InvalidRequest(NO_ENDPOINT, "model")));
            return;
        }
        UpstreamRequest request =
                new UpstreamRequest(
                        upstream.endpoint(),
                        Methods.POST,
                        upstream.path(endpoint),
                        upstream.headers(exchange.requestId(), attempts.count()),
                        UpstreamBody.of(exchange, endpoint, upstream),
                        upstream.timeouts());
        attempt.begun(upstreams.call(exchange.ioThread(), request, attempt));
    }

    /// The answer of an attempt has begun.
    void answered(Attempt attempt, UpstreamCall call, UpstreamHead head) {
        Cause cause = cause(head.status());
        if (cause != null) {
            attempt.refused(cause);
            retryAfter = retryAfter(head);
            // Read to its end, so that the connection can be used again.
            call.collectWhole(REFUSAL_BYTES_MAX, _ -> guarded(() -> failed(attempt, cause, false)));
            return;
        }
        String type = head.headers().getFirst(Headers.CONTENT_TYPE);
        if (head.status() < 300
                && exchange.request().stream()
                && type != null
                && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length())) {
            StreamWatch watch = attempt.watch(head);
            if (commitTokens == Policy.Pool.FIRST_BYTE) {
                streams(attempt, new Completion.Streamed(head, call, watch, null));
            } else {
                HeldStream.start(
                        call, watch, limits.streamHeldBytesMax(), limits.streamHeldMax(), attempt);
            }
            return;
        }
        call.collectWhole(
                limits.answerBytesMax(), body -> guarded(() -> whole(attempt, head, body)));
    }

    /// The attempt has a stream for the client.
    void streams(Attempt attempt, Completion.Streamed streamed) {
        firstByte(attempt);
        exchange.completion(streamed);
        end(Step.PROCEED);
    }

    private void whole(Attempt attempt, UpstreamHead head, ByteBuffer body) {
        firstByte(attempt);
        attempt.answered();
        attempts.completed();
        exchange.completion(new Completion.Whole(head, body));
        end(Step.PROCEED);
    }

    private void firstByte(Attempt attempt) {
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
        if (ended) {
            return;
        }
        attempt.failed(cause, billable);
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
        if (current != null) {
            current.abandon();
        }
        attempts.abandoned();
    }

    private void end(Step step) {
        ended = true;
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
            case NO, ANSWERED, ABANDONED ->
                    throw new IllegalStateException(
                            "attempts must be over, are " + attempts.exhausted());
        };
    }

    /// Returns for what another model may be tried, or null for an answer that the client gets.
    static @Nullable Cause cause(int status) {
        return Cause.ofStatus(status);
    }

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
