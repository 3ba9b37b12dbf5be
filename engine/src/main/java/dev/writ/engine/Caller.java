package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.FactLayout;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.TeamRegion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is calling: somebody of a team, known by a key of the policy or by a token that one of its
/// identities vouches for. One object a key and snapshot, or a token.
public final class Caller {
    private static final long ABSENT = Long.MIN_VALUE;

    /// A claim that is no text.
    private static final String UNKNOWN = new String("unknown");

    private final Policy.Team team;
    private final Shows shows;
    private final @Nullable String user;
    private final CallerTags tags;
    private final TeamDecider decider;
    private final FactLayout layout;
    private final int[] slots;
    private final long[] labels;
    private final int[] claimSlots;

    /// For each of [#claimSlots] the text, [#UNKNOWN], or null where it is absent.
    private final @Nullable String[] claims;

    /// By what a caller is known.
    public sealed interface Shows {
        record AKey(Policy.Key key) implements Shows {}

        record AToken(Policy.Identity identity) implements Shows {}
    }

    /// Whoever has a key.
    Caller(Policy.Team team, Policy.Key key, TeamDecider decider, FactLayout layout) {
        this(
                team,
                new Shows.AKey(key),
                key.user(),
                _ -> new Claims.Value.Absent(),
                CallerTags.NONE,
                decider,
                layout);
    }

    /// @param says what a token says
    Caller(
            Policy.Team team,
            Shows shows,
            @Nullable String user,
            Claims says,
            CallerTags tags,
            TeamDecider decider,
            FactLayout layout) {
        this.team = team;
        this.shows = shows;
        this.user = user;
        this.tags = tags;
        this.decider = decider;
        this.layout = layout;
        this.slots =
                new int[] {
                    layout.slot(Attribute.TEAM),
                    layout.slot(Attribute.TEAM_REGION),
                    layout.slot(Attribute.KEY),
                    layout.slot(Attribute.IDENTITY),
                    layout.slot(Attribute.USER)
                };
        this.labels =
                new long[] {
                    label(layout, slots[0], team.name()),
                    label(layout, slots[1], TeamRegion.word(team)),
                    shows instanceof Shows.AKey(Policy.Key key)
                            ? key.label()
                            : FactLayout.OTHER_LABEL,
                    label(
                            layout,
                            slots[3],
                            shows instanceof Shows.AToken(Policy.Identity identity)
                                    ? identity.name()
                                    : Policy.Identity.NONE),
                    user == null ? ABSENT : label(layout, slots[4], user)
                };
        List<Fact> read =
                layout.facts().stream()
                        .filter(fact -> fact.attribute() == Attribute.CALLER_CLAIM)
                        .toList();
        this.claimSlots = read.stream().mapToInt(Fact::slot).toArray();
        this.claims = new String[claimSlots.length];
        for (int i = 0; i < claims.length; i++) {
            claims[i] = text(says, read.get(i).argument());
        }
    }

    private static @Nullable String text(Claims says, @Nullable String name) {
        if (name == null) {
            throw new IllegalArgumentException("a claim must have a name");
        }
        return switch (says.find(new Policy.Claim(List.of(name)))) {
            case Claims.Value.Absent _ -> null;
            case Claims.Value.Text(String text) -> text;
            case Claims.Value.Texts _, Claims.Value.Other _ -> UNKNOWN;
        };
    }

    public Policy.Team team() {
        return team;
    }

    public Shows shows() {
        return shows;
    }

    /// Returns the user to whom the key belongs, or whom the token names; null for nobody in
    /// particular.
    public @Nullable String user() {
        return user;
    }

    /// Returns `key laptop`, or `identity acme-sso`.
    public String shown() {
        return switch (shows) {
            case Shows.AKey(Policy.Key key) -> "key " + key.name();
            case Shows.AToken(Policy.Identity identity) -> "identity " + identity.name();
        };
    }

    TeamDecider decider() {
        return decider;
    }

    /// Returns where the facts of the snapshot lie that this caller is of.
    FactLayout layout() {
        return layout;
    }

    /// Returns the tags that every request of the caller has.
    CallerTags tags() {
        return tags;
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
        for (int i = 0; i < claimSlots.length; i++) {
            String text = claims[i];
            if (text == null) {
                facts.putAbsent(claimSlots[i]);
            } else if (isUnknown(text)) {
                facts.putUnknown(claimSlots[i]);
            } else {
                facts.put(claimSlots[i], text);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // a token may say "unknown", too
    private static boolean isUnknown(String text) {
        return text == UNKNOWN;
    }

    private static long label(FactLayout layout, int slot, String word) {
        return slot < 0 ? FactLayout.OTHER_LABEL : layout.label(slot, word);
    }
}
