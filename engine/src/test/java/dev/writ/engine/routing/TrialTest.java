package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Policy.Pool.Canary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the canary of a pool fares.
class TrialTest {
    private final AtomicInteger told = new AtomicInteger();

    private Trial trial(int basisPoints, int requests) {
        return new Trial(new Canary.Stop(basisPoints, requests), told::incrementAndGet);
    }

    @Test
    void isStoppedByTheLastFailureThatMayBe() {
        Trial trial = trial(2_000, 10);
        trial.failed();
        assertFalse(trial.isStopped(), "2 of 10");
        trial.failed();
        assertTrue(trial.isStopped(), "whether or not 10 requests have come");
        assertEquals(1, told.get());
        trial.failed();
        assertEquals(1, told.get(), "told once");
    }

    @Test
    void isStoppedForGood() {
        Trial trial = trial(10_000, 1);
        trial.failed();
        for (int i = 0; i < 100; i++) {
            trial.answered();
        }
        assertEquals(0, trial.failures());
        assertTrue(trial.isStopped());
    }

    @Test
    void failuresAreForgottenWithTheRequestsThatTheyWereOf() {
        Trial trial = trial(2_000, 10);
        for (int round = 0; round < 50; round++) {
            trial.failed();
            for (int i = 0; i < 9; i++) {
                trial.answered();
            }
        }
        assertFalse(trial.isStopped());
        assertEquals(1, trial.failures());
        assertEquals(10, trial.requests());
        trial.answered();
        assertEquals(0, trial.failures());
    }

    @Test
    void withoutAStopNothingStopsIt() {
        Trial trial = new Trial(null, told::incrementAndGet);
        for (int i = 0; i < 3 * Trial.REQUESTS_DEFAULT; i++) {
            trial.failed();
        }
        assertFalse(trial.isStopped());
        assertEquals(Trial.REQUESTS_DEFAULT, trial.failures());
        assertEquals(0, told.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 100, 1_000})
    void countsWhatAListOfTheLatestWould(int requests) {
        long seed = 20_261_125L + requests;
        SplittableRandom random = new SplittableRandom(seed);
        Trial trial = trial(10_000, requests);
        Deque<Boolean> latest = new ArrayDeque<>();
        for (int i = 0; i < 5 * requests + 100; i++) {
            boolean failure = random.nextInt(3) == 0;
            if (failure) {
                trial.failed();
            } else {
                trial.answered();
            }
            latest.addLast(failure);
            if (latest.size() > requests) {
                latest.removeFirst();
            }
            assertEquals(latest.size(), trial.requests());
            assertEquals(
                    latest.stream().filter(failed -> failed).count(),
                    trial.failures(),
                    "seed " + seed + ", request " + i);
        }
    }

    @Test
    void manyThreadsLoseNoFailure() throws InterruptedException {
        Trial trial = trial(10_000, 10_000);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 1_000; i++) {
                                            if (i % 4 == 0) {
                                                trial.failed();
                                            } else {
                                                trial.answered();
                                            }
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(8_000, trial.requests());
        assertEquals(2_000, trial.failures());
    }
}
