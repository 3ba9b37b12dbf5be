package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import dev.writ.engine.routing.Attempts.Racer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A second attempt beside one that is silent.
class HedgeTest {
    private static final Duration AFTER = Duration.ofSeconds(2);

    private final HandClock clock = new HandClock();
    private final TargetStates states = new TargetStates(clock);
    private final Policy.Model gpt = Pools.model("gpt");
    private final Policy.Model claude = Pools.model("claude");
    private final Policy.Model llama = Pools.model("llama");
    private final Policy.Model mistral = Pools.model("mistral", "eu", 1, 1);

    private static Policy.Pool hedging(Policy.Pool pool) {
        return Pools.hedging(pool, AFTER, 10_000);
    }

    private Attempts start(Policy.Pool pool, String... regions) {
        return start(pool, Pools.request(42, regions));
    }

    private Attempts start(Policy.Pool pool, RoutedRequest request) {
        return Attempts.start(new Policy.Target.ToPool(pool), request, states, Pools.trials());
    }

    private TargetView view(Policy.Model model) {
        return states.view().stream()
                .filter(view -> view.model().equals(model.upstreamName()))
                .findFirst()
                .orElseThrow();
    }

    private void assertIdle() {
        states.view().forEach(view -> assertEquals(0, view.inFlight(), view.model()));
    }

    @Test
    void aPoolWithoutOneDoesNotHedge() {
        Attempts attempts = start(Pools.then(Pools.choosing(Choice.FIRST, gpt), claude));
        attempts.next();
        assertEquals(0, attempts.hedgeAfterNanos());
        assertNull(attempts.hedge());
    }

    @Test
    void itGoesToAnotherMemberInThePoolsOwnWay() {
        Policy.Pool pool =
                hedging(Pools.then(Pools.weighted(List.of(gpt, claude), 9999, 1), llama));
        Attempts attempts = start(pool);
        Policy.Model first = attempts.next();
        assertEquals(AFTER.toNanos(), attempts.hedgeAfterNanos());
        assertEquals(gpt.equals(first) ? claude : gpt, attempts.hedge());
        assertEquals(2, attempts.count());
        assertEquals(0, attempts.hedgeAfterNanos(), "at most one a request");
    }

