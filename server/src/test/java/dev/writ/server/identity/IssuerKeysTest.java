package dev.writ.server.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How long keys are good, and when they are fetched.
final class IssuerKeysTest {
    private static final Duration LONG = Duration.ofHours(10);

    private final AtomicLong nanos = new AtomicLong();
    private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    private @Nullable IssuerKeys keys;

    private static KeySet set(JWK... of) throws KeysUnavailable {
        return KeySet.parse(new JWKSet(List.of(of)).toString());
    }

    /// Starts keys whose fetches end with what the test answers: a set, or a reason.
    private IssuerKeys start(Duration refresh, Duration retry, Duration refetch) {
        IssuerKeys started =
                IssuerKeys.start(
                        "https://login.example/",
                        () -> {
                            Object answer = answers.take();
                            if (answer instanceof KeySet fetched) {
                                return fetched;
                            }
                            throw new KeysUnavailable(String.valueOf(answer));
                        },
                        new KeyLimits(refresh, retry, refetch, Duration.ofHours(4), LONG, 2),
                        InstantSource.system(),
                        nanos::get);
        keys = started;
        return started;
    }

    @AfterEach
    void stop() {
        if (keys != null) {
            keys.close();
        }
    }

    /// Lets the fetch under way end so, and returns when it has.
    private void answered(IssuerKeys of, Object answer) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        assertTrue(of.whenFetched(ended::countDown));
        answers.add(answer);
        assertTrue(ended.await(30, TimeUnit.SECONDS));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void keysThatCannotBeFetchedAgainAreGoodForAWhile() throws Exception {
        IssuerKeys of = start(LONG, LONG, Duration.ofSeconds(10));
        assertNull(of.usable());
        KeySet first = set(TestIssuer.RSA);
        answered(of, first);
        assertSame(first, of.usable());
        pass(Duration.ofHours(3));
        answered(of, "the issuer is down");
        assertSame(first, of.usable());
        assertEquals("the issuer is down", of.problem());
        pass(Duration.ofHours(1).minusNanos(1));
        assertSame(first, of.usable());
        pass(Duration.ofNanos(1));
        assertNull(of.usable());
        assertFalse(of.areUsable());
        assertNotNull(of.fetchedAt());
        answered(of, set(TestIssuer.RSA));
        assertSame(first, of.usable(), "the same keys are the same object");
        assertNull(of.problem());
    }

    @Test
    void anUnknownKeyCausesAFetchNowAndThen() throws Exception {
        IssuerKeys of = start(LONG, LONG, Duration.ofSeconds(10));
        answered(of, set(TestIssuer.RSA));
        assertFalse(of.whenFetched(() -> {}), "fetched a moment ago");
        pass(Duration.ofSeconds(10).minusNanos(1));
        assertFalse(of.whenFetched(() -> {}));
        pass(Duration.ofNanos(1));
        KeySet next = set(TestIssuer.EC);
        answered(of, next);
        assertSame(next, of.usable());
        assertFalse(of.whenFetched(() -> {}));
    }

    @Test
    void onlySoManyWait() throws Exception {
        IssuerKeys of = start(LONG, LONG, LONG);
        CountDownLatch both = new CountDownLatch(2);
        assertTrue(of.whenFetched(both::countDown));
        assertTrue(
                of.whenFetched(
                        () -> {
                            both.countDown();
                            throw new IllegalStateException("of the test");
                        }));
        assertFalse(of.whenFetched(both::countDown));
        answers.add(set(TestIssuer.RSA));
        assertTrue(both.await(30, TimeUnit.SECONDS));
    }

    @Test
    void keysAreFetchedAgainByTime() throws Exception {
        IssuerKeys of = start(Duration.ofMillis(1), Duration.ofMillis(1), LONG);
        answers.add(set(TestIssuer.RSA));
        answers.add("down");
        answers.add("down");
        answers.add(set(TestIssuer.RSA));
        KeySet last = set(TestIssuer.EC);
        answers.add(last);
        answers.add("down"); // it comes to this only when `last` is there
        CountDownLatch taken = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!answers.isEmpty()) {
                                Thread.onSpinWait();
                            }
                            taken.countDown();
                        });
        assertTrue(taken.await(30, TimeUnit.SECONDS));
        assertSame(last, of.usable());
    }

    @Test
    void whoWaitsGoesOnWhenItIsClosed() throws Exception {
        IssuerKeys of = start(LONG, LONG, LONG);
        CountDownLatch gone = new CountDownLatch(1);
        assertTrue(of.whenFetched(gone::countDown));
        of.close();
        assertTrue(gone.await(30, TimeUnit.SECONDS));
        assertFalse(of.whenFetched(gone::countDown));
        assertNull(of.usable());
    }
}
