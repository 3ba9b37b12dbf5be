package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.Usage;
import dev.writ.providers.openai.UsageReader;
import dev.writ.server.serving.ServingPolicy;
import dev.writ.server.upstream.StreamOutcome;
import dev.writ.server.upstream.UpstreamCall;
import dev.writ.server.upstream.UpstreamFault;
import dev.writ.server.upstream.UpstreamHead;
import dev.writ.server.upstream.UpstreamListener;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/// A copy of a request at another model: its answer is read and thrown away, and what it took is
/// remembered. It keeps nothing of the exchange that it came from, so that it may outlive it.
///
/// Used on the I/O thread of its request only.
public final class Mirror implements UpstreamListener {
    /// The most that is read of an answer.
    static final int ANSWER_BYTES_MAX = 4 * 1024 * 1024;

    /// How a mirror ended.
    public enum End {
        ANSWERED,
        FAILED,
        /// The gateway stopped.
        ABANDONED
    }

    private final String requestId;
    private final ServingPolicy policy;
    private final Caller caller;
    private final Endpoint endpoint;
    private final Policy.Route route;
    private final Policy.@Nullable Arm arm;
    private final Policy.Model model;
    private final XnioIoThread ioThread;
    private final long beganNanos = System.nanoTime();
    private final Consumer<Mirror> whenEnded;

    private @Nullable UpstreamCall call;
    private boolean over;
    private End end = End.ABANDONED;
    private int status;
    private @Nullable Cause cause;
    private @Nullable Usage usage;
    private long firstByteNanos;
    private long endedNanos;

    /// @param whenEnded told once
    Mirror(Exchange exchange, Policy.Model model, Consumer<Mirror> whenEnded) {
        this.requestId = exchange.requestId();
        this.policy = exchange.policy();
        this.caller = exchange.caller();
        this.endpoint = Objects.requireNonNull(exchange.endpoint());
        this.route = exchange.decision().route();
        this.arm = exchange.decision().arm();
        this.model = model;
        this.ioThread = exchange.ioThread();
        this.whenEnded = whenEnded;
    }

    void begun(UpstreamCall begun) {
        call = begun;
    }

    XnioIoThread ioThread() {
        return ioThread;
    }

    /// Closes the call.
    void cancel() {
        if (!over) {
            if (call != null) {
                call.cancel();
            }
            over(End.ABANDONED, null);
        }
    }

    @Override
    public void onHeaders(UpstreamCall answered, UpstreamHead head) {
        firstByteNanos = System.nanoTime();
        status = head.status();
        String type = head.headers().getFirst(Headers.CONTENT_TYPE);
        if (UpstreamAttempts.isStream(type)) {
            StreamWatch watch = new StreamWatch(1, null);
            answered.discard(
                    ANSWER_BYTES_MAX,
                    watch,
                    outcome -> {
                        usage = watch.usage();
                        streamed(outcome, watch.whole());
                    });
        } else {
            answered.collectWhole(ANSWER_BYTES_MAX, this::whole);
        }
    }

    private void whole(ByteBuffer body) {
        if (status < 300) {
            usage = UsageReader.read(body);
            over(End.ANSWERED, null);
        } else {
            over(End.FAILED, Cause.ofStatus(status));
        }
    }

    private void streamed(StreamOutcome outcome, boolean whole) {
        switch (outcome) {
            case StreamOutcome.Completed _ ->
                    over(whole ? End.ANSWERED : End.FAILED, whole ? null : Cause.SERVER_ERROR);
            case StreamOutcome.Broken(_, UpstreamFault fault) -> onFault(fault);
            case StreamOutcome.Cut _, StreamOutcome.ClientGone _, StreamOutcome.ClientStalled _ ->
                    over(End.ABANDONED, null);
        }
    }

    @Override
    public void onFault(UpstreamFault fault) {
        over(End.FAILED, UpstreamAttempts.cause(fault));
    }

    private void over(End how, @Nullable Cause why) {
        if (!over) {
            over = true;
            end = how;
            cause = why;
            endedNanos = System.nanoTime();
            call = null;
            whenEnded.accept(this);
        }
    }

    public String requestId() {
        return requestId;
    }

    public ServingPolicy policy() {
        return policy;
    }

    public Caller caller() {
        return caller;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public Policy.Route route() {
        return route;
    }

    public Policy.@Nullable Arm arm() {
        return arm;
    }

    public Policy.Model model() {
        return model;
    }

    public End end() {
        return end;
    }

    /// Returns the provider's status; 0 if there was none.
    public int status() {
        return status;
    }

    /// Returns why it failed; null unless it did, for a reason that fallbacks know.
    public @Nullable Cause cause() {
        return cause;
    }

    /// Returns from when it was sent to the first byte of the answer; zero if none came.
    public Duration firstByte() {
        return Duration.ofNanos(firstByteNanos == 0 ? 0 : firstByteNanos - beganNanos);
    }

    public Duration latency() {
        return Duration.ofNanos(endedNanos - beganNanos);
    }

    /// Returns what the provider reported; null if nothing.
    public @Nullable Usage usage() {
        return usage;
    }

    /// Returns what it cost, in dollars; null where no usage was reported or the model has no
    /// price.
    public @Nullable String costDollars() {
        Policy.Price price = model.price();
        return usage == null || price == null ? null : Cost.dollars(Cost.nanos(price, usage));
    }
}
