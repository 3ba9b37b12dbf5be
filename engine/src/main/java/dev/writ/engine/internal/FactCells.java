package dev.writ.engine.internal;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.syntax.Comparison;
import dev.writ.engine.Truth;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The values of one fact, cut into cells within which none of the policy's atoms changes.
///
/// A label, a flag or a word of the policy is a cell of its own, numbers are cut at the policy's
/// thresholds, and a collection has one cell. The regular cells are followed by one for the absent
/// fact and one for the unknown one.
final class FactCells {
    private enum Kind {
        LABELS,
        FLAG,
        NUMBERS,
        TEXTS,
        COLLECTION
    }

    private final int slot;
    private final Kind kind;

    /// How many regular cells there are.
    private final int regular;

    /// Where the cells of numbers begin, but for the first, which begins at the lowest number.
    private final long[] cuts;

    private final Map<String, Integer> texts;
    private final int longestText;

    private FactCells(int slot, Kind kind, int regular, long[] cuts, Map<String, Integer> texts) {
        this.slot = slot;
        this.kind = kind;
        this.regular = regular;
        this.cuts = cuts;
        this.texts = texts;
        this.longestText = texts.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    /// Cuts the values of the fact so that each of the atoms has one value a cell.
    ///
    /// @param atoms that read this fact and nothing else
    static FactCells of(Fact fact, Collection<Condition> atoms) {
        int slot = fact.slot();
        return switch (fact.attribute().type()) {
            case LABEL -> {
                LabelSet labels = fact.labels();
                int size = labels == null ? 0 : labels.size();
                yield new FactCells(slot, Kind.LABELS, size + 1, new long[0], Map.of());
            }
            case BOOL -> new FactCells(slot, Kind.FLAG, 2, new long[0], Map.of());
            case COLLECTION -> new FactCells(slot, Kind.COLLECTION, 1, new long[0], Map.of());
            case TEXT -> {
                Map<String, Integer> texts = new HashMap<>();
                for (Condition atom : atoms) {
                    if (atom instanceof Condition.TextPasses(_, _, TextTest.In(var words))) {
                        words.stream()
                                .sorted()
                                .forEach(word -> texts.putIfAbsent(word, texts.size()));
                    }
                }
                yield new FactCells(slot, Kind.TEXTS, texts.size() + 1, new long[0], texts);
            }
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> {
                LongStream.Builder cuts = LongStream.builder();
                for (Condition atom : atoms) {
                    Threshold threshold = Threshold.of(atom);
                    if (threshold != null) {
                        threshold.addCuts(cuts);
                    }
                }
                long[] sorted = cuts.build().sorted().distinct().toArray();
                yield new FactCells(slot, Kind.NUMBERS, sorted.length + 1, sorted, Map.of());
            }
        };
    }

    /// Tells whether the atom reads one fact only, and in a way that cells can answer.
    static boolean answers(Condition atom) {
        return switch (atom) {
            case Condition.LabelIn _, Condition.Flag _, Condition.Present _ -> true;
            case Condition.NumberCompare _ -> Threshold.of(atom) != null;
            case Condition.TextPasses passes -> passes.test() instanceof TextTest.In;
            case Condition.Constant _, Condition.Not _, Condition.All _, Condition.Any _ -> false;
        };
    }

    /// Returns the slot of the only fact of an atom that cells can answer.
    static int slot(Condition atom) {
        return switch (atom) {
            case Condition.LabelIn in -> in.fact().slot();
            case Condition.Flag flag -> flag.fact().slot();
            case Condition.Present present -> present.fact().slot();
            case Condition.TextPasses passes -> passes.text().fact().slot();
            case Condition.NumberCompare _,
                    Condition.Constant _,
                    Condition.Not _,
                    Condition.All _,
                    Condition.Any _ -> {
                Threshold threshold = Threshold.of(atom);
                if (threshold == null) {
                    throw new IllegalArgumentException("cells must be able to answer the atom");
                }
                yield threshold.slot();
            }
        };
    }

    int slot() {
        return slot;
    }

    int regular() {
        return regular;
    }

    int absent() {
        return regular;
    }

    int unknown() {
        return regular + 1;
    }

    int size() {
        return regular + 2;
    }

    /// Returns the cell in which the fact lies.
    int cell(FactValues facts) {
        if (!facts.isPresent(slot)) {
            return facts.isAbsent(slot) ? absent() : unknown();
        }
        return switch (kind) {
            case LABELS -> {
                long label = facts.number(slot);
                yield label >= 0 && label < regular - 1 ? (int) label : regular - 1;
            }
            case FLAG -> facts.number(slot) != 0 ? 1 : 0;
            case NUMBERS -> numberCell(facts.number(slot));
            case TEXTS -> {
                String text = facts.text(slot);
                // A longer text is none of the words, and hashing it would read all of it.
                Integer cell = text.length() <= longestText ? texts.get(text) : null;
                yield cell == null ? regular - 1 : cell;
            }
            case COLLECTION -> 0;
        };
    }

    /// Returns the cells in which a consumer of this polarity fires on the literal.
    BitSet passing(Condition atom, boolean negated, Polarity polarity) {
        BitSet passing = trueCells(atom);
        if (negated) {
            passing.flip(0, regular);
        }
        FactValues probe = new FactValues(slot + 1);
        for (int cell = absent(); cell <= unknown(); cell++) {
            if (cell == absent()) {
                probe.putAbsent(slot);
            } else {
                probe.putUnknown(slot);
            }
            Truth value = TreeEvaluator.evaluate(atom, probe);
            passing.set(cell, polarity.fires(negated ? value.not() : value));
        }
        return passing;
    }

    /// Returns the regular cells in which the atom is true; in the others it is false.
    private BitSet trueCells(Condition atom) {
        BitSet cells = new BitSet(size());
        switch (atom) {
            case Condition.LabelIn in -> {
                cells.or(in.labels());
                cells.clear(regular - 1, Math.max(regular, cells.length()));
            }
            case Condition.Flag _ -> cells.set(1);
            case Condition.Present _ -> cells.set(0, regular);
            case Condition.TextPasses(_, _, TextTest.In(var words)) -> {
                for (String word : words) {
                    Integer cell = texts.get(word);
                    if (cell != null) {
                        cells.set(cell);
                    }
                }
            }
            case Condition.NumberCompare _,
                    Condition.TextPasses _,
                    Condition.Constant _,
                    Condition.Not _,
                    Condition.All _,
                    Condition.Any _ -> {
                Threshold threshold = Threshold.of(atom);
                if (threshold == null) {
                    throw new IllegalArgumentException("cells must be able to answer the atom");
                }
                int at = numberCell(threshold.value());
                int above =
                        threshold.value() == Long.MAX_VALUE
                                ? regular
                                : numberCell(threshold.value() + 1);
                setRanges(cells, threshold.comparison(), at, above);
            }
        }
        return cells;
    }

    /// @param at the cell of the threshold
    /// @param above the cell of the next number
    private void setRanges(BitSet cells, Comparison comparison, int at, int above) {
        switch (comparison) {
            case EQUAL -> cells.set(at, above);
            case NOT_EQUAL -> {
                cells.set(0, at);
                cells.set(above, regular);
            }
            case LESS -> cells.set(0, at);
            case AT_MOST -> cells.set(0, above);
            case GREATER -> cells.set(above, regular);
            case AT_LEAST -> cells.set(at, regular);
        }
    }

    private int numberCell(long number) {
        int found = Arrays.binarySearch(cuts, number);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /// A comparison of one fact with a number.
    ///
    /// @param comparison with the fact on the left
    private record Threshold(int slot, Comparison comparison, long value) {
        static @Nullable Threshold of(Condition atom) {
            return switch (atom) {
                case Condition.NumberCompare(
                                _,
                                NumberTerm.FactNumber number,
                                Comparison comparison,
                                NumberTerm.Constant constant) ->
                        new Threshold(number.fact().slot(), comparison, constant.value());
                case Condition.NumberCompare(
                                _,
                                NumberTerm.Constant constant,
                                Comparison comparison,
                                NumberTerm.FactNumber number) ->
                        new Threshold(number.fact().slot(), turned(comparison), constant.value());
                case Condition _ -> null;
            };
        }

        /// Adds the numbers at which the comparison changes its value.
        void addCuts(LongStream.Builder cuts) {
            boolean at =
                    switch (comparison) {
                        case EQUAL, NOT_EQUAL, LESS, AT_LEAST -> true;
                        case AT_MOST, GREATER -> false;
                    };
            boolean above =
                    switch (comparison) {
                        case EQUAL, NOT_EQUAL, AT_MOST, GREATER -> true;
                        case LESS, AT_LEAST -> false;
                    };
            if (at && value > Long.MIN_VALUE) {
                cuts.add(value);
            }
            if (above && value < Long.MAX_VALUE) {
                cuts.add(value + 1);
            }
        }

        /// Returns the comparison that holds with the sides changed.
        private static Comparison turned(Comparison comparison) {
            return switch (comparison) {
                case EQUAL -> Comparison.EQUAL;
                case NOT_EQUAL -> Comparison.NOT_EQUAL;
                case LESS -> Comparison.GREATER;
                case AT_MOST -> Comparison.AT_LEAST;
                case GREATER -> Comparison.LESS;
                case AT_LEAST -> Comparison.AT_MOST;
            };
        }
    }
}
