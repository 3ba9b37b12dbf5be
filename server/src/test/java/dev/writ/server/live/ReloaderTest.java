package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.live.PolicyCompiler.Compiled;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What serves while its text changes; real files, real events.
final class ReloaderTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @TempDir Path temp;
    private Path policies;
    private DataFolder data;
    private final BlockingQueue<ReloadOutcome> outcomes = new LinkedBlockingQueue<>();

    @BeforeEach
    void makeFolders() throws IOException {
        policies = Files.createDirectory(temp.resolve("policies"));
        data = DataFolder.open(temp.resolve("data"));
    }

    @AfterEach
    void closeData() throws IOException {
        data.close();
    }

    @Test
    void followsAFileThatIsWrittenInPlace() throws Exception {
        Path file = write("a.writ", "one");
        try (Reloader<String> reloader = start(file)) {
            assertEquals("a.writ=one", reloader.current().get());
            write("a.writ", "two");
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=two", reloader.current().get());
            assertEquals(2, reloader.status().swaps());
            assertTrue(reloader.status().upToDate());
        }
    }

    @Test
    void followsAFileThatAnEditorReplacesByRename() throws Exception {
        Path file = write("a.writ", "one");
        try (Reloader<String> reloader = start(file)) {
            for (String text : List.of("two", "three")) {
                Path swap = Files.writeString(policies.resolve(".a.writ.swp"), text);
                Files.move(
                        swap,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
                assertInstanceOf(ReloadOutcome.Swapped.class, next());
                assertEquals("a.writ=" + text, reloader.current().get());
            }
        }
    }

    @Test
    void followsWhatAFileUsesAndNothingElse() throws Exception {
        String using = "policy \"p\" language 1\nuse \"below/b.writ\"";
        Path file = write("a.writ", using);
        write("other.writ", "not used");
        Path below = Files.createDirectory(policies.resolve("below"));
        Files.writeString(below.resolve("b.writ"), "one");
        try (Reloader<String> reloader = start(file)) {
            assertEquals("a.writ=" + using + ",below/b.writ=one", reloader.current().get());
            Files.writeString(below.resolve("b.writ"), "two");
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=" + using + ",below/b.writ=two", reloader.current().get());
        }
    }

    @Test
    void followsFilesThatComeAndGoInFoldersThatComeAndGo() throws Exception {
        write("a.writ", "one");
        try (Reloader<String> reloader = start(policies)) {
            Path below = Files.createDirectory(policies.resolve("below"));
            Files.writeString(below.resolve("b.writ"), "two");
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=one,below/b.writ=two", reloader.current().get());
            Files.writeString(below.resolve("b.writ"), "three");
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=one,below/b.writ=three", reloader.current().get());
            Files.delete(below.resolve("b.writ"));
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=one", reloader.current().get());
        }
    }

    @Test
    void aBrokenPolicyNeverReplacesAGoodOne() throws Exception {
        Path file = write("a.writ", "one");
        try (Reloader<String> reloader = start(file)) {
            String id = reloader.status().policyId();
            write("a.writ", "broken");
            ReloadOutcome.Refused refused = assertInstanceOf(ReloadOutcome.Refused.class, next());
            assertEquals(1, refused.diagnostics().size());
            assertEquals("a.writ=one", reloader.current().get());
            ReloadStatus status = reloader.status();
            assertEquals(id, status.policyId());
            assertEquals(refused, status.last());
            assertEquals(1, status.refusals());
            assertFalse(status.upToDate());

            write("a.writ", "mended");
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=mended", reloader.current().get());
            assertTrue(reloader.status().upToDate());
        }
    }

    @Test
    void aFolderThatIsGoneIsRefusedAndFoundAgain() throws Exception {
        Path file = write("a.writ", "one");
        try (Reloader<String> reloader = start(file)) {
            Path away = temp.resolve("away");
            Files.move(policies, away);
            ReloadOutcome.Refused refused =
                    assertInstanceOf(ReloadOutcome.Refused.class, reloader.reload());
            assertEquals(List.of("there is no " + file), refused.problems());
            assertEquals("a.writ=one", reloader.current().get());
            Files.move(away, policies);
            assertInstanceOf(ReloadOutcome.Swapped.class, reloader.reload());
        }
    }

    @Test
    void aReloadThatIsAskedForReadsSecretsAgain() throws Exception {
        Path file = write("a.writ", "one");
        AtomicLong secret = new AtomicLong(1);
        PolicyCompiler<Long> compiler = _ -> new Compiled.Ready<>(secret.get(), "id", List.of());
        try (Reloader<Long> reloader = start(file, compiler)) {
            assertEquals(1, reloader.current().get());
            secret.set(2);
            assertInstanceOf(ReloadOutcome.Swapped.class, reloader.reload());
            assertEquals(2, reloader.current().get());
        }
    }

    @Test
    void aStartOnABrokenPolicyServesTheLastGoodOneAndSaysSo() throws Exception {
        Path file = write("a.writ", "good");
        start(file).close();
        write("a.writ", "broken");
        try (Reloader<String> reloader = start(file)) {
            assertEquals("a.writ=good", reloader.current().get());
            ReloadStatus status = reloader.status();
            assertTrue(status.lastGood());
            assertFalse(status.upToDate());
            assertInstanceOf(ReloadOutcome.Refused.class, status.last());

            write("a.writ", "better");
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=better", reloader.current().get());
            assertFalse(reloader.status().lastGood());
        }
    }

    @Test
    void theLastGoodPolicyOfAnotherOriginIsNotServed() throws Exception {
        start(write("a.writ", "good")).close();
        Path other = write("b.writ", "broken");
        PolicyRefused refused = assertThrows(PolicyRefused.class, () -> start(other));
        assertEquals(1, refused.outcome().diagnostics().size());
    }

    @Test
    void aStartWithoutAnythingToServeIsRefused() {
        PolicyRefused refused =
                assertThrows(PolicyRefused.class, () -> start(policies.resolve("none.writ")));
        assertEquals(
                List.of("there is no " + policies.resolve("none.writ")),
                refused.outcome().problems());
    }

    @Test
    void aProblemThatMayPassIsTriedAgainWithoutAChange() throws Exception {
        Path file = write("a.writ", "one");
        AtomicBoolean there = new AtomicBoolean(true);
        PolicyCompiler<String> compiler =
                sources ->
                        there.get()
                                ? new Texts().compile(sources)
                                : new Compiled.Rejected<>(List.of(), List.of("no secret"));
        try (Reloader<String> reloader = start(file, compiler)) {
            there.set(false);
            write("a.writ", "two");
            assertInstanceOf(ReloadOutcome.Refused.class, next());
            there.set(true);
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=two", reloader.current().get());
        }
    }

    @Test
    void goesOnFollowingAfterABugInTheCompiler() throws Exception {
        Path file = write("a.writ", "one");
        PolicyCompiler<String> compiler =
                sources -> {
                    if (sources.tree().files().getFirst().text().equals("bug")) {
                        throw new IllegalStateException("made by this test");
                    }
                    return new Texts().compile(sources);
                };
        try (Reloader<String> reloader = start(file, compiler)) {
            write("a.writ", "bug");
            assertInstanceOf(ReloadOutcome.Refused.class, next());
            assertEquals("a.writ=one", reloader.current().get());
            write("a.writ", "two");
            assertInstanceOf(ReloadOutcome.Swapped.class, next());
            assertEquals("a.writ=two", reloader.current().get());
        }
    }

    @Test
    void letsOldPoliciesGo() throws Exception {
        Path file = write("a.writ", "one");
        List<WeakReference<Object>> old = new ArrayList<>();
        PolicyCompiler<Object> compiler =
                _ -> {
                    Object policy = new Object();
                    old.add(new WeakReference<>(policy));
                    return new Compiled.Ready<>(policy, "id", List.of());
                };
        try (Reloader<Object> reloader = start(file, compiler)) {
            for (int i = 0; i < 1000; i++) {
                reloader.reload();
            }
            System.gc();
            assertNotNull(old.getLast().get());
            assertEquals(1, old.stream().filter(r -> r.get() != null).count());
        }
    }

    @Test
    void readersSeeWholePoliciesInOrderWhileTheyAreSwapped() throws Exception {
        Path file = write("a.writ", "one");
        AtomicLong made = new AtomicLong();
        PolicyCompiler<long[]> compiler =
                _ -> {
                    long n = made.incrementAndGet();
                    return new Compiled.Ready<>(new long[] {n, n}, "id", List.of());
                };
        try (Reloader<long[]> reloader = start(file, compiler)) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicBoolean wrong = new AtomicBoolean();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            long before = 0;
                                            while (!done.get()) {
                                                long[] seen = reloader.current().get();
                                                if (seen[0] != seen[1] || seen[0] < before) {
                                                    wrong.set(true);
                                                }
                                                before = seen[0];
                                            }
                                        }));
            }
            for (int i = 0; i < 1000; i++) {
                reloader.reload();
            }
            done.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertFalse(wrong.get());
            assertEquals(1001, reloader.current().get()[0]);
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(policies.resolve(name), text);
    }

    private Reloader<String> start(Path path) throws Exception {
        return start(path, new Texts());
    }

    private <S> Reloader<S> start(Path path, PolicyCompiler<S> compiler) throws Exception {
        return Reloader.start(new PolicyOrigin.OfPath(path), compiler, data, CLOCK, outcomes::add);
    }

    private ReloadOutcome next() throws InterruptedException {
        ReloadOutcome outcome = outcomes.poll(30, TimeUnit.SECONDS);
        assertNotNull(outcome, "nothing happened in 30 s");
        return outcome;
    }
}
