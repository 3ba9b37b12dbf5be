package dev.writ.engine.internal;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Compiles the conditions of one policy into indexes that share their atoms and residuals.
///
/// Indexes are made first; then [#finish] makes what all of them share.
public final class IndexBuilder {
    /// A condition that is to be decided with others.
    ///
    /// @param number of the entry that fires with it; several conditions may have one entry
    /// @param condition canonical
    public record Entry(int number, Condition condition, Polarity polarity) {}

    /// An index that is to be had when all are built.
    public interface Pending extends Supplier<ClauseIndex> {
        /// Returns the index.
        ///
        /// @throws IllegalStateException before [#finish]
        @Override
        ClauseIndex get();
    }

    private final FactLayout layout;
    private final CallerAtoms callers;
    private final IndexLimits limits;
    private final Atoms atoms = new Atoms();
    private final Residuals.Builder residualBuilder = new Residuals.Builder();
    private final StreamTests.Builder streamTestBuilder = new StreamTests.Builder();
    private @Nullable Residuals residuals;
    private @Nullable StreamTests streamTests;
    private int tablesMax;
    private int entriesMax;

    /// @param callers of the policy's teams
    public IndexBuilder(FactLayout layout, CallerAtoms callers, IndexLimits limits) {
        this.layout = layout;
        this.callers = callers;
        this.limits = limits;
    }

    /// Returns the residual condition that evaluates a canonical condition as a whole.
    public int residual(Condition condition) {
        return residualBuilder.number(condition);
    }

    /// Ends the building: after it indexes and residuals can be had.
    public Residuals finish() {
        Residuals finished = residualBuilder.build(streamTestBuilder);
        residuals = finished;
        streamTests = streamTestBuilder.build();
        return finished;
    }

    /// Holds back what may be the beginning of what the condition looks for in `stream.text`.
    public void hold(Condition condition) {
        switch (condition) {
            case Condition.Not not -> hold(not.operand());
            case Condition.All all -> all.operands().forEach(this::hold);
            case Condition.Any any -> any.operands().forEach(this::hold);
            case Condition.TextPasses passes -> {
                if (passes.text().fact().attribute() == Attribute.STREAM_TEXT) {
                    streamTestBuilder.hold(passes.test());
                }
            }
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _ -> {}
        }
    }

    /// Returns every test of `stream.text`.
    public StreamTests streamTests() {
        StreamTests finished = streamTests;
        if (finished == null) {
            throw new IllegalStateException("finish first");
        }
        return finished;
    }

    /// Makes room to decide one request after the other with these indexes.
    public Supplier<Scratch> scratches() {
        Residuals finished = finished();
        int tables = tablesMax;
        int entries = entriesMax;
        return () -> new Scratch(tables, finished.size(), entries, finished.searchStates());
    }

    private Residuals finished() {
        Residuals finished = residuals;
        if (finished == null) {
            throw new IllegalStateException("finish first");
        }
        return finished;
    }

    /// Builds an index.
    ///
    /// @param team whose requests it decides; null for an index for all teams
    public Pending build(List<Entry> entries, Policy.@Nullable Team team) {
        List<Clause> clauses = clauses(entries, team);
        Map<Integer, FactCells> cells = cells(clauses);
        for (Clause clause : clauses) {
            clause.look(atoms, cells);
        }
        clauses.removeIf(Clause::neverHolds);
        int words = RowLayout.words(clauses.size());
        int summaryFrom = words > limits.summaryFromWords() ? words : -1;
        int tableLongsMax =
                Math.min(
                        limits.tableLongsMax(), limits.indexLongsMax() / Math.max(1, cells.size()));
        Map<Integer, Integer> cellsPerRow = new TreeMap<>();
        cells.forEach(
                (slot, of) ->
                        cellsPerRow.put(
                                slot,
                                FactTable.cellsPerRow(of, Math.max(1, words), tableLongsMax)));
        for (Clause clause : clauses) {
            clause.settle(atoms, residualBuilder, cells, cellsPerRow);
        }
        clauses.sort(Clause.ORDER);
        List<FactTable> tables = new ArrayList<>();
        for (Map.Entry<Integer, FactCells> of : cells.entrySet()) {
            List<@Nullable BitSet> passing = new ArrayList<>();
            for (Clause clause : clauses) {
                passing.add(clause.passing.get(of.getKey()));
            }
            if (passing.stream().anyMatch(p -> p != null)) {
                int perRow = cellsPerRow.getOrDefault(of.getKey(), 1);
                tables.add(FactTable.of(of.getValue(), perRow, passing, summaryFrom));
            }
        }
        tables.sort(
                Comparator.comparingDouble((FactTable table) -> table.selectivity(clauses.size()))
                        .reversed());
        tablesMax = Math.max(tablesMax, tables.size());
        for (Entry entry : entries) {
            entriesMax = Math.max(entriesMax, entry.number() + 1);
        }
        return pending(clauses, tables, summaryFrom);
    }

