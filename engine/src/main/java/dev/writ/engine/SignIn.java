package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who calls with a token that was verified, by what its identity says of claims.
///
/// The first line `team` that holds counts, as with the arms of a route: to be in several groups
/// is usual, and to refuse those would refuse the people with the most to do.
public sealed interface SignIn {
    /// The longest name of a user, in UTF-16 units.
    int USER_CHARS_MAX = 200;

    /// Somebody of a team.
    record Known(Caller caller) implements SignIn {}

    /// No line `team` holds.
    record NoTeam() implements SignIn {}

    /// The token does not name a user where its identity says that it does, or names one in a way
    /// that cannot be relied on.
    record NoUser() implements SignIn {}

    /// Returns who calls.
    ///
    /// @param identity of the snapshot's policy
    static SignIn of(PolicySnapshot snapshot, Policy.Identity identity, Claims claims) {
        Policy.Team team = team(snapshot.policy(), identity, claims);
        if (team == null) {
            return new NoTeam();
        }
        Policy.Claim naming = identity.user();
        String user = naming == null ? null : user(naming, claims);
        return naming != null && user == null
                ? new NoUser()
                : new Known(snapshot.signedIn(identity, team, user, claims));
    }

    private static Policy.@Nullable Team team(
            Policy policy, Policy.Identity identity, Claims claims) {
        for (Policy.Membership membership : identity.memberships()) {
            Policy.Claim claim = membership.claim();
            if (claim == null
                    || claims.find(claim).texts().stream()
                            .anyMatch(membership.values()::contains)) {
                return policy.teams().get(membership.team());
            }
        }
        return null;
    }

    private static @Nullable String user(Policy.Claim naming, Claims claims) {
        // People can write what they like into an address that nobody has verified.
        boolean unverified =
                naming.path().equals(List.of("email"))
                        && claims.find(new Policy.Claim(List.of("email_verified")))
                                .texts()
                                .contains("false");
        return !unverified
                        && claims.find(naming) instanceof Claims.Value.Text(String text)
                        && isName(text)
                ? text
                : null;
    }

    private static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= USER_CHARS_MAX
                && text.codePoints().noneMatch(ConditionText::isUnseen);
    }
}
