package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.util.List;

/// A condition or a value as written; types are not known yet.
public sealed interface Expr {
    Span span();

    /// `not operand`.
    record Not(Span span, Expr operand) implements Expr {}

    /// `left and right and …`: at least two operands.
    record All(Span span, List<Expr> operands) implements Expr {
        public All {
            operands = atLeastTwo(operands);
        }
    }

    /// `left or right or …`: at least two operands.
    record Any(Span span, List<Expr> operands) implements Expr {
        public Any {
            operands = atLeastTwo(operands);
        }
    }

    /// `left < right` and its like.
    record Compare(Span span, Comparison comparison, Expr left, Expr right) implements Expr {}

    /// `left is right`, `left is not right`; the right side is a [Path] (a label) or a [Constant].
    record Is(Span span, Expr left, boolean negated, Expr right) implements Expr {}

    /// `left in set`, `left not in set`; the set is a [ListOf], a [Range] or a [Path].
    record In(Span span, Expr left, boolean negated, Expr set) implements Expr {}

    /// `operand present`, `operand absent`.
    record Presence(Span span, Expr operand, boolean present) implements Expr {}

    /// `left starts with "…"`, `contains any […]` and their like.
    ///
    /// @param texts one text, but for `contains any`
    record TextTest(Span span, Expr left, Kind kind, List<Literal.Text> texts) implements Expr {
        public enum Kind {
            STARTS_WITH,
            ENDS_WITH,
            CONTAINS,
            MATCHES
        }

        public TextTest {
            texts = List.copyOf(texts);
        }
    }

    /// `left + right`, and `-`, `*`, `/`.
    record Arithmetic(Span span, Operator operator, Expr left, Expr right) implements Expr {
        public enum Operator {
            PLUS,
            MINUS,
            TIMES,
            DIVIDED_BY
        }
    }

    /// `value else fallback`.
    record OrElse(Span span, Expr value, Literal fallback) implements Expr {}

    /// `request.tools.count`, or a bare name, which may be a label or an attribute.
    record Path(Span span, List<Name> parts) implements Expr {
        public Path {
            parts = List.copyOf(parts);
        }

        /// Returns the parts with dots between them.
        public String text() {
            if (parts.size() == 1) {
                return parts.getFirst().text();
            }
            StringBuilder text = new StringBuilder(parts.getFirst().text());
            for (Name part : parts.subList(1, parts.size())) {
                text.append('.').append(part.text());
            }
            return text.toString();
        }
    }

    /// `request.header("x-tier")`.
    record Call(Span span, Path function, List<Expr> arguments) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// `["de", "en"]`.
    record ListOf(Span span, List<Expr> elements) implements Expr {
        public ListOf {
            elements = List.copyOf(elements);
        }
    }

    /// `8..18`: from the first, up to but not including the last.
    record Range(Span span, Literal from, Literal to) implements Expr {}

    /// A literal.
    record Constant(Span span, Literal literal) implements Expr {}

    /// A place where an operand should stand and nothing does; the parser has said so already.
    record Missing(Span span) implements Expr {}

    private static List<Expr> atLeastTwo(List<Expr> operands) {
        if (operands.size() < 2) {
            throw new IllegalArgumentException("needs 2 operands, got " + operands.size());
        }
        return List.copyOf(operands);
    }
}
