package dev.writ.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Patterns in pieces of a text find what RE2J finds in all of it.
final class StreamPatternsTest {
    private static final List<String> ATOMS =
            List.of(
                    "a",
                    "b",
                    "k",
                    "s",
                    "é",
                    "\\n",
                    ".",
                    "[ab]",
                    "[^a]",
                    "[^]a]",
                    "[]a]",
                    "[a\\]]",
                    "[[:alpha:]]",
                    "[[:^digit:]b]",
                    "\\d",
                    "\\W",
                    "\\s",
                    "\\pL",
                    "\\p{Greek}",
                    "\\P{Lu}",
                    "\\x{1F600}",
                    "\\x61",
                    "\\141",
                    "\\Qa.\\E",
                    "\\.",
                    "{",
                    "}",
                    "]",
                    "a{,2}",
                    "a{01}",
                    "^",
                    "$",
                    "\\b",
                    "\\B",
                    "\\A",
                    "\\z",
                    "😀",
                    "\\t",
                    "ſ",
                    "K");
    private static final List<String> REPETITIONS =
            List.of("*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}", "*?", "{1,2}?");
    private static final List<String> GROUPS =
            List.of("(", "(?:", "(?i:", "(?s:", "(?m:", "(?-m:", "(?ims-U:", "(?P<n>", "(?i)(");
    private static final List<String> CHARACTERS =
            List.of(
                    "a", "b", "A", "K", "k", "s", "é", "\n", " ", "0", "_", ".", "😀", "α", "ſ",
                    "\u212a", "\ud83d", "\ude00", "{", "]", "\t");

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void findWhatRe2jFinds(long batch) {
        RandomGenerator random = new SplittableRandom(batch);
        int compared = 0;
        while (compared < 1_500) {
            String pattern = pattern(random, 3);
            Pattern re2;
            try {
                re2 = Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                continue; // such as two groups of one name
            }
            compared++;
            StreamPatterns patterns = StreamPatterns.of(List.of("never\u0001", pattern, "b+$"));
            StreamPatterns.Room room = new StreamPatterns.Room(patterns);
            for (int i = 0; i < 20; i++) {
                String text = text(random);
                boolean expected = re2.matcher(text).find();
                StreamPatterns.Runs runs = patterns.new Runs();
                feed(runs, text, room, random);
                runs.end(room);
                assertEquals(
                        expected,
                        runs.isFound(1),
                        () -> "batch %d, /%s/ in %s".formatted(batch, pattern, escaped(text)));
            }
        }
    }

    private static void feed(
            StreamPatterns.Runs runs,
            String text,
            StreamPatterns.Room room,
            RandomGenerator random) {
        char[] chars = text.toCharArray();
        int at = 0;
        while (at < chars.length) {
            int to = random.nextInt(at + 1, chars.length + 1);
            runs.read(chars, at, to, room);
            at = to;
        }
    }

