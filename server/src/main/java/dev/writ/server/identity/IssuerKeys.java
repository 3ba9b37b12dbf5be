package dev.writ.server.identity;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The keys of one issuer, kept fresh by a thread of their own; they outlive policies.
///
/// When they cannot be fetched the last ones stay good for a while, so that an issuer that is down
/// for some minutes locks nobody out, and a key that was withdrawn does not live for ever.
public final class IssuerKeys implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.writ.identity");

    private final String issuer;
    private final KeySource source;
    private final KeyLimits limits;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Thread thread;

    /// Asks for a fetch before its time.
    private final Semaphore wanted = new Semaphore(0);

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Held held = new Held(null, 0, null, null);

    // Guarded by `lock`:
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean fetching = true;
    private long triedNanos;
    private boolean closed;

    /// What is known of the keys.
    ///
    /// @param problem why the last fetch failed; null if it did not
    private record Held(
            @Nullable KeySet keys,
            long fetchedNanos,
            @Nullable Instant fetchedAt,
            @Nullable String problem) {}

    private IssuerKeys(
            String issuer,
            KeySource source,
            KeyLimits limits,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.issuer = issuer;
        this.source = source;
        this.limits = limits;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.thread = Thread.ofVirtual().name("writ-keys").unstarted(this::run);
    }

    /// Begins to fetch.
    static IssuerKeys start(
            String issuer,
            KeySource source,
            KeyLimits limits,
            InstantSource clock,
            LongSupplier nanoClock) {
        IssuerKeys keys = new IssuerKeys(issuer, source, limits, clock, nanoClock);
        keys.thread.start();
        return keys;
    }

    /// Returns the keys that tokens are checked with now; null where there are none that are
    /// fresh enough. Any thread.
    @Nullable KeySet usable() {
        Held now = held;
        boolean fresh = nanoClock.getAsLong() - now.fetchedNanos < limits.usableFor().toNanos();
        return fresh ? now.keys : null;
    }

    int count() {
        KeySet keys = usable();
        return keys == null ? 0 : keys.size();
    }

    @Nullable Instant fetchedAt() {
        return held.fetchedAt;
    }

    @Nullable String problem() {
        return held.problem;
    }

    /// Returns whether there are keys to check tokens with.
    public boolean areUsable() {
        return usable() != null;
    }

    /// Returns when it makes sense to ask again.
    public Duration retryAfter() {
        return limits.retryAfter();
    }

    /// Runs `then` when the keys are fetched again, be it in vain: for a token whose key is not
    /// among them. Once, on a thread that must not be held up.
    ///
    /// @return false where that is not done, because they were fetched a moment ago, or too many
    ///     are waiting
    public boolean whenFetched(Runnable then) {
        lock.lock();
        try {
            boolean lately = nanoClock.getAsLong() - triedNanos < limits.refetchAfter().toNanos();
            if (closed || (!fetching && lately) || waiting.size() >= limits.waitingMax()) {
                return false;
            }
            waiting.add(then);
            if (!fetching) {
                fetching = true;
                wanted.release();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!isClosed()) {
                Duration pause = fetch() ? limits.refreshAfter() : limits.retryAfter();
                end();
                boolean early = wanted.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
                begin(early);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed
        } finally {
            end();
        }
    }

    private boolean fetch() throws InterruptedException {
        Held before = held;
        String problem;
        try {
            KeySet fetched = source.fetch();
            // The same object for the same keys, so that what was checked with them stays so.
            KeySet same = fetched.isSameAs(before.keys) ? before.keys : null;
            held =
                    new Held(
                            same == null ? fetched : same,
                            nanoClock.getAsLong(),
                            clock.instant(),
                            null);
            if (before.problem != null) {
                LOG.log(Level.INFO, "the keys of issuer {0} can be fetched again", issuer);
            }
            return true;
        } catch (KeysUnavailable e) {
            problem = e.why();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "fetching keys failed; this is a bug of Writ", e);
            problem = "the gateway has a bug";
        }
        held = new Held(before.keys, before.fetchedNanos, before.fetchedAt, problem);
        if (!problem.equals(before.problem)) {
            LOG.log(
                    Level.WARNING,
                    "the keys of issuer {0} cannot be fetched: {1}",
                    issuer,
                    problem);
        }
        return false;
    }

    /// @param early whether somebody wanted it before its time
    private void begin(boolean early) {
        lock.lock();
        try {
            if (!early) {
                wanted.drainPermits(); // of those who asked a moment too late
            }
            fetching = true;
        } finally {
            lock.unlock();
        }
    }

    /// Lets those go on who wait.
    private void end() {
        List<Runnable> released;
        lock.lock();
        try {
            fetching = false;
            triedNanos = nanoClock.getAsLong();
            released = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        for (Runnable then : released) {
            try {
                then.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a request could not go on", e);
            }
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Stops fetching. What was fetched can be used on by requests that began before.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
