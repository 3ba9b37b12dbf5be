package dev.writ.engine.internal;

import dev.writ.dsl.policy.Condition.NumberTerm;

/// A number term, compiled: what [TreeEvaluator] says of it, without allocating.
public interface NumberFunction {
    /// Tells whether the term has a value.
    boolean isKnown(FactValues facts);

    /// Returns the value; meaningless unless it is known.
    long value(FactValues facts);

    /// Compiles the term.
    static NumberFunction compile(NumberTerm term) {
        return switch (term) {
            case NumberTerm.Constant constant -> new Constant(constant.value());
            case NumberTerm.FactNumber number -> {
                Long fallback = number.fallback();
                yield fallback == null
                        ? new Required(number.fact().slot())
                        : new Optional(number.fact().slot(), fallback);
            }
            case NumberTerm.Plus plus -> new Plus(compile(plus.left()), compile(plus.right()));
            case NumberTerm.Minus minus -> new Minus(compile(minus.left()), compile(minus.right()));
            case NumberTerm.Scaled scaled ->
                    new Scaled(compile(scaled.operand()), scaled.numerator(), scaled.denominator());
        };
    }

    /// Always `value`.
    record Constant(long value) implements NumberFunction {
        @Override
        public boolean isKnown(FactValues facts) {
            return true;
        }

        @Override
        public long value(FactValues facts) {
            return value;
        }
    }

    /// The number of a fact.
    record Required(int slot) implements NumberFunction {
        @Override
        public boolean isKnown(FactValues facts) {
            return facts.isPresent(slot);
        }

        @Override
        public long value(FactValues facts) {
            return facts.number(slot);
        }
    }

    /// The number of a fact, or `fallback` where it is absent.
    record Optional(int slot, long fallback) implements NumberFunction {
        @Override
        public boolean isKnown(FactValues facts) {
            return !facts.isUnknown(slot);
        }

        @Override
        public long value(FactValues facts) {
            return facts.isPresent(slot) ? facts.number(slot) : fallback;
        }
    }

    /// A sum.
    record Plus(NumberFunction left, NumberFunction right) implements NumberFunction {
        @Override
        public boolean isKnown(FactValues facts) {
            return left.isKnown(facts) && right.isKnown(facts);
        }

        @Override
        public long value(FactValues facts) {
            return Saturating.plus(left.value(facts), right.value(facts));
        }
    }

    /// A difference.
    record Minus(NumberFunction left, NumberFunction right) implements NumberFunction {
        @Override
        public boolean isKnown(FactValues facts) {
            return left.isKnown(facts) && right.isKnown(facts);
        }

        @Override
        public long value(FactValues facts) {
            return Saturating.minus(left.value(facts), right.value(facts));
        }
    }

    /// A multiple.
    record Scaled(NumberFunction operand, long numerator, long denominator)
            implements NumberFunction {
        @Override
        public boolean isKnown(FactValues facts) {
            return operand.isKnown(facts);
        }

        @Override
        public long value(FactValues facts) {
            return Saturating.scaled(operand.value(facts), numerator, denominator);
        }
    }
}
