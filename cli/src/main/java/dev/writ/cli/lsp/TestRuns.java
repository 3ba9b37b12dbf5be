package dev.writ.cli.lsp;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.testing.TestExplanation;
import dev.writ.engine.testing.TestResult;
import dev.writ.engine.testing.TestRunner;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Runs tests of open policies, on a thread of its own: an editor never waits for them.
///
/// What is planned belongs to a round, which ends with the next edit; it runs after a pause, and
/// ends with its round, between two tests.
final class TestRuns implements AutoCloseable {
    /// How long nobody types before tests are run.
    static final Duration PAUSE = Duration.ofMillis(400);

    /// How long the tests of a policy may take; those that are left then are not run.
    static final Duration TIME_MAX = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(TestRuns.class.getName());

    private final Function<PolicySnapshot, ToLongFunction<String>> sizes;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicLong round = new AtomicLong();
    private final Queue<Future<?>> planned = new ConcurrentLinkedQueue<>();

    /// @param sizes counts the tokens of prompts to a policy, as the gateway would
    TestRuns(Function<PolicySnapshot, ToLongFunction<String>> sizes) {
        this.sizes = sizes;
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("writ-lsp-tests").factory());
        thread.setRemoveOnCancelPolicy(true);
    }

    /// Returns the number of the round.
    long round() {
        return round.get();
    }

    /// Ends the round, with what is planned and under way. Any thread.
    void cancel() {
        round.incrementAndGet();
        for (Future<?> plan = planned.poll(); plan != null; plan = planned.poll()) {
            plan.cancel(false);
        }
    }

    /// Runs all tests of a policy after the pause, unless the round ends before them.
    ///
    /// @param of the round in which the policy was read
    /// @param done is told the results by the names of the tests, on the thread of the tests
    void plan(long of, Policy policy, Consumer<Map<String, TestResult>> done) {
        planned.removeIf(Future::isDone);
        planned.add(
                thread.schedule(
                        () -> {
                            try {
                                Map<String, TestResult> results = run(policy, policy.tests(), of);
                                if (round.get() == of) {
                                    done.accept(results);
                                }
                            } catch (RejectedExecutionException e) {
                                LOG.log(Level.FINE, "the editor is gone", e);
                            } catch (RuntimeException | StackOverflowError e) {
                                LOG.log(Level.SEVERE, "the tests of a policy could not run", e);
                            }
                        },
                        PAUSE.toMillis(),
                        TimeUnit.MILLISECONDS));
    }

    /// Runs some tests of a policy at once, whatever is edited meanwhile; ends the round.
    CompletableFuture<Map<String, TestResult>> now(Policy policy, List<PolicyTest> tests) {
        cancel();
        return CompletableFuture.supplyAsync(() -> run(policy, tests, -1), thread);
    }

    /// Runs a test at once, and tells of its requests what was asked about each; ends the round.
    CompletableFuture<List<TestExplanation>> explain(Policy policy, PolicyTest test) {
        cancel();
        return CompletableFuture.supplyAsync(() -> runner(policy).explain(test), thread);
    }

    /// @param of the round that must go on; -1 for any
    private Map<String, TestResult> run(Policy policy, List<PolicyTest> tests, long of) {
        Map<String, TestResult> results = new LinkedHashMap<>();
        TestRunner runner = runner(policy);
        long started = System.nanoTime();
        for (PolicyTest test : tests) {
            boolean ended = of >= 0 && round.get() != of;
            if (ended || System.nanoTime() - started > TIME_MAX.toNanos()) {
                break;
            }
            results.put(test.name(), runner.run(test));
        }
        return results;
    }

    private TestRunner runner(Policy policy) {
        PolicySnapshot snapshot = PolicySnapshot.compile(policy);
        return new TestRunner(snapshot, sizes.apply(snapshot), System::nanoTime, null);
    }

    /// Waits for nothing: tests that are under way tell nobody any more.
    @Override
    public void close() {
        cancel();
        thread.shutdownNow();
    }
}
