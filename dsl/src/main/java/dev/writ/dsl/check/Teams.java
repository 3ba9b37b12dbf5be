package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Grant;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.TeamProperty;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.QualifiedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The teams of a tree, with their keys and what they may use.
final class Teams {
    private static final int DIGEST_HEX_LENGTH = 64;

    /// The teams of a tree.
    ///
    /// @param whole names of those in whose keys and regions nothing is wrong: only of them can it
    ///     be proved where their requests go
    /// @param keyless names of those without a key, where they are written
    record Checked(Map<String, Policy.Team> teams, Set<String> whole, List<Name> keyless) {}

    private final Unit unit;
    private final Map<String, Policy.Route> routes;
    private final Map<String, Span> digests = new HashMap<>();
    private final Set<String> whole = new HashSet<>();
    private final List<Name> keyless = new ArrayList<>();
    private int keys;
    private int users;

    private Teams(Unit unit, Map<String, Policy.Route> routes) {
        this.unit = unit;
        this.routes = routes;
    }

    static Checked check(Unit unit, Map<String, Policy.Route> routes) {
        Teams teams = new Teams(unit, routes);
        Map<String, Policy.Team> checked = new LinkedHashMap<>();
        for (Declared declared : unit.declarations().of(Kind.TEAM).values()) {
            if (declared.item() instanceof Item.Team item) {
                checked.put(
                        item.name().text(),
                        teams.team(checked.size(), item, unit.scope(declared.file())));
            }
        }
        return new Checked(checked, teams.whole, List.copyOf(teams.keyless));
    }

    /// Warns of teams in which nobody can be: without a key, and no identity leads to them.
    static void reportStrangers(Unit unit, Checked teams, Identities.Checked identities) {
        if (!identities.whole()) {
            return; // what could not be read may lead to them
        }
        for (Name name : teams.keyless()) {
            Policy.Team team = teams.teams().get(name.text());
            if (team != null && identities.identities().stream().noneMatch(i -> i.leadsTo(team))) {
                unit.report()
                        .add(
                                Diagnostic.of(
                                                DiagnosticCode.TEAM_WITHOUT_KEY,
                                                name.span(),
                                                "team `%s` has no key".formatted(name.text()))
                                        .at("nobody can be in it")
                                        .hint(
                                                "Add `key NAME sha256 \"…\"`, let an `identity` lead"
                                                        + " to it, or remove the team."));
            }
        }
    }

    private Policy.Team team(int index, Item.Team item, Scope scope) {
        Conditions conditions = new Conditions(unit, scope, Place.GRANT);
        Once once = new Once(unit.report());
        Map<String, Span> userNames = users(item);
        Map<String, Span> keyNames = new HashMap<>();
        List<Policy.Key> checkedKeys = new ArrayList<>();
        List<Grant> grants = new ArrayList<>();
        Set<String> regions = new LinkedHashSet<>();
        boolean keyed = false;
        boolean sound = true;
        for (TeamProperty property : item.properties()) {
            switch (property) {
                case TeamProperty.Users _ -> {} // collected before, because keys name them
                case TeamProperty.Key key -> {
                    keyed = true;
                    Policy.Key checked =
                            isNewKey(item, key.name(), keyNames) ? key(item, key, userNames) : null;
                    if (checked == null) {
                        sound = false;
                    } else {
                        checkedKeys.add(checked);
                    }
                }
                case TeamProperty.PlainKey plain -> {
                    keyed = true;
                    sound = false;
                    plainKey(plain.value(), plain.name());
                }
                case TeamProperty.MayUse mayUse -> {
                    Grant grant = grant(mayUse, conditions, scope);
                    if (grant != null) {
                        grants.add(grant);
                    }
                }
                case TeamProperty.StayIn(Span span, List<Name> names) -> {
                    if (once.first("stay in", span)) {
                        for (Name name : names) {
                            sound &= region(name, regions);
                        }
                    }
                }
                case TeamProperty.Budget budget -> add(NotYet.keyword(budget.span(), "budget"));
                case TeamProperty.SharedBudget budget ->
                        add(NotYet.keyword(budget.span(), "budget"));
                case TeamProperty.Limit limit -> add(NotYet.keyword(limit.span(), "limit"));
                case TeamProperty.SharedLimit limit -> add(NotYet.keyword(limit.span(), "limit"));
                case TeamProperty.Cache cache -> add(NotYet.keyword(cache.span(), "cache"));
                case TeamProperty.Guards guards -> add(NotYet.keyword(guards.span(), "guard"));
                case TeamProperty.Unknown _ -> {
                    keyed = true; // it may have been meant as one; the parser has said so
                    sound = false;
                }
            }
        }
        if (!keyed) {
            keyless.add(item.name());
        }
        if (sound) {
            whole.add(item.name().text());
        }
        limit(item, "grants", grants.size(), Limits.GRANTS_PER_TEAM_MAX);
        return new Policy.Team(
                index,
                item.name().text(),
                item.span(),
                List.copyOf(userNames.keySet()),
                checkedKeys,
                grants,
                regions);
    }

