package dev.writ.server.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of request bodies the gateway holds at a time, over all requests: many large ones
/// at once are refused instead of running out of memory. Threads: any.
public final class BodyBudget {
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();

    /// @param bytesMax at least 1
    public BodyBudget(long bytesMax) {
        if (bytesMax < 1) {
            throw new IllegalArgumentException("a budget must be positive, got " + bytesMax);
        }
        this.bytesMax = bytesMax;
    }

    /// Takes room, if there is enough.
    boolean take(long wanted) {
        long after = bytes.addAndGet(wanted);
        if (after <= bytesMax) {
            return true;
        }
        bytes.addAndGet(-wanted);
        return false;
    }

    void giveBack(long taken) {
        bytes.addAndGet(-taken);
    }

    /// Returns how many bytes are held now.
    public long held() {
        return bytes.get();
    }
}
