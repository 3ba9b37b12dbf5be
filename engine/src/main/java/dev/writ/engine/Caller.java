package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.FactLayout;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.TeamRegion;
import org.jspecify.annotations.Nullable;

/// Who is calling: a key of the policy, its team and its user. One object a key and snapshot.
public final class Caller {
    private static final long ABSENT = Long.MIN_VALUE;

    private final Policy.Team team;
    private final Policy.Key key;
    private final TeamDecider decider;
    private final FactLayout layout;
    private final int[] slots;
    private final long[] labels;

    Caller(Policy.Team team, Policy.Key key, TeamDecider decider, FactLayout layout) {
        this.team = team;
        this.key = key;
        this.decider = decider;
        this.layout = layout;
        this.slots =
                new int[] {
                    layout.slot(Attribute.TEAM),
                    layout.slot(Attribute.TEAM_REGION),
                    layout.slot(Attribute.KEY),
                    layout.slot(Attribute.USER)
                };
        this.labels =
                new long[] {
                    label(layout, slots[0], team.name()),
                    label(layout, slots[1], TeamRegion.word(team)),
                    key.label(),
                    key.user() == null ? ABSENT : label(layout, slots[3], key.user())
                };
    }

    public Policy.Team team() {
        return team;
    }

    public Policy.Key key() {
        return key;
    }

    /// Returns the user to whom the key belongs; null for a key of the whole team.
    public @Nullable String user() {
        return key.user();
    }

    TeamDecider decider() {
        return decider;
    }

    /// Returns where the facts of the snapshot lie that this caller is of.
    FactLayout layout() {
        return layout;
    }

    /// Fills what policies can read of the caller.
    void fill(FactValues facts) {
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] >= 0) {
                if (labels[i] == ABSENT) {
                    facts.putAbsent(slots[i]);
                } else {
                    facts.put(slots[i], labels[i]);
                }
            }
        }
    }

    private static long label(FactLayout layout, int slot, String word) {
        return slot < 0 ? FactLayout.OTHER_LABEL : layout.label(slot, word);
    }
}
