package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Side;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.Attempts.Racer;
import dev.writ.engine.routing.Estimate;
import dev.writ.engine.routing.MirrorChoice;
import dev.writ.engine.routing.Needs;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.engine.routing.TargetStates;
import dev.writ.engine.routing.Trials;
import dev.writ.server.serving.ProviderVocabulary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What requests cost at most is what they cost at most.
final class WorstCaseTest {
    private static final int MODELS = 6;
    private static final Cause[] CAUSES = Cause.values();

    /// Returns a policy whose route `chat` leads to a pool. A full answer of model I costs
    /// `cents[I]`.
    private static Policy policy(String pool, int[] cents) {
        StringBuilder text = new StringBuilder("policy \"cost\" language 1\n");
        for (int i = 0; i < MODELS; i++) {
            text.append(
                    """
                    provider p%d { kind openai-compatible  url "http://127.0.0.1:1"  timeout 5s }
                    model m%d on p%d "m%d" { context 1M tokens  price $0.00 in, $%d.%02d out per 1M tokens }
                    """
                            .formatted(i, i, i, i, cents[i] / 100, cents[i] % 100));
        }
        return checked(text.append(rest(pool)).toString());
    }

    private static String rest(String pool) {
        return """
        pool all { %s }
        route chat { any otherwise -> pool all }
        team t {
          key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
          may use chat
        }
        """
                .formatted(pool);
    }

    private static Policy checked(String text) {
        CheckResult result =
                Checker.check(
                        new SourceTree("p.writ", List.of(new Source("p.writ", text))),
                        ProviderVocabulary.VOCABULARY);
        if (result instanceof CheckResult.Usable usable) {
            return usable.policy();
        }
        throw new AssertionError(
                text + result.diagnostics().stream().map(d -> d.headline()).toList());
    }

    private static WorstCase.Line chat(Policy policy) {
        return WorstCase.of(policy).stream()
                .filter(line -> line.route().equals("chat"))
                .findFirst()
                .orElseThrow();
    }

    private static BigDecimal cents(long cents) {
        return BigDecimal.valueOf(cents).movePointRight(7);
    }

