package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "0.0, 0",
        "0e99999, 0",
        "7, 7",
        "8.0, 8",
        "1e3, 1000",
        "1200e-2, 12",
        "-5, -5",
        "9223372036854775807, 9223372036854775807",
        "0.5e1, 5"
    })
    void wholeNumbers(String written, long number) {
        assertEquals(number, Numbers.whole(written));
    }

    @ParameterizedTest
    @CsvSource({
        "0.5",
        "1.5e0",
        "1e-1",
        "9223372036854775808",
        "1e19",
        "1e999999999",
        "1e9999999999999",
        "-1e99",
        "1e-999999999",
        "1e-9999999999999"
    })
    void noWholeNumbers(String written) {
        assertEquals(Numbers.NONE, Numbers.whole(written));
    }

    @ParameterizedTest
    @CsvSource({
        "0.7, 700000",
        "2, 2000000",
        "1e-6, 1",
        "4e-7, 0",
        "5e-7, 1",
        "1e-7, 0",
        "1e-999999999, 0",
        "-0.25, -250000",
        "0.1234567, 123457"
    })
    void millionths(String written, long micros) {
        assertEquals(micros, Numbers.micros(written));
    }

    @ParameterizedTest
    @CsvSource({"1e13", "9223372036855", "1e999999999", "1e9999999999999"})
    void noMillionths(String written) {
        assertEquals(Numbers.NONE, Numbers.micros(written));
    }

    @Test
    void anyMillionthsAreThoseOfExactArithmetic() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String written =
                    "%d.%de%d"
                            .formatted(
                                    random.nextInt(-1_000, 1_000),
                                    random.nextInt(1_000_000),
                                    random.nextInt(-9, 9));
            long exact =
                    new BigDecimal(written)
                            .movePointRight(6)
                            .setScale(0, RoundingMode.HALF_UP)
                            .longValueExact();
            assertEquals(exact, Numbers.micros(written), written);
        }
    }
}
