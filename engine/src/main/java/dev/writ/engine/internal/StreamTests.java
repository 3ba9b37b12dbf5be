package dev.writ.engine.internal;

import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.StreamText;
import dev.writ.engine.Truth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Every test that a policy makes of `stream.text`, to be made all at once while a text comes.
///
/// Immutable; [TreeEvaluator] defines what each test means of the text so far.
public final class StreamTests {
    /// Those of tests that hold nothing back.
    private final AhoCorasick words;

    private final int[] wordTests;

    /// Those of tests that hold back what may be their beginning.
    private final AhoCorasick heldWords;

    private final int[] heldWordTests;

    private final StreamPatterns patterns;
    private final int[] patternTests;
    private final boolean[] isHeldPattern;

    private final String[] prefixes;
    private final int[] prefixTests;
    private final boolean[] isHeldPrefix;

    /// For each test from how long a text on it is unknown.
    private final int[] charsMax;

    private StreamTests(List<TextTest> tests, List<Boolean> held) {
        List<Integer> free = new ArrayList<>();
        List<Integer> withheld = new ArrayList<>();
        List<Integer> matching = new ArrayList<>();
        List<Integer> beginning = new ArrayList<>();
        this.charsMax = new int[tests.size()];
        for (int test = 0; test < tests.size(); test++) {
            charsMax[test] = Integer.MAX_VALUE;
            switch (tests.get(test)) {
                case TextTest.ContainsAny _ -> {
                    (held.get(test) ? withheld : free).add(test);
                    charsMax[test] = TextLimits.CONTAINS_CHARS_MAX;
                }
                case TextTest.Matches _ -> {
                    matching.add(test);
                    charsMax[test] = TextLimits.MATCHES_CHARS_MAX;
                }
                case TextTest.StartsWith _ -> beginning.add(test);
                case TextTest.In _, TextTest.EndsWith _ ->
                        throw new IllegalArgumentException(
                                "a text that goes on must not be asked for its end");
            }
        }
        this.wordTests = ints(free);
        this.words = AhoCorasick.of(words(tests, free));
        this.heldWordTests = ints(withheld);
        this.heldWords = AhoCorasick.of(words(tests, withheld));
        this.patternTests = ints(matching);
        this.patterns =
                StreamPatterns.of(
                        matching.stream()
                                .map(test -> ((TextTest.Matches) tests.get(test)).pattern())
                                .toList());
        this.isHeldPattern = held(matching, held);
        this.prefixTests = ints(beginning);
        this.prefixes =
                beginning.stream()
                        .map(test -> ((TextTest.StartsWith) tests.get(test)).prefix())
                        .toArray(String[]::new);
        this.isHeldPrefix = held(beginning, held);
    }

    private static boolean[] held(List<Integer> which, List<Boolean> held) {
        boolean[] is = new boolean[which.size()];
        for (int i = 0; i < is.length; i++) {
            is[i] = held.get(which.get(i));
        }
        return is;
    }

