package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy.Pool.Canary;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// How the canary of a pool fares: which of the latest requests that tried it failed.
///
/// Stopped by as many failures as the policy says among the latest requests, and for good.
///
/// Threads: any, without a lock. An outcome may overwrite one that is written in the same instant,
/// if as many requests as the window holds end between its two steps.
final class Trial {
    /// Of how many requests failures are counted where nothing stops the canary.
    static final int REQUESTS_DEFAULT = 1_000;

    private final int size;
    private final int failuresMax;
    private final Runnable whenStopped;

    /// A bit for each of the latest requests: whether it failed.
    private final AtomicIntegerArray failed;

    private final AtomicLong ended = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /// @param whenStopped is told once, by the thread of the request that was one too many
    Trial(Canary.@Nullable Stop stop, Runnable whenStopped) {
        this.size = stop == null ? REQUESTS_DEFAULT : stop.requests();
        this.failuresMax = stop == null ? Integer.MAX_VALUE : stop.failures();
        this.whenStopped = whenStopped;
        this.failed = new AtomicIntegerArray(Math.ceilDiv(size, Integer.SIZE));
    }

    boolean isStopped() {
        return stopped.get();
    }

    /// A request that tried the canary has its answer from it.
    void answered() {
        add(false);
    }

    /// A request that tried the canary has no answer from it, although another model had one.
    void failed() {
        add(true);
    }

    private void add(boolean failure) {
        int place = (int) (ended.getAndIncrement() % size);
        int bit = 1 << (place % Integer.SIZE);
        int word = place / Integer.SIZE;
        int before =
                failure
                        ? failed.getAndAccumulate(word, bit, (old, one) -> old | one)
                        : failed.getAndAccumulate(word, bit, (old, one) -> old & ~one);
        boolean failedBefore = (before & bit) != 0;
        int now = failure == failedBefore ? failures.get() : failures.addAndGet(failure ? 1 : -1);
        if (failure && now >= failuresMax && stopped.compareAndSet(false, true)) {
            whenStopped.run();
        }
    }

    /// Returns how many requests are counted, at most as many as the window holds.
    int requests() {
        return (int) Math.min(size, ended.get());
    }

    /// Returns how many of them failed.
    int failures() {
        return failures.get();
    }
}
