package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Canary;
import dev.writ.dsl.policy.Policy.Pool.Canary.By;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import dev.writ.dsl.policy.Side;
import dev.writ.engine.routing.Attempts.Racer;
import dev.writ.engine.routing.PassedOver.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A new model that a share of the requests tries first.
class CanaryTest {
    private static final int FAILURES = 3;

    private final HandClock clock = new HandClock();
    private final TargetStates states = new TargetStates(clock);
    private final Policy.Model gpt = Pools.model("gpt");
    private final Policy.Model claude = Pools.model("claude");
    private final Policy.Model fresh = Pools.model("fresh");
    private final Policy.Pool plain = Pools.then(Pools.choosing(Choice.FIRST, gpt), claude);
    private final Policy.Pool pool = trying(plain, fresh);
    private final Trials trials = Pools.trials(pool);

    private static Policy.Pool trying(Policy.Pool pool, Policy.Model model) {
        return Pools.trying(pool, new Canary(model, 500, By.REQUEST, new Canary.Stop(3_000, 10)));
    }

    private Attempts start(Policy.Pool of, RoutedRequest request) {
        return start(of, request, Pools.trials(of));
    }

    private Attempts start(Policy.Pool of, RoutedRequest request, Trials known) {
        return Attempts.start(new Policy.Target.ToPool(of), request, states, known);
    }

    /// A request that is of those that try the canary.
    private static RoutedRequest in() {
        return Pools.request(42).on(Side.IN, Side.OUT);
    }

    /// A request under way with the canary.
    private Attempts tried() {
        Attempts attempts = start(pool, in(), trials);
        assertEquals(fresh, attempts.next());
        return attempts;
    }

    private TrialView view() {
        return trials.view().getFirst();
    }

    private void assertCounted(int requests, int failures) {
        assertEquals(requests, view().requests());
        assertEquals(failures, view().failures());
    }

    // ── Which requests ───────────────────────────────────────────────────────────────────────

    private static RoutedRequest request(String id, String team, String user) {
        return new RoutedRequest(
                RequestHash.of("policy", id),
                "policy",
                team,
                user,
                Set.of(),
                Needs.NOTHING,
                Estimate.UNKNOWN,
                Side.DRAWN,
                Side.DRAWN);
    }

    @ParameterizedTest
    @EnumSource(By.class)
    void theShareIsOfWhatStaysOnOneSide(By by) {
        Canary canary = new Canary(fresh, 1_000, by, null);
        int in = 0;
        for (int i = 0; i < 20_000; i++) {
            RoutedRequest request = request("r" + i, "team" + i, "user" + i);
            boolean is = CanaryChoice.isIn(canary, request);
            in += is ? 1 : 0;
            assertEquals(is, CanaryChoice.bucket(canary, request) < 1_000);
            String sameUser = by == By.USER ? "user" + i : "other";
            String sameTeam = by == By.REQUEST ? "other" : "team" + i;
            String sameId = by == By.REQUEST ? "r" + i : "other";
            assertEquals(is, CanaryChoice.isIn(canary, request(sameId, sameTeam, sameUser)));
        }
        assertTrue(Math.abs(in - 2_000) < 200, by + ": " + in);
    }

    @Test
    void aLargerShareKeepsWhomItHad() {
        Canary few = new Canary(fresh, 500, By.USER, null);
        Canary many = new Canary(fresh, 2_000, By.USER, null);
        for (int i = 0; i < 5_000; i++) {
            RoutedRequest request = request("r", "team", "user" + i);
            assertTrue(!CanaryChoice.isIn(few, request) || CanaryChoice.isIn(many, request));
        }
    }

