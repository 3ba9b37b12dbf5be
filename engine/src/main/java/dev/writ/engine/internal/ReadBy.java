package dev.writ.engine.internal;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Fact;

/// What a condition reads.
public final class ReadBy {
    private final Attribute attribute;

    private ReadBy(Attribute attribute) {
        this.attribute = attribute;
    }

    /// Tells whether the value of the condition may depend on the attribute.
    public static boolean reads(Condition condition, Attribute attribute) {
        return new ReadBy(attribute).in(condition);
    }

    private boolean in(Condition condition) {
        return switch (condition) {
            case Condition.Constant _ -> false;
            case Condition.Not not -> in(not.operand());
            case Condition.All all -> all.operands().stream().anyMatch(this::in);
            case Condition.Any any -> any.operands().stream().anyMatch(this::in);
            case Condition.LabelIn label -> is(label.fact());
            case Condition.Flag flag -> is(flag.fact());
            case Condition.Present present -> is(present.fact());
            case Condition.TextPasses passes -> is(passes.text().fact());
            case Condition.NumberCompare compare -> in(compare.left()) || in(compare.right());
        };
    }

    private boolean in(NumberTerm term) {
        return switch (term) {
            case NumberTerm.Constant _ -> false;
            case NumberTerm.FactNumber number -> is(number.fact());
            case NumberTerm.Plus plus -> in(plus.left()) || in(plus.right());
            case NumberTerm.Minus minus -> in(minus.left()) || in(minus.right());
            case NumberTerm.Scaled scaled -> in(scaled.operand());
        };
    }

    private boolean is(Fact fact) {
        return fact.attribute() == attribute;
    }
}
