package dev.writ.server.upstream;

import io.undertow.UndertowOptions;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.UndertowClient;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.ssl.SslConnection;

/// The way to a new connection: addresses, then TCP and TLS to one after the other.
///
/// Holds a place in the pool until it hands over the connection or gives up.
final class Connecting implements AddressBook.Asker, TimingWheel.Timed {
    private static final long ADDRESS_NANOS_MIN = 250_000_000;

    /// The scheme is all that Undertow's client is to know; see [Opener].
    private static final URI HTTP = URI.create("http://127.0.0.1:80/");

    private static final URI HTTPS = URI.create("https://127.0.0.1:443/");

    private static final OptionMap TCP =
            OptionMap.create(Options.TCP_NODELAY, true, Options.KEEP_ALIVE, true);

    /// Who wants the connection.
    interface Waiter {
        void connected(UpstreamConnection connection);

        void notConnected(UpstreamFault fault);
    }

    private final UpstreamLane lane;
    private final ConnectionPool pool;
    private final UpstreamEndpoint endpoint;
    private final Waiter waiter;
    private final TimingWheel.Alarm alarm;
    private final long endNanos;
    private List<InetAddress> addresses = List.of();
    private int tried;
    private boolean refused;
    private boolean over;
    private @Nullable Attempt current;

    private Connecting(
            UpstreamLane lane, ConnectionPool pool, Waiter waiter, long nowNanos, long nanosMax) {
        this.lane = lane;
        this.pool = pool;
        this.endpoint = pool.endpoint();
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
        if (!over) {
            over = true;
            alarm.cancel();
            giveUpCurrent();
            pool.free();
        }
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
        if (nowNanos - endNanos >= 0) {
            fail(new UpstreamFault.ConnectTimeout());
        } else {
            giveUpCurrent();
            tryNext();
        }
    }

    private void tryNext() {
        if (tried == addresses.size()) {
            lane.addresses.forget(endpoint.host());
            String where = endpoint.host() + ":" + endpoint.port();
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
        Attempt attempt = new Attempt(new InetSocketAddress(addresses.get(tried), endpoint.port()));
        tried++;
        current = attempt;
        lane.opener.connect(attempt, attempt::begin);
    }

    private void giveUpCurrent() {
        Attempt attempt = current;
        current = null;
        if (attempt != null) {
            attempt.giveUp();
        }
    }

    private void fail(UpstreamFault fault) {
        if (!over) {
            cancel();
            waiter.notConnected(fault);
        }
    }

    /// One address.
    private final class Attempt implements Opener.Attempt, ClientCallback<ClientConnection> {
        private final InetSocketAddress address;
        private @Nullable IoFuture<?> opening;
        private @Nullable StreamConnection stream;
        private @Nullable SslConnection tls;
        private @Nullable AnswerGuard guard;
        private boolean done;

        Attempt(InetSocketAddress address) {
            this.address = address;
        }

        void begin() {
            UndertowClient client = UndertowClient.getInstance();
            if (endpoint.tls()) {
                OptionMap options =
                        OptionMap.builder()
                                .addAll(TCP)
                                .set(Options.SSL_PEER_HOST_NAME, endpoint.host())
                                .set(Options.SSL_PEER_PORT, endpoint.port())
                                // Said here, so that no system property can leave it out.
                                .set(UndertowOptions.ENDPOINT_IDENTIFICATION_ALGORITHM, "HTTPS")
                                .getMap();
                client.connect(this, HTTPS, lane.opener, lane.tls.ssl(), lane.buffers, options);
            } else {
                client.connect(this, HTTP, lane.opener, lane.buffers, TCP);
            }
        }

        @Override
        public InetSocketAddress address() {
            return address;
        }

        @Override
        public void begun(IoFuture<?> future) {
            opening = future;
        }

        /// Is told twice where there is TLS: of TCP, and of what lies on it.
        @Override
        public boolean opened(StreamConnection connection) {
            if (done) {
                IoUtils.safeClose(connection);
                return false;
            }
            stream = connection;
            if (connection instanceof SslConnection wrapped) {
                tls = wrapped;
                lane.tls.handshakeBegins(wrapped);
                alarm.cancel();
                alarm.set(endNanos);
            }
            if (!endpoint.tls() || tls != null) {
                ConduitStreamSourceChannel source = connection.getSourceChannel();
                AnswerGuard below =
                        new AnswerGuard(source.getConduit(), lane.limits.headBytesMax());
                source.setConduit(below);
                guard = below;
            }
            return true;
        }

        /// Undertow 2.4.4 tells this before a TLS handshake is over (and does not tell it again,
        /// once the connection reads for itself); a later one may tell it afterwards.
        @Override
        public void completed(ClientConnection connection) {
            SslConnection wrapped = tls;
            if (done) {
                return;
            }
            if (wrapped == null) {
                handOver(connection);
                return;
            }
            connection.addCloseListener(_ -> lane.later(this::refuse));
            SSLEngine engine = UndertowXnioSsl.getSslEngine(wrapped);
            if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                handOver(connection);
            } else {
                wrapped.getHandshakeSetter()
                        .set(
                                (ChannelListener<SslConnection>)
                                        _ -> lane.later(() -> handOver(connection)));
            }
        }

        private void handOver(ClientConnection connection) {
            StreamConnection opened = stream;
            AnswerGuard below = guard;
            if (done || opened == null || below == null) {
                return;
            }
            done = true;
            handshakeOver();
            over = true;
            current = null;
            alarm.cancel();
            waiter.connected(
                    new UpstreamConnection(lane, pool, connection, opened, below, tls != null));
        }

        @Override
        public void failed(IOException e) {
            if (done) {
                return;
            }
            if (tls != null) {
                refuse();
                return;
            }
            String why = e.getMessage();
            refused |= e instanceof ConnectException && why != null && why.contains("refused");
            giveUpCurrent();
            tryNext();
        }

        private void refuse() {
            if (done) {
                return;
            }
            String reason = handshakeOver();
            giveUp();
            fail(
                    new UpstreamFault.TlsRefused(
                            reason != null ? reason : "the TLS handshake failed"));
        }

        void giveUp() {
            done = true;
            handshakeOver();
            IoFuture<?> future = opening;
            if (future != null) {
                future.cancel();
            }
            IoUtils.safeClose(stream);
        }

        private @Nullable String handshakeOver() {
            SslConnection wrapped = tls;
            return wrapped == null ? null : lane.tls.handshakeOver(wrapped);
        }
    }
}
