package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.ClauseIndex;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.IndexBuilder;
import dev.writ.engine.internal.Scratch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of one phase: an index for those that do not ask who is calling, shared by all teams,
/// and for each team one for the others, of which only those are left that can fire for it.
///
/// Teams for which the others come out alike share that index too: so the room grows with what
/// rules say of teams, not with rules times teams.
final class PhaseRules {
    private final RuleEntry[] entries;
    private final ClauseIndex common;
    private final Map<Integer, ClauseIndex> byTeam;

    private PhaseRules(RuleEntry[] entries, ClauseIndex common, Map<Integer, ClauseIndex> byTeam) {
        this.entries = entries;
        this.common = common;
        this.byTeam = byTeam;
    }

    /// Returns the index of the rules that ask who is calling; null if none can fire for the team.
    @Nullable ClauseIndex ofTeam(Policy.Team team) {
        ClauseIndex index = byTeam.get(team.index());
        return index == null || index.clauseCount() == 0 ? null : index;
    }

    ClauseIndex common() {
        return common;
    }

    /// Returns how many different indexes of teams there are.
    int teamIndexCount() {
        return Set.copyOf(byTeam.values()).size();
    }

    /// Applies the rules that fire to the decision, in the order of their declaration.
    ///
    /// @param scratch begun with these facts
    void apply(@Nullable ClauseIndex ofTeam, FactValues facts, Scratch scratch, Decision decision) {
        if (entries.length == 0) {
            return;
        }
        common.matchAll(facts, scratch);
        if (ofTeam != null) {
            ofTeam.matchAll(facts, scratch);
        }
        for (int entry = scratch.nextFired(0); entry >= 0; entry = scratch.nextFired(entry + 1)) {
            entries[entry].act(facts, decision);
        }
    }

    /// The rules of one phase while indexes are built.
    static final class Building {
        private final List<RuleEntry> entries = new ArrayList<>();
        private final IndexBuilder.Pending common;
        private final Map<Integer, IndexBuilder.Pending> byTeam = new HashMap<>();

        /// @param tags numbers of tags, to which those of the rules are added
        Building(Policy policy, Phase phase, IndexBuilder builder, Map<String, Integer> tags) {
            for (Policy.Rule rule : policy.rules()) {
                if (rule.phase() == phase) {
                    entries.addAll(RuleEntry.of(rule, tags));
                }
            }
            List<IndexBuilder.Entry> ofAll = new ArrayList<>();
            List<IndexBuilder.Entry> ofCallers = new ArrayList<>();
            Set<Condition.LabelIn> asked = new LinkedHashSet<>();
            for (int number = 0; number < entries.size(); number++) {
                RuleEntry entry = entries.get(number);
                Set<Condition.LabelIn> callers = new LinkedHashSet<>();
                addCallerAtoms(entry.condition(), callers);
                asked.addAll(callers);
                (callers.isEmpty() ? ofAll : ofCallers)
                        .add(new IndexBuilder.Entry(number, entry.condition(), entry.polarity()));
            }
            this.common = builder.build(ofAll, null);
            Map<String, IndexBuilder.Pending> alike = new HashMap<>();
            for (Policy.Team team : policy.teams()) {
                StringBuilder answers = new StringBuilder();
                for (Condition.LabelIn atom : asked) {
                    Truth known = builder.known(atom, team);
                    answers.append(known == null ? '?' : known == Truth.TRUE ? '1' : '0');
                }
                IndexBuilder.Pending index =
                        alike.computeIfAbsent(
                                answers.toString(), _ -> builder.build(ofCallers, team));
                byTeam.put(team.index(), index);
            }
        }

        /// Returns the rules, when the builder has finished.
        PhaseRules get() {
            Map<IndexBuilder.Pending, ClauseIndex> made = new HashMap<>();
            Map<Integer, ClauseIndex> indexes = new HashMap<>();
            byTeam.forEach(
                    (team, pending) ->
                            indexes.put(
                                    team,
                                    made.computeIfAbsent(pending, IndexBuilder.Pending::get)));
            return new PhaseRules(entries.toArray(RuleEntry[]::new), common.get(), indexes);
        }

        private static void addCallerAtoms(Condition condition, Set<Condition.LabelIn> atoms) {
            switch (condition) {
                case Condition.LabelIn in -> {
                    if (isOfCaller(in.fact())) {
                        atoms.add(in);
                    }
                }
                case Condition.Not not -> addCallerAtoms(not.operand(), atoms);
                case Condition.All all -> all.operands().forEach(o -> addCallerAtoms(o, atoms));
                case Condition.Any any -> any.operands().forEach(o -> addCallerAtoms(o, atoms));
                case Condition.Constant _,
                        Condition.Flag _,
                        Condition.Present _,
                        Condition.NumberCompare _,
                        Condition.TextPasses _ -> {}
            }
        }

        private static boolean isOfCaller(Fact fact) {
            Attribute attribute = fact.attribute();
            return attribute == Attribute.TEAM
                    || attribute == Attribute.TEAM_REGION
                    || attribute == Attribute.KEY
                    || attribute == Attribute.USER;
        }
    }
}