    private Pending pending(List<Clause> clauses, List<FactTable> tables, int summaryFrom) {
        FactTable[] tableArray = tables.toArray(FactTable[]::new);
        int[] entryOf = clauses.stream().mapToInt(clause -> clause.entry.number()).toArray();
        int[][] literals = clauses.stream().map(clause -> clause.residuals).toArray(int[][]::new);
        Polarity[] polarities =
                clauses.stream().map(clause -> clause.entry.polarity()).toArray(Polarity[]::new);
        return () ->
                new ClauseIndex(finished(), tableArray, summaryFrom, entryOf, literals, polarities);
    }

    private List<Clause> clauses(List<Entry> entries, Policy.@Nullable Team team) {
        ClauseForm.Knowledge knowledge =
                team == null ? ClauseForm.Knowledge.NONE : atom -> callers.of(atom, team);
        List<Clause> clauses = new ArrayList<>();
        for (Entry entry : entries) {
            for (Set<Integer> literals :
                    ClauseForm.of(
                            entry.condition(),
                            atoms,
                            entry.polarity(),
                            knowledge,
                            limits.clausesPerConditionMax())) {
                clauses.add(new Clause(entry, literals));
            }
        }
        return clauses;
    }

    /// Cuts each fact that clauses read by the atoms that read it.
    private Map<Integer, FactCells> cells(List<Clause> clauses) {
        Map<Integer, Set<Integer>> atomsOf = new TreeMap<>();
        for (Clause clause : clauses) {
            for (int literal : clause.literals) {
                int atom = Atoms.atomOf(literal);
                if (FactCells.answers(atoms.atom(atom))) {
                    atomsOf.computeIfAbsent(FactCells.slot(atoms.atom(atom)), _ -> new TreeSet<>())
                            .add(atom);
                }
            }
        }
        Map<Integer, FactCells> cells = new TreeMap<>();
        atomsOf.forEach(
                (slot, of) ->
                        cells.put(
                                slot,
                                FactCells.of(
                                        layout.facts().get(slot),
                                        of.stream().map(atoms::atom).toList())));
        return cells;
    }

    /// A clause while the index is made.
    private static final class Clause {
        /// Cheap ones first, then by the tables that constrain them, then as they were written.
        static final Comparator<Clause> ORDER =
                Comparator.comparingInt((Clause clause) -> clause.cost)
                        .thenComparing(clause -> clause.passing.keySet().toString())
                        .thenComparingInt(clause -> clause.entry.number());

        final Entry entry;
        final Set<Integer> literals;

        /// The cells that do not rule it out, for each slot that its table literals read.
        final Map<Integer, BitSet> passing = new TreeMap<>();

        int[] residuals = {};
        int cost;

        Clause(Entry entry, Set<Integer> literals) {
            this.entry = entry;
            this.literals = literals;
        }

        void look(Atoms atoms, Map<Integer, FactCells> cells) {
            for (int literal : literals) {
                Condition atom = atoms.atom(Atoms.atomOf(literal));
                if (FactCells.answers(atom)) {
                    int slot = FactCells.slot(atom);
                    BitSet passed =
                            cellsOf(cells, slot)
                                    .passing(atom, Atoms.isNegated(literal), entry.polarity());
                    passing.merge(slot, passed, Clause::and);
                }
            }
        }

        boolean neverHolds() {
            return passing.values().stream().anyMatch(BitSet::isEmpty);
        }

        /// Finds the literals that tables do not answer, or not in full.
        void settle(
                Atoms atoms,
                Residuals.Builder builder,
                Map<Integer, FactCells> cells,
                Map<Integer, Integer> cellsPerRow) {
            Map<Integer, Integer> costs = new HashMap<>();
            for (int literal : literals) {
                Condition atom = atoms.atom(Atoms.atomOf(literal));
                if (!FactCells.answers(atom) || blurred(atom, cells, cellsPerRow)) {
                    int residual = builder.number(atom) << 1 | (literal & 1);
                    costs.put(residual, 1 + Residuals.cost(atom));
                }
            }
            residuals =
                    costs.keySet().stream()
                            .sorted(
                                    Comparator.comparing((Integer r) -> costs.getOrDefault(r, 0))
                                            .thenComparing(r -> r))
                            .mapToInt(Integer::intValue)
                            .toArray();
            cost = costs.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        }

        private boolean blurred(
                Condition atom, Map<Integer, FactCells> cells, Map<Integer, Integer> cellsPerRow) {
            int slot = FactCells.slot(atom);
            int perRow = cellsPerRow.getOrDefault(slot, 1);
            BitSet passed = passing.get(slot);
            return perRow > 1
                    && passed != null
                    && FactTable.blurs(cellsOf(cells, slot), perRow, passed);
        }

        private static FactCells cellsOf(Map<Integer, FactCells> cells, int slot) {
            FactCells of = cells.get(slot);
            if (of == null) {
                throw new IllegalStateException("slot " + slot + " was not cut into cells");
            }
            return of;
        }

        private static BitSet and(BitSet left, BitSet right) {
            left.and(right);
            return left;
        }
    }
}
