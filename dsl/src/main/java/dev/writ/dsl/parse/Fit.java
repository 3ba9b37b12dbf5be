package dev.writ.dsl.parse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.NotSetTransition;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.misc.IntervalSet;

/// How a rule of the grammar fits a stretch of tokens: where it can end, how far it gets, and what
/// could have stood there.
///
/// ANTLR tells of a mistake only that it noticed one. This walks every way through the grammar, so
/// that the token at which the last way ends is known, with everything that was possible there. The
/// grammar has no left recursion, so the walk ends; no two rules that begin alike can stand at one
/// place, so it takes time by the number of tokens.
final class Fit {
    private static final ATN GRAMMAR = WritParser._ATN;

    private final int[] types;
    private final int to;
    private final BitSet tokens = new BitSet();
    private final BitSet rules = new BitSet();
    private final int[] ends;
    private int reached;

    private Fit(int rule, int[] types, int from, int to) {
        this.types = types;
        this.to = to;
        this.reached = from;
        this.ends = walk(rule, from, true);
    }

    /// Fits a rule to the types of tokens from one index up to another, as if the file ended there.
    static Fit of(int rule, int[] types, int from, int to) {
        return new Fit(rule, types, from, to);
    }

    /// Tells whether the rule can begin with a token.
    static boolean begins(int rule, int type) {
        return GRAMMAR.nextTokens(GRAMMAR.ruleToStartState[rule]).contains(type);
    }

    /// Returns the last index at which the rule can end, exclusive; -1 if at none.
    int end() {
        return ends.length == 0 ? -1 : ends[ends.length - 1];
    }

    /// Tells whether the rule takes the whole stretch.
    boolean isWhole() {
        return end() == to;
    }

    /// Returns the index of the first token that nothing could take.
    int reached() {
        return reached;
    }

    /// Returns the types of the tokens that could stand at [#reached], without those that begin one
    /// of [#rules].
    BitSet tokens() {
        return tokens;
    }

    /// Returns the rules that could begin at [#reached], the outermost ones only.
    BitSet rules() {
        return rules;
    }

    private int[] walk(int rule, int start, boolean outermost) {
        BitSet found = new BitSet();
        LongSet seen = new LongSet();
        List<ATNState> states = new ArrayList<>();
        List<Integer> indices = new ArrayList<>();
        states.add(GRAMMAR.ruleToStartState[rule]);
        indices.add(start);
        while (!states.isEmpty()) {
            ATNState state = states.removeLast();
            int index = indices.removeLast();
            if (state instanceof RuleStopState) {
                found.set(index - start);
                continue;
            }
            boolean visible = outermost || index > start;
            for (int i = 0; i < state.getNumberOfTransitions(); i++) {
                Transition transition = state.transition(i);
                if (transition instanceof RuleTransition call) {
                    int callee = call.target.ruleIndex;
                    if (visible) {
                        note(index, rules, callee);
                    }
                    if (index >= to || !begins(callee, types[index])) {
                        continue;
                    }
                    for (int end : walk(callee, index, false)) {
                        if (seen.add(call.followState.stateNumber, end)) {
                            states.add(call.followState);
                            indices.add(end);
                        }
                    }
                } else {
                    boolean moves = transition.isEpsilon();
                    int next = index;
                    if (!moves) {
                        if (visible && !(transition instanceof NotSetTransition)) {
                            note(index, transition.label());
                        }
                        int type = index < to ? types[index] : Token.EOF;
                        moves =
                                type != Token.EOF
                                        && transition.matches(type, 1, GRAMMAR.maxTokenType);
                        next = index + 1;
                        if (moves) {
                            reach(next);
                        }
                    }
                    if (moves && seen.add(transition.target.stateNumber, next)) {
                        states.add(transition.target);
                        indices.add(next);
                    }
                }
            }
        }
        return found.stream().map(end -> end + start).toArray();
    }

    private void reach(int index) {
        if (index > reached) {
            reached = index;
            tokens.clear();
            rules.clear();
        }
    }

    private void note(int index, IntervalSet types) {
        reach(index);
        if (index == reached) {
            for (Interval interval : types.getIntervals()) {
                tokens.set(Math.max(0, interval.a), interval.b + 1);
            }
        }
    }

    private void note(int index, BitSet kind, int number) {
        reach(index);
        if (index == reached) {
            kind.set(number);
        }
    }

    /// Pairs of numbers, without boxes.
    private static final class LongSet {
        private static final long NONE = -1;

        private long[] slots = filled(16);
        private int size;

        /// Returns whether the pair is new.
        boolean add(int high, int low) {
            if (2 * size >= slots.length) {
                long[] old = slots;
                slots = filled(2 * old.length);
                for (long pair : old) {
                    if (pair != NONE) {
                        slots[slot(pair)] = pair;
                    }
                }
            }
            long pair = ((long) high << 32) | low;
            int slot = slot(pair);
            if (slots[slot] == pair) {
                return false;
            }
            slots[slot] = pair;
            size++;
            return true;
        }

        private int slot(long pair) {
            int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
            while (slots[slot] != NONE && slots[slot] != pair) {
                slot = (slot + 1) & (slots.length - 1);
            }
            return slot;
        }

        private static long[] filled(int length) {
            long[] slots = new long[length];
            Arrays.fill(slots, NONE);
            return slots;
        }
    }
}
