package dev.writ.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.engine.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AhoCorasickTest {
    @Test
    void findsWhatContainsFinds() {
        for (long seed = 0; seed < 3000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<List<String>> sets = new ArrayList<>();
            int setCount = 1 + random.nextInt(6);
            for (int set = 0; set < setCount; set++) {
                List<String> words = new ArrayList<>();
                int wordCount = 1 + random.nextInt(4);
                for (int word = 0; word < wordCount; word++) {
                    words.add(text(random, 6));
                }
                sets.add(words);
            }
            String text = text(random, 40);
            List<Boolean> expected =
                    sets.stream().map(words -> words.stream().anyMatch(text::contains)).toList();
            String at = "seed %d: %s in %s".formatted(seed, sets, text);
            assertEquals(expected, found(sets, text), at);
        }
    }

    @Test
    void findsAnEmptyWordInAnEmptyText() {
        assertEquals(List.of(true, false), found(List.of(List.of(""), List.of("a")), ""));
    }

    @Test
    void findsAWordThatIsTheEndOfAnother() {
        assertEquals(List.of(false, true), found(List.of(List.of("abcd"), List.of("bc")), "xabcx"));
    }

    @Test
    void looksOnceAtWordsThatEndInEachOther() {
        List<List<String>> sets = new ArrayList<>();
        for (int length = 1; length <= 300; length++) {
            sets.add(List.of("a".repeat(length)));
        }
        sets.add(List.of("b"));
        List<Boolean> found = found(sets, "a".repeat(100_000));
        assertEquals(300, found.stream().filter(f -> f).count());
    }

    private static List<Boolean> found(List<List<String>> sets, String text) {
        AhoCorasick words = AhoCorasick.of(sets);
        Scratch scratch = new Scratch(0, sets.size(), 0, words.states());
        int[] members = new int[sets.size()];
        for (int set = 0; set < members.length; set++) {
            // Numbers of residuals are not those of sets.
            members[set] = members.length - 1 - set;
            scratch.remember(members[set], Truth.FALSE);
        }
        words.search(text, scratch, members);
        List<Boolean> found = new ArrayList<>();
        for (int member : members) {
            found.add(scratch.remembered(member) == Truth.TRUE);
        }
        return found;
    }

    private static String text(SplittableRandom random, int lengthMax) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(lengthMax);
        for (int i = 0; i < length; i++) {
            text.append("ab\u00e9\u4e16".charAt(Math.min(3, random.nextInt(9) / 3)));
        }
        return text.toString();
    }
}