    private static List<List<String>> words(List<TextTest> tests, List<Integer> which) {
        return which.stream()
                .map(test -> ((TextTest.ContainsAny) tests.get(test)).parts())
                .toList();
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Collects tests and gives them numbers.
    static final class Builder {
        private final Map<TextTest, Integer> numbers = new HashMap<>();
        private final List<TextTest> tests = new ArrayList<>();
        private final List<Boolean> held = new ArrayList<>();

        /// Returns the number of a test.
        int number(TextTest test) {
            return numbers.computeIfAbsent(
                    test,
                    _ -> {
                        tests.add(test);
                        held.add(false);
                        return tests.size() - 1;
                    });
        }

        /// Notes that what may be the beginning of what the test looks for is to be held back.
        void hold(TextTest test) {
            held.set(number(test), true);
        }

        StreamTests build() {
            return new StreamTests(tests, held);
        }
    }

    /// Room to work in, for one thread.
    public static final class Room {
        private final StreamPatterns.Room patterns;

        /// Makes room for all texts of a policy.
        public Room(StreamTests of) {
            this.patterns = new StreamPatterns.Room(of.patterns);
        }
    }

    /// A text as far as it has come, and what is true of it.
    public final class Text {
        private final long[] found = new long[(charsMax.length + 63) >> 6];
        private final long[] wordsFound = new long[(wordTests.length + 63) >> 6];
        private final long[] heldWordsFound = new long[(heldWordTests.length + 63) >> 6];
        private final AhoCorasick.Cursor ofWords = words.new Cursor(wordsFound);
        private final AhoCorasick.Cursor ofHeldWords = heldWords.new Cursor(heldWordsFound);
        private final StreamPatterns.Runs ofPatterns = patterns.new Runs();

        /// How much of each prefix has come; -1 where the text begins otherwise.
        private final int[] begun = new int[prefixes.length];

        private int prefixesFound;
        private int length;

        /// How much was found by all searches together, when it was gathered last.
        private int gathered = -1;

        private boolean isReadable = true;

        /// Makes a text of which nothing has come.
        public Text() {
            collect();
        }

        /// Returns how many UTF-16 units have come.
        public int length() {
            return length;
        }

        /// Reads on.
        ///
        /// @return whether a test has another value now
        public boolean read(char[] chars, int from, int to, Room room) {
            int before = length;
            length = (int) Math.min(Integer.MAX_VALUE, (long) length + to - from);
            if (length <= TextLimits.CONTAINS_CHARS_MAX) {
                if (wordTests.length > 0) {
                    ofWords.read(chars, from, to, wordsFound);
                }
                if (heldWordTests.length > 0) {
                    ofHeldWords.read(chars, from, to, heldWordsFound);
                }
            }
            if (patternTests.length == 0) {
                // nothing to look for
            } else if (length <= TextLimits.MATCHES_CHARS_MAX) {
                ofPatterns.read(chars, from, to, room.patterns);
            } else {
                ofPatterns.stop();
            }
            begin(chars, from, to);
            return collect()
                    || passes(before, TextLimits.MATCHES_CHARS_MAX)
                    || passes(before, TextLimits.CONTAINS_CHARS_MAX);
        }

        private boolean passes(int before, int limit) {
            return before <= limit && length > limit;
        }

        /// The text is at its end.
        ///
        /// @return whether a test has another value now
        public boolean end(Room room) {
            if (length <= TextLimits.MATCHES_CHARS_MAX) {
                ofPatterns.end(room.patterns);
            }
            return collect();
        }

        /// There is text that cannot be read: whatever is not found is unknown.
        public void isUnreadable() {
            isReadable = false;
        }

        /// Returns the value of a test.
        Truth value(int test) {
            if ((found[test >> 6] & 1L << test) != 0) {
                return Truth.TRUE;
            }
            return isReadable && length <= charsMax[test] ? Truth.FALSE : Truth.UNKNOWN;
        }

        /// Returns from where on the text must be held back: what stands there may turn out to be
        /// what a denial looks for. The length of the text if nothing may.
        public int heldFrom() {
            int from = length;
            if (length <= TextLimits.CONTAINS_CHARS_MAX) {
                from = Math.min(from, length - ofHeldWords.begun());
            }
            if (patternTests.length > 0 && length <= TextLimits.MATCHES_CHARS_MAX) {
                from = Math.min(from, ofPatterns.heldFrom(isHeldPattern));
            }
            for (int i = 0; i < begun.length; i++) {
                if (isHeldPrefix[i] && begun[i] >= 0 && begun[i] < prefixes[i].length()) {
                    from = 0;
                }
            }
            return Math.max(from, length - StreamText.HELD_CHARS_MAX);
        }

        private void begin(char[] chars, int from, int to) {
            for (int i = 0; i < begun.length; i++) {
                String prefix = prefixes[i];
                for (int at = from; at < to && begun[i] >= 0 && begun[i] < prefix.length(); at++) {
                    begun[i] = prefix.charAt(begun[i]) == chars[at] ? begun[i] + 1 : -1;
                    prefixesFound += begun[i] == prefix.length() ? 1 : 0;
                }
            }
        }

        /// Gathers what was found; tells whether there is more than before.
        private boolean collect() {
            int all =
                    ofWords.seenCount()
                            + ofHeldWords.seenCount()
                            + ofPatterns.foundCount()
                            + prefixesFound;
            if (all == gathered) {
                return false;
            }
            gathered = all;
            boolean more = false;
            for (int i = 0; i < wordTests.length; i++) {
                more |= (wordsFound[i >> 6] & 1L << i) != 0 && find(wordTests[i]);
            }
            for (int i = 0; i < heldWordTests.length; i++) {
                more |= (heldWordsFound[i >> 6] & 1L << i) != 0 && find(heldWordTests[i]);
            }
            for (int i = 0; i < patternTests.length; i++) {
                more |= ofPatterns.isFound(i) && find(patternTests[i]);
            }
            for (int i = 0; i < begun.length; i++) {
                more |= begun[i] == prefixes[i].length() && find(prefixTests[i]);
            }
            return more;
        }

        private boolean find(int test) {
            boolean isNew = (found[test >> 6] & 1L << test) == 0;
            found[test >> 6] |= 1L << test;
            return isNew;
        }
    }
}
