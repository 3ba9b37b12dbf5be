package dev.writ.cli;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.Claims;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.SignIn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who calls in an explanation, by as much as its author says of them: the first key that fits, or
/// a token that does.
///
/// @param key its name, or `team/key`
/// @param claims each as `NAME=VALUE`
record ExplainedCaller(
        PolicySnapshot snapshot,
        @Nullable String team,
        @Nullable String key,
        @Nullable String user,
        @Nullable String identity,
        List<String> claims) {
    private static final int LISTED_MAX = 10;

    Caller find() throws Failed {
        if (team == null && key == null && user == null && identity == null && claims.isEmpty()) {
            throw new Failed(Exit.USAGE, "say who calls: --team, --key, --user or --identity");
        }
        boolean token = identity != null || !claims.isEmpty();
        if (token && key != null) {
            throw new Failed(Exit.USAGE, "a caller has a key or a token, not both");
        }
        if (!token) {
            for (Caller caller : snapshot.callers()) {
                if (caller.shows() instanceof Caller.Shows.AKey(Policy.Key each)
                        && fits(caller, each)) {
                    return caller;
                }
            }
        }
        Caller signedIn = key == null ? signedIn() : null;
        if (signedIn == null) {
            throw new Failed(
                    Exit.USAGE,
                    "nobody calls so; there are %s".formatted(String.join(", ", known())));
        }
        return signedIn;
    }

    private boolean fits(Caller caller, Policy.Key each) {
        return (team == null || team.equals(caller.team().name()))
                && (key == null
                        || key.equals(caller.team().name() + "/" + each.name())
                        || key.equals(each.name()))
                && (user == null || user.equals(caller.user()));
    }

    /// Returns who signs in, or null where no identity leads there.
    private @Nullable Caller signedIn() throws Failed {
        Claims says = says();
        String nameless = null;
        for (Policy.Identity each : snapshot.policy().identities()) {
            if (identity != null && !identity.equals(each.name())) {
                continue;
            }
            if (team == null && user == null) {
                return byClaims(each, says);
            }
            Policy.Team in = team(each);
            String named = named(each, says);
            if (in != null && (named == null) == (each.user() == null)) {
                return snapshot.signedIn(each, in, named, says);
            }
            nameless = in != null && named == null ? each.name() : nameless;
        }
        if (nameless != null) {
            throw new Failed(
                    Exit.USAGE,
                    "tokens of identity %s name a user: say --user".formatted(nameless));
        }
        return null;
    }

    /// Returns the user as its author says, or as the claim does that names users.
    private @Nullable String named(Policy.Identity by, Claims says) {
        Policy.Claim naming = by.user();
        return user == null && naming != null
                ? says.find(naming).texts().stream().findFirst().orElse(null)
                : user;
    }

    private Caller byClaims(Policy.Identity by, Claims says) throws Failed {
        return switch (SignIn.of(snapshot, by, says)) {
            case SignIn.Known(Caller caller) -> caller;
            case SignIn.NoTeam _ ->
                    throw new Failed(
                            Exit.FAILED,
                            "such a token is in no team of identity %s; the gateway says 403"
                                    .formatted(by.name()));
            case SignIn.NoUser _ ->
                    throw new Failed(
                            Exit.FAILED,
                            "such a token names no user as identity %s wants; the gateway says 401"
                                    .formatted(by.name()));
        };
    }

    private Policy.@Nullable Team team(Policy.Identity by) {
        for (Policy.Team each : snapshot.policy().teams()) {
            if (by.leadsTo(each) && (team == null || team.equals(each.name()))) {
                return each;
            }
        }
        return null;
    }

    private Claims says() throws Failed {
        Map<String, List<String>> said = new LinkedHashMap<>();
        for (String claim : claims) {
            int equals = claim.indexOf('=');
            if (equals < 1) {
                throw new Failed(Exit.USAGE, "--claim takes NAME=VALUE");
            }
            said.computeIfAbsent(claim.substring(0, equals), _ -> new ArrayList<>())
                    .add(claim.substring(equals + 1));
        }
        return claim -> {
            List<String> values = said.get(String.join(".", claim.path()));
            if (values == null) {
                return new Claims.Value.Absent();
            }
            return values.size() == 1
                    ? new Claims.Value.Text(values.getFirst())
                    : new Claims.Value.Texts(values);
        };
    }

    private List<String> known() {
        List<String> known = new ArrayList<>();
        for (Caller caller : snapshot.callers()) {
            if (caller.shows() instanceof Caller.Shows.AKey(Policy.Key each)) {
                known.add("key " + caller.team().name() + "/" + each.name());
            }
        }
        snapshot.policy().identities().forEach(each -> known.add("identity " + each.name()));
        return known.subList(0, Math.min(LISTED_MAX, known.size()));
    }
}
