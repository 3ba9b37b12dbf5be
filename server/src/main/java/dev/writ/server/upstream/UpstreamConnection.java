package dev.writ.server.upstream;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.ClientExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;

/// One connection of Undertow's client to an upstream: sends a request, tells its call of the
/// answer, and goes back to its pool.
///
/// Undertow and TLS keep bytes that no selector knows of. So after a full buffer it is read on
/// after a millisecond, in which others get their turn; `wakeupReads()` would put the next read
/// before all that the selector has.
final class UpstreamConnection {
    /// A connection that was idle for longer is looked at before it is used again: servers close
    /// idle connections after some seconds.
    private static final long LOOK_AFTER_NANOS = 500_000_000;

    /// The largest body whose parts are copied into one, so that it goes out with its head.
    private static final int JOINED_BYTES_MAX = 64 * 1024;

    private final UpstreamLane lane;
    private final ConnectionPool pool;
    private final ClientConnection wire;
    private final StreamConnection stream;
    private final AnswerGuard guard;
    private final boolean tls;

    // One each for all calls, so that none is made for a call.
    private final ClientCallback<ClientExchange> whenReady = new Ready();
    private final ClientCallback<ClientExchange> whenAnswered = new Answered();
    private final ChannelListener<StreamSourceChannel> whenReadable = _ -> readable();
    private final ChannelListener<StreamSinkChannel> whenWritable = _ -> writable();
    private final Runnable readOn = this::readOn;

    private @Nullable UpstreamCall call;
    private int calls;
    private long idleSince;
    private boolean idle;
    private boolean closed;
    private boolean placeFreed;

    private @Nullable ClientExchange exchange;
    private @Nullable StreamSinkChannel sink;
    private ByteBuffer @Nullable [] outgoing;
    private int outgoingFrom;
    private boolean sent;

    private @Nullable StreamSourceChannel source;
    private boolean reading;
    private boolean suspended;
    private boolean filled;
    private boolean ended;
    private boolean inRead;
    private boolean readOnSoon;
    private @Nullable IOException readFailure;

    /// @param wire on `stream`, with `guard` between them
    UpstreamConnection(
            UpstreamLane lane,
            ConnectionPool pool,
            ClientConnection wire,
            StreamConnection stream,
            AnswerGuard guard,
            boolean tls) {
        this.lane = lane;
        this.pool = pool;
        this.wire = wire;
        this.stream = stream;
        this.guard = guard;
        this.tls = tls;
        wire.addCloseListener(_ -> wireClosed());
    }

    AnswerGuard guard() {
        return guard;
    }

    /// Returns whether it has served a call before the one it serves now.
    boolean wasUsed() {
        return calls > 1;
    }

    long idleSince() {
        return idleSince;
    }

    /// Returns whether an idle connection can serve a call.
    boolean isUsable(long nowNanos) {
        long idleNanos = nowNanos - idleSince;
        return !closed
                && wire.isOpen()
                && idleNanos < lane.idleTtlNanos
                && (idleNanos < LOOK_AFTER_NANOS || isSilent());
    }

    /// Sends a request; what comes of it is told to `owner`.
    void send(UpstreamCall owner, UpstreamRequest request) {
        call = owner;
        calls++;
        idle = false;
        boolean hasBody = request.bodyBytes() > 0;
        outgoing = hasBody ? parts(request) : null;
        outgoingFrom = 0;
        // Without a body, Undertow itself sees to the end of the request.
        sent = !hasBody;
        guard.expect();
        wire.sendRequest(RequestHead.of(request), whenReady);
    }

    /// Returns the parts of a body to write one by one: a small body as one part.
    ///
    /// Undertow's client miscounts what a gathering write took along with the head: it then ends
    /// its side of the connection, which servers take for a client that left.
    private static ByteBuffer[] parts(UpstreamRequest request) {
        List<ByteBuffer> body = request.body();
        long bytes = request.bodyBytes();
        if (body.size() > 1 && bytes <= JOINED_BYTES_MAX) {
            ByteBuffer joined = ByteBuffer.allocate((int) bytes);
            body.forEach(part -> joined.put(part.duplicate()));
            return new ByteBuffer[] {joined.flip()};
        }
        return body.stream().map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
    }

    /// The body of the answer is wanted.
    void startBody() {
        ClientExchange answered = exchange;
        if (answered != null) {
            StreamSourceChannel channel = answered.getResponseChannel();
            channel.getReadSetter().set(whenReadable);
            source = channel;
            ended = false;
            filled = false;
            suspended = true;
            readFailure = null;
        }
    }

    /// Reads what is there of the body, up to the end of `buffer`: of as many chunks as fit.
    /// Afterwards [#hasEnded] and [#readFailure] tell what stands behind it.
    void read(ByteBuffer buffer) {
        StreamSourceChannel from = source;
        if (from == null) {
            return;
        }
        filled = false;
        inRead = true;
        try {
            int got = 1;
            while (got > 0 && buffer.hasRemaining()) {
                got = from.read(buffer);
            }
            ended = got < 0;
            filled = got > 0;
        } catch (IOException e) {
            readFailure = e;
        } finally {
            inRead = false;
        }
    }

    /// Returns whether the body has ended, as far as Undertow can tell.
    boolean hasEnded() {
        return ended;
    }

