package dev.writ.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SaturatingTest {
    @Test
    void isExactOrAtTheEndOfTheRange() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            long a = number(random);
            long b = number(random);
            long c = Math.max(1, number(random));
            String at = a + ", " + b + ", " + c;
            assertEquals(Saturating.clamp(big(a).add(big(b))), Saturating.plus(a, b), at);
            assertEquals(Saturating.clamp(big(a).subtract(big(b))), Saturating.minus(a, b), at);
            assertEquals(
                    Saturating.clamp(big(a).multiply(big(b)).divide(big(c))),
                    Saturating.scaled(a, b, c),
                    at);
        }
    }

    @Test
    void roundsTowardsZero() {
        assertEquals(2, Saturating.scaled(5, 1, 2));
        assertEquals(-2, Saturating.scaled(-5, 1, 2));
    }

    private static long number(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextLong(-9, 10);
            case 1 -> random.nextLong();
            default ->
                    List.of(Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, -1L, 0L)
                            .get(random.nextInt(5));
        };
    }

    private static BigInteger big(long number) {
        return BigInteger.valueOf(number);
    }
}
