package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import dev.writ.engine.routing.PassedOver.Why;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Models that cannot take a request are passed over.
class NeedsTest {
    private final HandClock clock = new HandClock();
    private final TargetStates states = new TargetStates(clock);
    private final Policy.Model able = Pools.model("able");

    private Attempts start(Policy.Pool pool, RoutedRequest request) {
        return Attempts.start(new Policy.Target.ToPool(pool), request, states, Pools.trials());
    }

    /// A model that can do all but one thing.
    private static Policy.Model without(Capability capability) {
        Set<Capability> others = new HashSet<>(Set.of(Capability.values()));
        others.remove(capability);
        return Pools.model("unable", 0, others.toArray(Capability[]::new));
    }

    @ParameterizedTest
    @EnumSource(Capability.class)
    void aModelThatDoesNotSayItCanIsPassedOver(Capability capability) {
        Policy.Model unable = without(capability);
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, unable), able, Cause.TIMEOUT);
        Attempts attempts = start(pool, Pools.needing(0, capability));
        assertEquals(able, attempts.next(), "whatever the fallback's causes");
        assertEquals(
                List.of(new PassedOver(unable, Why.without(capability))), attempts.passedOver());
        attempts.completed();

        Attempts alone = start(Pools.choosing(Choice.FIRST, unable), Pools.needing(0, capability));
        assertNull(alone.next());
        assertEquals(Exhausted.UNABLE, alone.exhausted());
        assertEquals(0, alone.count());

        Attempts other = start(pool, Pools.request(42));
        assertEquals(unable, other.next(), "a request that does not need it");
    }

    @Test
    void aModelThatSaysNothingCanDoEverything() {
        Attempts attempts =
                start(
                        Pools.choosing(Choice.FIRST, able),
                        Pools.needing(Long.MAX_VALUE, Capability.values()));
        assertEquals(able, attempts.next());
    }

    @Test
    void aPromptGoesOnlyWhereItFits() {
        Policy.Model small = Pools.model("small", 1_000);
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, small), able);
        assertEquals(small, start(pool, Pools.needing(1_000)).next());
        Attempts larger = start(pool, Pools.needing(1_001));
        assertEquals(able, larger.next());
        assertEquals(List.of(new PassedOver(small, Why.CONTEXT_TOO_SMALL)), larger.passedOver());
    }

    @Test
    void aProviderWithoutTheEndpointIsPassedOver() {
        Policy.Model chat = Pools.model("chat");
        Attempts attempts =
                start(
                        Pools.then(Pools.choosing(Choice.FIRST, chat), able),
                        Pools.request(
                                42,
                                new Needs(Set.of(), 0, model -> !model.equals(chat)),
                                Estimate.UNKNOWN));
        assertEquals(able, attempts.next());
        assertEquals(List.of(new PassedOver(chat, Why.NO_ENDPOINT)), attempts.passedOver());
    }

    @Test
    void requestsOfAMemberThatCannotAreDealtOutToTheOthers() {
        Policy.Model unable = without(Capability.TOOLS);
        Policy.Pool pool = Pools.weighted(List.of(unable, able), 9_000, 1_000);
        for (int i = 0; i < 50; i++) {
            Attempts attempts =
                    start(
                            pool,
                            Pools.request(
                                    i * 0x9e3779b97f4a7c15L,
                                    new Needs(Set.of(Capability.TOOLS), 0, _ -> true),
                                    Estimate.UNKNOWN));
            assertEquals(able, attempts.next());
            attempts.abandoned();
        }
    }

    @Test
    void afterAFailureAFallbackThatCannotIsPassedOver() {
        Policy.Model unable = without(Capability.VISION);
        Policy.Pool pool = Pools.then(Pools.choosing(Choice.FIRST, able), unable);
        Attempts attempts = start(pool, Pools.needing(0, Capability.VISION));
        assertEquals(able, attempts.next());
        attempts.failed(Cause.OVERLOADED);
        assertNull(attempts.next());
        assertEquals(Exhausted.FAILED, attempts.exhausted(), "what failed is told");
    }

    @Test
    void whatMayPassIsToldBeforeWhatWillNot() {
        Policy.Model unable = without(Capability.TOOLS);
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts = start(Pools.choosing(Choice.FIRST, able), Pools.request(42));
            attempts.next();
            attempts.failed(Cause.TIMEOUT);
        }
        Attempts attempts =
                start(
                        Pools.then(Pools.choosing(Choice.FIRST, unable), able),
                        Pools.needing(0, Capability.TOOLS));
        assertNull(attempts.next());
        assertEquals(Exhausted.BREAKERS_OPEN, attempts.exhausted());
    }

    @Test
    void outsideOfTheRegionsIsToldOnlyWhereNothingIsInside() {
        Policy.Model inside =
                new Policy.Model(
                        0,
                        "inside",
                        Pools.SPAN,
                        Pools.model("inside", "eu", 1, 1).provider(),
                        "inside",
                        0,
                        null,
                        Set.of(Capability.STREAMING));
        RoutedRequest request =
                Pools.request(
                        42,
                        new Needs(Set.of(Capability.TOOLS), 0, _ -> true),
                        Estimate.UNKNOWN,
                        "eu");
        Attempts attempts = start(Pools.then(Pools.choosing(Choice.FIRST, able), inside), request);
        assertNull(attempts.next());
        assertEquals(Exhausted.UNABLE, attempts.exhausted());
    }

    @Test
    void whatARequestHasTellsWhatItNeeds() {
        assertEquals(Set.of(), Needs.abilities(false, false, null, false, false));
        assertEquals(Set.of(), Needs.abilities(false, false, "text", false, false));
        assertEquals(
                Set.of(Capability.JSON),
                Needs.abilities(false, false, "json_schema", false, false));
        assertEquals(
                Set.of(Capability.values()),
                Needs.abilities(true, true, "json_object", true, true));
    }
}