    private Map<String, Span> users(Item.Team item) {
        Map<String, Span> names = new LinkedHashMap<>();
        for (TeamProperty property : item.properties()) {
            if (property instanceof TeamProperty.Users(Span _, List<Name> written)) {
                for (Name user : written) {
                    Span first = names.putIfAbsent(user.text(), user.span());
                    if (first != null) {
                        add(
                                twice(
                                        user,
                                        first,
                                        "user `%s` stands twice in team `%s`"
                                                .formatted(user.text(), item.name().text())));
                    }
                }
            }
        }
        int before = users;
        users += names.size();
        if (before <= Limits.USERS_MAX && users > Limits.USERS_MAX) {
            add(tooMany(item.name().span(), "users", users, Limits.USERS_MAX));
        }
        return names;
    }

    private boolean isNewKey(Item.Team item, Name name, Map<String, Span> names) {
        keys++;
        if (keys == Limits.KEYS_MAX + 1) {
            add(tooMany(name.span(), "keys", keys, Limits.KEYS_MAX));
        }
        Span first = names.putIfAbsent(name.text(), name.span());
        if (first == null) {
            return true;
        }
        add(
                twice(
                        name,
                        first,
                        "team `%s` has two keys called `%s`"
                                .formatted(item.name().text(), name.text())));
        return false;
    }

    private static Diagnostic twice(Name name, Span first, String headline) {
        return Diagnostic.of(DiagnosticCode.DUPLICATE_NAME, name.span(), headline)
                .at("again here")
                .because(first, "first here")
                .hint("Keep one, or rename one.");
    }

    private Policy.@Nullable Key key(
            Item.Team item, TeamProperty.Key key, Map<String, Span> userNames) {
        Name user = key.user();
        boolean knownUser = user == null || userNames.containsKey(user.text());
        if (user != null && !knownUser) {
            add(
                    Suggested.hint(
                                    Diagnostic.of(
                                                    DiagnosticCode.UNKNOWN_NAME,
                                                    user.span(),
                                                    "unknown user `%s`".formatted(user.text()))
                                            .at(
                                                    "not a user of team `%s`"
                                                            .formatted(item.name().text())),
                                    user.text(),
                                    userNames.keySet(),
                                    "user")
                            .hint("Declare users in the team: `user %s`.".formatted(user.text())));
        }
        String digest = key.sha256().value();
        if (!isDigest(digest)) {
            plainKey(key.sha256().span(), key.name());
            return null;
        }
        String canonical = digest.toLowerCase(Locale.ROOT);
        Span first = digests.putIfAbsent(canonical, key.sha256().span());
        if (first != null) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.SAME_KEY_TWICE,
                                    key.sha256().span(),
                                    "two keys have the same digest")
                            .at("again here")
                            .because(first, "first here")
                            .hint("Give every key a value of its own: it says who is calling."));
            return null;
        }
        if (!knownUser) {
            return null;
        }
        int label = unit.labels().place(Attribute.KEY, Labels.half(item.name(), key.name()));
        return new Policy.Key(
                label, key.name().text(), key.span(), canonical, user == null ? null : user.text());
    }

    private static boolean isDigest(String text) {
        return text.length() == DIGEST_HEX_LENGTH
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }

    private void plainKey(Span value, Name name) {
        unit.report().hide(value);
        add(
                Diagnostic.of(
                                DiagnosticCode.PLAIN_KEY,
                                value,
                                "key `%s` is not given as a SHA-256 digest".formatted(name.text()))
                        .at("not 64 hex digits; hidden in case it is the key")
                        .hint("If this is the key itself, replace it: it is in the history.")
                        .hint(
                                "Write `key %s sha256 \"…\"` with what `printf %%s KEY | sha256sum` prints."
                                        .formatted(name.text())));
    }

    private @Nullable Grant grant(TeamProperty.MayUse mayUse, Conditions conditions, Scope scope) {
        Set<Integer> indices = new LinkedHashSet<>();
        boolean whole = true;
        for (QualifiedName name : mayUse.routes()) {
            Declared declared = scope.resolve(Kind.ROUTE, name);
            Policy.Route route = declared == null ? null : routes.get(declared.name().text());
            if (route == null) {
                whole = false;
            } else {
                indices.add(route.index());
            }
        }
        Expr when = mayUse.when();
        Condition condition =
                when == null
                        ? new Condition.Constant(mayUse.span(), true)
                        : conditions.condition(when);
        return whole && condition != null ? new Grant(mayUse.span(), indices, condition) : null;
    }

    /// Adds the region, or reports that no provider is in it and returns false.
    private boolean region(Name name, Set<String> regions) {
        List<String> known =
                unit.labels().regions().stream()
                        .filter(region -> !region.equals(Labels.UNKNOWN_REGION))
                        .toList();
        if (known.contains(name.text())) {
            regions.add(name.text());
            return true;
        }
        if (unit.labels().regionsAreComplete()) {
            add(Unknowns.label(name.span(), name.text(), "region", known));
        }
        return false;
    }

    private void limit(Item.Team item, String noun, int count, int max) {
        if (count > max) {
            add(tooMany(item.name().span(), noun, count, max));
        }
    }

    private static Diagnostic tooMany(Span span, String noun, int count, int max) {
        return Diagnostic.of(
                        DiagnosticCode.TOO_LARGE, span, "there are too many %s".formatted(noun))
                .at(String.format(Locale.ROOT, "%,d; there may be %,d", count, max));
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
