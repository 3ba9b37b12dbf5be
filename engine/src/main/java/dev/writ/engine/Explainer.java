package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.engine.Explanation.ArmLine;
import dev.writ.engine.Explanation.GrantLine;
import dev.writ.engine.Explanation.Obstacle;
import dev.writ.engine.Explanation.RuleLine;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.Polarity;
import dev.writ.engine.internal.TreeEvaluator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Explains decisions, off the hot path, by the plain meaning of the policy.
public final class Explainer {
    private Explainer() {}

    /// Explains what is decided before the upstream call: the phases request and route.
    ///
    /// The route phase is explained even if the request is refused before it.
    ///
    /// @param facts reset with the caller and filled; they stay as they are
    public static Explanation explain(
            PolicySnapshot snapshot, Caller caller, Policy.Route asked, Facts facts) {
        return explain(snapshot, caller, asked, facts.kept(), null, null);
    }

    /// Explains the phases request, route and stream.
    ///
    /// @param facts reset with the caller and filled; they stay as they are
    /// @param model that answers
    /// @param text all that it answers
    public static Explanation explain(
            PolicySnapshot snapshot,
            Caller caller,
            Policy.Route asked,
            Facts facts,
            Policy.Model model,
            String text) {
        Facts atAnswer = snapshot.newFacts();
        atAnswer.values().copyFrom(facts.values());
        TreeDecider decider =
                new TreeDecider(snapshot.policy(), snapshot.layout(), caller, atAnswer.values());
        decider.request(asked);
        decider.route(asked, TreeDecider.Observer.NONE);
        atAnswer.putLabel(Attribute.PROVIDER, model.provider().name());
        atAnswer.putLabel(Attribute.PROVIDER_REGION, model.provider().region());
        atAnswer.putLabel(Attribute.MODEL, model.name());
        atAnswer.putText(Attribute.STREAM_TEXT, text);
        atAnswer.putNumber(Attribute.STREAM_TOKENS, AnswerWatch.tokens(text));
        return explain(snapshot, caller, asked, facts.kept(), atAnswer.kept(), null);
    }

    /// Explains all phases.
    ///
    /// @param facts as before the request was decided
    /// @param atAnswer as the rules on stream see them at the end of the answer; null to leave that
    ///     phase out
    /// @param atResponse as the rules on response see them; null to leave that phase out
    public static Explanation explain(
            PolicySnapshot snapshot,
            Caller caller,
            Policy.Route asked,
            KeptFacts facts,
            @Nullable KeptFacts atAnswer,
            @Nullable KeptFacts atResponse) {
        FactValues values = facts.copy();
        Policy policy = snapshot.policy();
        List<GrantLine> grants = new ArrayList<>();
        for (Policy.Grant grant : caller.team().grants()) {
            if (grant.routes().contains(asked.index())) {
                grants.add(
                        new GrantLine(
                                grant,
                                TreeEvaluator.evaluate(grant.when(), values),
                                Obstacles.of(grant.when(), Polarity.CERTAIN, values)));
            }
        }
        List<RuleLine> rules = new ArrayList<>();
        List<ArmLine> arms = new ArrayList<>();
        TreeDecider decider = new TreeDecider(policy, snapshot.layout(), caller, values);
        addRules(policy, Phase.REQUEST, values, rules);
        decider.request(asked);
        decider.route(
                asked,
                new TreeDecider.Observer() {
                    @Override
                    public void looked(Policy.Route route, Policy.Arm arm, Truth value) {
                        arms.add(
                                new ArmLine(
                                        route,
                                        arm,
                                        value,
                                        Obstacles.of(arm.when(), Polarity.CERTAIN, values)));
                    }

                    @Override
                    public void taken() {
                        addRules(policy, Phase.ROUTE, values, rules);
                    }
                });
        if (atAnswer != null) {
            values.copyFrom(atAnswer.copy());
            addRules(policy, Phase.STREAM, values, rules);
            decider.stream();
        }
        if (atResponse != null) {
            values.copyFrom(atResponse.copy());
            addRules(policy, Phase.RESPONSE, values, rules);
            decider.response();
        }
        return new Explanation(
                caller, asked, grants, rules, arms, nearMisses(rules), decider.verdict());
    }

