package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.Canonical;
import dev.writ.engine.internal.ClauseIndex;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.IndexBuilder;
import dev.writ.engine.internal.Polarity;
import dev.writ.engine.internal.Scratch;
import java.util.ArrayList;
import java.util.List;

/// The arms of one route, of which the first that is certainly true is taken.
///
/// @param reasonNames `route/arm` of each arm
record RouteArms(Policy.Route route, ClauseIndex index, List<String> reasonNames) {

    /// Returns the place of the arm that is taken.
    ///
    /// @param scratch begun with these facts
    int take(FactValues facts, Scratch scratch) {
        int arm = index.matchFirst(facts, scratch);
        if (arm < 0) {
            throw new IllegalStateException(
                    "route " + route.name() + " must have an arm that is always true");
        }
        return arm;
    }

    static IndexBuilder.Pending build(Policy.Route route, IndexBuilder builder) {
        List<IndexBuilder.Entry> entries = new ArrayList<>();
        for (int arm = 0; arm < route.arms().size(); arm++) {
            entries.add(
                    new IndexBuilder.Entry(
                            arm, Canonical.of(route.arms().get(arm).when()), Polarity.CERTAIN));
        }
        return builder.build(entries, null);
    }

    static RouteArms of(Policy.Route route, ClauseIndex index) {
        return new RouteArms(
                route, index, route.arms().stream().map(arm -> reasonName(route, arm)).toList());
    }

    static String reasonName(Policy.Route route, Policy.Arm arm) {
        return route.name() + "/" + arm.name();
    }
}
