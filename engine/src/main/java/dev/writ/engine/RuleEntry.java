package dev.writ.engine;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.engine.internal.Canonical;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.NumberFunction;
import dev.writ.engine.internal.Polarity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Effects of a rule that stand together and fire together: on one condition, with one polarity.
///
/// A rule whose effects differ in that becomes several, in the order of its effects.
///
/// @param condition canonical
/// @param denies whether one of the effects refuses the request
record RuleEntry(
        Policy.Rule rule,
        Condition condition,
        Polarity polarity,
        boolean denies,
        List<Action> actions) {
    RuleEntry {
        actions = List.copyOf(actions);
    }

    /// What an effect does to the decision, without allocating.
    interface Action {
        void act(FactValues facts, Decision decision);
    }

    /// Takes the rule apart.
    ///
    /// @param tags numbers of tags, to which those of the rule are added
    static List<RuleEntry> of(Policy.Rule rule, Map<String, Integer> tags) {
        Condition when = Canonical.of(rule.when());
        List<RuleEntry> entries = new ArrayList<>();
        List<Action> run = new ArrayList<>();
        Polarity runPolarity = Polarity.POSSIBLE;
        boolean runDenies = false;
        for (Effect effect : rule.effects()) {
            Polarity polarity = polarity(effect);
            boolean alone = effect instanceof Effect.Require;
            if ((alone || polarity != runPolarity) && !run.isEmpty()) {
                entries.add(new RuleEntry(rule, when, runPolarity, runDenies, run));
                run.clear();
                runDenies = false;
            }
            runPolarity = polarity;
            if (effect instanceof Effect.Require(Condition condition, Policy.Denial denial)) {
                entries.add(
                        new RuleEntry(
                                rule,
                                Canonical.butNot(when, condition),
                                polarity,
                                true,
                                List.of(denying(rule, denial))));
            } else {
                run.add(action(rule, effect, tags));
                runDenies |= effect instanceof Effect.Deny;
            }
        }
        if (!run.isEmpty()) {
            entries.add(new RuleEntry(rule, when, runPolarity, runDenies, run));
        }
        return entries;
    }

    void act(FactValues facts, Decision decision) {
        decision.fire(rule);
        for (int i = 0; i < actions.size(); i++) {
            actions.get(i).act(facts, decision);
        }
    }

    /// Returns on which values of its condition an effect happens.
    static Polarity polarity(Effect effect) {
        return switch (effect) {
            case Effect.Deny _, Effect.Require _, Effect.Tag _, Effect.Audit _, Effect.Clamp _ ->
                    Polarity.POSSIBLE;
            case Effect.SetNumber _, Effect.SetText _, Effect.SetFlag _, Effect.AddMessage _ ->
                    Polarity.CERTAIN;
        };
    }

    private static Action action(Policy.Rule rule, Effect effect, Map<String, Integer> tags) {
        return switch (effect) {
            case Effect.Deny(Policy.Denial denial) -> denying(rule, denial);
            case Effect.Require(_, Policy.Denial denial) -> denying(rule, denial);
            case Effect.Tag(String tag) -> {
                Integer known = tags.putIfAbsent(tag, tags.size());
                int number = known == null ? tags.size() - 1 : known;
                yield (_, decision) -> decision.tag(number, tag);
            }
            case Effect.SetNumber(Policy.Settable field, Condition.NumberTerm value) -> {
                NumberFunction number = NumberFunction.compile(value);
                yield (facts, decision) -> {
                    if (number.isKnown(facts)) {
                        decision.set(field, number.value(facts));
                    }
                };
            }
            case Effect.SetText(Policy.Settable field, String value) ->
                    (_, decision) -> decision.set(field, value);
            case Effect.SetFlag(Policy.Settable field, boolean value) ->
                    (_, decision) -> decision.set(field, value ? 1 : 0);
            case Effect.Clamp(Policy.Settable field, long least, long most) ->
                    (_, decision) -> decision.clamp(field, least, most);
            case Effect.AddMessage(Policy.Message message) ->
                    (_, decision) -> decision.add(message);
            case Effect.Audit(boolean full, int basisPoints) ->
                    (_, decision) -> decision.audit(full, basisPoints);
        };
    }

    private static Action denying(Policy.Rule rule, Policy.Denial denial) {
        return (_, decision) -> decision.deny(Reason.RULE, rule.name(), denial);
    }
}
