package dev.writ.server.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.ssl.SslConnection;

/// One connection to an upstream: sends a request, tells its call when there is something to read,
/// and goes back to its pool.
///
/// Where there is no TLS, nothing that was read is kept here: each wake-up reads once, and the
/// selector, which goes round, wakes it again if there is more. TLS keeps bytes that no selector
/// knows of; so after a full buffer it is read on only after others had their turn.
final class UpstreamConnection {
    /// A connection that was idle for longer is looked at before it is used again: servers close
    /// idle connections after some seconds.
    private static final long LOOK_AFTER_NANOS = 500_000_000;

    private static final int SENT_AT_ONCE_BYTES = BufferStack.BUFFER_BYTES;

    private final UpstreamLane lane;
    private final ConnectionPool pool;
    private final StreamConnection wire;
    private final ConduitStreamSourceChannel source;
    private final ConduitStreamSinkChannel sink;
    private final boolean tls;
    private final Runnable readOn = this::applyReads;

    private @Nullable UpstreamCall call;
    private int calls;
    private long idleSince;
    private boolean idle;
    private boolean closed;

    private ByteBuffer @Nullable [] outgoing;
    private int outgoingFrom;
    private @Nullable ByteBuffer headBuffer;
    private boolean sendingFailed;

    /// Whether somebody wants to be told of bytes.
    private boolean reading = true;

    private boolean filled;

    /// @param wire open, its TLS handshake over
    UpstreamConnection(UpstreamLane lane, ConnectionPool pool, StreamConnection wire) {
        this.lane = lane;
        this.pool = pool;
        this.wire = wire;
        this.source = wire.getSourceChannel();
        this.sink = wire.getSinkChannel();
        this.tls = wire instanceof SslConnection;
        source.setReadListener(_ -> readable());
        sink.setWriteListener(_ -> writable());
        wire.setCloseListener(_ -> wireClosed());
        source.resumeReads();
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
        if (closed || idleNanos >= lane.idleTtlNanos) {
            return false;
        }
        return idleNanos < LOOK_AFTER_NANOS || isSilent();
    }

    /// Sends a request; what comes is told to `owner`.
    void send(UpstreamCall owner, UpstreamRequest request) {
        call = owner;
        calls++;
        idle = false;
        int headBytes = RequestHead.bytesMax(request);
        ByteBuffer head;
        if (headBytes <= SENT_AT_ONCE_BYTES) {
            head = lane.buffers.take();
            headBuffer = head;
        } else {
            head = ByteBuffer.allocate(headBytes);
        }
        RequestHead.write(request, head);
        List<ByteBuffer> body = request.body();
        ByteBuffer[] parts = new ByteBuffer[1 + body.size()];
        parts[0] = head.flip();
        for (int i = 0; i < body.size(); i++) {
            parts[i + 1] = body.get(i).duplicate();
        }
        outgoing = parts;
        outgoingFrom = 0;
        sendingFailed = false;
        writable();
    }

    /// Reads what is there, up to the end of `buffer`.
    ///
    /// @return how much; -1 if nothing more will come
    int read(ByteBuffer buffer) throws IOException {
        int got = source.read(buffer);
        if (!tls || got <= 0) {
            filled = false;
            return got;
        }
        // TLS gives one record at a time.
        int all = got;
        while (got > 0 && buffer.hasRemaining()) {
            got = source.read(buffer);
            all += Math.max(got, 0);
        }
        filled = !buffer.hasRemaining();
        return all;
    }

    void pauseReads() {
        reading = false;
        source.suspendReads();
    }

    void resumeReads() {
        reading = true;
        source.resumeReads();
    }

    /// The call has its answer.
    ///
    /// @param clean whether the next request may follow on this connection
    void release(boolean clean) {
        call = null;
        if (!clean || outgoing != null || sendingFailed || closed || lane.isClosed()) {
            close();
            return;
        }
        idleSince = lane.now();
        idle = true;
        if (!reading) {
            resumeReads();
        }
        pool.park(this);
    }

    /// Closes at once, in the middle of anything; the call is not told.
    void close() {
        call = null;
        if (closed) {
            return;
        }
        closed = true;
        if (idle) {
            pool.remove(this);
        }
        doneSending();
        IoUtils.safeClose(wire);
        pool.free();
    }

    private void readable() {
        try {
            if (tls) {
                // Else each record that is read tells us again.
                source.suspendReads();
            }
            UpstreamCall owner = call;
            if (owner != null) {
                owner.readable();
            } else if (!isSilent()) {
                // The end, or bytes that nobody asked for.
                close();
            }
            if (tls && filled) {
                lane.afterOthers(readOn);
            } else if (tls) {
                applyReads();
            }
        } catch (RuntimeException e) {
            bug(e);
        }
    }

    private void applyReads() {
        if (!closed && reading) {
            source.resumeReads();
        }
    }

    private void writable() {
        ByteBuffer[] parts = outgoing;
        if (parts == null) {
            sink.suspendWrites();
            return;
        }
        try {
            while (outgoingFrom < parts.length) {
                if (!parts[outgoingFrom].hasRemaining()) {
                    outgoingFrom++;
                } else if (sink.write(parts, outgoingFrom, parts.length - outgoingFrom) == 0) {
                    sink.resumeWrites();
                    return;
                }
            }
            if (!sink.flush()) {
                sink.resumeWrites();
                return;
            }
        } catch (IOException e) {
            // What the upstream said before it closed may still be there to read.
            sendingFailed = true;
        } catch (RuntimeException e) {
            bug(e);
            return;
        }
        doneSending();
        sink.suspendWrites();
    }

    private void doneSending() {
        outgoing = null;
        ByteBuffer head = headBuffer;
        headBuffer = null;
        if (head != null) {
            lane.buffers.give(head);
        }
    }

    /// Returns whether the connection is open and has nothing to read.
    private boolean isSilent() {
        ByteBuffer buffer = lane.buffers.take();
        try {
            return source.read(buffer) == 0;
        } catch (IOException e) {
            return false;
        } finally {
            lane.buffers.give(buffer);
        }
    }

    private void wireClosed() {
        UpstreamCall owner = call;
        if (closed) {
            return;
        }
        try {
            close();
            if (owner != null) {
                owner.lost();
            }
        } catch (RuntimeException e) {
            bug(e);
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
}
