package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import org.jspecify.annotations.Nullable;

/// Hears everything that a decision looks at, in the order in which it is looked at.
public interface DecisionObserver {
    /// A grant of the team for the route that is asked for.
    void grant(Policy.Grant grant, KeptFacts facts);

    /// A rule of a phase that the request comes to.
    ///
    /// @param obstacle what keeps it from doing anything; null if it does something
    void rule(Policy.Rule rule, Explanation.@Nullable Obstacle obstacle, KeptFacts facts);

    /// An arm; the last one is taken, or leads to another route.
    void arm(Policy.Route route, Policy.Arm arm, Truth value, KeptFacts facts);
}
