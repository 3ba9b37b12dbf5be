package dev.writ.engine.testing;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.PolicyTest.Request;
import dev.writ.engine.Caller;
import dev.writ.engine.PolicySnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who sends the requests of tests.
final class TestCallers {
    private final PolicySnapshot snapshot;
    private final Map<String, Caller> byKey = new HashMap<>();

    TestCallers(PolicySnapshot snapshot) {
        this.snapshot = snapshot;
        for (Caller caller : snapshot.callers()) {
            if (caller.shows() instanceof Caller.Shows.AKey(Policy.Key key)) {
                byKey.put(name(caller.team().name(), key.name()), caller);
            }
        }
    }

    private static String name(String team, String key) {
        return team + "/" + key;
    }

    /// Returns who sends a request.
    ///
    /// @throws IllegalArgumentException unless the test is of the snapshot's policy
    Caller of(Request request) {
        Caller caller =
                switch (request.caller()) {
                    case PolicyTest.Caller.ByKey(String team, String key) ->
                            byKey.get(name(team, key));
                    case PolicyTest.Caller.ByToken(String team, String identity, String user) -> {
                        Policy policy = snapshot.policy();
                        Policy.Team in = named(policy.teams(), Policy.Team::name, team);
                        Policy.Identity by =
                                named(policy.identities(), Policy.Identity::name, identity);
                        yield in == null || by == null
                                ? null
                                : snapshot.signedIn(by, in, user, RequestValues.claims(request));
                    }
                };
        if (caller == null) {
            throw new IllegalArgumentException("the test must be of the snapshot's policy");
        }
        return caller;
    }

    private static <T> @Nullable T named(List<T> all, Function<T, String> name, String wanted) {
        for (T each : all) {
            if (name.apply(each).equals(wanted)) {
                return each;
            }
        }
        return null;
    }
}
