package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import dev.writ.engine.routing.PassedOver.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What happens after the first choice: retries, fallbacks, regions, open breakers.
class AttemptsTest {
    private final HandClock clock = new HandClock();
    private final TargetStates states = new TargetStates(clock);
    private final Policy.Model gpt = Pools.model("gpt");
    private final Policy.Model claude = Pools.model("claude");
    private final Policy.Model llama = Pools.model("llama");
    private final Policy.Model mistral = Pools.model("mistral", "eu", 1, 1);

    @Test
    void aModelAloneIsTriedOnce() {
        Attempts attempts = start(new Policy.Target.ToModel(gpt));
        assertEquals(gpt, attempts.next());
        attempts.failed(Cause.TIMEOUT);
        assertNull(attempts.next());
        assertEquals(Exhausted.FAILED, attempts.exhausted());
        assertEquals(Cause.TIMEOUT, attempts.cause());
        assertEquals(1, attempts.count());
    }

    @Test
    void aRouteMustHaveBeenFollowed() {
        assertThrows(
                IllegalArgumentException.class, () -> start(new Policy.Target.ToRoute("chat")));
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void fallbacksAreTriedInWrittenOrderOnTheirCauses(Cause cause) {
        Policy.Pool pool = Pools.choosing(Choice.FIRST, gpt);
        EnumSet<Cause> others = EnumSet.complementOf(EnumSet.of(cause));
        pool = Pools.then(pool, claude, others.toArray(Cause[]::new));
        pool = Pools.then(pool, llama, cause);
        pool = Pools.then(pool, mistral);
        Attempts attempts = start(pool);
        assertEquals(gpt, attempts.next());
        attempts.failed(cause);
        assertEquals(llama, attempts.next());
        assertEquals(0, attempts.delayNanos());
        Cause second = others.iterator().next();
        attempts.failed(second);
        assertEquals(mistral, attempts.next(), "claude was passed and is not come back to");
        attempts.completed();
        assertNull(attempts.next());
        assertEquals(Exhausted.ANSWERED, attempts.exhausted());
        assertEquals(3, attempts.count());
    }

    @Test
    void otherMembersAreNoFallbacks() {
        Policy.Pool pool = Pools.weighted(List.of(gpt, claude), 5000, 5000);
        Attempts attempts = start(pool);
        assertNotNull(attempts.next());
        attempts.failed(Cause.OVERLOADED);
        assertNull(attempts.next());
    }

    @Test
    void aMemberThatFailedIsNotTriedAgainAsFallback() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), gpt);
        Attempts attempts = start(Pools.then(pool, llama));
        assertEquals(gpt, attempts.next());
        attempts.failed(Cause.TIMEOUT);
        assertEquals(llama, attempts.next());
    }

    @Test
    void retriesTheSameModelWithGrowingDelaysThenFallsBack() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), llama);
        Attempts attempts = start(Pools.retrying(pool, 2, Duration.ofSeconds(2)));
        assertEquals(gpt, attempts.next());
        assertEquals(0, attempts.delayNanos());
        attempts.failed(Cause.OVERLOADED);
        long base = Backoff.DELAY_NANOS;
        assertEquals(gpt, attempts.next());
        assertTrue(attempts.delayNanos() >= base / 2 && attempts.delayNanos() <= base);
        attempts.failed(Cause.OVERLOADED);
        assertEquals(gpt, attempts.next());
        assertTrue(attempts.delayNanos() >= base && attempts.delayNanos() <= 2 * base);
        attempts.failed(Cause.OVERLOADED);
        assertEquals(llama, attempts.next());
        assertEquals(0, attempts.delayNanos());
        attempts.failed(Cause.OVERLOADED);
        assertEquals(llama, attempts.next(), "a fallback has its own retries");
    }

    @Test
    void delaysDifferByRequestButNotByRun() {
        Set<Long> delays = new HashSet<>();
        for (int request = 0; request < 100; request++) {
            delays.add(delayOfFirstRetry(request));
            assertEquals(delayOfFirstRetry(request), delayOfFirstRetry(request));
        }
        assertTrue(delays.size() > 90, delays.size() + " different delays");
    }

    private long delayOfFirstRetry(long hash) {
        Policy.Pool pool =
                Pools.retrying(Pools.choosing(Choice.FIRST, gpt), 1, Duration.ofSeconds(2));
        Attempts attempts =
                Attempts.start(
                        new Policy.Target.ToPool(pool),
                        Pools.request(hash),
                        new TargetStates(clock),
                        Pools.trials());
        assertNotNull(attempts.next());
        attempts.failed(Cause.OVERLOADED);
        assertNotNull(attempts.next());
        return attempts.delayNanos();
    }

    @Test
    void doesNotRetryWhatWouldBeginTooLate() {
        Policy.Pool pool =
                Pools.retrying(Pools.choosing(Choice.FIRST, gpt), 5, Duration.ofSeconds(2));
        Attempts attempts = start(pool);
        assertEquals(gpt, attempts.next());
        clock.move(Duration.ofMillis(1900));
        attempts.failed(Cause.OVERLOADED);
        assertEquals(gpt, attempts.next());
        clock.move(Duration.ofMillis(100));
        attempts.failed(Cause.OVERLOADED);
        assertNull(attempts.next());
    }

    @Test
    void doesNotRetryRefusedCredentials() {
        Policy.Pool pool =
                Pools.retrying(Pools.choosing(Choice.FIRST, gpt), 5, Duration.ofSeconds(2));
        Attempts attempts = start(pool);
        assertEquals(gpt, attempts.next());
        attempts.failed(Cause.UNAUTHORIZED);
        assertNull(attempts.next());
        assertEquals(Cause.UNAUTHORIZED, attempts.cause());
    }

    @Test
    void nothingIsTriedAfterTheFirstByte() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), llama);
        Attempts attempts = start(Pools.retrying(pool, 3, Duration.ofSeconds(9)));
        assertEquals(gpt, attempts.next());
        attempts.firstByte();
        attempts.failed(Cause.TIMEOUT);
        assertNull(attempts.next());
        assertEquals(Exhausted.ANSWERED, attempts.exhausted());
    }

    @Test
    void nothingIsTriedAfterTheClientLeft() {
        Attempts attempts = start(Pools.then(Pools.choosing(Choice.FIRST, gpt), llama));
        assertEquals(gpt, attempts.next());
        attempts.abandoned();
        assertNull(attempts.next());
        assertEquals(Exhausted.ABANDONED, attempts.exhausted());
        assertEquals(0, states.view().getFirst().inFlight());
        attempts.abandoned();
        assertEquals(0, states.view().getFirst().inFlight());
    }

    @Test
    void refusesWhatLiesOutsideTheRegions() {
        Policy.Pool pool = Pools.weighted(List.of(gpt, claude), 5000, 5000);
        pool = Pools.then(Pools.then(pool, llama), mistral);
        Attempts attempts = start(new Policy.Target.ToPool(pool), Pools.request(42, "eu"));
        assertEquals(mistral, attempts.next());
        assertEquals(
                Set.of(gpt, claude, llama),
                attempts.passedOver().stream()
                        .filter(passed -> passed.why() == Why.OUTSIDE_REGIONS)
                        .map(PassedOver::model)
                        .collect(Collectors.toSet()));
        assertEquals(1, attempts.count());

        Attempts nowhere = start(new Policy.Target.ToModel(gpt), Pools.request(42, "eu", "uk"));
        assertNull(nowhere.next());
        assertEquals(Exhausted.OUTSIDE_REGIONS, nowhere.exhausted());
        assertEquals(List.of(new PassedOver(gpt, Why.OUTSIDE_REGIONS)), nowhere.passedOver());
        assertEquals(0, nowhere.count());
    }

    @Test
    void skipsOpenBreakersWhateverTheCauses() {
        open(gpt);
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), llama, Cause.UNAUTHORIZED);
        Attempts attempts = start(pool);
        assertEquals(llama, attempts.next());
        assertEquals(List.of(new PassedOver(gpt, Why.BREAKER_OPEN)), attempts.passedOver());
        attempts.failed(Cause.UNAUTHORIZED);

        open(llama);
        Attempts none = start(pool);
        assertNull(none.next());
        assertEquals(Exhausted.BREAKERS_OPEN, none.exhausted());
        assertEquals(2, none.passedOver().size());
        assertEquals(Breaker.STAY_NANOS_MIN, none.breakerWaitNanos());
        assertNull(none.cause());
    }

    @Test
    void skipsAnOpenFallback() {
        open(claude);
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), claude);
        Attempts attempts = start(Pools.then(pool, llama));
        assertEquals(gpt, attempts.next());
        attempts.failed(Cause.SERVER_ERROR);
        assertEquals(llama, attempts.next());
    }

    @Test
    void doesNotRetryWhereTheBreakerOpened() {
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, gpt), llama);
        Attempts attempts = start(Pools.retrying(pool, 9, Duration.ofSeconds(60)));
        List<Policy.Model> called = new ArrayList<>();
        for (var next = attempts.next(); !llama.equals(next); next = attempts.next()) {
            assertNotNull(next);
            called.add(next);
            attempts.failed(Cause.UNREACHABLE);
        }
        assertEquals(Breaker.CONSECUTIVE_FAILURES_MAX, called.size());
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void breakersCountWhatTheTargetIsToBlameFor(Cause cause) {
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = start(new Policy.Target.ToModel(gpt));
            assertEquals(gpt, attempts.next());
            attempts.failed(cause);
        }
        BreakerState expected =
                switch (cause) {
                    case TIMEOUT, OVERLOADED, SERVER_ERROR, UNREACHABLE -> BreakerState.OPEN;
                    case RATE_LIMITED, UNAUTHORIZED -> BreakerState.CLOSED;
                };
        assertEquals(expected, states.view().getFirst().breaker());
    }

    @Test
    void aProbeClosesAtItsFirstByte() {
        open(gpt);
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
        Attempts probe = start(new Policy.Target.ToModel(gpt));
        assertEquals(gpt, probe.next());
        assertNull(start(new Policy.Target.ToModel(gpt)).next(), "one probe at a time");
        probe.firstByte();
        Attempts behind = start(new Policy.Target.ToModel(gpt));
        assertEquals(gpt, behind.next());
        behind.completed();
        probe.completed();
        assertEquals(0, states.view().getFirst().inFlight());
    }

    @Test
    void aProbeWhoseClientLeavesMakesRoomForTheNext() {
        open(gpt);
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
        Attempts probe = start(new Policy.Target.ToModel(gpt));
        assertEquals(gpt, probe.next());
        probe.abandoned();
        assertEquals(gpt, start(new Policy.Target.ToModel(gpt)).next());
    }

    @Test
    void aRateLimitedProbeShowsThatTheProviderIsBack() {
        open(gpt);
        clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
        Attempts probe = start(new Policy.Target.ToModel(gpt));
        assertEquals(gpt, probe.next());
        probe.failed(Cause.RATE_LIMITED);
        assertEquals(BreakerState.CLOSED, states.view().getFirst().breaker());
    }

    @Test
    void attemptsMustBeEndedOnce() {
        Attempts attempts = start(new Policy.Target.ToModel(gpt));
        assertThrows(IllegalStateException.class, attempts::completed);
        assertEquals(gpt, attempts.next());
        assertThrows(IllegalStateException.class, () -> attempts.next());
        attempts.completed();
        assertThrows(IllegalStateException.class, () -> attempts.failed(Cause.TIMEOUT));
    }

    private void open(Policy.Model model) {
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = start(new Policy.Target.ToModel(model));
            assertEquals(model, attempts.next());
            attempts.failed(Cause.UNREACHABLE);
        }
    }

    private Attempts start(Policy.Pool pool) {
        return start(new Policy.Target.ToPool(pool), Pools.request(42));
    }

    private Attempts start(Policy.Target target) {
        return start(target, Pools.request(42));
    }

    private Attempts start(Policy.Target target, RoutedRequest request) {
        return Attempts.start(target, request, states, Pools.trials());
    }
}
