package dev.writ.server.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.ssl.SslConnection;

/// The way to a new connection: addresses, TCP to one after the other, TLS.
///
/// Holds a place in the pool until it hands over the connection or gives up.
final class Connecting implements AddressBook.Asker, TimingWheel.Timed {
    private static final long ADDRESS_NANOS_MIN = 250_000_000;

    private static final OptionMap TCP =
            OptionMap.create(Options.TCP_NODELAY, true, Options.KEEP_ALIVE, true);

    /// Who wants the connection.
    interface Waiter {
        void connected(UpstreamConnection connection);

        void notConnected(UpstreamFault fault);
    }

    private final UpstreamLane lane;
    private final ConnectionPool pool;
    private final Waiter waiter;
    private final TimingWheel.Alarm alarm;
    private final long endNanos;
    private List<InetAddress> addresses = List.of();
    private int tried;
    private boolean refused;
    private boolean over;

    private @Nullable IoFuture<StreamConnection> opening;
    private @Nullable SslConnection shaking;

    private Connecting(
            UpstreamLane lane, ConnectionPool pool, Waiter waiter, long nowNanos, long nanosMax) {
        this.lane = lane;
        this.pool = pool;
        this.waiter = waiter;
        this.alarm = lane.wheel.alarm(this);
        this.endNanos = nowNanos + nanosMax;
    }

    /// Begins; `waiter` may be told from inside this method.
    ///
    /// @param pool in which a place is taken
    static Connecting start(
            UpstreamLane lane, ConnectionPool pool, Waiter waiter, long nowNanos, long nanosMax) {
        Connecting connecting = new Connecting(lane, pool, waiter, nowNanos, nanosMax);
        connecting.alarm.set(connecting.endNanos);
        lane.addresses.find(pool.endpoint().host(), nowNanos, connecting);
        return connecting;
    }

    /// Gives up; nothing more is told.
    void cancel() {
        if (over) {
            return;
        }
        over = true;
        alarm.cancel();
        stopTrying();
        pool.free();
    }

    @Override
    public void addressesFound(List<InetAddress> found) {
        if (!over) {
            addresses = found;
            tryNext();
        }
    }

    @Override
    public void addressesNotFound(String what) {
        fail(new UpstreamFault.Unreachable(what));
    }

    @Override
    public void timeReached(long nowNanos) {
        if (nowNanos - endNanos >= 0 || shaking != null) {
            fail(new UpstreamFault.ConnectTimeout());
        } else {
            stopTrying();
            tryNext();
        }
    }

    private void tryNext() {
        if (tried == addresses.size()) {
            lane.addresses.forget(pool.endpoint().host());
            String where = pool.endpoint().host() + ":" + pool.endpoint().port();
            fail(
                    new UpstreamFault.Unreachable(
                            refused
                                    ? where + " refuses connections"
                                    : "there is no way to " + where));
            return;
        }
        long now = lane.now();
        int left = addresses.size() - tried;
        // The last one may use all the time that is left.
        long share = Math.max((endNanos - now) / left, ADDRESS_NANOS_MIN);
        alarm.cancel();
        alarm.set(left == 1 || now + share - endNanos > 0 ? endNanos : now + share);
        var address = new InetSocketAddress(addresses.get(tried++), pool.endpoint().port());
        int attempt = tried;
        IoFuture<StreamConnection> future =
                lane.ioThread.openStreamConnection(
                        address,
                        (ChannelListener<StreamConnection>) opened -> opened(opened, attempt),
                        TCP);
        opening = future;
        future.addNotifier(
                new IoFuture.HandlingNotifier<StreamConnection, Integer>() {
                    @Override
                    public void handleFailed(IOException e, Integer failed) {
                        notOpened(e, failed);
                    }
                },
                attempt);
    }

    private void notOpened(IOException e, int attempt) {
        if (!over && attempt == tried && opening != null) {
            opening = null;
            String why = e.getMessage();
            refused |= e instanceof ConnectException && why != null && why.contains("refused");
            tryNext();
        }
    }

    private void opened(StreamConnection connection, int attempt) {
        if (over || attempt != tried || opening == null) {
            IoUtils.safeClose(connection);
            return;
        }
        opening = null;
        if (!pool.endpoint().tls()) {
            handOver(connection);
            return;
        }
        alarm.cancel();
        alarm.set(endNanos);
        SslConnection wrapped = lane.tls.wrap(connection, pool.endpoint());
        shaking = wrapped;
        wrapped.getHandshakeSetter()
                .set((ChannelListener<SslConnection>) shaken -> lane.later(() -> shaken(shaken)));
        wrapped.getSourceChannel().setReadListener(this::shake);
        wrapped.setCloseListener(closed -> lane.later(() -> refuse(wrapped)));
        try {
            wrapped.startHandshake();
        } catch (IOException e) {
            refuse(wrapped);
            return;
        }
        wrapped.getSourceChannel().resumeReads();
    }

    /// Drives the handshake: a read does what is due, and gives nothing before it is over.
    private void shake(ConduitStreamSourceChannel source) {
        SslConnection wrapped = shaking;
        if (over || wrapped == null) {
            return;
        }
        var buffer = lane.buffers.take();
        boolean bad;
        try {
            // Bytes before a request was sent are no answer.
            bad = source.read(buffer) != 0;
        } catch (IOException e) {
            bad = true;
        }
        lane.buffers.give(buffer);
        if (bad) {
            refuse(wrapped);
        }
    }

    private void shaken(SslConnection wrapped) {
        if (over || shaking == null) {
            return;
        }
        shaking = null;
        lane.tls.handshakeOver(wrapped);
        handOver(wrapped);
    }

    private void refuse(SslConnection wrapped) {
        if (over || shaking == null) {
            return;
        }
        shaking = null;
        IoUtils.safeClose(wrapped);
        String reason = lane.tls.handshakeOver(wrapped);
        fail(new UpstreamFault.TlsRefused(reason != null ? reason : "the TLS handshake failed"));
    }

    private void handOver(StreamConnection connection) {
        over = true;
        alarm.cancel();
        waiter.connected(new UpstreamConnection(lane, pool, connection));
    }

    private void fail(UpstreamFault fault) {
        if (!over) {
            cancel();
            waiter.notConnected(fault);
        }
    }

    private void stopTrying() {
        IoFuture<StreamConnection> future = opening;
        opening = null;
        if (future != null) {
            future.cancel();
        }
        SslConnection wrapped = shaking;
        shaking = null;
        if (wrapped != null) {
            lane.tls.handshakeOver(wrapped);
            IoUtils.safeClose(wrapped);
        }
    }
}