    @Test
    void theNextNewModelIsTriedOnOthers() {
        Canary one = new Canary(fresh, 1_000, By.USER, null);
        Canary other = new Canary(claude, 1_000, By.USER, null);
        int both = 0;
        for (int i = 0; i < 10_000; i++) {
            RoutedRequest request = request("r", "team", "user" + i);
            both += CanaryChoice.isIn(one, request) && CanaryChoice.isIn(other, request) ? 1 : 0;
        }
        assertTrue(both > 50 && both < 160, "a tenth of a tenth, not " + both);
    }

    @Test
    void usersOfDifferentTeamsAreDifferent() {
        Canary canary = new Canary(fresh, 1_000, By.USER, null);
        assertNotEquals(
                CanaryChoice.bucket(canary, request("r", "ab", "c")),
                CanaryChoice.bucket(canary, request("r", "a", "bc")));
    }

    @Test
    void whichMemberAnswersSaysNothingOfTheCanary() {
        Canary canary = new Canary(fresh, 5_000, By.REQUEST, null);
        int both = 0;
        for (int i = 0; i < 20_000; i++) {
            RoutedRequest request = request("r" + i, "team", "user");
            boolean firstHalf = Attempts.bucket(request.hash()) < 5_000;
            both += firstHalf && CanaryChoice.isIn(canary, request) ? 1 : 0;
        }
        assertTrue(Math.abs(both - 5_000) < 300, "a quarter, not " + both);
    }

    // ── The way of a request ─────────────────────────────────────────────────────────────────

    @Test
    void othersGoTheirWay() {
        Attempts attempts = start(pool, Pools.request(42).on(Side.OUT, Side.OUT), trials);
        assertEquals(gpt, attempts.next());
        assertEquals(Role.FIRST, attempts.role());
        attempts.completed();
        assertCounted(0, 0);
    }

    @Test
    void itsAnswerIsTheClients() {
        Attempts attempts = tried();
        assertEquals(Role.CANARY, attempts.role());
        attempts.completed();
        assertEquals(Exhausted.ANSWERED, attempts.exhausted());
        assertCounted(1, 0);
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void whenItFailsTheRequestGoesOnAsIfThereWereNone(Cause cause) {
        Policy.Pool retrying =
                trying(
                        Pools.then(
                                Pools.retrying(
                                        Pools.choosing(Choice.FIRST, gpt),
                                        1,
                                        Duration.ofSeconds(2)),
                                claude,
                                Cause.OVERLOADED),
                        fresh);
        Attempts attempts = start(retrying, in());
        List<String> called = new ArrayList<>();
        Cause with = cause;
        for (var next = attempts.next(); next != null; next = attempts.next()) {
            assertEquals(next.equals(fresh), attempts.role() == Role.CANARY);
            assertEquals(attempts.role() == Role.AGAIN, attempts.delayNanos() > 0);
            called.add(next.name());
            attempts.failed(with);
            with = Cause.OVERLOADED;
        }
        assertEquals(List.of("fresh", "gpt", "gpt", "claude", "claude"), called);
        assertEquals(Exhausted.FAILED, attempts.exhausted());
        assertEquals(Cause.OVERLOADED, attempts.cause());
    }

    @Test
    void afterItsFirstByteItIsFinal() {
        Attempts attempts = tried();
        attempts.firstByte();
        attempts.failed(Cause.SERVER_ERROR);
        assertNull(attempts.next());
        assertEquals(Exhausted.ANSWERED, attempts.exhausted());
        assertCounted(1, 1);
    }

    @Test
    void aRefusalOfTheRequestIsNotForTheClient() {
        Attempts attempts = tried();
        assertFalse(attempts.isRefusalFinal(Racer.FIRST));
        attempts.refused();
        assertEquals(gpt, attempts.next());
        assertTrue(attempts.isRefusalFinal(Racer.FIRST));
        attempts.refused();
        assertNull(attempts.next());
        assertEquals(Exhausted.ANSWERED, attempts.exhausted());
        assertCounted(0, 0);
    }

    @Test
    void whatIsLeftOutForAnyModelIsForTheCanary() {
        Policy.Model mute = Pools.model("mute", 0, Capability.JSON);
        Policy.Pool unable = trying(plain, mute);
        Attempts attempts = start(unable, Pools.needing(0, Capability.TOOLS).on(Side.IN, Side.OUT));
        assertEquals(gpt, attempts.next());
        assertEquals(List.of(new PassedOver(mute, Why.NO_TOOLS, true)), attempts.passedOver());

        Policy.Pool outside =
                trying(Pools.choosing(Choice.FIRST, Pools.model("eu", "eu", 1, 1)), gpt);
        Attempts inEurope = start(outside, Pools.request(42, "eu").on(Side.IN, Side.OUT));
        assertEquals("eu", name(inEurope.next()));
        assertEquals(
                List.of(new PassedOver(gpt, Why.OUTSIDE_REGIONS, true)), inEurope.passedOver());
    }

    private static @Nullable String name(Policy.@Nullable Model model) {
        return model == null ? null : model.name();
    }

    @Test
    void whatItMetDoesNotTellTheClientWhyNothingIsLeft() {
        Policy.Model mute = Pools.model("mute", 0, Capability.JSON);
        Policy.Pool unable = trying(Pools.choosing(Choice.FIRST, mute), fresh);
        RoutedRequest tools = Pools.needing(0, Capability.TOOLS).on(Side.IN, Side.OUT);
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = start(unable, tools);
            assertEquals(fresh, attempts.next());
            attempts.failed(Cause.TIMEOUT);
            assertNull(attempts.next());
            assertEquals(Exhausted.UNABLE, attempts.exhausted(), "as without a canary");
            assertNull(attempts.cause());
        }
        Attempts open = start(unable, tools);
        assertNull(open.next());
        assertEquals(Exhausted.UNABLE, open.exhausted(), "the open breaker is the canary's");
        assertEquals(0, open.breakerWaitNanos());
    }

