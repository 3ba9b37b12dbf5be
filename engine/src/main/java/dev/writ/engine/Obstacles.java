package dev.writ.engine;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.engine.Explanation.Obstacle;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.Polarity;
import dev.writ.engine.internal.TreeEvaluator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Finds what keeps a condition from firing.
///
/// The way to firing with the fewest atoms to change is searched from the top: all operands of an
/// `and` must fire, the nearest one of an `or`. The first atom on that way that does not fire is
/// the obstacle.
final class Obstacles {
    private final Polarity polarity;
    private final FactValues facts;

    private Obstacles(Polarity polarity, FactValues facts) {
        this.polarity = polarity;
        this.facts = facts;
    }

    /// Returns the first obstacle, or null if the condition fires.
    static @Nullable Obstacle of(Condition condition, Polarity polarity, FactValues facts) {
        Obstacles obstacles = new Obstacles(polarity, facts);
        int distance = obstacles.distance(condition, false);
        return distance == 0 ? null : obstacles.first(condition, false, distance);
    }

    /// Returns how many atoms must change for the condition, or its negation, to fire.
    private int distance(Condition condition, boolean negated) {
        return switch (condition) {
            case Condition.Not not -> distance(not.operand(), !negated);
            case Condition.All all -> distance(all.operands(), negated, negated);
            case Condition.Any any -> distance(any.operands(), negated, !negated);
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    fires(condition, negated) ? 0 : 1;
        };
    }

    private int distance(List<Condition> operands, boolean negated, boolean oneIsEnough) {
        return oneIsEnough
                ? operands.stream().mapToInt(o -> distance(o, negated)).min().orElse(0)
                : operands.stream().mapToInt(o -> distance(o, negated)).sum();
    }

    private Obstacle first(Condition condition, boolean negated, int atomsInTheWay) {
        return switch (condition) {
            case Condition.Not not -> first(not.operand(), !negated, atomsInTheWay);
            case Condition.All all -> first(all.operands(), negated, negated, atomsInTheWay);
            case Condition.Any any -> first(any.operands(), negated, !negated, atomsInTheWay);
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    new Obstacle(
                            condition,
                            TreeEvaluator.evaluate(condition, facts),
                            (negated ? "not " : "") + ConditionText.of(condition),
                            ConditionText.had(condition, facts),
                            atomsInTheWay,
                            gap(condition));
        };
    }

    private Obstacle first(
            List<Condition> operands, boolean negated, boolean oneIsEnough, int atomsInTheWay) {
        Condition chosen = operands.getFirst();
        int least = Integer.MAX_VALUE;
        for (Condition operand : operands) {
            int distance = distance(operand, negated);
            if (oneIsEnough ? distance < least : distance > 0) {
                chosen = operand;
                least = distance;
                if (!oneIsEnough) {
                    break;
                }
            }
        }
        return first(chosen, negated, atomsInTheWay);
    }

    private boolean fires(Condition atom, boolean negated) {
        Truth value = TreeEvaluator.evaluate(atom, facts);
        return polarity.fires(negated ? value.not() : value);
    }

    private double gap(Condition atom) {
        if (atom instanceof Condition.NumberCompare(_, NumberTerm left, _, NumberTerm right)) {
            OptionalLong had = TreeEvaluator.evaluate(left, facts);
            OptionalLong needed = TreeEvaluator.evaluate(right, facts);
            if (had.isPresent() && needed.isPresent()) {
                double apart = Math.abs((double) had.getAsLong() - needed.getAsLong());
                return apart / Math.max(1, Math.abs((double) needed.getAsLong()));
            }
        }
        return 1;
    }
}
