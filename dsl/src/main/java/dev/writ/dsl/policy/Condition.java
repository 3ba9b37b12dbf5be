package dev.writ.dsl.policy;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Comparison;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A condition with every name and type known: what is true, false or unknown of a request.
///
/// The meaning of each case is the engine's plain evaluator; its index must agree with it.
public sealed interface Condition {
    /// Where it stands; the span of the whole rule for a condition that nobody wrote.
    Span span();

    /// Always `value`.
    record Constant(Span span, boolean value) implements Condition {}

    /// Kleene's not.
    record Not(Span span, Condition operand) implements Condition {}

    /// Kleene's and, over at least two.
    record All(Span span, List<Condition> operands) implements Condition {
        public All {
            operands = List.copyOf(operands);
        }
    }

    /// Kleene's or, over at least two.
    record Any(Span span, List<Condition> operands) implements Condition {
        public Any {
            operands = List.copyOf(operands);
        }
    }

    /// The fact's label is one of those whose bit is set. False where the fact is absent.
    record LabelIn(Span span, Fact fact, BitSet labels) implements Condition {
        public LabelIn {
            labels = (BitSet) labels.clone();
        }

        @Override
        public BitSet labels() {
            return (BitSet) labels.clone();
        }
    }

    /// The fact, a yes or no, is yes. False where the fact is absent.
    record Flag(Span span, Fact fact) implements Condition {}

    /// The request has the fact.
    record Present(Span span, Fact fact) implements Condition {}

    /// `left` stands in that order to `right`; both count the same unit.
    record NumberCompare(Span span, NumberTerm left, Comparison comparison, NumberTerm right)
            implements Condition {}

    /// The text passes the test.
    record TextPasses(Span span, TextTerm text, TextTest test) implements Condition {}

    /// A number in the unit of `type`.
    sealed interface NumberTerm {
        ValueType type();

        record Constant(ValueType type, long value) implements NumberTerm {}

        /// The fact's number.
        ///
        /// @param fallback what stands for an absent one; null where it is never absent
        record FactNumber(Fact fact, @Nullable Long fallback) implements NumberTerm {
            @Override
            public ValueType type() {
                return fact.attribute().type();
            }
        }

        /// The sum, at the end of the range of `long` where it would leave it.
        record Plus(ValueType type, NumberTerm left, NumberTerm right) implements NumberTerm {}

        /// The difference, at the end of the range of `long` where it would leave it.
        record Minus(ValueType type, NumberTerm left, NumberTerm right) implements NumberTerm {}

        /// `operand` times `numerator / denominator`, rounded towards zero, at the end of the
        /// range of `long` where it would leave it.
        record Scaled(ValueType type, NumberTerm operand, long numerator, long denominator)
                implements NumberTerm {
            public Scaled {
                if (denominator <= 0) {
                    throw new IllegalArgumentException(
                            "denominator must be positive, got " + denominator);
                }
            }
        }
    }

    /// The fact's text.
    ///
    /// @param fallback what stands for an absent one; null where it is never absent
    record TextTerm(Fact fact, @Nullable String fallback) {}

    /// A test of a text.
    sealed interface TextTest {
        /// Exactly one of these.
        record In(Set<String> texts) implements TextTest {
            public In {
                texts = Set.copyOf(texts);
            }
        }

        record StartsWith(String prefix) implements TextTest {}

        record EndsWith(String suffix) implements TextTest {}

        /// At least one of these somewhere.
        record ContainsAny(List<String> parts) implements TextTest {
            public ContainsAny {
                parts = List.copyOf(parts);
            }
        }

        /// The RE2 pattern matches somewhere.
        record Matches(String pattern) implements TextTest {}
    }
}
