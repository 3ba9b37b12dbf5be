package dev.writ.dsl.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuggestionsTest {
    @ParameterizedTest
    @CsvSource({
        "budgett, budget",
        "bduget, budget",
        "BUDGET, budget",
        "respnse, response",
        "ke, key"
    })
    void findsNearWord(String word, String nearest) {
        assertEquals(
                nearest,
                Suggestions.nearest(word, List.of("request", "response", "budget", "key", "may")));
    }

    @ParameterizedTest
    @CsvSource({"zebra", "b", "budgets-of-the-year", "x"})
    void findsNothingFarAway(String word) {
        assertNull(Suggestions.nearest(word, List.of("response", "budget", "k")));
    }

    @Test
    void takesTheNearestAndTheFirstOfEqualOnes() {
        assertEquals("chat", Suggestions.nearest("chatt", List.of("start", "chat", "cheat")));
        assertEquals("cat", Suggestions.nearest("bat", List.of("cat", "hat")));
    }

    @Test
    void longWordsAreNotCompared() {
        String longest = "x".repeat(Suggestions.WORD_LENGTH_MAX);
        assertEquals(longest, Suggestions.nearest(longest, List.of(longest)));
        assertNull(Suggestions.nearest(longest + "x", List.of(longest)));
    }

    @Test
    void countsEdits() {
        assertEquals(0, Suggestions.distance("abc", "abc"));
        assertEquals(1, Suggestions.distance("abc", "acb"));
        assertEquals(3, Suggestions.distance("", "abc"));
        assertEquals(3, Suggestions.distance("kitten", "sitting"));
    }
}