    /// Decides as the gateway does, and tells of everything that is looked at: what comes behind
    /// a denial is not.
    ///
    /// @param facts as before the request was decided
    /// @param atAnswer as the rules on stream see them at the end of the answer; null where there
    ///     was none
    /// @param atResponse as the rules on response see them
    public static void watch(
            PolicySnapshot snapshot,
            Caller caller,
            Policy.Route asked,
            KeptFacts facts,
            @Nullable KeptFacts atAnswer,
            KeptFacts atResponse,
            DecisionObserver observer) {
        FactValues values = facts.copy();
        Policy policy = snapshot.policy();
        for (Policy.Grant grant : caller.team().grants()) {
            if (grant.routes().contains(asked.index())) {
                observer.grant(grant, facts);
            }
        }
        watchRules(policy, Phase.REQUEST, values, observer);
        TreeDecider decider = new TreeDecider(policy, snapshot.layout(), caller, values);
        decider.request(asked);
        if (!decider.verdict().denied()) {
            decider.route(
                    asked,
                    new TreeDecider.Observer() {
                        @Override
                        public void looked(Policy.Route route, Policy.Arm arm, Truth value) {
                            observer.arm(route, arm, value, KeptFacts.of(values));
                        }

                        @Override
                        public void taken() {
                            watchRules(policy, Phase.ROUTE, values, observer);
                        }
                    });
        }
        if (atAnswer != null) {
            watchRules(policy, Phase.STREAM, atAnswer.copy(), observer);
        }
        watchRules(policy, Phase.RESPONSE, atResponse.copy(), observer);
    }

    private static void watchRules(
            Policy policy, Phase phase, FactValues facts, DecisionObserver observer) {
        KeptFacts kept = KeptFacts.of(facts);
        for (Policy.Rule rule : policy.rules()) {
            if (rule.phase() == phase) {
                observer.rule(rule, obstacle(rule, facts), kept);
            }
        }
    }

    private static void addRules(
            Policy policy, Phase phase, FactValues facts, List<RuleLine> lines) {
        for (Policy.Rule rule : policy.rules()) {
            if (rule.phase() == phase) {
                Obstacle obstacle = obstacle(rule, facts);
                lines.add(
                        new RuleLine(
                                rule,
                                TreeEvaluator.evaluate(rule.when(), facts),
                                obstacle == null,
                                obstacle));
            }
        }
    }

    /// Returns what keeps the rule from doing anything, at the effect that it is nearest to; null
    /// if it does something.
    private static @Nullable Obstacle obstacle(Policy.Rule rule, FactValues facts) {
        Obstacle nearest = null;
        for (Effect effect : rule.effects()) {
            Condition condition =
                    effect instanceof Effect.Require require ? missed(rule, require) : rule.when();
            Obstacle obstacle = Obstacles.of(condition, RuleEntry.polarity(effect), facts);
            if (obstacle == null) {
                return null;
            }
            if (nearest == null || obstacle.atomsInTheWay() < nearest.atomsInTheWay()) {
                nearest = obstacle;
            }
        }
        return nearest;
    }

    /// Returns the condition on which the requirement is missed.
    private static Condition missed(Policy.Rule rule, Effect.Require require) {
        Condition required = require.condition();
        return new Condition.All(
                rule.span(), List.of(rule.when(), new Condition.Not(required.span(), required)));
    }

    private static List<RuleLine> nearMisses(List<RuleLine> rules) {
        return rules.stream()
                .filter(line -> line.obstacle() != null && line.obstacle().atomsInTheWay() == 1)
                .sorted(
                        Comparator.comparingDouble(
                                line -> Objects.requireNonNull(line.obstacle()).gap()))
                .toList();
    }
}
