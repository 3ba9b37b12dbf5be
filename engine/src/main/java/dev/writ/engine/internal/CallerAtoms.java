package dev.writ.engine.internal;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Truth;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the atoms that ask who is calling can be, for each team, before any request.
///
/// Sets of teams hold their places in [Policy#teams]. Not for several threads at once.
public final class CallerAtoms {
    /// For which teams an atom can be true, and for which false.
    private record Teams(BitSet whereTrue, BitSet whereFalse) {}

    private final List<Policy.Team> teams;
    private final FactLayout layout;
    private final Map<Condition.LabelIn, Teams> known = new HashMap<>();

    /// For each label of [Attribute#KEY] the team that has the key.
    private final Map<Integer, Integer> teamOfKey = new HashMap<>();

    /// For each label of [Attribute#USER] the teams that have a key for the user.
    private final Map<Integer, BitSet> teamsOfUser = new HashMap<>();

    /// For each identity, by its name, the teams that it leads to.
    private final Map<String, BitSet> teamsOfIdentity = new HashMap<>();

    /// The teams of callers whose tokens name them: any user may be among them.
    private final BitSet teamsOfAnyUser = new BitSet();

    public CallerAtoms(
            List<Policy.Team> teams, List<Policy.Identity> identities, FactLayout layout) {
        this.teams = List.copyOf(teams);
        for (Policy.Identity identity : identities) {
            BitSet leadsTo = new BitSet();
            identity.memberships().forEach(each -> leadsTo.set(each.team()));
            teamsOfIdentity.put(identity.name(), leadsTo);
            if (identity.user() != null) {
                teamsOfAnyUser.or(leadsTo);
            }
        }
        this.layout = layout;
        int userSlot = layout.slot(Attribute.USER);
        for (Policy.Team team : teams) {
            for (Policy.Key key : team.keys()) {
                teamOfKey.put(key.label(), team.index());
                if (userSlot >= 0 && key.user() != null) {
                    teamsOfUser
                            .computeIfAbsent(layout.label(userSlot, key.user()), _ -> new BitSet())
                            .set(team.index());
                }
            }
        }
    }

    /// Tells whether the condition has an atom that asks who is calling.
    public static boolean asksCaller(Condition condition) {
        return switch (condition) {
            case Condition.LabelIn in -> isOfCaller(in.fact().attribute());
            case Condition.Not not -> asksCaller(not.operand());
            case Condition.All all -> all.operands().stream().anyMatch(CallerAtoms::asksCaller);
            case Condition.Any any -> any.operands().stream().anyMatch(CallerAtoms::asksCaller);
            case Condition.Constant _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    false;
        };
    }

    /// Returns the teams for which the condition is not known to be false.
    ///
    /// @param condition canonical
    public BitSet teamsWhereNotFalse(Condition condition) {
        return teams(condition, false);
    }

    /// Returns the value of the atom in all requests of the team, or null.
    ///
    /// @param atom canonical
    @Nullable Truth of(Condition.LabelIn atom, Policy.Team team) {
        if (!isOfCaller(atom.fact().attribute())) {
            return null;
        }
        Teams can = known.computeIfAbsent(atom, this::look);
        boolean canBeTrue = can.whereTrue.get(team.index());
        return canBeTrue && can.whereFalse.get(team.index()) ? null : Truth.of(canBeTrue);
    }

    private BitSet teams(Condition condition, boolean negated) {
        return switch (condition) {
            case Condition.Constant constant -> constant.value() == negated ? new BitSet() : all();
            case Condition.Not not -> teams(not.operand(), !negated);
            case Condition.All all -> teams(all.operands(), negated, negated);
            case Condition.Any any -> teams(any.operands(), negated, !negated);
            case Condition.LabelIn in -> {
                if (!isOfCaller(in.fact().attribute())) {
                    yield all();
                }
                Teams can = known.computeIfAbsent(in, this::look);
                yield (BitSet) (negated ? can.whereFalse : can.whereTrue).clone();
            }
            case Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    all();
        };
    }

    private BitSet teams(List<Condition> operands, boolean negated, boolean oneIsEnough) {
        BitSet result = oneIsEnough ? new BitSet() : all();
        for (Condition operand : operands) {
            if (oneIsEnough) {
                result.or(teams(operand, negated));
            } else {
                result.and(teams(operand, negated));
            }
        }
        return result;
    }

    private Teams look(Condition.LabelIn atom) {
        Attribute attribute = atom.fact().attribute();
        int slot = atom.fact().slot();
        BitSet labels = atom.labels();
        if (attribute == Attribute.KEY) {
            return keys(labels);
        }
        if (attribute == Attribute.USER) {
            BitSet whereTrue = labels.isEmpty() ? new BitSet() : (BitSet) teamsOfAnyUser.clone();
            labels.stream()
                    .mapToObj(label -> teamsOfUser.getOrDefault(label, new BitSet()))
                    .forEach(whereTrue::or);
            return new Teams(whereTrue, all());
        }
        if (attribute == Attribute.IDENTITY) {
            BitSet whereTrue = new BitSet();
            teamsOfIdentity.forEach(
                    (identity, leadsTo) -> {
                        int label = layout.label(slot, identity);
                        if (label >= 0 && labels.get(label)) {
                            whereTrue.or(leadsTo);
                        }
                    });
            int none = layout.label(slot, Policy.Identity.NONE);
            for (Policy.Team team : teams) {
                boolean byKey = none >= 0 && labels.get(none) && !team.keys().isEmpty();
                whereTrue.set(team.index(), byKey || whereTrue.get(team.index()));
            }
            return new Teams(whereTrue, all());
        }
        BitSet whereTrue = new BitSet();
        for (Policy.Team team : teams) {
            String word = attribute == Attribute.TEAM_REGION ? TeamRegion.word(team) : team.name();
            int label = layout.label(slot, word);
            whereTrue.set(team.index(), label >= 0 && labels.get(label));
        }
        BitSet whereFalse = all();
        whereFalse.andNot(whereTrue);
        return new Teams(whereTrue, whereFalse);
    }

    private Teams keys(BitSet labels) {
        Map<Integer, Integer> counts = new HashMap<>();
        labels.stream()
                .mapToObj(teamOfKey::get)
                .filter(team -> team != null)
                .forEach(team -> counts.merge(team, 1, Integer::sum));
        BitSet whereTrue = new BitSet();
        BitSet whereFalse = all();
        counts.forEach(
                (team, count) -> {
                    whereTrue.set(team);
                    whereFalse.set(team, count < teams.get(team).keys().size());
                });
        // Who signs in has no key.
        teamsOfIdentity.values().forEach(whereFalse::or);
        return new Teams(whereTrue, whereFalse);
    }

    private BitSet all() {
        BitSet all = new BitSet(teams.size());
        all.set(0, teams.size());
        return all;
    }

    private static boolean isOfCaller(Attribute attribute) {
        return attribute == Attribute.TEAM
                || attribute == Attribute.TEAM_REGION
                || attribute == Attribute.KEY
                || attribute == Attribute.IDENTITY
                || attribute == Attribute.USER;
    }
}
