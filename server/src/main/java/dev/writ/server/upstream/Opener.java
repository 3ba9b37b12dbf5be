package dev.writ.server.upstream;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.channels.BoundChannel;

/// An I/O thread as Undertow's client sees it when it connects: opens what it asks for on the true
/// one, and shows the connection to an [Attempt] first.
///
/// Undertow's client looks up the host itself (which blocks), cannot be told to give up, and keeps
/// its connection to itself. This is the one place at which all of that can be had: it is never
/// started and runs nothing.
final class Opener extends XnioIoThread {
    /// One connection that is being opened.
    interface Attempt {
        /// Returns where to connect to, whatever the client thinks.
        InetSocketAddress address();

        /// The connection can be given up by this.
        void begun(IoFuture<?> opening);

        /// The connection is open. Returns false to keep it from the client.
        boolean opened(StreamConnection connection);
    }

    private final XnioIoThread io;
    private @Nullable Attempt attempt;

    Opener(XnioIoThread io) {
        super(io.getWorker(), io.getNumber());
        this.io = io;
    }

    /// Runs `connect`, which begins to open one connection, for `owner`.
    void connect(Attempt owner, Runnable connect) {
        attempt = owner;
        try {
            connect.run();
        } finally {
            attempt = null;
        }
    }

    /// Returns for whom a connection is opened now.
    Attempt attempt() {
        Attempt owner = attempt;
        if (owner == null) {
            throw new IllegalStateException("a connection is opened for an attempt");
        }
        return owner;
    }

    @Override
    protected IoFuture<StreamConnection> openTcpStreamConnection(
            InetSocketAddress bindAddress,
            InetSocketAddress destination,
            ChannelListener<? super StreamConnection> openListener,
            ChannelListener<? super BoundChannel> bindListener,
            OptionMap options) {
        Attempt owner = attempt();
        IoFuture<StreamConnection> opening =
                io.openStreamConnection(
                        owner.address(),
                        (ChannelListener<StreamConnection>)
                                opened -> {
                                    if (owner.opened(opened)) {
                                        openListener.handleEvent(opened);
                                    }
                                },
                        options);
        owner.begun(opening);
        return opening;
    }

    @Override
    public void execute(Runnable command) {
        io.execute(command);
    }

    @Override
    public Key executeAfter(Runnable command, long time, TimeUnit unit) {
        return io.executeAfter(command, time, unit);
    }

    @Override
    public Key executeAtInterval(Runnable command, long time, TimeUnit unit) {
        return io.executeAtInterval(command, time, unit);
    }
}