    @Test
    void aFallbackThatWasTheCanaryIsNotTriedTwice() {
        Policy.Pool both = trying(Pools.then(Pools.choosing(Choice.FIRST, gpt), fresh), fresh);
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = start(both, Pools.request(1).on(Side.OUT, Side.OUT));
            attempts.next();
            attempts.failed(Cause.TIMEOUT);
            attempts.next();
            attempts.completed();
        }
        Attempts attempts = start(both, in());
        assertEquals(fresh, attempts.next());
        attempts.failed(Cause.OVERLOADED);
        assertNull(attempts.next(), "the breaker of gpt is open");
        assertEquals(Exhausted.FAILED, attempts.exhausted());
        assertEquals(Cause.OVERLOADED, attempts.cause());
    }

    // ── What counts ──────────────────────────────────────────────────────────────────────────

    @Test
    void aFailureCountsIfAnotherModelAnswers() {
        Attempts attempts = tried();
        attempts.failed(Cause.RATE_LIMITED);
        assertCounted(0, 0);
        attempts.next();
        attempts.completed();
        assertCounted(1, 1);
    }

    @Test
    void whatNoModelCouldAnswerSaysNothingOfIt() {
        Attempts attempts = tried();
        attempts.failed(Cause.TIMEOUT);
        attempts.next();
        attempts.failed(Cause.TIMEOUT);
        attempts.next();
        attempts.failed(Cause.TIMEOUT);
        assertNull(attempts.next());
        assertCounted(0, 0);
    }

    @Test
    void aRefusalCountsIfAnotherModelTakesTheRequest() {
        Attempts attempts = tried();
        attempts.refused();
        attempts.next();
        attempts.completed();
        assertCounted(1, 1);
    }

    @Test
    void aFailureCountsWhereTheOtherFindsTheRequestWrong() {
        Attempts attempts = tried();
        attempts.failed(Cause.TIMEOUT);
        attempts.next();
        attempts.refused();
        assertCounted(1, 1);
    }

    @Test
    void aClientThatLeavesAfterTheFailureHadReasonTo() {
        Attempts failed = tried();
        failed.failed(Cause.TIMEOUT);
        failed.next();
        failed.abandoned();
        assertCounted(1, 1);
        Attempts refused = tried();
        refused.refused();
        refused.next();
        refused.abandoned();
        Attempts early = tried();
        early.abandoned();
        assertCounted(1, 1);
    }

    @Test
    void itsFailuresAreThoseOfItsTarget() {
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = start(pool, in());
            attempts.next();
            attempts.failed(Cause.TIMEOUT);
            attempts.next();
            attempts.completed();
        }
        Attempts open = start(pool, in());
        assertEquals(gpt, open.next());
        assertEquals(List.of(new PassedOver(fresh, Why.BREAKER_OPEN, true)), open.passedOver());
    }

    @Test
    void itIsStoppedByTooManyFailuresAndNoMoreRequestsGoThere() {
        for (int i = 0; i < FAILURES; i++) {
            assertFalse(view().stopped());
            Attempts attempts = tried();
            attempts.failed(Cause.RATE_LIMITED);
            attempts.next();
            attempts.completed();
        }
        assertTrue(view().stopped());
        Attempts after = start(pool, in(), trials);
        assertEquals(gpt, after.next());
        assertEquals(List.of(new PassedOver(fresh, Why.CANARY_STOPPED, true)), after.passedOver());
        after.completed();
        assertEquals(fresh, start(pool, in(), Pools.trials(pool)).next(), "a new policy");
    }

    // ── Hedges ───────────────────────────────────────────────────────────────────────────────

    private Attempts race() {
        Policy.Pool hedging = Pools.hedging(pool, Duration.ofSeconds(2), 10_000);
        Attempts attempts = start(hedging, in(), trials);
        assertEquals(fresh, attempts.next());
        assertEquals(gpt, attempts.hedge(), "the pool's own choice");
        return attempts;
    }

    @Test
    void besideItThePoolsOwnChoiceSaysWhatARequestIs() {
        Attempts attempts = race();
        assertFalse(attempts.isRefusalFinal(Racer.FIRST));
        assertTrue(attempts.isRefusalFinal(Racer.HEDGE));
        attempts.oneRefused(Racer.FIRST);
        attempts.completed();
        assertCounted(1, 1);
        Attempts other = race();
        other.won(Racer.HEDGE);
        other.refused();
        assertEquals(Exhausted.ANSWERED, other.exhausted());
        assertCounted(1, 1);
    }

    @Test
    void whenItFailsBesideTheOtherGoesOn() {
        Attempts attempts = race();
        attempts.oneFailed(Racer.FIRST, Cause.TIMEOUT);
        assertNull(attempts.cause());
        attempts.failed(Cause.OVERLOADED);
        assertEquals(claude, attempts.next());
        attempts.completed();
        assertCounted(1, 1);
        assertEquals(3, attempts.count());
    }

    @Test
    void whenTheOtherFailsBesideItItGoesOn() {
        Attempts attempts = race();
        attempts.oneFailed(Racer.HEDGE, Cause.OVERLOADED);
        attempts.failed(Cause.TIMEOUT);
        assertEquals(claude, attempts.next(), "gpt was tried");
        attempts.completed();
        assertCounted(1, 1);
    }

    @Test
    void oneThatLosesSaysNothing() {
        Attempts lost = race();
        lost.won(Racer.HEDGE);
        lost.completed();
        assertCounted(0, 0);
        Attempts won = race();
        won.won(Racer.FIRST);
        won.completed();
        assertCounted(1, 0);
        states.view().forEach(view -> assertEquals(0, view.inFlight(), view.model()));
    }

    @Test
    void everyPoolHasATrialOfItsOwn() {
        assertNotNull(trials.of(pool));
        assertNull(trials.of(plain));
        assertEquals(new TrialView("pool", "fresh", 500, 0, 0, false), view());
    }
}