    private static void assertSame(long cents, @Nullable BigDecimal nanos) {
        assertNotNull(nanos);
        assertEquals(0, cents(cents).compareTo(nanos), () -> cents + " cents, not " + nanos);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    first m1                                                      | 10  | 10   | 0
                    first m1 then m2                                              | 100 | 110  | 0
                    first m1 then m2 retry 2                                      | 100 | 330  | 0
                    first m1 then m2 then m3 on timeout retry 1                   | 1000 | 2220 | 0
                    50% m1 50% m2                                                 | 100 | 100  | 0
                    50% m1 50% m2 hedge after 1s                                  | 100 | 110  | 0
                    50% m1 50% m2 hedge after 1s retry 1                          | 100 | 220  | 0
                    50% m1 50% m2 then m2 hedge after 1s retry 1                  | 100 | 220  | 0
                    50% m1 50% m2 then m1 then m2                                 | 100 | 110  | 0
                    first m1 then m2 hedge after 1s retry 3                       | 100 | 440  | 0
                    first m1 canary 5% to m3                                      | 1000 | 1010 | 0
                    first m1 then m2 canary 5% to m3 retry 1                      | 1000 | 1220 | 0
                    first m1 mirror 5% to m3                                      | 10  | 10   | 1000
                    first m1 canary 5% to m2 mirror 5% to m3                      | 100 | 110  | 1000
                    """)
    void everyAttemptOfAPoolCounts(String pool, long answer, long attempts, long mirror) {
        WorstCase.Line line = chat(policy(pool, new int[] {1, 10, 100, 1_000, 10_000, 20_000}));
        assertSame(answer, line.answer());
        assertSame(attempts, line.attempts());
        assertSame(mirror, line.mirror());
    }

    @Test
    void aCanaryOrMirrorWithoutAPriceHasNoBound() {
        for (String pool : List.of("first m1 canary 5% to none", "first m1 mirror 5% to none")) {
            WorstCase.Line line = chat(withUnpriced(pool));
            assertEquals(pool.contains("canary"), line.attempts() == null);
            assertEquals(pool.contains("mirror"), line.mirror() == null);
        }
    }

    private static Policy withUnpriced(String pool) {
        return checked(
                """
                policy "cost" language 1
                provider p { kind simulated }
                model m1 on p "m1" { context 1M tokens  price $1 in, $1 out per 1M tokens }
                model none on p "none" { context 1M tokens }
                """
                        + rest(pool));
    }

    /// Requests through random pools, with everything that can happen to their attempts, cost what
    /// the table says at most; where everything fails that can, one of them costs just that.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noRequestCostsMore(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 25; i++) {
            String pool = pool(random);
            int[] cents = random.ints(MODELS, 1, 10_000).toArray();
            Policy policy = policy(pool, cents);
            WorstCase.Line line = chat(policy);
            BigDecimal bound = line.attempts();
            BigDecimal mirrored = line.mirror();
            assertNotNull(bound);
            assertNotNull(mirrored);
            String what = "seed %d, pool %d: %s".formatted(seed, i, pool);
            BigDecimal dearest = BigDecimal.ZERO;
            for (int request = 0; request < 400; request++) {
                Walk walk = new Walk(policy, cents, random, request % 4 > 0);
                dearest = dearest.max(walk.attempts);
                assertTrue(walk.attempts.compareTo(bound) <= 0, what);
                assertTrue(walk.mirror.compareTo(mirrored) <= 0, what);
            }
            boolean reachable = pool.indexOf(" on ") < 0;
            if (reachable) {
                assertEquals(0, dearest.compareTo(bound), what);
            }
        }
    }

    private static String pool(Random random) {
        List<String> models = new ArrayList<>();
        for (int i = 0; i < MODELS; i++) {
            models.add("m" + i);
        }
        Collections.shuffle(models, random);
        StringBuilder pool = new StringBuilder();
        int members = 1 + random.nextInt(3);
        if (members == 1) {
            pool.append("first ").append(models.getFirst());
        } else {
            pool.append("choose least-in-flight of ")
                    .append(String.join(", ", models.subList(0, members)));
        }
        // A fallback may be a member as well, if there are others.
        int from = members > 1 && random.nextBoolean() ? members - 1 : members;
        int fallbacks = random.nextInt(MODELS - 1 - from + 1);
        for (String model : models.subList(from, from + fallbacks)) {
            pool.append(" then ").append(model);
            if (random.nextInt(4) == 0) {
                pool.append(" on timeout, overloaded");
            }
        }
        if (random.nextBoolean()) {
            pool.append(" retry ").append(1 + random.nextInt(3)).append(" within 1h");
        }
        if (random.nextBoolean() && (members > 1 || pool.indexOf("then") > 0)) {
            pool.append(" hedge after 1s up to 100%");
        }
        if (random.nextBoolean()) {
            pool.append(" canary 50% to ").append(models.getLast());
        }
        if (random.nextBoolean()) {
            pool.append(" mirror 50% to ").append(models.get(MODELS - 1));
        }
        return pool.toString();
    }

    /// One request, whose attempts are hedged, fail, are refused and answered at random; each is
    /// paid in full.
    private static final class Walk {
        private final int[] cents;
        private final Random random;

        /// Whether all fails that can.
        private final boolean bad;

        private final Attempts way;
        BigDecimal attempts = BigDecimal.ZERO;
        BigDecimal mirror = BigDecimal.ZERO;

        Walk(Policy policy, int[] cents, Random random, boolean bad) {
            this.cents = cents;
            this.random = random;
            this.bad = bad;
            RoutedRequest request =
                    new RoutedRequest(
                            random.nextLong(),
                            "cost",
                            "t",
                            "k",
                            Set.of(),
                            Needs.NOTHING,
                            Estimate.UNKNOWN,
                            random.nextBoolean() ? Side.IN : Side.DRAWN,
                            random.nextBoolean() ? Side.IN : Side.DRAWN);
            Policy.Target target = new Policy.Target.ToPool(policy.pools().getFirst());
            this.way =
                    Attempts.start(
                            target,
                            request,
                            new TargetStates(() -> 0),
                            new Trials(policy, _ -> {}));
            Policy.Model copy = MirrorChoice.of(target, request);
            if (copy != null) {
                mirror = price(copy);
            }
            walk();
        }

        private BigDecimal price(Policy.Model model) {
            return cents(cents[model.index()]);
        }

        private void walk() {
            int hedgedAt = random.nextInt(6);
            for (var model = way.next(); model != null; model = way.next()) {
                attempts = attempts.add(price(model));
                boolean hedges = way.hedgeAfterNanos() > 0 && hedgedAt-- == 0;
                Policy.Model beside = hedges ? way.hedge() : null;
                if (beside != null) {
                    attempts = attempts.add(price(beside));
                    part(bad || random.nextBoolean() ? Racer.FIRST : Racer.HEDGE);
                }
                end();
            }
        }

        private void part(Racer who) {
            switch (bad ? 0 : random.nextInt(3)) {
                case 0 -> way.oneFailed(who, cause());
                case 1 -> {
                    if (way.isRefusalFinal(who)) {
                        way.won(who);
                    } else {
                        way.oneRefused(who);
                    }
                }
                default -> way.won(who);
            }
        }

        private void end() {
            switch (bad ? 0 : random.nextInt(5)) {
                case 0, 1 -> way.failed(cause());
                case 2 -> way.refused();
                case 3 -> way.abandoned();
                default -> way.completed();
            }
        }

        private Cause cause() {
            // What breaks a breaker ends the way early.
            return bad ? Cause.RATE_LIMITED : CAUSES[random.nextInt(CAUSES.length)];
        }
    }
}
