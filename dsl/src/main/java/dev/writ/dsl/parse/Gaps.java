package dev.writ.dsl.parse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.NotSetTransition;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.Interval;
import org.jspecify.annotations.Nullable;

/// What could stand behind a stretch of tokens that a rule of the grammar begins with.
///
/// Walks the grammar as [Fit] does, and remembers by which rules it came to the end of the stretch.
final class Gaps {
    private static final ATN GRAMMAR = WritParser._ATN;

    private final int[] types;
    private final List<Found> found = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    private boolean whole;

    private Gaps(int[] types) {
        this.types = types;
    }

    /// A rule on the way, and the index at which it began.
    record Step(int rule, int start, @Nullable Step outer) {}

    /// A token that could stand there, and the way to it.
    record Found(int type, Step way) {}

    /// Returns what could stand behind the tokens; nothing where they do not fit.
    static Gaps behind(int rule, int[] types) {
        Gaps gaps = new Gaps(types);
        int[] ends = gaps.walk(new Step(rule, 0, null));
        gaps.whole = ends.length > 0 && ends[ends.length - 1] == types.length;
        return gaps;
    }

    List<Found> found() {
        return found;
    }

    /// Tells whether the rule is complete without anything more.
    boolean isWhole() {
        return whole;
    }

    private int[] walk(Step step) {
        Set<Long> seen = new HashSet<>();
        Set<Integer> ends = new TreeSet<>();
        List<ATNState> states = new ArrayList<>();
        List<Integer> indices = new ArrayList<>();
        states.add(GRAMMAR.ruleToStartState[step.rule()]);
        indices.add(step.start());
        while (!states.isEmpty()) {
            ATNState state = states.removeLast();
            int index = indices.removeLast();
            if (state instanceof RuleStopState) {
                ends.add(index);
                continue;
            }
            for (int i = 0; i < state.getNumberOfTransitions(); i++) {
                Transition transition = state.transition(i);
                if (transition instanceof RuleTransition call) {
                    int callee = call.target.ruleIndex;
                    if (index < types.length && !Fit.begins(callee, types[index])) {
                        continue;
                    }
                    for (int end : walk(new Step(callee, index, step))) {
                        if (seen.add(key(call.followState, end))) {
                            states.add(call.followState);
                            indices.add(end);
                        }
                    }
                    continue;
                }
                int next = index;
                if (!transition.isEpsilon()) {
                    if (index >= types.length) {
                        note(transition, step);
                        continue;
                    }
                    if (!transition.matches(types[index], 1, GRAMMAR.maxTokenType)) {
                        continue;
                    }
                    next = index + 1;
                }
                if (seen.add(key(transition.target, next))) {
                    states.add(transition.target);
                    indices.add(next);
                }
            }
        }
        return ends.stream().mapToInt(Integer::intValue).toArray();
    }

    private static long key(ATNState state, int index) {
        return ((long) state.stateNumber << 32) | index;
    }

    private void note(Transition transition, Step step) {
        if (transition instanceof NotSetTransition) {
            return; // anything: not worth saying
        }
        for (Interval interval : transition.label().getIntervals()) {
            for (int type = interval.a; type <= interval.b; type++) {
                if (type != Token.EOF && told.add(type + " " + names(step))) {
                    found.add(new Found(type, step));
                }
            }
        }
    }

    private static String names(Step step) {
        StringBuilder names = new StringBuilder();
        for (Step at = step; at != null; at = at.outer()) {
            names.append(at.rule()).append('@').append(at.start()).append(' ');
        }
        return names.toString();
    }
}
