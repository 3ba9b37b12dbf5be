package dev.writ.server.upstream;

import io.undertow.client.ClientResponse;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A call to an upstream that is under way. Used on its I/O thread only.
public final class UpstreamCall {
    /// How soon after sending a reused connection must turn out to be closed for the request to be
    /// sent again.
    ///
    /// A server that closes an idle connection does not read what comes after, and we hear of it
    /// within a round trip. One that closed later, without a byte of an answer, may have worked on
    /// the request and died of it; sending it again might cost twice.
    private static final long STALE_NANOS_MAX = 2_000_000_000;

    private enum Phase {
        CONNECTING,
        /// The request is being sent, and the head of the answer awaited.
        AWAITING_HEAD,
        /// The head was told; nobody has said yet where the body goes, or it does not go yet.
        HEAD_TOLD,
        BODY,
        /// The sink has asked for a pause.
        BODY_PAUSED,
        OVER
    }

    private final UpstreamLane lane;
    private final UpstreamListener listener;
    private final UpstreamEndpoint endpoint;
    private final UpstreamTimeouts timeouts;
    private final Events events = new Events();
    private final TimingWheel.Alarm alarm;
    private final long endNanos;
    private final HttpString method;

    private Phase phase = Phase.CONNECTING;

    /// When the request began to be sent, or the body was read last.
    private long sinceNanos;

    /// Null once it cannot be sent again.
    private @Nullable UpstreamRequest request;

    private @Nullable Connecting connecting;
    private @Nullable UpstreamConnection connection;
    private @Nullable AnswerHead answer;
    private @Nullable BodySink sink;
    private boolean retried;
    private boolean starting = true;
    private boolean telling;
    private boolean cancelled;
    private long bytesRead;

    UpstreamCall(UpstreamLane lane, UpstreamRequest request, UpstreamListener listener) {
        this.lane = lane;
        this.request = request;
        this.listener = listener;
        this.endpoint = request.endpoint();
        this.timeouts = request.timeouts();
        this.method = request.method();
        this.alarm = lane.wheel.alarm(events);
        this.endNanos = lane.now() + timeouts.total().toNanos();
    }

    /// Begins; tells the listener nothing yet.
    void start() {
        alarm.set(endNanos);
        if (lane.isClosed()) {
            fail(new UpstreamFault.Unreachable("the gateway is about to end"));
        } else {
            UpstreamConnection idle = lane.pool(endpoint).take(lane.now());
            if (idle != null) {
                send(idle);
            } else {
                connect();
            }
        }
        starting = false;
    }

    /// Collects the body whole. To be called once, after [UpstreamListener#onHeaders].
    ///
    /// @param bytesMax above it, or above [UpstreamLimits#wholeBytesMax], the call fails with
    ///     [UpstreamFault.TooLarge]
    /// @param whenWhole gets the body when the answer has ended well: backed by an array from
    ///     offset 0, the caller's from then on; otherwise [UpstreamListener#onFault] is told.
    ///     Neither is told from inside this method.
    public void collectWhole(int bytesMax, Consumer<ByteBuffer> whenWhole) {
        int max = Math.min(bytesMax, lane.limits.wholeBytesMax());
        AnswerHead head = answer;
        attach(new WholeBody(this, head == null ? -1 : head.length(), max, whenWhole));
    }

    /// Reads the body to its end and throws it away. To be called once, after
    /// [UpstreamListener#onHeaders].
    ///
    /// @param bytesMax above it the body breaks with [UpstreamFault.TooLarge]
    /// @param observer sees the body; what it returns is written nowhere
    /// @param whenEnded told once, unless the call is cancelled; not from inside this method
    public void discard(int bytesMax, ChunkObserver observer, Consumer<StreamOutcome> whenEnded) {
        attach(new DiscardedBody(this, observer, bytesMax, whenEnded));
    }

    /// Closes the connection to the upstream at once; nothing more is told. Does nothing to a call
    /// that has ended.
    ///
    /// A stream to a client ends properly behind what was written, with [StreamOutcome.Cut].
    public void cancel() {
        cancelled = true;
        if (phase == Phase.OVER) {
            return;
        }
        stop();
        BodySink to = sink;
        if (to != null) {
            to.cancelled();
        }
    }

    /// Like [#cancel], for the sink itself, which is told nothing.
    void abandon() {
        if (phase != Phase.OVER) {
            stop();
        }
    }

    /// Tells whether the request has begun to be sent, and the call is not over.
    public boolean isSent() {
        return phase != Phase.CONNECTING && phase != Phase.OVER;
    }

