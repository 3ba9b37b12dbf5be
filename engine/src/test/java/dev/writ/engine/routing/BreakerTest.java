package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.engine.routing.Breaker.Admission;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When the breaker opens, how long, and who may probe.
class BreakerTest {
    private final HandClock clock = new HandClock();
    private final Breaker breaker = new Breaker(clock.getAsLong());

    @Test
    void opensAtTheLastOfFailuresInARow() {
        fail(Breaker.CONSECUTIVE_FAILURES_MAX - 1);
        assertEquals(BreakerState.CLOSED, breaker.state());
        fail(1);
        assertEquals(BreakerState.OPEN, breaker.state());
        assertEquals(Admission.REFUSED, enter());
    }

    @Test
    void aSuccessBetweenStartsTheRowAnew() {
        for (int i = 0; i < 4; i++) {
            fail(Breaker.CONSECUTIVE_FAILURES_MAX - 1);
            breaker.succeeded(clock.getAsLong());
            clock.move(Duration.ofSeconds(Breaker.WINDOW_SECONDS));
        }
        assertEquals(BreakerState.CLOSED, breaker.state());
    }

    @Test
    void opensWhenHalfOfEnoughCallsFail() {
        for (int i = 0; i < Breaker.CALLS_MIN / 2 - 1; i++) {
            breaker.succeeded(clock.getAsLong());
            fail(1);
        }
        breaker.succeeded(clock.getAsLong());
        assertEquals(BreakerState.CLOSED, breaker.state(), "one call too few");
        fail(1);
        assertEquals(BreakerState.OPEN, breaker.state());
    }

    @Test
    void staysClosedWhenLessThanHalfFail() {
        for (int i = 0; i < 1000; i++) {
            breaker.succeeded(clock.getAsLong());
            breaker.succeeded(clock.getAsLong());
            fail(1);
        }
        assertEquals(BreakerState.CLOSED, breaker.state());
    }

    @Test
    void callsCountAsLongAsTheWindow() {
        for (int i = 0; i < 100; i++) {
            breaker.succeeded(clock.getAsLong());
        }
        clock.move(Duration.ofSeconds(Breaker.WINDOW_SECONDS - 1));
        alternate(20);
        assertEquals(BreakerState.CLOSED, breaker.state(), "the old successes count still");
        clock.move(Duration.ofSeconds(1));
        breaker.succeeded(clock.getAsLong());
        fail(1);
        assertEquals(BreakerState.OPEN, breaker.state(), "they count no more");
    }

    private void alternate(int pairs) {
        for (int i = 0; i < pairs; i++) {
            breaker.succeeded(clock.getAsLong());
            fail(1);
        }
    }

    @Test
    void letsOneProbeThroughWhenTheTimeIsOver() {
        fail(Breaker.CONSECUTIVE_FAILURES_MAX);
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN - 1));
        assertEquals(1, breaker.waitNanos(clock.getAsLong()));
        assertEquals(Admission.REFUSED, enter());
        clock.move(Duration.ofNanos(1));
        assertEquals(Admission.PROBE, enter());
        assertEquals(BreakerState.HALF_OPEN, breaker.state());
        assertEquals(Admission.REFUSED, enter());
        breaker.recovered();
        assertEquals(Admission.ADMITTED, enter());
    }

    @Test
    void staysOpenTwiceAsLongAfterEachFailedProbeUpToTheMaximum() {
        fail(Breaker.CONSECUTIVE_FAILURES_MAX);
        for (long stay : new long[] {5, 10, 20, 40, 60, 60}) {
            assertEquals(Duration.ofSeconds(stay).toNanos(), breaker.waitNanos(clock.getAsLong()));
            clock.move(Duration.ofSeconds(stay));
            assertEquals(Admission.PROBE, enter());
            breaker.probeFailed(clock.getAsLong());
        }
        clock.move(Duration.ofSeconds(60));
        assertEquals(Admission.PROBE, enter());
        breaker.recovered();
        fail(Breaker.CONSECUTIVE_FAILURES_MAX);
        assertEquals(Breaker.STAY_NANOS_MIN, breaker.waitNanos(clock.getAsLong()));
    }

    @Test
    void anAbandonedProbeLetsTheNextCallProbeForAsLong() {
        fail(Breaker.CONSECUTIVE_FAILURES_MAX);
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
        assertEquals(Admission.PROBE, enter());
        breaker.probeAbandoned(clock.getAsLong());
        assertEquals(Admission.PROBE, enter());
        breaker.probeFailed(clock.getAsLong());
        assertEquals(2 * Breaker.STAY_NANOS_MIN, breaker.waitNanos(clock.getAsLong()));
    }

    @Test
    void aProbeThatNeverEndsIsGivenUp() {
        fail(Breaker.CONSECUTIVE_FAILURES_MAX);
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
        assertEquals(Admission.PROBE, enter());
        clock.move(Duration.ofNanos(Breaker.PROBE_NANOS_MAX - 1));
        assertEquals(Admission.REFUSED, enter());
        clock.move(Duration.ofNanos(1));
        assertEquals(Admission.PROBE, enter());
        assertEquals(Admission.REFUSED, enter());
    }

    @Test
    void callsFromBeforeItOpenedChangeNothing() {
        fail(Breaker.CONSECUTIVE_FAILURES_MAX);
        clock.move(Duration.ofSeconds(1));
        fail(10);
        breaker.succeeded(clock.getAsLong());
        assertEquals(BreakerState.OPEN, breaker.state());
        assertEquals(
                Breaker.STAY_NANOS_MIN - Duration.ofSeconds(1).toNanos(),
                breaker.waitNanos(clock.getAsLong()));
    }

    @Test
    void failuresBeforeTheProbeDoNotCountAfterIt() {
        fail(100);
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
        assertEquals(Admission.PROBE, enter());
        breaker.recovered();
        fail(Breaker.CONSECUTIVE_FAILURES_MAX - 1);
        assertEquals(BreakerState.CLOSED, breaker.state());
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(clock.getAsLong());
        }
    }

    private Admission enter() {
        return breaker.enter(clock.getAsLong());
    }
}
