package dev.writ.server.upstream;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.xnio.XnioIoThread;

/// Calls upstreams, one for the whole process.
public final class UpstreamClient implements AutoCloseable {
    private static final int LOOKUPS_AT_ONCE = 4;
    private static final int LOOKUPS_WAITING_MAX = 256;

    private final UpstreamLimits limits;
    private final UpstreamTls tls;
    private final AddressBook.Lookup lookup;
    private final LongSupplier nanoClock;
    private final ThreadPoolExecutor lookups;
    private final ExecutorService checks;
    private final Map<XnioIoThread, UpstreamLane> lanes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private UpstreamClient(
            UpstreamLimits limits,
            UpstreamTrust trust,
            LongSupplier nanoClock,
            AddressBook.Lookup lookup) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.lookup = lookup;
        this.checks =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("upstream-tls-", 0).factory());
        this.tls = new UpstreamTls(trust, checks);
        // Platform threads: a lookup blocks in native code, which would hold up virtual ones.
        this.lookups =
                new ThreadPoolExecutor(
                        LOOKUPS_AT_ONCE,
                        LOOKUPS_AT_ONCE,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(LOOKUPS_WAITING_MAX),
                        Thread.ofPlatform().daemon().name("upstream-names-", 0).factory());
        lookups.allowCoreThreadTimeOut(true);
    }

    /// Begins with no connection.
    ///
    /// @param trust whose certificates are accepted
    /// @param nanoClock times calls, as `System::nanoTime` does
    /// @throws java.io.UncheckedIOException if the file of further authorities cannot be read
    /// @throws IllegalArgumentException if that file holds no certificate
    public static UpstreamClient start(
            UpstreamLimits limits, UpstreamTrust trust, LongSupplier nanoClock) {
        return start(limits, trust, nanoClock, InetAddress::getAllByName);
    }

    /// Like [#start], with names looked up by `lookup`.
    static UpstreamClient start(
            UpstreamLimits limits,
            UpstreamTrust trust,
            LongSupplier nanoClock,
            AddressBook.Lookup lookup) {
        return new UpstreamClient(limits, trust, nanoClock, lookup);
    }

    /// Begins a call. `listener` is told the rest, on `ioThread`, after this method has returned.
    ///
    /// @param ioThread the I/O thread of the request that the call serves; must be the current one
    public UpstreamCall call(
            XnioIoThread ioThread, UpstreamRequest request, UpstreamListener listener) {
        UpstreamLane lane = laneOf(ioThread);
        if (closed) {
            lane.close();
        }
        UpstreamCall call = new UpstreamCall(lane, request, listener);
        call.start();
        return call;
    }

    /// Returns an alarm that is not set.
    ///
    /// @param ioThread on which `task` runs; must be the current one
    public UpstreamAlarm alarm(XnioIoThread ioThread, Runnable task) {
        return new UpstreamAlarm(laneOf(ioThread), task);
    }

    private UpstreamLane laneOf(XnioIoThread ioThread) {
        if (!Thread.currentThread().equals(ioThread)) {
            throw new IllegalStateException("a call is begun on its I/O thread");
        }
        UpstreamLane lane = lanes.get(ioThread);
        return lane != null ? lane : lanes.computeIfAbsent(ioThread, this::lane);
    }

    /// Closes all connections; calls under way end with a fault.
    @Override
    public void close() {
        closed = true;
        for (UpstreamLane lane : lanes.values()) {
            try {
                lane.ioThread.execute(lane::close);
            } catch (RejectedExecutionException e) {
                // The thread is about to end and closes all that it has.
            }
        }
        lookups.shutdownNow();
        checks.shutdown();
    }

    private UpstreamLane lane(XnioIoThread ioThread) {
        var addresses = new AddressBook(ioThread, lookups, lookup, limits.addressTtl().toNanos());
        return new UpstreamLane(ioThread, limits, tls, addresses, nanoClock);
    }
}