    private static String pattern(RandomGenerator random, int depth) {
        StringBuilder pattern = new StringBuilder();
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            if (depth > 0 && random.nextInt(3) == 0) {
                pattern.append(GROUPS.get(random.nextInt(GROUPS.size())))
                        .append(pattern(random, depth - 1));
                if (random.nextInt(3) == 0) {
                    pattern.append('|').append(pattern(random, depth - 1));
                }
                pattern.append(')');
            } else {
                pattern.append(ATOMS.get(random.nextInt(ATOMS.size())));
            }
            if (random.nextInt(3) == 0) {
                pattern.append(REPETITIONS.get(random.nextInt(REPETITIONS.size())));
            }
        }
        if (random.nextInt(8) == 0) {
            pattern.append('|').append(ATOMS.get(random.nextInt(ATOMS.size())));
        }
        return pattern.toString();
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(9);
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
        }
        return text.toString();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars()
                .forEach(
                        c ->
                                escaped.append(
                                        c < 32 || c > 126
                                                ? "\\u%04x".formatted(c)
                                                : "" + (char) c));
        return escaped.append('"').toString();
    }

    /// What is found does not depend on pieces, nor what is held at the end of each.
    @Test
    void holdAMatchFromItsBeginning() {
        RandomGenerator random = new SplittableRandom(9);
        int matches = 0;
        while (matches < 2_000) {
            String pattern = "a[b0]{0,3}(k|é|😀)?b{1,3}s".substring(0, 5 + random.nextInt(21));
            Pattern re2;
            try {
                re2 = Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                continue;
            }
            StreamPatterns patterns = StreamPatterns.of(List.of(pattern));
            StreamPatterns.Room room = new StreamPatterns.Room(patterns);
            String text = text(random) + text(random);
            StreamPatterns.Runs runs = patterns.new Runs();
            int sent = 0;
            for (int i = 0; i < text.length() && !runs.isFound(0); i++) {
                sent = runs.heldFrom(new boolean[] {true});
                runs.read(text.toCharArray(), i, i + 1, room);
            }
            if (runs.isFound(0)) {
                matches++;
                var matcher = re2.matcher(text);
                assertTrue(matcher.find());
                int begun = matcher.start();
                assertTrue(
                        sent <= begun,
                        "/%s/ in %s: sent %d of what begins at %d"
                                .formatted(pattern, escaped(text), sent, begun));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '&',
            textBlock =
                    """
                    AKIA[0-9A-Z]{4} & 'see AKIA12'   & 4
                    AKIA[0-9A-Z]{4} & 'see AKIA12.'  & 11
                    AKIA[0-9A-Z]{4} & 'see AKI'      & 4
                    AKIA[0-9A-Z]{4} & 'AKAKIA1'      & 2
                    AKIA[0-9A-Z]{4} & 'nothing'      & 7
                    AKIA[0-9A-Z]{4} & 'AKIA12345 A'  & 11
                    BEGIN[^e]*END   & 'x BEGIN y'    & 2
                    \\bkey\\b       & 'a key'        & 2
                    \\bkey\\b       & 'a keys'       & 6
                    """)
    void holdFromWhereAMatchMayBegin(String pattern, String text, int heldFrom) {
        StreamPatterns patterns = StreamPatterns.of(List.of(pattern));
        StreamPatterns.Room room = new StreamPatterns.Room(patterns);
        StreamPatterns.Runs runs = patterns.new Runs();
        runs.read(text.toCharArray(), 0, text.length(), room);
        assertEquals(heldFrom, runs.heldFrom(new boolean[] {true}));
        assertEquals(text.length(), runs.heldFrom(new boolean[] {false}));
    }

    @Test
    void takeTimeAsTheTextIsLong() {
        // A backtracking search would not end.
        StreamPatterns patterns = StreamPatterns.of(List.of("(a*)*(a?){200}b", "(x+x+)+y"));
        StreamPatterns.Room room = new StreamPatterns.Room(patterns);
        StreamPatterns.Runs runs = patterns.new Runs();
        char[] text = new char[20_000];
        Arrays.fill(text, 0, 10_000, 'a');
        Arrays.fill(text, 10_000, 20_000, 'x');
        runs.read(text, 0, text.length, room);
        runs.end(room);
        assertEquals(0, runs.foundCount());
    }

    @Test
    void askRe2jForCharactersOfManyPages() {
        StreamPatterns patterns = StreamPatterns.of(List.of("[^\\x00-\\x{10FFFF}]", "\\p{Lu}$"));
        StreamPatterns.Room room = new StreamPatterns.Room(patterns);
        StreamPatterns.Runs runs = patterns.new Runs();
        List<String> letters = new ArrayList<>();
        for (int page = 0; page < 2 * CharacterSet.PAGES_MAX; page++) {
            letters.add(Character.toString((page << 8) + 0x41));
        }
        letters.add("Ω");
        for (String letter : letters) {
            runs.read(letter.toCharArray(), 0, letter.length(), room);
        }
        runs.end(room);
        assertTrue(runs.isFound(1));
        assertEquals(1, runs.foundCount());
    }
}
