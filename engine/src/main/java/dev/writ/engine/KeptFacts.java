package dev.writ.engine;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Fact;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.TreeEvaluator;

/// The facts of a request at one moment, kept to look at conditions with. Immutable.
public final class KeptFacts {
    private final FactValues values;

    private KeptFacts(FactValues values) {
        this.values = values;
    }

    /// Copies the facts.
    static KeptFacts of(FactValues values) {
        return new KeptFacts(values.copy());
    }

    /// Returns the value of a condition, by the plain meaning of conditions.
    public Truth value(Condition condition) {
        return TreeEvaluator.evaluate(condition, values);
    }

    /// Returns what the request had of what an atom reads, its texts included: only for requests
    /// that nobody sent.
    public String had(Condition atom) {
        if (atom instanceof Condition.TextPasses passes) {
            Fact fact = passes.text().fact();
            if (values.isPresent(fact.slot())) {
                return ConditionText.shown(values.text(fact.slot()));
            }
        }
        return ConditionText.had(atom, values);
    }

    /// Returns a condition in the words of the language, in one line.
    public static String words(Condition condition) {
        return ConditionText.of(condition);
    }

    /// Returns a copy that can be changed.
    FactValues copy() {
        return values.copy();
    }
}
