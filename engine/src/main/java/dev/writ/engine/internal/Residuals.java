package dev.writ.engine.internal;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.TextPasses;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.engine.Truth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The conditions that no table answers: tests of texts, arithmetic, what was too large.
///
/// Each is evaluated at most once a decision, and only if somebody asks; all `contains any` of one
/// text are answered by one pass over it.
public final class Residuals {
    private final TruthFunction[] functions;
    private final int searchStates;

    private Residuals(
            List<Condition> conditions,
            Map<Condition, Integer> numbers,
            StreamTests.Builder streamTests) {
        this.functions = new TruthFunction[conditions.size()];
        Map<TextTerm, List<Integer>> searches = new LinkedHashMap<>();
        for (int number = 0; number < functions.length; number++) {
            switch (conditions.get(number)) {
                case TextPasses(_, TextTerm text, TextTest test)
                        when text.fact().attribute() == Attribute.STREAM_TEXT ->
                        functions[number] = streamed(streamTests.number(test));
                case TextPasses(_, TextTerm text, TextTest.ContainsAny _) ->
                        searches.computeIfAbsent(text, _ -> new ArrayList<>()).add(number);
                case TextPasses passes ->
                        functions[number] = TruthFunction.compile(passes.text(), passes.test());
                case Condition condition ->
                        functions[number] =
                                TruthFunction.compile(
                                        condition,
                                        passes -> shared(numbers.getOrDefault(passes, -1)));
            }
        }
        int states = 0;
        for (Map.Entry<TextTerm, List<Integer>> search : searches.entrySet()) {
            List<List<String>> sets = new ArrayList<>();
            for (int number : search.getValue()) {
                if (conditions.get(number)
                        instanceof TextPasses(_, _, TextTest.ContainsAny contains)) {
                    sets.add(contains.parts());
                }
            }
            AhoCorasick words = AhoCorasick.of(sets);
            states = Math.max(states, words.states());
            int[] members = search.getValue().stream().mapToInt(Integer::intValue).toArray();
            for (int i = 0; i < members.length; i++) {
                functions[members[i]] = new Search(search.getKey(), words, members, members[i]);
            }
        }
        this.searchStates = states;
    }

    /// Returns what the text that is being read says itself.
    private static TruthFunction streamed(int test) {
        return (facts, _) -> {
            StreamTests.Text text = facts.streamed();
            return text == null ? Truth.UNKNOWN : text.value(test);
        };
    }

    /// Returns how many there are.
    int size() {
        return functions.length;
    }

    /// Returns the most states that one of the searches has.
    int searchStates() {
        return searchStates;
    }

    /// Returns the value of a residual condition.
    public Truth value(int number, FactValues facts, Scratch scratch) {
        Truth value = scratch.remembered(number);
        if (value == null) {
            value = functions[number].of(facts, scratch);
            scratch.remember(number, value);
        }
        return value;
    }

    private TruthFunction shared(int number) {
        return (facts, scratch) -> value(number, facts, scratch);
    }

    /// Searches a text for the words of all members, and remembers the value of each.
    private static final class Search implements TruthFunction {
        private final TextTerm term;
        private final AhoCorasick words;
        private final int[] members;
        private final int asked;

        Search(TextTerm term, AhoCorasick words, int[] members, int asked) {
            this.term = term;
            this.words = words;
            this.members = members;
            this.asked = asked;
        }

        @Override
        public Truth of(FactValues facts, Scratch scratch) {
            String text = TruthFunction.text(term.fact().slot(), term.fallback(), facts);
            boolean unknown = text == null || text.length() > TextLimits.CONTAINS_CHARS_MAX;
            for (int member : members) {
                scratch.remember(member, unknown ? Truth.UNKNOWN : Truth.FALSE);
            }
            if (text != null && !unknown) {
                words.search(text, scratch, members);
            }
            Truth value = scratch.remembered(asked);
            return value == null ? Truth.UNKNOWN : value;
        }
    }

    /// Collects residual conditions and gives them numbers.
    static final class Builder {
        private final Map<Condition, Integer> numbers = new HashMap<>();
        private final List<Condition> conditions = new ArrayList<>();

        /// Returns the number of the canonical condition.
        int number(Condition condition) {
            Integer number = numbers.get(condition);
            if (number != null) {
                return number;
            }
            addTexts(condition);
            number = numbers.get(condition);
            return number == null ? add(condition) : number;
        }

        /// @param streamTests to which those of `stream.text` are added
        Residuals build(StreamTests.Builder streamTests) {
            return new Residuals(conditions, numbers, streamTests);
        }

        private int add(Condition condition) {
            int number = conditions.size();
            conditions.add(condition);
            numbers.put(condition, number);
            return number;
        }

        private void addTexts(Condition condition) {
            switch (condition) {
                case Condition.Not not -> addTexts(not.operand());
                case Condition.All all -> all.operands().forEach(this::addTexts);
                case Condition.Any any -> any.operands().forEach(this::addTexts);
                case TextPasses passes -> {
                    if (!numbers.containsKey(passes)) {
                        add(passes);
                    }
                }
                case Condition.Constant _,
                        Condition.LabelIn _,
                        Condition.Flag _,
                        Condition.Present _,
                        Condition.NumberCompare _ -> {}
            }
        }
    }

    /// Returns about how costly the condition is: 0 for numbers and labels, 1 for the ends of
    /// texts, 2 for whole texts, 3 for patterns.
    static int cost(Condition condition) {
        return switch (condition) {
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _ ->
                    0;
            case Condition.Not not -> cost(not.operand());
            case Condition.All all ->
                    all.operands().stream().mapToInt(Residuals::cost).max().orElse(0);
            case Condition.Any any ->
                    any.operands().stream().mapToInt(Residuals::cost).max().orElse(0);
            case TextPasses passes ->
                    switch (passes.test()) {
                        case TextTest.In _, TextTest.StartsWith _, TextTest.EndsWith _ -> 1;
                        case TextTest.ContainsAny _ -> 2;
                        case TextTest.Matches _ -> 3;
                    };
        };
    }
}