    UpstreamLane lane() {
        return lane;
    }

    long bytesRead() {
        return bytesRead;
    }

    /// Says where the body goes; it is told nothing from inside this method.
    void attach(BodySink to) {
        if (sink != null || (phase != Phase.HEAD_TOLD && phase != Phase.OVER)) {
            throw new IllegalStateException("the body of a call is taken once, after its headers");
        }
        sink = to;
        if (phase == Phase.OVER) {
            lane.later(to::cancelled);
        } else if (!telling) {
            lane.later(this::beginBody);
        }
    }

    /// Says where the rest of the body goes that a sink has held so far; the call is paused or
    /// over.
    void handOver(BodySink to) {
        sink = to;
    }

    /// Reads no further until [#resumeBody].
    void pauseBody() {
        UpstreamConnection from = connection;
        if ((phase == Phase.BODY || phase == Phase.HEAD_TOLD) && from != null) {
            phase = Phase.BODY_PAUSED;
            from.pauseReads();
            setAlarm();
        }
    }

    /// The sink takes bytes again.
    void resumeBody() {
        UpstreamConnection from = connection;
        if (phase == Phase.BODY_PAUSED && from != null) {
            phase = Phase.BODY;
            sinceNanos = lane.now();
            from.resumeReads();
            setAlarm();
        }
    }

    /// The head of the answer has come.
    void answered(ClientResponse response) {
        UpstreamConnection from = connection;
        if (phase != Phase.AWAITING_HEAD || from == null) {
            return;
        }
        request = null;
        AnswerHead head;
        try {
            head = AnswerHead.of(method, response);
        } catch (FlawedAnswer e) {
            fail(e.fault());
            return;
        }
        answer = head;
        phase = Phase.HEAD_TOLD;
        sinceNanos = lane.now();
        setAlarm();
        telling = true;
        try {
            listener.onHeaders(this, new UpstreamHead(head.status(), head.headers()));
        } catch (RuntimeException e) {
            UpstreamLane.bug(e);
            fail(new UpstreamFault.BadAnswer("it could not be worked on"));
        }
        telling = false;
        if (sink != null) {
            beginBody();
        }
    }

    /// There is something to read of the body.
    void readable() {
        UpstreamConnection from = connection;
        AnswerHead head = answer;
        if (from == null || head == null) {
            return;
        }
        if (phase != Phase.BODY) {
            from.pauseReads();
            return;
        }
        ByteBuffer buffer = lane.buffers.take();
        from.read(buffer);
        bytesRead += buffer.flip().remaining();
        deliver(from, head, buffer, fault(from, head));
    }

    /// The connection failed before its answer was there.
    void lost(IOException e) {
        UpstreamConnection from = connection;
        UpstreamRequest again = request;
        if (phase == Phase.OVER || phase == Phase.CONNECTING || from == null) {
            return;
        }
        boolean begun = from.guard().hasBegun();
        if (again != null
                && !begun
                && from.wasUsed()
                && !retried
                && lane.now() - sinceNanos <= STALE_NANOS_MAX) {
            retried = true;
            from.close();
            connection = null;
            connect();
        } else if (e instanceof FlawedAnswer flawed) {
            fail(flawed.fault());
        } else if (phase == Phase.AWAITING_HEAD && begun && isRefusal(e)) {
            fail(new UpstreamFault.BadAnswer("it does not begin as an answer of HTTP/1.1"));
        } else {
            fail(new UpstreamFault.ClosedEarly(bytesRead));
        }
    }

    /// Returns whether Undertow itself has closed the connection, because of what it read.
    private static boolean isRefusal(IOException e) {
        return e instanceof ClosedChannelException || e.getCause() instanceof RuntimeException;
    }

    void fail(UpstreamFault fault) {
        if (phase == Phase.OVER) {
            return;
        }
        stop();
        BodySink to = sink;
        if (to != null) {
            to.failed(fault);
        } else {
            tellFault(fault);
        }
    }

    /// Tells the listener, unless the call was cancelled.
    void tellFault(UpstreamFault fault) {
        if (starting) {
            lane.later(() -> tellFault(fault));
        } else if (!cancelled) {
            UpstreamLane.guarded(() -> listener.onFault(fault));
        }
    }

    /// Opens a new connection. An idle one would not do for a retry: the server may have closed
    /// all of them.
    private void connect() {
        phase = Phase.CONNECTING;
        ConnectionPool pool = lane.pool(endpoint);
        if (!pool.reserve()) {
            fail(new UpstreamFault.Crowded(lane.limits.connectionsMax()));
            return;
        }
        Connecting begun =
                Connecting.start(lane, pool, events, lane.now(), timeouts.connect().toNanos());
        if (phase == Phase.CONNECTING) {
            connecting = begun;
        }
    }

