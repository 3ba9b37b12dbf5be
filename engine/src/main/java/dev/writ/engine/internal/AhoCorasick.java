package dev.writ.engine.internal;

import dev.writ.engine.Truth;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds which of many sets of words have a word in a text, in one pass over it.
///
/// The words are a trie; each state has a link to the longest proper suffix that is a state too,
/// and one to the nearest such suffix that ends a word. A state's outputs are looked at once a
/// search, so the time is linear in the text plus the words, whatever they are. Transitions lie in
/// one hash table: the room is linear in the words.
///
/// Source: Aho and Corasick, Efficient String Matching: An Aid to Bibliographic Search, 1975.
final class AhoCorasick {
    private static final int ROOT = 0;

    /// For characters below 128, the state after the root.
    private final int[] first = new int[128];

    // Open addressing; a key is `(state + 1) << 16 | character`, 0 for a free place.
    private final long[] keys;
    private final int[] targets;

    private final int[] suffix;

    /// The nearest suffix state that ends a word; the state itself if it does; -1 for none.
    private final int[] ending;

    /// The sets that have the word which ends at a state; empty where none does.
    private final int[][] sets;

    /// How many characters lead to a state.
    private final int[] depths;

    private AhoCorasick(List<Map<Character, Integer>> trie, List<List<Integer>> outputs) {
        int states = trie.size();
        this.keys = new long[Integer.highestOneBit(Math.max(4, states * 2)) * 2];
        this.targets = new int[keys.length];
        this.suffix = new int[states];
        this.ending = new int[states];
        this.depths = new int[states];
        this.sets =
                outputs.stream()
                        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                        .toArray(int[][]::new);
        for (int state = 0; state < states; state++) {
            for (Map.Entry<Character, Integer> edge : trie.get(state).entrySet()) {
                put(state, edge.getKey(), edge.getValue());
            }
        }
        link(trie);
        for (char c = 0; c < first.length; c++) {
            first[c] = Math.max(ROOT, target(ROOT, c));
        }
    }

    /// Makes a search for the words of each set; the sets are numbered from 0.
    static AhoCorasick of(List<List<String>> sets) {
        List<Map<Character, Integer>> trie = new ArrayList<>();
        List<List<Integer>> outputs = new ArrayList<>();
        trie.add(new HashMap<>());
        outputs.add(new ArrayList<>());
        for (int set = 0; set < sets.size(); set++) {
            for (String word : sets.get(set)) {
                int state = ROOT;
                for (int i = 0; i < word.length(); i++) {
                    Integer next = trie.get(state).get(word.charAt(i));
                    if (next == null) {
                        next = trie.size();
                        trie.get(state).put(word.charAt(i), next);
                        trie.add(new HashMap<>());
                        outputs.add(new ArrayList<>());
                    }
                    state = next;
                }
                outputs.get(state).add(set);
            }
        }
        return new AhoCorasick(trie, outputs);
    }

    /// Where a search of a text stands that comes in pieces.
    final class Cursor {
        /// The states of which the outputs were seen, a bit a state.
        private final long[] seen = new long[(suffix.length + 63) >> 6];

        private int state = ROOT;
        private int seenCount;

        /// @param found in which the sets that have an empty word are marked, a bit a set
        Cursor(long[] found) {
            if (ending[ROOT] >= 0) {
                note(ROOT, found);
            }
        }

        /// Reads on, and marks the sets of which a word ends in the piece.
        void read(char[] chars, int from, int to, long[] found) {
            for (int i = from; i < to; i++) {
                char c = chars[i];
                state = state == ROOT && c < first.length ? first[c] : step(state, c);
                int end = ending[state];
                if (end >= 0 && (seen[end >> 6] & 1L << end) == 0) {
                    note(end, found);
                }
            }
        }

        /// Returns a number that grows whenever a set is found.
        int seenCount() {
            return seenCount;
        }

        /// Returns how many of the last characters can be the beginning of a word.
        int begun() {
            return depths[state];
        }

        private void note(int from, long[] found) {
            int at = from;
            while (at >= 0 && (seen[at >> 6] & 1L << at) == 0) {
                seen[at >> 6] |= 1L << at;
                seenCount++;
                for (int set : sets[at]) {
                    found[set >> 6] |= 1L << set;
                }
                at = at == ROOT ? -1 : ending[suffix[at]];
            }
        }
    }

    /// Returns how many states there are.
    int states() {
        return suffix.length;
    }

    /// Notes in `scratch` that the residual condition `members[set]` is true, for each set of
    /// which the text has a word.
    void search(String text, Scratch scratch, int[] members) {
        long[] seen = scratch.searchSeen;
        Arrays.fill(seen, 0, (suffix.length + 63) >> 6, 0);
        int missing = members.length;
        if (ending[ROOT] >= 0) {
            missing -= note(ROOT, scratch, members);
        }
        int state = ROOT;
        for (int i = 0; i < text.length() && missing > 0; i++) {
            char c = text.charAt(i);
            state = state == ROOT && c < first.length ? first[c] : step(state, c);
            int end = ending[state];
            if (end >= 0 && (seen[end >> 6] & 1L << end) == 0) {
                missing -= note(end, scratch, members);
            }
        }
    }

    /// Notes the outputs of an ending state and of its suffixes, as far as they have not been.
    ///
    /// @return how many sets were found for the first time
    private int note(int from, Scratch scratch, int[] members) {
        int news = 0;
        int state = from;
        while (state >= 0 && (scratch.searchSeen[state >> 6] & 1L << state) == 0) {
            scratch.searchSeen[state >> 6] |= 1L << state;
            for (int set : sets[state]) {
                if (scratch.remembered(members[set]) != Truth.TRUE) {
                    scratch.remember(members[set], Truth.TRUE);
                    news++;
                }
            }
            state = state == ROOT ? -1 : ending[suffix[state]];
        }
        return news;
    }

    private int step(int from, char c) {
        int state = from;
        while (true) {
            int next = target(state, c);
            if (next >= 0) {
                return next;
            }
            if (state == ROOT) {
                return ROOT;
            }
            state = suffix[state];
        }
    }

    /// Fills the links of states in the order of their depth.
    private void link(List<Map<Character, Integer>> trie) {
        Deque<Integer> queue = new ArrayDeque<>();
        ending[ROOT] = sets[ROOT].length > 0 ? ROOT : -1;
        queue.add(ROOT);
        while (!queue.isEmpty()) {
            int state = queue.remove();
            for (Map.Entry<Character, Integer> edge : trie.get(state).entrySet()) {
                int next = edge.getValue();
                depths[next] = depths[state] + 1;
                suffix[next] = state == ROOT ? ROOT : step(suffix[state], edge.getKey());
                ending[next] = sets[next].length > 0 ? next : ending[suffix[next]];
                queue.add(next);
            }
        }
    }

    private void put(int state, char c, int target) {
        int at = place(state, c);
        keys[at] = key(state, c);
        targets[at] = target;
    }

    private int target(int state, char c) {
        int at = place(state, c);
        return keys[at] == 0 ? -1 : targets[at];
    }

    private int place(int state, char c) {
        long key = key(state, c);
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private static long key(int state, char c) {
        return (state + 1L) << 16 | c;
    }
}
