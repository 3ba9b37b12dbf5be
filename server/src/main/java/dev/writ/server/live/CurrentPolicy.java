package dev.writ.server.live;

import java.util.concurrent.atomic.AtomicReference;

/// The policy that new requests begin with. A request reads it once and keeps what it read to
/// its end.
///
/// @param <S> what serves requests
public final class CurrentPolicy<S> {
    private final AtomicReference<S> policy;

    /// Starts with a policy, also for tests without a [Reloader].
    public CurrentPolicy(S first) {
        policy = new AtomicReference<>(first);
    }

    /// Returns the policy of this moment; any thread, without a lock.
    public S get() {
        return policy.getAcquire();
    }

    /// INVARIANT (one writer): only [Reloader] calls it, under its lock.
    void swap(S next) {
        policy.setRelease(next);
    }
}