    private void send(UpstreamConnection to) {
        UpstreamRequest sent = request;
        if (sent == null) {
            throw new IllegalStateException("a request is sent before its answer is read");
        }
        connection = to;
        phase = Phase.AWAITING_HEAD;
        sinceNanos = lane.now();
        setAlarm();
        to.send(this, sent);
    }

    private void beginBody() {
        UpstreamConnection from = connection;
        if (phase != Phase.HEAD_TOLD || from == null) {
            return;
        }
        phase = Phase.BODY;
        sinceNanos = lane.now();
        from.startBody();
        // What came with the head is there already.
        readable();
        if (phase == Phase.BODY) {
            from.resumeReads();
            setAlarm();
        }
    }

    /// Returns what is wrong with the body as far as it was read, or null.
    private @Nullable UpstreamFault fault(UpstreamConnection from, AnswerHead head) {
        boolean chunked = head.framing() == AnswerHead.Framing.CHUNKS;
        UpstreamFault flaw = chunked ? from.guard().chunkFlaw() : null;
        if (flaw != null) {
            return flaw;
        }
        IOException failure = from.readFailure();
        if (failure instanceof FlawedAnswer flawed) {
            return flawed.fault();
        }
        boolean cut = from.hasEnded() && chunked && !from.guard().chunksEnded();
        return failure != null || cut ? new UpstreamFault.ClosedEarly(bytesRead) : null;
    }

    /// Passes on what was read, and ends the call if that is due; takes the buffer over.
    private void deliver(
            UpstreamConnection from,
            AnswerHead head,
            ByteBuffer buffer,
            @Nullable UpstreamFault fault) {
        BodySink to = sink;
        if (to == null) {
            throw new IllegalStateException("a body is read once there is a sink");
        }
        sinceNanos = lane.now();
        boolean ended = fault == null && from.hasEnded();
        if (ended) {
            over();
            from.release(head.keepsAlive() && !from.guard().hasExcess(head.length()));
        }
        boolean taken = !buffer.hasRemaining() || to.take(buffer);
        if (taken) {
            lane.buffers.give(buffer);
        }
        if (ended) {
            to.ended();
        } else if (phase == Phase.OVER) {
            return;
        } else if (fault != null) {
            fail(fault);
        } else if (!taken) {
            phase = Phase.BODY_PAUSED;
            from.pauseReads();
        }
    }

    /// Lets all go, in the middle of anything.
    private void stop() {
        UpstreamConnection from = connection;
        Connecting begun = connecting;
        over();
        if (from != null) {
            from.close();
        }
        if (begun != null) {
            begun.cancel();
        }
    }

    private void over() {
        phase = Phase.OVER;
        alarm.cancel();
        connection = null;
        connecting = null;
        request = null;
    }

    private void setAlarm() {
        alarm.set(nextTime());
    }

    /// Returns when the next timeout is, as things stand.
    private long nextTime() {
        long next =
                switch (phase) {
                    case AWAITING_HEAD -> sinceNanos + timeouts.firstByte().toNanos();
                    case HEAD_TOLD, BODY -> sinceNanos + timeouts.idle().toNanos();
                    case CONNECTING, BODY_PAUSED, OVER -> endNanos;
                };
        return next - endNanos < 0 ? next : endNanos;
    }

    /// What happens to a call without its owner.
    private final class Events implements TimingWheel.Timed, Connecting.Waiter {
        @Override
        public void timeReached(long nowNanos) {
            if (nowNanos - endNanos >= 0) {
                fail(new UpstreamFault.TotalTimeout(bytesRead));
            } else if (nowNanos - nextTime() < 0) {
                setAlarm();
            } else if (phase == Phase.AWAITING_HEAD) {
                fail(new UpstreamFault.FirstByteTimeout());
            } else {
                fail(new UpstreamFault.IdleTimeout(bytesRead));
            }
        }

        @Override
        public void clientCloses() {
            fail(
                    phase == Phase.CONNECTING || phase == Phase.AWAITING_HEAD
                            ? new UpstreamFault.Unreachable("the gateway is about to end")
                            : new UpstreamFault.ClosedEarly(bytesRead));
        }

        @Override
        public void connected(UpstreamConnection made) {
            connecting = null;
            send(made);
        }

        @Override
        public void notConnected(UpstreamFault fault) {
            connecting = null;
            fail(fault);
        }
    }
}
