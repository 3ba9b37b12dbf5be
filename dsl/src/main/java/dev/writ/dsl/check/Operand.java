package dev.writ.dsl.check;

import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Span;
import java.math.BigDecimal;
import java.util.Objects;

/// A side of a comparison, with its type known.
sealed interface Operand {
    Span span();

    /// Returns what to call it in a message, with its article.
    String noun();

    /// A number with a unit.
    record Amount(Span span, NumberTerm term) implements Operand {
        @Override
        public String noun() {
            return term.type().noun();
        }
    }

    /// A written number without a unit: it becomes what the other side is, where that is allowed.
    record Bare(Span span, BigDecimal value) implements Operand {
        @Override
        public String noun() {
            return ValueType.NUMBER.noun();
        }
    }

    /// The text of a fact.
    record TextFact(Span span, TextTerm text) implements Operand {
        @Override
        public String noun() {
            return ValueType.TEXT.noun();
        }
    }

    /// A written text: a text, or a label where the other side is one.
    record TextValue(Span span, String value) implements Operand {
        @Override
        public String noun() {
            return ValueType.TEXT.noun();
        }
    }

    /// The label of a fact.
    ///
    /// @param fallback the place of the label that stands for an absent one; -1 for none
    record LabelFact(Span span, Fact fact, int fallback) implements Operand {
        @Override
        public String noun() {
            return "the name of a " + labels().name();
        }

        /// Returns the closed set of its values.
        LabelSet labels() {
            return Objects.requireNonNull(fact.labels());
        }
    }

    /// A yes or no of the request.
    ///
    /// @param fallback what stands for an absent one
    record FlagFact(Span span, Fact fact, boolean fallback) implements Operand {
        @Override
        public String noun() {
            return ValueType.BOOL.noun();
        }
    }

    /// `true` or `false`.
    record FlagValue(Span span, boolean value) implements Operand {
        @Override
        public String noun() {
            return ValueType.BOOL.noun();
        }
    }

    /// Something of which only presence can be asked.
    record Several(Span span, Fact fact) implements Operand {
        @Override
        public String noun() {
            return ValueType.COLLECTION.noun();
        }
    }
}
