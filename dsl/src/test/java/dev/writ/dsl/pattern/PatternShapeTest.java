package dev.writ.dsl.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How long matches can be. That patterns are read as RE2J reads them, tests of the engine show.
final class PatternShapeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '&',
            textBlock =
                    """
                    AKIA[0-9A-Z]{16}        & 20  & 20
                    abc                     & 3   & 3
                    (a|bc|)d                & 3   & 3
                    a{2,5}                  & 5   & 2
                    a{2}                    & 2   & 2
                    a*                      & inf & 0
                    a?b+                    & inf & 2
                    .*secret                & inf & inf
                    [a-z]+@corp\\.example   & inf & inf
                    [a-z]{1,64}@x           & 66  & 66
                    sk-[a-z0-9]{20,}        & inf & 23
                    \\bsk-[a-z0-9]{20,}\\b  & inf & inf
                    \\b[0-9]{13,16}\\b      & 16  & 16
                    (?:ab){3}               & 6   & 6
                    (?:ab){3,}c*            & inf & 6
                    x{0}                    & 0   & 0
                    ^$                      & 0   & 0
                    .                       & 2   & 2
                    [^a]                    & 2   & 2
                    [^]a-c]                 & 2   & 2
                    []a-c]                  & 1   & 1
                    [[:alpha:]\\]x]         & 1   & 1
                    \\pL                    & 2   & 2
                    \\p{Greek}{2}           & 4   & 4
                    \\x{1F600}              & 2   & 2
                    \\x41\\101              & 2   & 2
                    \\Qa.*b\\E              & 4   & 4
                    a{,5}                   & 5   & 5
                    a{01}                   & 5   & 5
                    (?i)ab(?-i:c)           & 3   & 3
                    (?P<n>a)(?i:b|c)        & 2   & 2
                    """)
    void matchesAreAsLongAsThat(String pattern, String longest, String longestUntilKnown) {
        PatternShape shape = PatternShape.of(pattern);
        assertEquals(longest, words(shape.longest()));
        assertEquals(longestUntilKnown, words(shape.shortened().longest()));
    }

    private static String words(long length) {
        return length == PatternShape.INFINITE ? "inf" : Long.toString(length);
    }

    @ParameterizedTest
    @CsvSource({
        "a, 1",
        "'a{1000}', 2000",
        "'(a{30}){30}', 1890",
        "'((a{100}){100}){100}', 2030200",
    })
    void isAsLargeAsItIsWrittenOut(String pattern, long least) {
        assertTrue(PatternShape.of(pattern).size() >= least / 2, pattern);
        assertTrue(PatternShape.of(pattern).size() <= 2 * least, pattern);
    }
}
