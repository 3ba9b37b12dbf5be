package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Breaker.Admission;

/// One call of a target, from its choice to its end.
final class Leg {
    final Policy.Model model;
    final Role role;

    /// How often the model was tried again, this time included.
    final int retries;

    /// How long to wait before it is sent.
    final long delayNanos;

    private final TargetState state;
    private final TargetStates states;
    private final long sentNanos;
    private Admission admission;
    private boolean answered;

    /// Counts the call as under way.
    Leg(
            Policy.Model model,
            Role role,
            int retries,
            long delayNanos,
            TargetState state,
            Admission admission,
            TargetStates states) {
        this.model = model;
        this.role = role;
        this.retries = retries;
        this.delayNanos = delayNanos;
        this.state = state;
        this.admission = admission;
        this.states = states;
        this.sentNanos = states.nanoTime() + delayNanos;
        state.begin();
    }

    /// Tells whether it has its first byte.
    boolean answered() {
        return answered;
    }

    void firstByte() {
        if (answered) {
            return;
        }
        answered = true;
        long now = states.nanoTime();
        state.firstByteAfter(now - sentNanos, now);
        if (admission == Admission.PROBE) {
            state.breaker.recovered();
            admission = Admission.ADMITTED;
        }
    }

    void succeeded() {
        firstByte();
        states.end(state);
        state.breaker.succeeded(states.nanoTime());
    }

    void failed(Cause cause) {
        states.end(state);
        long now = states.nanoTime();
        state.failedAfter(answered ? 0 : now - sentNanos, now);
        if (TargetState.breaks(cause)) {
            if (admission == Admission.PROBE) {
                state.breaker.probeFailed(now);
            } else {
                state.breaker.failed(now);
            }
        } else if (admission == Admission.PROBE) {
            state.breaker.recovered();
        }
    }

    /// Ends without an outcome.
    void abandoned() {
        states.end(state);
        if (admission == Admission.PROBE) {
            state.breaker.probeAbandoned(states.nanoTime());
        }
    }

    /// Ends because another was faster: all that is known is that it was silent for so long.
    void lost() {
        long now = states.nanoTime();
        state.silentFor(now - sentNanos, now);
        abandoned();
    }
}