    @Test
    void withoutAnotherMemberItGoesToTheFirstFallbackForATimeout() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), llama, Cause.OVERLOADED);
        Attempts attempts = start(hedging(Pools.then(pool, claude)));
        attempts.next();
        assertEquals(claude, attempts.hedge());
    }

    @Test
    void itNeverGoesToATargetThatWasTriedIsOutsideOrCannotTakeIt() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, mistral), mistral);
        pool = hedging(Pools.then(Pools.then(pool, gpt), claude));
        Attempts inEurope = start(pool, "eu");
        assertEquals(mistral, inEurope.next());
        assertNull(inEurope.hedge());
        Policy.Model mute = Pools.model("mute", 0, Capability.STREAMING);
        pool = hedging(Pools.then(Pools.then(Pools.choosing(Choice.FIRST, mistral), mute), claude));
        Attempts unable = start(pool, Pools.needing(0, Capability.TOOLS));
        unable.next();
        assertEquals(claude, unable.hedge());
    }

    @Test
    void theOneThatWinsIsTheOneUnderWay() {
        for (Racer winner : Racer.values()) {
            Attempts attempts = race();
            attempts.won(winner);
            attempts.completed();
            assertEquals(Exhausted.ANSWERED, attempts.exhausted());
            assertNull(attempts.next());
            assertIdle();
        }
        assertEquals(BreakerState.CLOSED, view(gpt).breaker());
    }

    @Test
    void theLoserIsKnownToHaveBeenSilentForSoLong() {
        Attempts attempts = race();
        clock.move(Duration.ofSeconds(1));
        attempts.won(Racer.HEDGE);
        attempts.completed();
        assertEquals(3_000_000, view(gpt).latencyMicros());
        assertEquals(1_000_000, view(claude).latencyMicros());
    }

    @Test
    void afterOneFailedTheOtherGoesOnAlone() {
        for (Racer failed : Racer.values()) {
            Attempts attempts = race();
            attempts.oneFailed(failed, Cause.OVERLOADED);
            attempts.completed();
            assertEquals(Exhausted.ANSWERED, attempts.exhausted());
            assertIdle();
        }
    }

    @Test
    void whenBothFailedTheNextFallbackIsTried() {
        Attempts attempts = race();
        attempts.oneFailed(Racer.HEDGE, Cause.SERVER_ERROR);
        attempts.failed(Cause.OVERLOADED);
        assertEquals(llama, attempts.next(), "claude was tried");
        attempts.failed(Cause.TIMEOUT);
        assertNull(attempts.next());
        assertEquals(Exhausted.FAILED, attempts.exhausted());
        assertEquals(3, attempts.count());
        assertIdle();
    }

    @Test
    void aRefusalOfTheHedgeIsNoFailureOfItsTarget() {
        for (int i = 0; i < 2 * Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = race();
            attempts.oneRefused(Racer.HEDGE);
            attempts.completed();
        }
        assertEquals(BreakerState.CLOSED, view(claude).breaker());
    }

    @Test
    void aClientThatLeavesEndsBoth() {
        race().abandoned();
        assertIdle();
    }

    @Test
    void failuresOfBothCountForTheirBreakers() {
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = race();
            attempts.oneFailed(Racer.FIRST, Cause.TIMEOUT);
            attempts.failed(Cause.TIMEOUT);
        }
        assertEquals(BreakerState.OPEN, view(gpt).breaker());
        assertEquals(BreakerState.OPEN, view(claude).breaker());
    }

    @Test
    void aProbeThatLosesMakesRoomForTheNext() {
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = start(Pools.choosing(Choice.FIRST, gpt));
            attempts.next();
            attempts.failed(Cause.TIMEOUT);
        }
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
        race().won(Racer.HEDGE);
        assertEquals(gpt, start(Pools.choosing(Choice.FIRST, gpt)).next());
    }

    @Test
    void whileTwoAreUnderWayOneMustBeNamed() {
        Attempts attempts = race();
        assertThrows(IllegalStateException.class, attempts::firstByte);
        assertThrows(IllegalStateException.class, () -> attempts.failed(Cause.TIMEOUT));
        assertThrows(IllegalStateException.class, () -> attempts.next());
        attempts.won(Racer.FIRST);
        assertThrows(IllegalStateException.class, () -> attempts.won(Racer.FIRST));
    }

    @Test
    void ofManyRequestsOnlyTheShareIsHedged() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), claude);
        Policy.Pool tenth = Pools.hedging(pool, AFTER, 1_000);
        int hedged = 0;
        for (int i = 0; i < 1_000; i++) {
            Attempts attempts = start(tenth);
            assertNotNull(attempts.next());
            hedged += attempts.hedge() == null ? 0 : 1;
            attempts.abandoned();
        }
        assertTrue(
                hedged >= 100 && hedged <= 100 + HedgeBudget.HEDGES_AT_FIRST, "hedged " + hedged);
    }

    @Test
    void whatWasNotUsedOfTheShareIsKeptForSomeRequests() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), claude);
        Policy.Pool tenth = Pools.hedging(pool, AFTER, 1_000);
        for (int i = 0; i < 5 * HedgeBudget.REQUESTS_KEPT; i++) {
            start(tenth);
        }
        List<Attempts> slow = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            slow.add(start(tenth));
        }
        long hedged =
                slow.stream().filter(one -> one.next() != null && one.hedge() != null).count();
        assertEquals(HedgeBudget.HEDGES_AT_FIRST + HedgeBudget.REQUESTS_KEPT / 10, hedged);
    }

    @Test
    void whereEveryRequestMayBeHedgedNoneIsLeftOut() {
        List<Attempts> slow = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            slow.add(start(hedging(Pools.then(Pools.choosing(Choice.FIRST, gpt), claude))));
        }
        assertTrue(slow.stream().allMatch(one -> one.next() != null && one.hedge() != null));
    }

    @Test
    void aHedgeThatCannotBeMadeCostsNoneOfTheShare() {
        Policy.Model small = Pools.model("small", 10);
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), small);
        Policy.Pool few = Pools.hedging(pool, AFTER, 1);
        for (int i = 0; i < 100; i++) {
            Attempts attempts = start(few, Pools.needing(11));
            attempts.next();
            assertNull(attempts.hedge());
            attempts.abandoned();
        }
        Attempts attempts = start(few);
        attempts.next();
        assertEquals(small, attempts.hedge());
    }

    @Test
    void aReloadForgetsPoolsThatHedgeNoMore() {
        Policy.Pool pool =
                Pools.hedging(Pools.then(Pools.choosing(Choice.FIRST, gpt), claude), AFTER, 1);
        for (int i = 0; i < HedgeBudget.HEDGES_AT_FIRST; i++) {
            Attempts attempts = start(pool);
            attempts.next();
            assertNotNull(attempts.hedge());
            attempts.abandoned();
        }
        Attempts usedUp = start(pool);
        usedUp.next();
        assertNull(usedUp.hedge());
        usedUp.abandoned();
        states.keep(Pools.policy(gpt, claude));
        Attempts again = start(pool);
        again.next();
        assertNotNull(again.hedge());
    }

    /// gpt, silent for 2 seconds, and claude beside it; llama is left.
    private Attempts race() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), claude);
        Attempts attempts = start(hedging(Pools.then(pool, llama)));
        assertEquals(gpt, attempts.next());
        clock.move(AFTER);
        assertEquals(claude, attempts.hedge());
        return attempts;
    }
}
