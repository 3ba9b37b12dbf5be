package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.CallerAtoms;
import dev.writ.engine.internal.ClauseIndex;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.IndexBuilder;
import dev.writ.engine.internal.ReadBy;
import dev.writ.engine.internal.Scratch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rules of one phase: an index that all teams share, and for some teams one of the rules that
/// can fire for few teams, this one among them.
///
/// A rule stands in the index of each team that it can fire for, or in the shared one if these are
/// many. So the room grows with the rules, whatever they say of teams.
final class PhaseRules {
    /// A rule that can fire for more teams than this stands in the index that all share.
    static final int TEAMS_PER_RULE_MAX = 8;

    private final RuleEntry[] entries;
    private final ClauseIndex common;
    private final Map<Integer, ClauseIndex> byTeam;

    // The entries whose condition reads it.
    private final BitSet readStreamText = new BitSet();
    private final BitSet readStreamTokens = new BitSet();

    private PhaseRules(RuleEntry[] entries, ClauseIndex common, Map<Integer, ClauseIndex> byTeam) {
        this.entries = entries;
        this.common = common;
        this.byTeam = byTeam;
        for (int entry = 0; entry < entries.length; entry++) {
            Condition condition = entries[entry].condition();
            readStreamText.set(entry, ReadBy.reads(condition, Attribute.STREAM_TEXT));
            readStreamTokens.set(entry, ReadBy.reads(condition, Attribute.STREAM_TOKENS));
        }
    }

    /// Returns the index of the rules that only this team and few others can make fire; null if
    /// there are none.
    @Nullable ClauseIndex ofTeam(Policy.Team team) {
        ClauseIndex index = byTeam.get(team.index());
        return index == null || index.clauseCount() == 0 ? null : index;
    }

    ClauseIndex common() {
        return common;
    }

    /// Returns an effect, or several that happen together.
    ///
    /// @param number as [#match] marks it
    RuleEntry entry(int number) {
        return entries[number];
    }

    boolean readsStreamText(int entry) {
        return readStreamText.get(entry);
    }

    boolean readsStreamTokens(int entry) {
        return readStreamTokens.get(entry);
    }

    boolean isEmpty() {
        return entries.length == 0;
    }

    /// Applies the rules that fire to the decision, in the order of their declaration.
    ///
    /// @param scratch begun with these facts
    void apply(@Nullable ClauseIndex ofTeam, FactValues facts, Scratch scratch, Decision decision) {
        if (entries.length == 0) {
            return;
        }
        match(ofTeam, facts, scratch);
        for (int entry = scratch.nextFired(0); entry >= 0; entry = scratch.nextFired(entry + 1)) {
            entries[entry].act(facts, decision);
        }
    }

    /// Marks what happens as fired in `scratch`, and does nothing.
    ///
    /// @param scratch begun with these facts
    void match(@Nullable ClauseIndex ofTeam, FactValues facts, Scratch scratch) {
        common.matchAll(facts, scratch);
        if (ofTeam != null) {
            ofTeam.matchAll(facts, scratch);
        }
    }

    /// The rules of one phase while indexes are built.
    static final class Building {
        private final List<RuleEntry> entries = new ArrayList<>();
        private final IndexBuilder.Pending common;
        private final Map<Integer, IndexBuilder.Pending> byTeam = new HashMap<>();

        /// @param tags numbers of tags, to which those of the rules are added
        Building(
                Policy policy,
                Phase phase,
                IndexBuilder builder,
                CallerAtoms callers,
                Map<String, Integer> tags) {
            for (Policy.Rule rule : policy.rules()) {
                if (rule.phase() == phase) {
                    entries.addAll(RuleEntry.of(rule, tags));
                }
            }
            List<IndexBuilder.Entry> ofAll = new ArrayList<>();
            Map<Integer, List<IndexBuilder.Entry>> ofTeams = new TreeMap<>();
            for (int number = 0; number < entries.size(); number++) {
                RuleEntry rule = entries.get(number);
                if (rule.denies()) {
                    builder.hold(rule.condition());
                }
                var entry = new IndexBuilder.Entry(number, rule.condition(), rule.polarity());
                BitSet teams = callers.teamsWhereNotFalse(rule.condition());
                if (CallerAtoms.asksCaller(rule.condition())
                        && teams.cardinality() <= TEAMS_PER_RULE_MAX) {
                    teams.stream()
                            .forEach(
                                    team ->
                                            ofTeams.computeIfAbsent(team, _ -> new ArrayList<>())
                                                    .add(entry));
                } else {
                    ofAll.add(entry);
                }
            }
            this.common = builder.build(ofAll, null);
            ofTeams.forEach(
                    (team, some) ->
                            byTeam.put(team, builder.build(some, policy.teams().get(team))));
        }

        /// Returns the rules, when the builder has finished.
        PhaseRules get() {
            Map<Integer, ClauseIndex> indexes = new HashMap<>();
            byTeam.forEach((team, pending) -> indexes.put(team, pending.get()));
            return new PhaseRules(entries.toArray(RuleEntry[]::new), common.get(), indexes);
        }
    }
}
