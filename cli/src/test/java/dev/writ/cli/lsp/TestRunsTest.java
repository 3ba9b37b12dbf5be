package dev.writ.cli.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.testing.TestResult;
import dev.writ.server.serving.ProviderVocabulary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// When planned tests run, and when they no longer do.
final class TestRunsTest {
    private static final String POLICY =
            """
            policy "p" language 1
            provider here { kind simulated  region eu }
            model small on here "small" { context 128k tokens }
            route chat { rest otherwise -> small }
            team dev {
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }
            rule large on request when prompt.tokens > 50k deny 413 "Send less."
            test "one" for team dev, route chat { case prompt "a" => allow }
            test "two" for team dev, route chat { case prompt "b" => allow }
            test "three" for team dev, route chat { case prompt "c" => allow }
            """;

    private static Policy policy() {
        SourceTree tree = new SourceTree("p.writ", List.of(new Source("p.writ", POLICY)));
        return ((CheckResult.Usable) Checker.check(tree, ProviderVocabulary.VOCABULARY)).policy();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(60, TimeUnit.SECONDS));
    }

    @Test
    void theNextEditEndsThemBetweenTwoTests() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch edited = new CountDownLatch(1);
        AtomicInteger prompts = new AtomicInteger();
        TestRuns runs =
                new TestRuns(
                        _ ->
                                prompt -> {
                                    prompts.incrementAndGet();
                                    begun.countDown();
                                    try {
                                        await(edited);
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    return prompt.length();
                                });
        try (runs) {
            Policy policy = policy();
            CompletableFuture<Map<String, TestResult>> first = new CompletableFuture<>();
            CompletableFuture<Map<String, TestResult>> second = new CompletableFuture<>();
            runs.plan(runs.round(), policy, first::complete);
            await(begun);
            runs.cancel();
            edited.countDown();
            runs.plan(runs.round(), policy, second::complete);
            assertEquals(3, second.get(60, TimeUnit.SECONDS).size());
            assertFalse(first.isDone());
            assertEquals(1 + 3, prompts.get());
        }
    }

    @Test
    void whatIsPlannedAndEditedBeforeThePauseIsOverNeverRuns() throws Exception {
        AtomicInteger prompts = new AtomicInteger();
        TestRuns runs =
                new TestRuns(
                        _ ->
                                prompt -> {
                                    prompts.incrementAndGet();
                                    return prompt.length();
                                });
        try (runs) {
            Policy policy = policy();
            CompletableFuture<Map<String, TestResult>> done = new CompletableFuture<>();
            long old = runs.round();
            runs.plan(old, policy, done::complete);
            runs.cancel();
            runs.plan(old, policy, done::complete); // was read before the edit
            CompletableFuture<Map<String, TestResult>> last = new CompletableFuture<>();
            runs.plan(runs.round(), policy, last::complete);
            assertEquals(3, last.get(60, TimeUnit.SECONDS).size());
            assertEquals(3, prompts.get());
            assertFalse(done.isDone());
        }
    }

    @Test
    void whatIsToldToRunRunsAtOnceWhateverIsEdited() throws Exception {
        try (TestRuns runs = new TestRuns(_ -> String::length)) {
            Policy policy = policy();
            var now = runs.now(policy, policy.tests().subList(0, 2));
            runs.cancel();
            assertEquals(
                    List.of("one", "two"), List.copyOf(now.get(60, TimeUnit.SECONDS).keySet()));
        }
    }
}
