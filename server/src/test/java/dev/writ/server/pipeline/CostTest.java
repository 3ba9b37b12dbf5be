package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Policy;
import dev.writ.providers.openai.Usage;
import org.junit.jupiter.api.Test;

final class CostTest {
    private static final Policy.Price PRICE = new Policy.Price(2_000_000_000L, 8_000_000_000L);

    @Test
    void addsInputAndOutput() {
        assertEquals(10 * 2_000 + 5 * 8_000, Cost.nanos(PRICE, new Usage(10, 5, 0, 0)));
    }

    @Test
    void roundsUpSoThatNothingIsFree() {
        assertEquals(1, Cost.nanos(new Policy.Price(1, 0), new Usage(1, 0, 0, 0)));
    }

    @Test
    void staysAtTheEndOfTheRange() {
        assertEquals(
                Long.MAX_VALUE,
                Cost.nanos(
                        new Policy.Price(Long.MAX_VALUE, 1), new Usage(Long.MAX_VALUE, 1, 0, 0)));
    }

    @Test
    void writesDollarsWithoutExponents() {
        assertEquals("0.00006", Cost.dollars(60_000));
        assertEquals("0", Cost.dollars(0));
        assertEquals("0.000000001", Cost.dollars(1));
        assertEquals("12", Cost.dollars(12_000_000_000L));
    }
}
