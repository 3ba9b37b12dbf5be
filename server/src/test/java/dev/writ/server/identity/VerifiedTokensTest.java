package dev.writ.server.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWKSet;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.Caller;
import dev.writ.engine.PolicySnapshot;
import dev.writ.server.serving.ProviderVocabulary;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Tokens that were good once, and for how long they stay so.
final class VerifiedTokensTest {
    private static final PolicySnapshot SNAPSHOT = snapshot();
    private static final Caller CALLER = SNAPSHOT.callers().getFirst();

    private final VerifiedTokens tokens = new VerifiedTokens();

    private static PolicySnapshot snapshot() {
        String text =
                """
                policy "p" language 1
                team dev { key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
                """;
        SourceTree tree = new SourceTree("p.writ", List.of(new Source("p.writ", text)));
        if (Checker.check(tree, ProviderVocabulary.VOCABULARY)
                instanceof CheckResult.Usable usable) {
            return PolicySnapshot.compile(usable.policy());
        }
        throw new AssertionError();
    }

    private static IssuerKeys keys() throws Exception {
        CountDownLatch fetched = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        IssuerKeys keys =
                IssuerKeys.start(
                        "https://login.example/",
                        () -> {
                            go.await();
                            return KeySet.parse(new JWKSet(TestIssuer.EC).toString());
                        },
                        new KeyLimits(
                                Duration.ofHours(1),
                                Duration.ofHours(1),
                                Duration.ofHours(1),
                                Duration.ofHours(1),
                                Duration.ofHours(1),
                                1),
                        InstantSource.system(),
                        System::nanoTime);
        assertTrue(keys.whenFetched(fetched::countDown));
        go.countDown();
        assertTrue(fetched.await(30, TimeUnit.SECONDS));
        return keys;
    }

    private static byte[] digest(SplittableRandom random) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return digest;
    }

    @Test
    void isGoodUntilItExpires() throws Exception {
        try (IssuerKeys keys = keys()) {
            byte[] digest = digest(new SplittableRandom(1));
            KeySet set = keys.usable();
            assertNotNull(set);
            assertNull(tokens.find(digest, 0));
            tokens.add(digest, 1000, keys, set, CALLER, 0);
            assertSame(CALLER, tokens.find(digest, 999));
            assertNull(tokens.find(digest, 1000));
            byte[] other = digest.clone();
            other[31]++;
            assertNull(tokens.find(other, 0));
        }
    }

    @Test
    void isGoodAsLongAsTheKeysAre() throws Exception {
        try (IssuerKeys keys = keys()) {
            byte[] digest = digest(new SplittableRandom(1));
            KeySet before = KeySet.parse(new JWKSet(TestIssuer.RSA).toString());
            tokens.add(digest, 1000, keys, before, CALLER, 0);
            assertNull(tokens.find(digest, 0));
        }
    }

    @Test
    void neverHoldsMoreThanItHasPlaces() throws Exception {
        try (IssuerKeys keys = keys()) {
            KeySet set = keys.usable();
            assertNotNull(set);
            int count = 3 * VerifiedTokens.TOKENS_MAX;
            SplittableRandom random = new SplittableRandom(7);
            for (int i = 0; i < count; i++) {
                tokens.add(digest(random), 1000, keys, set, CALLER, 0);
            }
            SplittableRandom again = new SplittableRandom(7);
            int found = 0;
            for (int i = 0; i < count; i++) {
                found += tokens.find(digest(again), 0) == null ? 0 : 1;
            }
            assertTrue(found > VerifiedTokens.TOKENS_MAX * 9 / 10, "found " + found);
            assertTrue(found <= VerifiedTokens.TOKENS_MAX, "found " + found);
        }
    }

    @Test
    void nearlyAllOfFewTokensStay() throws Exception {
        try (IssuerKeys keys = keys()) {
            KeySet set = keys.usable();
            assertNotNull(set);
            SplittableRandom random = new SplittableRandom(9);
            for (int i = 0; i < 4000; i++) {
                tokens.add(digest(random), 1000, keys, set, CALLER, 0);
            }
            SplittableRandom again = new SplittableRandom(9);
            int lost = 0;
            for (int i = 0; i < 4000; i++) {
                lost += tokens.find(digest(again), 0) == null ? 1 : 0;
            }
            assertTrue(lost < 40, "lost " + lost);
        }
    }

    @Test
    void whatIsOutOfDateMakesWay() throws Exception {
        try (IssuerKeys keys = keys()) {
            KeySet set = keys.usable();
            assertNotNull(set);
            SplittableRandom random = new SplittableRandom(3);
            byte[][] together = new byte[8][];
            byte[] place = digest(random);
            for (int i = 0; i < together.length; i++) {
                together[i] = digest(random);
                System.arraycopy(place, 0, together[i], 0, 3);
                tokens.add(together[i], i < 4 ? 10 : 1000, keys, set, CALLER, i < 4 ? 0 : 10);
            }
            int found = 0;
            for (byte[] digest : together) {
                found += tokens.find(digest, 10) == null ? 0 : 1;
            }
            assertEquals(4, found);
        }
    }
}
