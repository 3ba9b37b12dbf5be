package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy.Pool;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PoolsTest {
    /// Models `near`, `far` and `gpt` at three providers; only `openai` fails with `unreachable`.
    private static final String POLICY =
            Checked.BASE.replace("-> far", "-> pool p").replace("-> near", "-> route rest")
                    + """
                    secret KEY from env
                    provider cloud { kind openai  region us  key KEY  timeout 30s }
                    model gpt on cloud "gpt-4.1" { price $1 in, $2 out per 1M tokens }
                    model free on cloud "free" { }
                    route rest {
                      a when request.stream -> near
                      b when request.tools present -> far
                      c when request.images present -> free
                      d otherwise -> gpt
                    }
                    """;

    private static String policy(String pool) {
        return POLICY + "pool p { " + pool + " }";
    }

    private static Pool usable(String pool) {
        return Checked.usable(policy(pool)).pools().getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    70% near 30% far                   |
                    100% near                          |
                    33.33% near 66.67% far             |
                    99.99% near 0.01% far              |
                    70% near 20% far                   | E0220 p
                    70% near 40% far                   | E0220 p
                    99.99% near                        | E0220 p
                    70 near 30% far                    | E0220 70 near
                    0% near 100% far                   | E0205 0%
                    110% near                          | E0205 110%
                    33.333% near 66.667% far           | E0205 33.333%;E0205 66.667%
                    50% near 50% near                  | E0207 near
                    70% near 30% pool p                | E0208 pool p
                    70% near 30% route chat            | E0208 route chat
                    70% near 30% farr                  | E0104 farr
                    """)
    void sharesAreOfTheWhole(String pool, String told) {
        assertEquals(list(told), Checked.told(policy(pool)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    first near                         |
                    first near then far                |
                    choose fastest of near, far        |
                    choose least-in-flight of near     |
                    choose cheapest of near, gpt       |
                    choose cheapest of near, free      | E0206 free
                    choose fastst of near, far         | E0004 fastst
                    choose fastest of near, near       | E0207 near
                    first near first far               | E0208 first far
                    first near 50% far                 | E0208 50% far
                    50% near 50% far first gpt         | E0208 first gpt
                    first near choose fastest of far   | E0208 choose fastest of far
                    then near                          | E0206 p
                    retry 1                            | E0206 p
                    """)
    void aPoolChoosesInOneWay(String pool, String told) {
        assertEquals(list(told), Checked.told(policy(pool)));
    }

    @Test
    void anEmptyPoolHasNoModel() {
        assertEquals(List.of("E0206 p"), Checked.told(policy("")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    first near then far on timeout              |
                    first near then far on timeout, overloaded  |
                    first near then far on unauthorized         | E0221 unauthorized
                    first gpt then far on unauthorized          |
                    50% near 50% gpt then far on unauthorized   |
                    first near then far on unreachable then gpt | E0221 unreachable
                    first near then gpt then far on unreachable |
                    first near then gpt on unreachable          | E0221 unreachable
                    first near then far on timout               | E0204 timout
                    first near then near                        | E0207 near
                    first near then far then far                | E0207 far
                    50% near 50% far then far                   |
                    first near then farr                        | E0104 farr
                    first near then pool p                      | E0208 pool p
                    first gpt then free                         | W0505 then free
                    50% gpt 50% free then free                  | W0505 then free
                    50% gpt 50% near then free                  |
                    first gpt then free then near               |
                    """)
    void aFallbackIsForAFailureThatCanHappen(String pool, String told) {
        assertEquals(list(told), Checked.told(policy(pool)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    retry 0 within 1s       | E0205 0
                    retry 1 within 1s       |
                    retry 10 within 1h      |
                    retry 11 within 1s      | E0205 11
                    retry 1.5               | E0205 1.5
                    retry 1 within 0s       | E0205 0s
                    retry 1 within 61min    | E0205 61min
                    retry 1 retry 2         | E0207 retry 2
                    """)
    void retriesAreFew(String retry, String told) {
        assertEquals(list(told), Checked.told(policy("first near " + retry)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    commit after 1 token                           |
                    commit after 20 tokens                         |
                    commit after 1_000 tokens                      |
                    commit after 0 tokens                          | E0205 0
                    commit after 1001 tokens                       | E0205 1001
                    commit after 1.5 tokens                        | E0205 1.5
                    commit after 1 token commit after 1 token      | E0207 commit after 1 token
                    """)
    void aCommitPointIsNear(String commit, String told) {
        assertEquals(list(told), Checked.told(policy("first near " + commit)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    first near then far hedge after 2s                |
                    first near then far hedge after 2s up to 100%     |
                    50% near 50% far hedge after 500ms up to 0.5%     |
                    choose fastest of near, far hedge after 2s        |
                    first near then far hedge after 2s up to 0%       | E0205 0%
                    first near then far hedge after 2s up to 101%     | E0205 101%
                    first near then far hedge after 0s                | E0205 0s
                    first near then far hedge after 2h                | E0205 2h
                    first near then far hedge after 1s hedge after 1s | E0207 hedge after 1s
                    first near hedge after 2s                         | E0222 hedge after 2s
                    first near then far on overloaded hedge after 2s  | E0222 hedge after 2s
                    """)
    void aHedgeHasAnotherModel(String pool, String told) {
        assertEquals(list(told), Checked.told(policy(pool)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    first near mirror 5% to far                       |
                    first near then far mirror 100% to far            |
                    50% near 50% gpt mirror 5% to gpt                 |
                    first near mirror 0% to far                       | E0205 0%
                    first near mirror 101% to far                     | E0205 101%
                    first near mirror 5% to farr                      | E0104 farr
                    first near mirror 5% to pool p                    | E0208 pool p
                    first near mirror 5% to near                      | E0208 near
                    first near mirror 5% to far mirror 5% to gpt      | E0207 mirror 5% to gpt
                    """)
    void aMirrorIsAnotherModel(String pool, String told) {
        assertEquals(list(told), Checked.told(policy(pool)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    first near canary 5% to far                                         |
                    first near then far canary 5% to far                                |
                    first near canary 100% to far by user                               |
                    first near canary 5% to far by team stop at 2% failures             |
                    first near canary 5% to far stop at 0.01% failures in 10k requests  |
                    choose fastest of near, gpt canary 5% to far mirror 5% to far       |
                    first near canary 0% to far                                         | E0205 0%
                    first near canary 101% to far                                       | E0205 101%
                    first near canary 5% to farr                                        | E0104 farr
                    first near canary 5% to pool p                                      | E0208 pool p
                    first near canary 5% to near                                        | E0223 near
                    50% near 50% far canary 5% to far                                   | E0223 far
                    first near canary 5% to far by teem                                 | E0004 teem
                    first near canary 5% to far by key                                  | E0004 key
                    first near canary 5% to far stop at 0% failures                     | E0205 0%
                    first near canary 5% to far stop at 101% failures                   | E0205 101%
                    first near canary 5% to far stop at 1% failures in 99 requests      | E0205 stop at 1% failures in 99 requests
                    first near canary 5% to far stop at 1% failures in 0 requests       | E0205 0
                    first near canary 5% to far stop at 1% failures in 10001 requests   | E0205 10001
                    first near canary 5% to far stop at 1% failures in 100 tokens       | E0001 tokens
                    first near canary 5% to far canary 5% to gpt                        | E0207 canary 5% to gpt
                    canary 5% to far                                                    | E0206 p
                    """)
    void aCanaryIsANewModel(String pool, String told) {
        assertEquals(list(told), Checked.told(policy(pool)));
    }

    @Test
    void aCanaryIsDrawnByRequestAndNeverStoppedUnlessThePolicySaysSo() {
        Pool.Canary plain = usable("first near canary 5% to far").canary();
        assertNotNull(plain);
        assertEquals(Pool.Canary.By.REQUEST, plain.by());
        assertEquals(500, plain.basisPoints());
        assertNull(plain.stop());
        Pool.Canary by = usable("first near canary 5% to far by team stop at 2% failures").canary();
        assertNotNull(by);
        assertEquals(Pool.Canary.By.TEAM, by.by());
        assertEquals(new Pool.Canary.Stop(200, 1_000), by.stop());
    }

    @ParameterizedTest
    @CsvSource({"2%, 1k, 20", "2.5%, 100, 3", "100%, 1, 1", "0.01%, 10k, 1", "33%, 10, 4"})
    void aCanaryIsStoppedByAWholeNumberOfFailures(String share, String requests, int failures) {
        Pool.Canary canary =
                usable(
                                "first near canary 5%% to far stop at %s failures in %s requests"
                                        .formatted(share, requests))
                        .canary();
        assertNotNull(canary);
        assertNotNull(canary.stop());
        assertEquals(failures, canary.stop().failures());
    }

    @Test
    void aCanaryIsNoFallback() {
        assertEquals(
                List.of("W0505 then free"),
                Checked.told(policy("first gpt then free canary 5% to near")));
    }

    @Test
    void aHedgeIsForATenthOfTheRequestsUnlessThePolicySaysOtherwise() {
        assertEquals(
                new Pool.Hedge(Duration.ofSeconds(2), 1_000),
                usable("first near then far hedge after 2s").hedge());
        assertEquals(
                new Pool.Hedge(Duration.ofSeconds(2), 250),
                usable("first near then far hedge after 2s up to 2.5%").hedge());
    }

    @Test
    void whatIsNotWrittenHasDefaults() {
        Pool pool = usable("first near then gpt then far on timeout");
        assertEquals(Pool.Choice.FIRST, pool.choice());
        assertEquals(Pool.Retry.NEVER, pool.retry());
        assertEquals(Pool.FIRST_BYTE, pool.commitTokens());
        assertEquals(20, usable("first near commit after 20 tokens").commitTokens());
        assertEquals(
                EnumSet.complementOf(EnumSet.of(Cause.UNAUTHORIZED)),
                pool.fallbacks().get(0).causes());
        assertEquals(Set.of(Cause.TIMEOUT), pool.fallbacks().get(1).causes());
        assertEquals(
                new Pool.Retry(3, Duration.ofSeconds(2)), usable("first near retry 3").retry());
    }

    @Test
    void sharesAreInBasisPoints() {
        assertEquals(
                List.of(3333, 6667),
                usable("33.33% near 66.67% far").members().stream()
                        .map(Pool.Member::basisPoints)
                        .toList());
    }

    @Test
    void theHintShowsHowToWriteAShare() {
        assertEquals(List.of("Write `70% near`."), Checked.only(policy("70 near 30% far")).hints());
    }

    private static List<String> list(String told) {
        return told == null ? List.of() : List.of(told.split(";"));
    }
}
