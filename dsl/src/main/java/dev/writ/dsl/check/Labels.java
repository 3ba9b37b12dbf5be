package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The closed sets of words that conditions compare with, as one tree declares them.
final class Labels {
    /// The region of a provider whose region the policy does not say.
    static final String UNKNOWN_REGION = "unknown";

    /// The region of a team that may use any.
    static final String ANYWHERE = "anywhere";

    /// The region of a team that must stay in one of several.
    static final String SEVERAL = "several";

    /// Stands between the two halves of the labels of keys and arms: `team/key`, `route/arm`.
    static final char HALVES = '/';

    private static final List<String> ENDPOINTS = List.of("chat", "completions", "embeddings");
    private static final List<String> WEEKDAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

    private final Map<Attribute, LabelSet> sets = new EnumMap<>(Attribute.class);
    private final Map<Attribute, Map<String, Integer>> places = new EnumMap<>(Attribute.class);
    private final Map<Attribute, Map<String, BitSet>> lastHalves = new EnumMap<>(Attribute.class);
    private final List<String> regions;
    private final boolean regionsComplete;
    private final boolean piecesComplete;

    private Labels(List<String> regions, boolean regionsComplete, boolean piecesComplete) {
        this.regions = regions;
        this.regionsComplete = regionsComplete;
        this.piecesComplete = piecesComplete;
    }

    /// Collects the sets from what is declared.
    ///
    /// @param isComplete false where a part of a file could not be read
    static Labels of(Declarations declarations, boolean isComplete) {
        Set<String> regions = new LinkedHashSet<>();
        boolean complete = true;
        for (Declared declared : declarations.of(Kind.PROVIDER).values()) {
            if (declared.item() instanceof Item.Provider provider) {
                for (Item.ProviderProperty property : provider.properties()) {
                    if (property instanceof Item.ProviderProperty.Region region) {
                        regions.add(region.region().text());
                    }
                    complete &= !(property instanceof Item.ProviderProperty.Unknown);
                }
            }
        }
        Labels labels = new Labels(List.copyOf(regions), complete && isComplete, isComplete);
        regions.remove(UNKNOWN_REGION);
        Set<String> teamRegions = new LinkedHashSet<>(regions);
        teamRegions.add(ANYWHERE);
        teamRegions.add(SEVERAL);
        regions.add(UNKNOWN_REGION);
        labels.put(Attribute.TEAM, "team", names(declarations, Kind.TEAM));
        labels.put(Attribute.TEAM_REGION, "region of a team", teamRegions);
        labels.put(Attribute.KEY, "key", keys(declarations));
        Set<String> identities = new LinkedHashSet<>(names(declarations, Kind.IDENTITY));
        identities.add(Policy.Identity.NONE);
        labels.put(Attribute.IDENTITY, "identity", identities);
        labels.put(Attribute.USER, "user", users(declarations));
        labels.put(Attribute.REQUEST_ENDPOINT, "endpoint", ENDPOINTS);
        labels.put(Attribute.TIME_WEEKDAY, "day of the week", WEEKDAYS);
        labels.put(Attribute.ROUTE_NAME, "route", names(declarations, Kind.ROUTE));
        labels.put(Attribute.ARM, "arm", arms(declarations));
        labels.put(Attribute.PROVIDER, "provider", names(declarations, Kind.PROVIDER));
        labels.put(Attribute.PROVIDER_REGION, "region", regions);
        labels.put(Attribute.MODEL, "model", names(declarations, Kind.MODEL));
        return labels;
    }

    private void put(Attribute attribute, String name, Collection<String> labels) {
        sets.put(attribute, new LabelSet(name, List.copyOf(labels)));
    }

    private static Collection<String> names(Declarations declarations, Kind kind) {
        return declarations.of(kind).keySet();
    }

