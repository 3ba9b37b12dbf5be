package dev.writ.dsl.parse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.NotSetTransition;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.IntervalSet;

/// Policies at random that fit the grammar, and texts at random that nearly do. What they say makes
/// no sense.
///
/// The same generator of numbers makes the same policy.
public final class Sentences {
    /// How deep rules are followed before the shortest way out is taken.
    private static final int DEPTH_MAX = 24;

    /// What hands slip to.
    private static final String SLIPS = "{}()[]\"`'/*;,=&|!\n-.$%#é😀\u0000";

    private static final ATN GRAMMAR = WritParser._ATN;
    private static final int[] SHORTEST = shortest();

    private final RandomGenerator random;
    private final List<Integer> types = new ArrayList<>();

    private Sentences(RandomGenerator random) {
        this.random = random;
    }

    /// Returns the text of a file.
    public static String file(RandomGenerator random) {
        Sentences sentences = new Sentences(random);
        sentences.walk(WritParser.RULE_file, 0);
        return sentences.text();
    }

    /// Returns words of the language in any order.
    public static String soup(RandomGenerator random) {
        Sentences sentences = new Sentences(random);
        int length = 1 + random.nextInt(60);
        for (int i = 0; i < length; i++) {
            sentences.types.add(1 + random.nextInt(WritParser.VOCABULARY.getMaxTokenType()));
        }
        return (random.nextBoolean() ? "policy \"p\" language 1\n" : "") + sentences.text();
    }

    /// Returns a text with a few changes: what a hand does to it that slips.
    public static String mutated(String text, RandomGenerator random) {
        StringBuilder mutated = new StringBuilder(text);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && !mutated.isEmpty(); i++) {
            int at = random.nextInt(mutated.length());
            int end = Math.min(mutated.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> mutated.delete(at, end);
                case 1 -> mutated.insert(at, mutated.substring(at, end));
                case 2 -> mutated.insert(at, SLIPS.charAt(random.nextInt(SLIPS.length())));
                case 3 -> mutated.setCharAt(at, (char) (32 + random.nextInt(95)));
                default -> {
                    int from = random.nextInt(mutated.length());
                    mutated.insert(
                            at, mutated.substring(from, Math.min(mutated.length(), from + 30)));
                }
            }
        }
        return mutated.toString();
    }

    private void walk(int rule, int depth) {
        ATNState state = GRAMMAR.ruleToStartState[rule];
        while (!(state instanceof RuleStopState)) {
            Transition transition = choose(state, depth);
            if (transition instanceof RuleTransition call) {
                walk(call.target.ruleIndex, depth + 1);
                state = call.followState;
            } else {
                if (!transition.isEpsilon()) {
                    types.add(type(transition));
                }
                state = transition.target;
            }
        }
    }

    private Transition choose(ATNState state, int depth) {
        Transition[] transitions = state.getTransitions();
        if (depth <= DEPTH_MAX && types.size() < 400) {
            return transitions[random.nextInt(transitions.length)];
        }
        return Arrays.stream(transitions)
                .min((a, b) -> Integer.compare(cost(a, SHORTEST), cost(b, SHORTEST)))
                .orElseThrow();
    }

    private int type(Transition transition) {
        if (!(transition instanceof NotSetTransition not)) {
            List<Integer> possible = transition.label().toList();
            return possible.get(random.nextInt(possible.size()));
        }
        IntervalSet excluded = not.label();
        int type;
        do {
            type = 1 + random.nextInt(WritParser.VOCABULARY.getMaxTokenType());
        } while (excluded.contains(type) || isHidden(type));
        return type;
    }

    private static boolean isHidden(int type) {
        return type == WritParser.COMMENT
                || type == WritParser.BLOCK_COMMENT
                || type == WritParser.SPACE;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int type : types) {
            if (type > 0) {
                text.append(spelled(type)).append(gap(type));
            }
        }
        return text.toString();
    }

    private String gap(int before) {
        boolean line = before == WritParser.OPEN_STRING || before == WritParser.OPEN_QUOTED;
        return switch (random.nextInt(line ? 4 : 24)) {
            case 0 -> "\n";
            case 1 -> "\n    ";
            case 2 -> "\n\n\n";
            case 3 -> " // why\n";
            case 4 -> " /* so */ ";
            case 5 -> "   ";
            case 6 -> "\r\n";
            case 7 -> "\n  // a line of its own\n";
            default -> " ";
        };
    }

    private String spelled(int type) {
        return switch (type) {
            case WritParser.IDENT -> pick("a", "gpt-4", "person", "größe", "x_1", "support");
            case WritParser.QUOTED -> pick("`a b`", "`model`");
            case WritParser.STRING ->
                    pick("\"\"", "\"text\"", "\"with \\\"quotes\\\"\"", "\"{ // }\"");
            case WritParser.NUMBER -> pick("0", "1", "4k", "1_000", "0.5", "1M");
            case WritParser.MONEY -> pick("$2", "$0.15", "$2_000", "$5k");
            case WritParser.PERCENT -> pick("5%", "0.1%", "100%");
            case WritParser.DURATION -> pick("30s", "1.5min", "40ms", "24h", "1d");
            case WritParser.OPEN_STRING -> "\"open";
            case WritParser.OPEN_QUOTED -> "`open";
            case WritParser.OPEN_COMMENT -> random.nextInt(20) == 0 ? "/* open" : "";
            case WritParser.BAD_NUMBER -> pick("5x", "$5m", "10K");
            case WritParser.BAD -> pick("#", "'", "%", "@", "\u0001");
            case WritParser.AND_SIGN -> "&&";
            case WritParser.OR_SIGN -> "||";
            case WritParser.NOT_SIGN -> "!";
            case WritParser.COMMENT -> "// a comment\n";
            case WritParser.BLOCK_COMMENT -> "/* one\n   two */";
            case WritParser.SPACE -> " ";
            default -> Nouns.spelling(type);
        };
    }

    private String pick(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    /// Returns for each state how many tokens the rest of its rule takes at least.
    private static int[] shortest() {
        int[] shortest = new int[GRAMMAR.states.size()];
        Arrays.fill(shortest, 1_000);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (ATNState state : GRAMMAR.states) {
                int cost = state instanceof RuleStopState ? 0 : 1_000;
                for (Transition transition : state.getTransitions()) {
                    cost =
                            state instanceof RuleStopState
                                    ? 0
                                    : Math.min(cost, cost(transition, shortest));
                }
                if (cost < shortest[state.stateNumber]) {
                    shortest[state.stateNumber] = cost;
                    changed = true;
                }
            }
        }
        return shortest;
    }

    private static int cost(Transition transition, int[] shortest) {
        int behind =
                transition instanceof RuleTransition call
                        ? shortest[call.followState.stateNumber]
                        : 0;
        int here = transition.isEpsilon() ? 0 : 1;
        return Math.min(1_000, here + behind + shortest[transition.target.stateNumber]);
    }
}
