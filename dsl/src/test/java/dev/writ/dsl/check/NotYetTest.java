package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the language has and this version does not carry out is refused, never ignored.
final class NotYetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    signal risk : score by local "m" { timeout 40ms }       | signal
                    cache answers { scope team  exact for 24h }             | cache
                    guard pii { input mask then restore }                   | guard
                    server files { url "http://h" }                         | server
                    tools for dev { read allow "*"  rest otherwise deny }      | tools
                    budget shared $100 per month for team { at 100% deny 402 } | budget
                    budget shared $100 per 24h { at 100% deny 402 }         | budget
                    limit all 200k tokens per minute                        | limit
                    limit global 60 requests per 10s per user               | limit
                    test "t" for team dev, route chat { given spent $5  expect allow } | spent
                    test "t" for team dev, route chat { case used 5 tokens => allow } | used
                    test "t" for team dev, route chat { case signal risk = 0.5 => allow } | signal
                    test "t" for team dev, route chat { case signal risk unknown => allow } | signal
                    test "t" for team dev, route chat { case cache hit => allow } | cache
                    test "t" for team dev, route chat { case guard pii denies => allow } | guard
                    test "t" for team dev, route chat { case tool a.b => allow } | tool
                    test "t" for team dev, route chat { case args.x = 5 => allow } | args.x
                    test "t" for team dev, route chat { expect approve }   | approve
                    test "t" for team dev, route chat { expect cache skipped } | cache
                    test "t" for team dev, route chat { expect guard pii masks email, card } | guard
                    test "t" for team dev, route chat { expect cost <= $1 } | cost
                    always "so" { if team is dev then provider.region is eu } | always
                    provider p { kind simulated  limit 60 requests per minute } | limit
                    team t { budget $5 per month for team { at 100% deny } } | budget
                    team t { budget shared }                                | budget
                    team t { limit 200k tokens per minute }                 | limit
                    team t { limit 60 requests per minute per user }        | limit
                    team t { cache answers }                                | cache
                    team t { guard pii, injection }                         | guard
                    rule r on request guard pii                             | guard
                    rule r on request when signal.risk > 0.5 deny           | signal.risk
                    rule r on request when budget.month > 50% deny          | budget.month
                    """)
    void isToldOnceWhereItStands(String declaration, String caret) {
        List<String> told =
                Checked.toldOf(declaration).stream().filter(line -> !line.startsWith("W")).toList();
        assertEquals(List.of("E0010 " + caret), told);
    }
}
