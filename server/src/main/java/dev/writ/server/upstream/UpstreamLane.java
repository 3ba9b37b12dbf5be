package dev.writ.server.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.xnio.XnioIoThread;

/// What upstream calls use on one I/O thread: pools, buffers, addresses, time.
///
/// INVARIANT (one thread): all of it is touched on `ioThread` only, so nothing is locked.
final class UpstreamLane {
    private static final System.Logger LOG = System.getLogger(UpstreamLane.class.getName());

    final XnioIoThread ioThread;
    final UpstreamLimits limits;
    final UpstreamTls tls;
    final Opener opener;
    final AddressBook addresses;
    final BufferStack buffers = new BufferStack();
    final TimingWheel wheel;
    final long idleTtlNanos;
    final long clientStallNanos;

    private final LongSupplier nanoClock;
    private final Map<UpstreamEndpoint, ConnectionPool> pools = new HashMap<>();
    private final Runnable turnWheel = this::turnWheel;
    private boolean turning;
    private boolean closed;

    UpstreamLane(
            XnioIoThread ioThread,
            UpstreamLimits limits,
            UpstreamTls tls,
            AddressBook addresses,
            LongSupplier nanoClock) {
        this.ioThread = ioThread;
        this.limits = limits;
        this.tls = tls;
        this.opener = new Opener(ioThread);
        this.addresses = addresses;
        this.nanoClock = nanoClock;
        this.wheel = new TimingWheel(this::turnWheelSoon, nanoClock.getAsLong());
        this.idleTtlNanos = limits.idleTtl().toNanos();
        this.clientStallNanos = limits.clientStallMax().toNanos();
    }

    long now() {
        return nanoClock.getAsLong();
    }

    boolean isClosed() {
        return closed;
    }

    /// Returns whether no connection is open or being opened.
    boolean isEmpty() {
        return pools.isEmpty();
    }

    ConnectionPool pool(UpstreamEndpoint endpoint) {
        ConnectionPool pool = pools.get(endpoint);
        return pool != null ? pool : new ConnectionPool(this, endpoint);
    }

    /// Keeps a pool that has connections.
    void remember(ConnectionPool pool) {
        pools.put(pool.endpoint(), pool);
    }

    /// Drops a pool that has none.
    void forget(ConnectionPool pool) {
        pools.remove(pool.endpoint(), pool);
    }

    /// Runs `task` on the I/O thread, not from inside what runs now. Nothing happens if the thread
    /// is about to end.
    void later(Runnable task) {
        try {
            ioThread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "an I/O thread takes no more tasks");
        }
    }

    /// Runs `task` on the I/O thread after a millisecond or two, in which others get their turn.
    void afterOthers(Runnable task) {
        try {
            ioThread.executeAfter(task, 1, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "an I/O thread takes no more tasks");
        }
    }

    /// Runs a callback of ours; what it throws is a bug, is logged and goes no further.
    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            bug(e);
        }
    }

    static void bug(RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a callback of an upstream call failed", e);
    }

    /// The wheel turns while an alarm is set.
    private void turnWheelSoon() {
        if (turning) {
            return;
        }
        try {
            ioThread.executeAfter(
                    turnWheel, TimingWheel.STEP_NANOS / 1_000_000, TimeUnit.MILLISECONDS);
            turning = true;
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "an I/O thread takes no more tasks");
        }
    }

    private void turnWheel() {
        turning = false;
        try {
            wheel.turn(now());
        } catch (RuntimeException e) {
            bug(e);
        }
        if (!wheel.isIdle()) {
            turnWheelSoon();
        }
    }

    /// Ends all calls with a fault and closes all connections.
    void close() {
        closed = true;
        // A call that is under way has its total timeout in the wheel.
        for (TimingWheel.Timed timed : wheel.waiting()) {
            guarded(timed::clientCloses);
        }
        for (ConnectionPool pool : new ArrayList<>(pools.values())) {
            pool.close();
        }
    }
}
