package dev.writ.engine.testing;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.PolicyTest.Behaviour;
import dev.writ.engine.routing.TargetStates;
import dev.writ.engine.routing.Trials;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What stands around the requests of a test: a clock that only the test moves, providers that
/// behave as it says, and what the gateway remembers of them.
final class World {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// Far longer than anything that the gateway remembers.
    private static final long SECONDS_MAX = 1_000_000_000L;

    private static final long NANOS_MAX = 4 * SECONDS_MAX * NANOS_PER_SECOND;

    private static final Behaviour UP = new Behaviour.Up();

    private final Map<String, Behaviour> providers = new HashMap<>();
    private final TargetStates targets = new TargetStates(this::nanoTime);
    private final Trials trials;
    private long nanos;
    private Instant now = PolicyTest.NOON;

    /// @param policy whose requests are sent
    World(Policy policy) {
        this.trials = new Trials(policy, _ -> {});
    }

    /// Takes over what a request says of the world, before it is sent the first time.
    void begin(PolicyTest.Request request) {
        pass(request.after());
        Instant at = request.at();
        if (at != null) {
            pass(Duration.between(now, at));
            now = at;
        }
        providers.putAll(request.providers());
    }

    /// Lets time pass; it does not run backwards for what measures it.
    void pass(Duration time) {
        long seconds = Math.clamp(time.getSeconds(), 0, SECONDS_MAX);
        nanos = Math.min(NANOS_MAX, nanos + seconds * NANOS_PER_SECOND + time.getNano());
        now = now.plus(time);
    }

    /// Lets time pass up to a reading of [#nanoTime]; none if that is over.
    void passTo(long until) {
        if (until > nanos) {
            pass(Duration.ofNanos(until - nanos));
        }
    }

    long nanoTime() {
        return nanos;
    }

    /// Returns what the clock says.
    Instant now() {
        return now;
    }

    /// Returns how a provider behaves.
    Behaviour of(String provider) {
        return providers.getOrDefault(provider, UP);
    }

    TargetStates targets() {
        return targets;
    }

    Trials trials() {
        return trials;
    }
}
