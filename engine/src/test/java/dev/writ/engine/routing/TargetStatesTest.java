package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// What is shared by all threads and survives reloads.
class TargetStatesTest {
    private static final int THREADS = 8;

    private final HandClock clock = new HandClock();
    private final TargetStates states = new TargetStates(clock);
    private final Policy.Model gpt = Pools.model("gpt");
    private final Policy.Model claude = Pools.model("claude");

    @Test
    void aReloadKeepsWhatIsKnown() {
        failUntilOpen(gpt);
        states.keep(Pools.policy(Pools.model("gpt"), claude));
        assertEquals(BreakerState.OPEN, states.view().getFirst().breaker());
    }

    @Test
    void aReloadForgetsIdleTargetsThatAreNotNamed() {
        begin(gpt).completed();
        begin(claude).completed();
        states.keep(Pools.policy(claude));
        assertEquals(List.of("claude"), providers());
    }

    @Test
    void busyTargetsAreForgottenWithTheirLastCall() {
        Attempts one = begin(gpt);
        Attempts two = begin(gpt);
        states.keep(Pools.policy(claude));
        one.completed();
        assertEquals(List.of("gpt"), providers());
        two.abandoned();
        assertEquals(List.of(), providers());
    }

    @Test
    void aTargetThatComesBackIsKept() {
        Attempts one = begin(gpt);
        states.keep(Pools.policy(claude));
        states.keep(Pools.policy(gpt));
        one.completed();
        assertEquals(List.of("gpt"), providers());
    }

    @Test
    void viewTellsLatencyAndCallsUnderWay() {
        Attempts attempts = begin(gpt);
        clock.move(Duration.ofMillis(250));
        attempts.firstByte();
        assertEquals(
                List.of(new TargetView("gpt", "gpt", 1, 250_000, BreakerState.CLOSED)),
                states.view());
        clock.move(Duration.ofSeconds(10));
        long decayed = states.view().getFirst().latencyMicros();
        assertEquals(Math.round(250_000 / Math.E), decayed);
    }

    @Test
    void callsUnderWayAreNeverNegativeAndEndAtZero() throws Exception {
        long seed = 11;
        Policy.Pool pool =
                Pools.then(
                        Pools.choosing(Policy.Pool.Choice.LEAST_IN_FLIGHT, gpt, claude),
                        Pools.model("llama"));
        AtomicBoolean done = new AtomicBoolean();
        try (var executor = Executors.newCachedThreadPool()) {
            Future<Integer> lowest =
                    executor.submit(
                            () -> {
                                int seen = 0;
                                while (!done.get()) {
                                    for (TargetView view : states.view()) {
                                        seen = Math.min(seen, view.inFlight());
                                    }
                                }
                                return seen;
                            });
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                SplittableRandom random = new SplittableRandom(seed + thread);
                workers.add(executor.submit(() -> request(pool, random, 20_000)));
            }
            await(workers);
            done.set(true);
            assertTrue(lowest.get() >= 0, "seed " + seed);
        }
        for (TargetView view : states.view()) {
            assertEquals(0, view.inFlight(), () -> "seed %d: %s".formatted(seed, view));
        }
    }

    private void request(Policy.Pool pool, SplittableRandom random, int times) {
        for (int i = 0; i < times; i++) {
            if (random.nextInt(100) == 0) {
                states.keep(random.nextBoolean() ? Pools.policy(gpt) : Pools.policy(claude));
            }
            Attempts attempts =
                    Attempts.start(
                            new Policy.Target.ToPool(pool),
                            Pools.request(random.nextLong()),
                            states,
                            Pools.trials());
            while (attempts.next() != null) {
                switch (random.nextInt(4)) {
                    case 0 -> attempts.failed(Cause.TIMEOUT);
                    case 1 -> attempts.abandoned();
                    case 2 -> attempts.completed();
                    default -> {
                        attempts.firstByte();
                        attempts.failed(Cause.SERVER_ERROR);
                    }
                }
            }
        }
    }

    @Test
    void ofManyThreadsOneProbes() throws Exception {
        for (int round = 0; round < 200; round++) {
            failUntilOpen(gpt);
            clock.move(Duration.ofNanos(Breaker.STAY_NANOS_MIN));
            CountDownLatch together = new CountDownLatch(THREADS);
            List<Attempts> admitted = new ArrayList<>();
            try (var executor = Executors.newFixedThreadPool(THREADS)) {
                List<Future<?>> workers = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    workers.add(
                            executor.submit(
                                    () -> {
                                        Attempts attempts = start(gpt);
                                        together.countDown();
                                        together.await();
                                        if (attempts.next() != null) {
                                            synchronized (admitted) {
                                                admitted.add(attempts);
                                            }
                                        }
                                        return null;
                                    }));
                }
                await(workers);
            }
            assertEquals(1, admitted.size(), "round " + round);
            admitted.getFirst().completed();
            assertEquals(BreakerState.CLOSED, states.view().getFirst().breaker());
        }
    }

    private static void await(List<Future<?>> workers)
            throws InterruptedException, ExecutionException {
        for (Future<?> worker : workers) {
            worker.get();
        }
    }

    private List<String> providers() {
        return states.view().stream().map(TargetView::provider).toList();
    }

    private void failUntilOpen(Policy.Model model) {
        for (int i = 0; i < Breaker.CONSECUTIVE_FAILURES_MAX; i++) {
            begin(model).failed(Cause.UNREACHABLE);
        }
    }

    private Attempts begin(Policy.Model model) {
        Attempts attempts = start(model);
        assertNotNull(attempts.next());
        return attempts;
    }

    private Attempts start(Policy.Model model) {
        return Attempts.start(
                new Policy.Target.ToModel(model), Pools.request(1), states, Pools.trials());
    }
}
