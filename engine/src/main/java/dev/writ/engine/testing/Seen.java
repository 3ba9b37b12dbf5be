package dev.writ.engine.testing;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.DecisionObserver;
import dev.writ.engine.Explainer;
import dev.writ.engine.Explanation;
import dev.writ.engine.KeptFacts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.Truth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that the decision of a request looked at.
record Seen(List<GrantSeen> grants, List<RuleSeen> rules, List<ArmSeen> arms) {
    record GrantSeen(Policy.Grant grant, KeptFacts facts) {}

    /// @param obstacle what kept it from doing anything; null if it did something
    record RuleSeen(Policy.Rule rule, Explanation.@Nullable Obstacle obstacle, KeptFacts facts) {
        boolean fired() {
            return obstacle == null;
        }

        /// Returns how far it was from doing anything: 0 if it did.
        int distance() {
            return obstacle == null ? 0 : obstacle.atomsInTheWay();
        }
    }

    record ArmSeen(Policy.Route route, Policy.Arm arm, Truth value, KeptFacts facts) {}

    /// Decides again, and looks on.
    static Seen of(PolicySnapshot snapshot, Course course) {
        Seen seen = new Seen(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Explainer.watch(
                snapshot,
                course.caller(),
                course.asked(),
                course.before(),
                course.answer(),
                course.after(),
                new DecisionObserver() {
                    @Override
                    public void grant(Policy.Grant grant, KeptFacts facts) {
                        seen.grants.add(new GrantSeen(grant, facts));
                    }

                    @Override
                    public void rule(
                            Policy.Rule rule,
                            Explanation.@Nullable Obstacle obstacle,
                            KeptFacts facts) {
                        seen.rules.add(new RuleSeen(rule, obstacle, facts));
                    }

                    @Override
                    public void arm(
                            Policy.Route route, Policy.Arm arm, Truth value, KeptFacts facts) {
                        seen.arms.add(new ArmSeen(route, arm, value, facts));
                    }
                });
        return seen;
    }

    /// Returns what was seen of a rule, or null if the request did not come to it.
    @Nullable RuleSeen rule(String name) {
        return rules.stream()
                .filter(seen -> seen.rule().name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
