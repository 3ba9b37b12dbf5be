package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnusedTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    secret KEY from env                    | W0110 KEY
                    provider idle { kind simulated }       | W0110 idle
                    model idle on here "idle" { }          | W0110 idle
                    pool idle { first near }               | W0110 idle
                    route idle { only otherwise -> near }  | W0110 idle
                    team idle { may use chat }             | W0111 idle
                    """)
    void warnsOfWhatNothingRefersTo(String declaration, String told) {
        assertEquals(List.of(told), Checked.toldOf(declaration));
    }

    @Test
    void aRouteThatAnotherGoesOnToIsUsed() {
        assertEquals(
                List.of(),
                Checked.told(
                        Checked.BASE.replace("-> near", "-> route next")
                                + "route next { only otherwise -> near }"));
    }

    @Test
    void aConditionIsNoUse() {
        assertEquals(
                List.of("W0110 idle"),
                Checked.toldOf(
                        """
                        route idle { only otherwise -> near }
                        rule it on route when route is idle tag "idle"
                        """));
    }

    @Test
    void saysNothingWhereANameIsWrong() {
        assertEquals(
                List.of("E0104 nearr"), Checked.told(Checked.BASE.replace("-> near", "-> nearr")));
    }

    @Test
    void aKeyThatMayHaveBeenMeantAsOneIsEnough() {
        assertEquals(
                List.of("E0303 \"x\""), Checked.toldOf("team t { key k \"x\"  may use chat }"));
    }
}
