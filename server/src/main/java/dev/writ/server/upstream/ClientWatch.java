package dev.writ.server.upstream;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.AttachmentKey;
import io.undertow.util.ImmediatePooledByteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/// Notices that a client leaves while its request is worked on.
public final class ClientWatch {
    /// How much of the client's next requests is read while it is watched. A client that has sent
    /// more is read no further, and noticed only when it is written to.
    private static final int AHEAD_BYTES_MAX = 16 * 1024;

    private static final AttachmentKey<ClientWatch> KEY = AttachmentKey.create(ClientWatch.class);
    private static final byte[] NOTHING = {};

    private final HttpServerExchange exchange;
    private @Nullable Runnable task;
    private boolean gone;

    /// What the client sent behind its request.
    private byte[] ahead = NOTHING;

    private ClientWatch(HttpServerExchange exchange) {
        this.exchange = exchange;
    }

    /// Returns the watch of an exchange; the first call begins to watch. The request must have been
    /// read whole. It ends with the exchange. To be called on the exchange's I/O thread.
    ///
    /// Clients are watched that speak HTTP/1.1; with others, only the end of the exchange is seen.
    ///
    /// @throws IllegalStateException if the request has not been read whole
    public static ClientWatch of(HttpServerExchange exchange) {
        ClientWatch known = exchange.getAttachment(KEY);
        if (known != null) {
            return known;
        }
        if (!exchange.isRequestComplete()) {
            throw new IllegalStateException("a client is watched once its request is read");
        }
        ClientWatch watch = new ClientWatch(exchange);
        exchange.putAttachment(KEY, watch);
        watch.begin();
        return watch;
    }

    /// Tells `task`, instead of the one named before, on the exchange's I/O thread when the client
    /// leaves, and not from inside this method. A client that closes only its sending side has
    /// left, too.
    public void whenGone(Runnable task) {
        this.task = task;
        if (gone) {
            try {
                exchange.getIoThread().execute(this::tell);
            } catch (RejectedExecutionException e) {
                // The thread is about to end, and the call with it.
            }
        }
    }

    private void begin() {
        exchange.addExchangeCompleteListener(this::end);
        if (exchange.getConnection() instanceof HttpServerConnection connection) {
            StreamSourceConduit source = connection.getOriginalSourceConduit();
            if (source.isReadShutdown()) {
                gone = true;
                return;
            }
            // INVARIANT (nobody else reads): between requests Undertow sets its own listener.
            connection.getChannel().getSourceChannel().setReadListener(_ -> read(connection));
            source.resumeReads();
        }
    }

    private void read(HttpServerConnection connection) {
        StreamSourceConduit source = connection.getOriginalSourceConduit();
        try (PooledByteBuffer pooled = connection.getByteBufferPool().allocate()) {
            ByteBuffer buffer = pooled.getBuffer();
            buffer.limit(Math.min(buffer.limit(), AHEAD_BYTES_MAX - ahead.length));
            int got = source.read(buffer);
            if (got < 0) {
                leave(source);
            } else if (got > 0) {
                buffer.flip();
                int before = ahead.length;
                ahead = Arrays.copyOf(ahead, before + got);
                buffer.get(ahead, before, got);
                if (ahead.length == AHEAD_BYTES_MAX) {
                    source.suspendReads();
                }
            }
        } catch (IOException e) {
            leave(source);
        }
    }

    private void leave(StreamSourceConduit source) {
        source.suspendReads();
        if (!gone) {
            gone = true;
            tell();
        }
    }

    private void tell() {
        Runnable told = task;
        task = null;
        if (told != null) {
            UpstreamLane.guarded(told);
        }
    }

    /// Gives the connection back to Undertow, with what was read ahead.
    private void end(HttpServerExchange ended, ExchangeCompletionListener.NextListener next) {
        try {
            if (ended.getConnection() instanceof HttpServerConnection connection) {
                ConduitStreamSourceChannel channel = connection.getChannel().getSourceChannel();
                connection.getOriginalSourceConduit().suspendReads();
                channel.setReadListener(null);
                if (connection.isOpen() && ahead.length > 0) {
                    giveBack(connection);
                }
            }
            if (!ended.getConnection().isOpen()) {
                gone = true;
                tell();
            }
        } finally {
            task = null;
            next.proceed();
        }
    }

    private void giveBack(HttpServerConnection connection) {
        byte[] bytes = ahead;
        ahead = NOTHING;
        PooledByteBuffer before = connection.getExtraBytes();
        if (before != null) {
            // Undertow would put what it is given before what it has.
            int first = before.getBuffer().remaining();
            byte[] all = new byte[first + bytes.length];
            before.getBuffer().get(all, 0, first);
            System.arraycopy(bytes, 0, all, first, bytes.length);
            before.close();
            connection.setExtraBytes(null);
            bytes = all;
        }
        connection.ungetRequestBytes(new ImmediatePooledByteBuffer(ByteBuffer.wrap(bytes)));
    }
}
