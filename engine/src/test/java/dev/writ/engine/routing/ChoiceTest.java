package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which member is tried first, for each choice.
class ChoiceTest {
    private final HandClock clock = new HandClock();
    private final TargetStates states = new TargetStates(clock);
    private final Policy.Model gpt = Pools.model("gpt");
    private final Policy.Model claude = Pools.model("claude");
    private final Policy.Model llama = Pools.model("llama");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sharesAreExactToTheBasisPointOfTheBucket(long seed) {
        Policy.Pool pool = Pools.weighted(List.of(gpt, claude, llama), 6999, 3000, 1);
        SplittableRandom random = new SplittableRandom(seed);
        boolean[] seen = new boolean[10_000];
        for (int i = 0; i < 200_000; i++) {
            long hash = random.nextLong();
            int bucket = Attempts.bucket(hash);
            seen[bucket] = true;
            Policy.Model expected = bucket < 6999 ? gpt : bucket < 9999 ? claude : llama;
            assertEquals(expected, choose(pool, hash), () -> "seed %d".formatted(seed));
        }
        for (int bucket = 0; bucket < seen.length; bucket++) {
            assertTrue(seen[bucket], "seed %d: no hash met bucket %d".formatted(seed, bucket));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void sharesComeOutAsWritten(long seed) {
        Policy.Pool pool = Pools.weighted(List.of(gpt, claude, llama), 7000, 2500, 500);
        Map<String, Integer> counts = new HashMap<>();
        SplittableRandom random = new SplittableRandom(seed);
        int requests = 100_000;
        for (int i = 0; i < requests; i++) {
            counts.merge(choose(pool, random.nextLong()).name(), 1, Integer::sum);
        }
        assertShare(0.70, counts.getOrDefault(gpt.name(), 0), requests, seed);
        assertShare(0.25, counts.getOrDefault(claude.name(), 0), requests, seed);
        assertShare(0.05, counts.getOrDefault(llama.name(), 0), requests, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void requestsOfAnOpenMemberAreDealtOutByTheOthersShares(long seed) {
        Policy.Pool pool = Pools.weighted(List.of(gpt, claude, llama), 5000, 4000, 1000);
        TargetStates broken = new TargetStates(clock);
        open(gpt, broken);
        Map<String, Integer> displaced = new HashMap<>();
        SplittableRandom random = new SplittableRandom(seed);
        int count = 0;
        for (int i = 0; i < 100_000; i++) {
            long hash = random.nextLong();
            Policy.Model usual = choose(pool, hash);
            Policy.Model now = choose(pool, hash, Estimate.UNKNOWN, broken);
            if (usual.equals(gpt)) {
                displaced.merge(now.name(), 1, Integer::sum);
                count++;
            } else {
                assertEquals(usual, now, () -> "seed %d: stays where it was".formatted(seed));
            }
        }
        assertShare(0.8, displaced.getOrDefault(claude.name(), 0), count, seed);
        assertShare(0.2, displaced.getOrDefault(llama.name(), 0), count, seed);
        assertEquals(0, displaced.getOrDefault(gpt.name(), 0));
    }

    @ParameterizedTest
    @EnumSource(Choice.class)
    void theLastClosedMemberGetsAll(Choice choice) {
        Policy.Pool pool =
                choice == Choice.WEIGHTED
                        ? Pools.weighted(List.of(gpt, claude, llama), 9000, 500, 500)
                        : Pools.choosing(choice, gpt, claude, llama);
        open(gpt, states);
        open(llama, states);
        for (long hash = 0; hash < 100; hash++) {
            assertEquals(claude, choose(pool, hash));
        }
        open(claude, states);
        Attempts attempts = start(pool, 1, Estimate.UNKNOWN, states);
        assertNull(attempts.next());
        assertEquals(3, attempts.passedOver().size());
    }

    @ParameterizedTest
    @EnumSource(Choice.class)
    void theSameHashMakesTheSameChoice(Choice choice) {
        Policy.Pool pool =
                choice == Choice.WEIGHTED
                        ? Pools.weighted(List.of(gpt, claude, llama), 3000, 3000, 4000)
                        : Pools.choosing(choice, gpt, claude, llama);
        for (long hash = 0; hash < 100; hash++) {
            assertEquals(choose(pool, hash), choose(pool, hash));
        }
    }

    @Test
    void aMemberWithoutShareIsNeverChosen() {
        Policy.Pool pool = Pools.weighted(List.of(gpt, claude), 0, 10_000);
        for (long hash = 0; hash < 1000; hash++) {
            assertEquals(claude, choose(pool, hash));
        }
    }

    @Test
    void leastInFlightPicksTheIdlestAndBreaksTiesByHash() {
        Policy.Pool pool = Pools.choosing(Choice.LEAST_IN_FLIGHT, gpt, claude, llama);
        Map<String, Integer> counts = new HashMap<>();
        for (long hash = 0; hash < 30_000; hash++) {
            counts.merge(choose(pool, hash).name(), 1, Integer::sum);
        }
        for (Policy.Model model : List.of(gpt, claude, llama)) {
            assertShare(1.0 / 3, counts.getOrDefault(model.name(), 0), 30_000, 0);
        }

        Attempts one = begin(gpt);
        Attempts two = begin(llama);
        begin(llama);
        assertEquals(claude, choose(pool, 5));
        Attempts three = begin(claude);
        begin(claude);
        assertEquals(gpt, choose(pool, 5));
        two.completed();
        three.abandoned();
        one.failed(Cause.TIMEOUT);
        assertEquals(gpt, choose(pool, 5));
    }

    @Test
    void fastestTriesTheUnknownThenKeepsToTheFast() {
        Policy.Pool pool = Pools.choosing(Choice.FASTEST, gpt, claude);
        answerAfter(gpt, Duration.ofMillis(10));
        assertEquals(claude, choose(pool, 1), "never tried");
        Attempts trying = begin(claude);
        assertEquals(gpt, choose(pool, 1), "claude is being tried by another");
        clock.move(Duration.ofMillis(300));
        trying.completed();
        assertEquals(gpt, choose(pool, 1));
    }

    @Test
    void fastestWeighsCallsUnderWay() {
        Policy.Pool pool = Pools.choosing(Choice.FASTEST, gpt, claude);
        answerAfter(gpt, Duration.ofMillis(100));
        answerAfter(claude, Duration.ofMillis(250));
        begin(gpt);
        assertEquals(gpt, choose(pool, 1), "2 × 100 ms are less than 250 ms");
        begin(gpt);
        assertEquals(claude, choose(pool, 1), "3 × 100 ms are more than 250 ms");
    }

    @Test
    void fastestLeavesASlowTargetAtOnceAndComesBackWithTime() {
        Policy.Pool pool = Pools.choosing(Choice.FASTEST, gpt, claude);
        answerAfter(gpt, Duration.ofMillis(10));
        answerAfter(claude, Duration.ofMillis(20));
        assertEquals(gpt, choose(pool, 1));
        answerAfter(gpt, Duration.ofMillis(500));
        assertEquals(claude, choose(pool, 1));
        for (int second = 0; second < 60; second++) {
            clock.move(Duration.ofSeconds(1));
            answerAfter(claude, Duration.ofMillis(20));
        }
        assertEquals(gpt, choose(pool, 1));
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void aTargetThatFailsFastIsNotTheFastest(Cause cause) {
        Policy.Pool pool = Pools.choosing(Choice.FASTEST, gpt, claude);
        answerAfter(gpt, Duration.ofMillis(1));
        answerAfter(claude, Duration.ofMillis(900));
        Attempts attempts = begin(gpt);
        clock.move(Duration.ofMillis(1));
        attempts.failed(cause);
        assertEquals(claude, choose(pool, 1));
    }

    @Test
    void cheapestReckonsWithTheRequest() {
        Policy.Model manyIn = Pools.model("many-in", "us", 100, 900);
        Policy.Model manyOut = Pools.model("many-out", "us", 300, 300);
        Policy.Pool pool =
                Pools.choosing(Choice.CHEAPEST, Pools.unpriced("unpriced"), manyIn, manyOut);
        assertEquals(manyIn, choose(pool, 1, new Estimate(1000, 10), states));
        assertEquals(manyOut, choose(pool, 1, new Estimate(10, 1000), states));
        for (long hash = 0; hash < 100; hash++) {
            assertEquals(manyIn, choose(pool, hash, new Estimate(301, 100), states));
        }
    }

    @Test
    void cheapestTakesAModelWithoutPriceLast() {
        Policy.Pool pool = Pools.choosing(Choice.CHEAPEST, Pools.unpriced("unpriced"), gpt);
        open(gpt, states);
        assertEquals("unpriced", choose(pool, 1).name());
    }

    private static void assertShare(double expected, int count, int of, long seed) {
        // Five standard deviations: one run in two million is wrong by chance.
        double deviation = Math.sqrt(of * expected * (1 - expected));
        assertEquals(expected * of, count, 5 * deviation, () -> "seed %d".formatted(seed));
    }

    private void answerAfter(Policy.Model model, Duration latency) {
        Attempts attempts = begin(model);
        clock.move(latency);
        attempts.completed();
    }

    private Attempts begin(Policy.Model model) {
        Attempts attempts =
                Attempts.start(
                        new Policy.Target.ToModel(model), Pools.request(1), states, Pools.trials());
        assertEquals(model, attempts.next());
        return attempts;
    }

    private static void open(Policy.Model model, TargetStates states) {
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            Attempts attempts =
                    Attempts.start(
                            new Policy.Target.ToModel(model),
                            Pools.request(1),
                            states,
                            Pools.trials());
            assertEquals(model, attempts.next());
            attempts.failed(Cause.UNREACHABLE);
        }
    }

    private Policy.Model choose(Policy.Pool pool, long hash) {
        return choose(pool, hash, Estimate.UNKNOWN, states);
    }

    private static Policy.Model choose(
            Policy.Pool pool, long hash, Estimate tokens, TargetStates states) {
        Attempts attempts = start(pool, hash, tokens, states);
        Policy.Model chosen = attempts.next();
        assertNotNull(chosen);
        attempts.abandoned();
        return chosen;
    }

    private static Attempts start(
            Policy.Pool pool, long hash, Estimate tokens, TargetStates states) {
        return Attempts.start(
                new Policy.Target.ToPool(pool),
                Pools.request(hash, Needs.NOTHING, tokens),
                states,
                Pools.trials());
    }
}
