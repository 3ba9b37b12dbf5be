package dev.writ.engine.internal;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Template;
import java.util.List;

/// From which value on a number of the request makes a difference: below the least constant that it
/// is compared with, every comparison gives the same, so that an upper bound serves as well as the
/// number itself.
///
/// Where the number is reckoned with (summed, scaled, set) or shown, it always makes a difference.
public final class ExactFrom {
    private final Attribute attribute;
    private long least = Long.MAX_VALUE;

    private ExactFrom(Attribute attribute) {
        this.attribute = attribute;
    }

    /// Returns the least value that makes a difference anywhere in the policy; `Long.MAX_VALUE` if
    /// none does.
    public static long of(Policy policy, Attribute attribute) {
        ExactFrom from = new ExactFrom(attribute);
        policy.routes().forEach(route -> route.arms().forEach(arm -> from.look(arm.when())));
        policy.teams().forEach(team -> team.grants().forEach(grant -> from.look(grant.when())));
        for (Policy.Rule rule : policy.rules()) {
            from.look(rule.when());
            rule.effects().forEach(from::look);
        }
        return from.least;
    }

    private void look(Policy.Effect effect) {
        switch (effect) {
            case Policy.Effect.Require(Condition condition, var _) -> look(condition);
            case Policy.Effect.SetNumber(var _, NumberTerm value) -> reckonedWith(value);
            case Policy.Effect.AddMessage(Policy.Message message) -> shown(message.text());
            case Policy.Effect.Deny _,
                    Policy.Effect.Tag _,
                    Policy.Effect.SetText _,
                    Policy.Effect.SetFlag _,
                    Policy.Effect.Clamp _,
                    Policy.Effect.Audit _ -> {}
        }
    }

    private void shown(Template template) {
        for (Template.Part part : template.parts()) {
            if (part instanceof Template.Part.Hole hole && hole.fact().attribute() == attribute) {
                least = Long.MIN_VALUE;
            }
        }
    }

    private void look(Condition condition) {
        switch (condition) {
            case Condition.Not not -> look(not.operand());
            case Condition.All all -> look(all.operands());
            case Condition.Any any -> look(any.operands());
            case Condition.NumberCompare compare -> {
                if (isNumber(compare.left()) && compare.right() instanceof NumberTerm.Constant c) {
                    least = Math.min(least, c.value());
                } else if (isNumber(compare.right())
                        && compare.left() instanceof NumberTerm.Constant c) {
                    least = Math.min(least, c.value());
                } else {
                    reckonedWith(compare.left());
                    reckonedWith(compare.right());
                }
            }
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.TextPasses _ -> {}
        }
    }

    private void look(List<Condition> conditions) {
        conditions.forEach(this::look);
    }

    private boolean isNumber(NumberTerm term) {
        return term instanceof NumberTerm.FactNumber number
                && number.fact().attribute() == attribute;
    }

    private void reckonedWith(NumberTerm term) {
        switch (term) {
            case NumberTerm.FactNumber _ -> {
                if (isNumber(term)) {
                    least = Long.MIN_VALUE;
                }
            }
            case NumberTerm.Plus plus -> {
                reckonedWith(plus.left());
                reckonedWith(plus.right());
            }
            case NumberTerm.Minus minus -> {
                reckonedWith(minus.left());
                reckonedWith(minus.right());
            }
            case NumberTerm.Scaled scaled -> reckonedWith(scaled.operand());
            case NumberTerm.Constant _ -> {}
        }
    }
}
