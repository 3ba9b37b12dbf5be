package dev.writ.dsl.parse;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// Which braces of a file match, and how deep what stands between brackets of any kind is nested.
final class Brackets {
    private static final int NONE = -1;

    private final int[] partners;
    private final int[] depths;
    private final int[] openings;

    private Brackets(int[] partners, int[] depths, int[] openings) {
        this.partners = partners;
        this.depths = depths;
        this.openings = openings;
    }

    static Brackets of(int[] types) {
        return new Brackets(partners(types), depths(types), openings(types));
    }

    /// Returns the brace that closes or opens this one, or -1 if there is none.
    int partner(int index) {
        return partners[index];
    }

    /// Returns the first `{` at an index or behind it, before another index; -1 if there is none.
    int firstOpening(int from, int to) {
        int opening = from < openings.length ? openings[from] : to;
        return opening < to ? opening : NONE;
    }

    /// Returns the first token from one index up to another that is nested deeper in there than
    /// [PolicyParser#DEPTH_MAX], or -1.
    int tooDeep(int from, int to) {
        int around = from == 0 ? 0 : depths[from - 1];
        for (int i = from; i < to; i++) {
            if (depths[i] - around > PolicyParser.DEPTH_MAX) {
                return i;
            }
        }
        return NONE;
    }

    /// Returns the depth of what is nested deepest.
    int deepest() {
        return Arrays.stream(depths).max().orElse(0);
    }

    /// Returns for each token where the next `{` stands, itself included.
    private static int[] openings(int[] types) {
        int[] openings = new int[types.length];
        int next = types.length;
        for (int i = types.length - 1; i >= 0; i--) {
            next = types[i] == WritParser.LBRACE ? i : next;
            openings[i] = next;
        }
        return openings;
    }

    private static int[] partners(int[] types) {
        int[] partners = new int[types.length];
        Arrays.fill(partners, NONE);
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < types.length; i++) {
            if (types[i] == WritParser.LBRACE) {
                open.push(i);
            } else if (types[i] == WritParser.RBRACE && !open.isEmpty()) {
                partners[i] = open.pop();
                partners[partners[i]] = i;
            }
        }
        return partners;
    }

    /// Counts what stands around each token, `not` included, because it takes an operand as a
    /// bracket takes a content.
    private static int[] depths(int[] types) {
        int[] depths = new int[types.length];
        Deque<Integer> open = new ArrayDeque<>();
        int depth = 0;
        int negations = 0;
        for (int i = 0; i < types.length; i++) {
            switch (types[i]) {
                case WritParser.NOT, WritParser.NOT_SIGN -> negations++;
                case WritParser.LBRACE, WritParser.LBRACKET, WritParser.LPAREN -> {
                    int added = negations + 1;
                    open.push(added);
                    depth += added;
                    negations = 0;
                }
                case WritParser.RBRACE, WritParser.RBRACKET, WritParser.RPAREN -> {
                    depth -= open.isEmpty() ? 0 : open.pop();
                    negations = 0;
                }
                default -> negations = 0;
            }
            depths[i] = depth + negations;
        }
        return depths;
    }
}