    @Nullable IOException readFailure() {
        return readFailure;
    }

    void pauseReads() {
        reading = false;
        suspended = true;
        StreamSourceChannel from = source;
        if (from != null) {
            from.suspendReads();
        }
    }

    void resumeReads() {
        reading = true;
        StreamSourceChannel from = source;
        if (from == null) {
            return;
        }
        if (filled) {
            readOnSoon();
        } else {
            suspended = false;
            from.resumeReads();
        }
    }

    /// The call has its answer.
    ///
    /// @param clean whether the next request may follow on this connection
    void release(boolean clean) {
        call = null;
        exchange = null;
        source = null;
        sink = null;
        reading = false;
        if (!clean || !sent || closed || !wire.isOpen() || lane.isClosed()) {
            close();
            return;
        }
        idleSince = lane.now();
        idle = true;
        pool.park(this);
    }

    /// Closes at once, in the middle of anything; the call is not told.
    void close() {
        call = null;
        exchange = null;
        source = null;
        sink = null;
        outgoing = null;
        if (closed) {
            return;
        }
        closed = true;
        if (idle) {
            pool.remove(this);
        }
        try {
            // ClientConnection.close() would wait for the rest of the answer. The upgrade takes
            // away what knows of the exchange; then what was read and not used is freed.
            wire.performUpgrade().getSourceChannel().shutdownReads();
        } catch (IOException e) {
            // Closed already.
        }
        IoUtils.safeClose(stream);
        freePlace();
    }

    private void readOnSoon() {
        if (!readOnSoon) {
            readOnSoon = true;
            lane.afterOthers(readOn);
        }
    }

    private void readOn() {
        readOnSoon = false;
        if (reading && !closed) {
            readable();
        }
    }

    private void readable() {
        UpstreamCall owner = call;
        StreamSourceChannel from = source;
        if (owner == null || from == null) {
            return;
        }
        try {
            if (tls) {
                // Else each record that is read makes it tell us again.
                suspended = true;
                from.suspendReads();
            }
            owner.readable();
            if (reading && (suspended || filled)) {
                resumeReads();
            }
        } catch (RuntimeException e) {
            bug(e);
        }
    }

    private void writable() {
        ByteBuffer[] parts = outgoing;
        StreamSinkChannel to = sink;
        if (to == null || closed) {
            return;
        }
        try {
            while (parts != null && outgoingFrom < parts.length) {
                ByteBuffer part = parts[outgoingFrom];
                if (!part.hasRemaining()) {
                    outgoingFrom++;
                } else if (to.write(part) == 0) {
                    to.resumeWrites();
                    return;
                }
            }
            if (parts != null) {
                outgoing = null;
                to.shutdownWrites();
            }
            if (!to.flush()) {
                to.resumeWrites();
                return;
            }
            sent = true;
            sink = null;
        } catch (IOException e) {
            // What the upstream said before it closed may still be there to read; so the end is
            // told by the reading side.
            outgoing = null;
            sink = null;
            to.suspendWrites();
        } catch (RuntimeException e) {
            bug(e);
        }
    }

    /// Returns whether the connection is open and has nothing to read.
    private boolean isSilent() {
        ByteBuffer buffer = lane.buffers.take();
        try {
            return stream.getSourceChannel().read(buffer) == 0;
        } catch (IOException e) {
            return false;
        } finally {
            lane.buffers.give(buffer);
        }
    }

    /// Whoever has closed it; a call is told by its own callback.
    private void wireClosed() {
        if (!closed && idle) {
            pool.remove(this);
        }
        closed = true;
        freePlace();
    }

    private void freePlace() {
        if (!placeFreed) {
            placeFreed = true;
            pool.free();
        }
    }

    private void bug(RuntimeException e) {
        UpstreamLane.bug(e);
        UpstreamCall owner = call;
        close();
        if (owner != null) {
            UpstreamLane.guarded(
                    () -> owner.fail(new UpstreamFault.BadAnswer("it could not be read")));
        }
    }

    /// The request can be sent.
    private final class Ready implements ClientCallback<ClientExchange> {
        @Override
        public void completed(ClientExchange begun) {
            exchange = begun;
            begun.setResponseListener(whenAnswered);
            if (outgoing != null) {
                StreamSinkChannel channel = begun.getRequestChannel();
                channel.getWriteSetter().set(whenWritable);
                sink = channel;
                writable();
            }
        }

        @Override
        public void failed(IOException e) {
            whenAnswered.failed(e);
        }
    }

    /// The head of the answer is there. Undertow tells of a failure here also while the body is
    /// read.
    private final class Answered implements ClientCallback<ClientExchange> {
        @Override
        public void completed(ClientExchange answered) {
            UpstreamCall owner = call;
            if (owner == null) {
                return;
            }
            try {
                owner.answered(answered.getResponse());
            } catch (RuntimeException e) {
                bug(e);
            }
        }

        @Override
        public void failed(IOException e) {
            UpstreamCall owner = call;
            // A failure of a read is told by the read.
            if (owner != null && !inRead) {
                try {
                    owner.lost(e);
                } catch (RuntimeException bug) {
                    bug(bug);
                }
            }
        }
    }
}
