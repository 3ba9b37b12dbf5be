package dev.writ.server.upstream;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/// A body on its way to a client. See [StreamPump].
///
/// What was read is written and flushed at once; where the client does not take it all, the rest
/// waits in its buffer, the upstream is read no further, and the client has
/// [UpstreamLimits#clientStallMax] to take some. So a stream holds at most one buffer, and only
/// while it waits.
final class ClientStream
        implements BodySink, TimingWheel.Timed, Runnable, ChannelListener<StreamSinkChannel> {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final UpstreamCall call;
    private final UpstreamLane lane;
    private final HttpServerExchange client;
    private final ChunkObserver observer;
    private final Consumer<StreamOutcome> whenEnded;
    private final TimingWheel.Alarm stall;
    private final StreamSinkChannel sink;

    /// Whether something waits for the client.
    private boolean waiting;

    /// What waits; null if it only has to be flushed.
    private @Nullable ByteBuffer pending;

    /// The buffer in which `pending` may lie.
    private @Nullable ByteBuffer lent;

    /// What the upstream's side came to; null while it goes on.
    private @Nullable StreamOutcome outcome;

    private boolean lastWordsAsked;
    private boolean shut;
    private boolean over;
    private boolean inCallback = true;

    private ClientStream(
            UpstreamCall call,
            HttpServerExchange client,
            ChunkObserver observer,
            Consumer<StreamOutcome> whenEnded,
            StreamSinkChannel sink) {
        this.call = call;
        this.lane = call.lane();
        this.client = client;
        this.observer = observer;
        this.whenEnded = whenEnded;
        this.sink = sink;
        this.stall = lane.wheel.alarm(this);
    }

    static void start(
            UpstreamCall call,
            HttpServerExchange client,
            ChunkObserver observer,
            Consumer<StreamOutcome> whenEnded) {
        StreamSinkChannel sink = client.getResponseChannel();
        if (sink == null) {
            throw new IllegalStateException("the response channel is taken");
        }
        ClientStream stream = new ClientStream(call, client, observer, whenEnded, sink);
        sink.getWriteSetter().set(stream);
        call.attach(stream);
        ClientWatch.of(client).whenGone(stream);
        stream.flushHeaders();
        stream.inCallback = false;
    }

    static void start(
            HeldStream held, HttpServerExchange client, Consumer<StreamOutcome> whenEnded) {
        StreamSinkChannel sink = client.getResponseChannel();
        if (sink == null) {
            throw new IllegalStateException("the response channel is taken");
        }
        ClientStream stream =
                new ClientStream(held.call(), client, held.observer(), whenEnded, sink);
        sink.getWriteSetter().set(stream);
        ByteBuffer beginning = held.handOver(stream);
        stream.outcome = held.outcome();
        ClientWatch.of(client).whenGone(stream);
        if (beginning.hasRemaining()) {
            stream.write(beginning, null);
        } else {
            stream.flushHeaders();
        }
        stream.inCallback = false;
        stream.lane.later(
                () -> {
                    if (!stream.waiting && !stream.over) {
                        stream.goOn();
                    }
                });
    }

    private void flushHeaders() {
        try {
            if (!sink.flush()) {
                await(null, null);
            }
        } catch (IOException e) {
            close(new StreamOutcome.ClientGone(0));
        }
    }

    @Override
    public boolean take(ByteBuffer bytes) {
        if (over) {
            return true;
        }
        ByteBuffer out;
        inCallback = true;
        try {
            out = observer.onChunk(bytes);
        } catch (RuntimeException e) {
            UpstreamLane.bug(e);
            call.abandon();
            outcome = broken("it could not be worked on");
            out = NOTHING;
        }
        inCallback = false;
        boolean written = write(out, bytes);
        if (written && outcome != null && !waiting) {
            goOn();
        }
        return written;
    }

    @Override
    public void ended() {
        settle(new StreamOutcome.Completed(call.bytesRead()));
    }

    @Override
    public void failed(UpstreamFault fault) {
        settle(new StreamOutcome.Broken(call.bytesRead(), fault));
    }

    @Override
    public void cancelled() {
        settle(new StreamOutcome.Cut(call.bytesRead()));
    }

    /// The client has left.
    @Override
    public void run() {
        close(new StreamOutcome.ClientGone(call.bytesRead()));
    }

    @Override
    public void timeReached(long nowNanos) {
        close(new StreamOutcome.ClientStalled(call.bytesRead()));
    }

    /// The client takes bytes again.
    @Override
    public void handleEvent(StreamSinkChannel channel) {
        try {
            writable();
        } catch (RuntimeException e) {
            UpstreamLane.bug(e);
            close(new StreamOutcome.ClientGone(call.bytesRead()));
        }
    }

    private void writable() {
        if (over) {
            return;
        }
        ByteBuffer rest = pending;
        try {
            if (rest != null) {
                int before = rest.remaining();
                writeSome(rest);
                if (rest.hasRemaining()) {
                    if (rest.remaining() < before) {
                        stall.set(lane.now() + lane.clientStallNanos);
                    }
                    return;
                }
                pending = null;
                giveBack();
            }
            if (!sink.flush()) {
                return;
            }
        } catch (IOException e) {
            close(new StreamOutcome.ClientGone(call.bytesRead()));
            return;
        }
        waiting = false;
        stall.cancel();
        sink.suspendWrites();
        goOn();
    }

    /// The upstream's side is over; the first outcome counts.
    private void settle(StreamOutcome how) {
        if (over || outcome != null) {
            return;
        }
        outcome = how;
        if (!waiting && !inCallback) {
            goOn();
        }
    }

    /// Nothing waits for the client: reads on, or comes to the end.
    private void goOn() {
        StreamOutcome how = outcome;
        if (how == null) {
            call.resumeBody();
            return;
        }
        if (!lastWordsAsked) {
            lastWordsAsked = true;
            if (!write(lastWords(how), null)) {
                return;
            }
        }
        if (over) {
            return;
        }
        try {
            if (!shut) {
                shut = true;
                sink.shutdownWrites();
            }
            if (!sink.flush()) {
                await(null, null);
                return;
            }
        } catch (IOException e) {
            close(new StreamOutcome.ClientGone(call.bytesRead()));
            return;
        }
        over = true;
        client.endExchange();
        tell(how);
    }

    private ByteBuffer lastWords(StreamOutcome how) {
        inCallback = true;
        try {
            return switch (how) {
                case StreamOutcome.Completed _ -> observer.onEnd();
                case StreamOutcome.Broken(_, UpstreamFault fault) -> observer.onBroken(fault);
                case StreamOutcome.Cut _,
                        StreamOutcome.ClientGone _,
                        StreamOutcome.ClientStalled _ ->
                        NOTHING;
            };
        } catch (RuntimeException e) {
            UpstreamLane.bug(e);
            outcome = broken("it could not be worked on");
            return NOTHING;
        } finally {
            inCallback = false;
        }
    }

    /// Writes and flushes. Returns false if something waits, `buffer` with it.
    ///
    /// @param buffer in which `out` may lie
    private boolean write(ByteBuffer out, @Nullable ByteBuffer buffer) {
        if (over || !out.hasRemaining()) {
            return true;
        }
        try {
            writeSome(out);
            if (out.hasRemaining()) {
                await(out, buffer);
                return false;
            }
            if (!sink.flush()) {
                await(null, null);
                // The bytes themselves are gone, but the upstream waits, too.
                lent = buffer;
                return false;
            }
            return true;
        } catch (IOException e) {
            close(new StreamOutcome.ClientGone(call.bytesRead()));
            return true;
        }
    }

    private void writeSome(ByteBuffer out) throws IOException {
        while (out.hasRemaining() && sink.write(out) > 0) {
            // The rest is tried at once.
        }
    }

    private void await(@Nullable ByteBuffer rest, @Nullable ByteBuffer buffer) {
        waiting = true;
        pending = rest;
        lent = buffer;
        stall.set(lane.now() + lane.clientStallNanos);
        sink.resumeWrites();
    }

    /// Ends both sides in the middle of anything.
    private void close(StreamOutcome how) {
        if (over) {
            return;
        }
        over = true;
        call.abandon();
        stall.cancel();
        pending = null;
        giveBack();
        IoUtils.safeClose(client.getConnection());
        if (inCallback) {
            lane.later(() -> tell(how));
        } else {
            tell(how);
        }
    }

    private void giveBack() {
        ByteBuffer buffer = lent;
        lent = null;
        if (buffer != null) {
            lane.buffers.give(buffer);
        }
    }

    private void tell(StreamOutcome how) {
        UpstreamLane.guarded(() -> whenEnded.accept(how));
    }

    private StreamOutcome broken(String what) {
        return new StreamOutcome.Broken(call.bytesRead(), new UpstreamFault.BadAnswer(what));
    }
}
