package dev.writ.engine.routing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A clock that stands still until it is moved.
final class HandClock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong(-77_000_000_000L);

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    void move(Duration by) {
        nanos.addAndGet(by.toNanos());
    }
}