    private static Collection<String> keys(Declarations declarations) {
        Set<String> keys = new LinkedHashSet<>();
        for (Item.Team team : teams(declarations)) {
            for (Item.TeamProperty property : team.properties()) {
                switch (property) {
                    case Item.TeamProperty.Key key -> keys.add(half(team.name(), key.name()));
                    case Item.TeamProperty.PlainKey key -> keys.add(half(team.name(), key.name()));
                    case Item.TeamProperty.Users _,
                            Item.TeamProperty.MayUse _,
                            Item.TeamProperty.StayIn _,
                            Item.TeamProperty.Budget _,
                            Item.TeamProperty.SharedBudget _,
                            Item.TeamProperty.Limit _,
                            Item.TeamProperty.SharedLimit _,
                            Item.TeamProperty.Cache _,
                            Item.TeamProperty.Guards _,
                            Item.TeamProperty.Unknown _ -> {}
                }
            }
        }
        return keys;
    }

    private static Collection<String> users(Declarations declarations) {
        Set<String> users = new LinkedHashSet<>();
        for (Item.Team team : teams(declarations)) {
            for (Item.TeamProperty property : team.properties()) {
                if (property instanceof Item.TeamProperty.Users names) {
                    names.names().forEach(name -> users.add(name.text()));
                }
            }
        }
        return users;
    }

    private static Collection<String> arms(Declarations declarations) {
        Set<String> arms = new LinkedHashSet<>();
        for (Declared declared : declarations.of(Kind.ROUTE).values()) {
            if (declared.item() instanceof Item.Route route) {
                route.arms().forEach(arm -> arms.add(half(route.name(), arm.name())));
            }
        }
        return arms;
    }

    private static List<Item.Team> teams(Declarations declarations) {
        List<Item.Team> teams = new ArrayList<>();
        for (Declared declared : declarations.of(Kind.TEAM).values()) {
            if (declared.item() instanceof Item.Team team) {
                teams.add(team);
            }
        }
        return teams;
    }

    /// Returns the label of a key or an arm.
    static String half(Name owner, Name name) {
        return owner.text() + HALVES + name.text();
    }

    /// Returns the regions that providers name, in order.
    List<String> regions() {
        return regions;
    }

    /// Tells whether the region of every provider could be read: if not, a region that no provider
    /// is in may only look wrong.
    boolean regionsAreComplete() {
        return regionsComplete;
    }

    /// Tells whether every label of the attribute is known: keys, users and arms may stand where
    /// a declaration could not be read.
    boolean isComplete(Attribute attribute) {
        return switch (attribute) {
            case TEAM_REGION, PROVIDER_REGION -> regionsComplete;
            case KEY, USER, ARM, CALLER_CLAIM -> piecesComplete;
            default -> true;
        };
    }

    /// Returns every set, by the attribute whose values it holds.
    Map<Attribute, LabelSet> all() {
        return sets;
    }

    /// Returns the values of the attribute, or null if it is no label.
    @Nullable LabelSet of(Attribute attribute) {
        return sets.get(attribute);
    }

    /// Returns the place of a label in the attribute's set, or -1.
    int place(Attribute attribute, String label) {
        LabelSet set = sets.get(attribute);
        if (set == null) {
            return -1;
        }
        return places.computeIfAbsent(attribute, _ -> placesOf(set)).getOrDefault(label, -1);
    }

    /// Returns the places of all labels whose part behind the `/` this is: `laptop` for the keys so
    /// named of every team. Empty if there is none.
    BitSet withLastHalf(Attribute attribute, String half) {
        LabelSet set = sets.get(attribute);
        if (set == null) {
            return new BitSet();
        }
        Map<String, BitSet> halves = lastHalves.computeIfAbsent(attribute, _ -> lastHalvesOf(set));
        return halves.getOrDefault(half, new BitSet());
    }

    private static Map<String, Integer> placesOf(LabelSet set) {
        Map<String, Integer> places = new HashMap<>();
        for (String label : set.labels()) {
            places.put(label, places.size());
        }
        return places;
    }

    private static Map<String, BitSet> lastHalvesOf(LabelSet set) {
        Map<String, BitSet> halves = new HashMap<>();
        for (int place = 0; place < set.size(); place++) {
            String label = set.labels().get(place);
            String half = label.substring(label.indexOf(HALVES) + 1);
            halves.computeIfAbsent(half, _ -> new BitSet()).set(place);
        }
        return halves;
    }
}
