package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Comparison;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Conditions, values and names as ANTLR read them to records.
final class ExprReader {
    private final Tokens tokens;
    private final LiteralReader literals;
    private final Consumer<Diagnostic> problems;

    ExprReader(Tokens tokens, LiteralReader literals, Consumer<Diagnostic> problems) {
        this.tokens = tokens;
        this.literals = literals;
        this.problems = problems;
    }

    Expr expr(WritParser.ExprContext tree) {
        return expr(tree, 1);
    }

    // INVARIANT (bounded depth): `depth` is how many records stand around the one that is read, so
    // that whoever walks the result may recurse.

    private Expr expr(WritParser.ExprContext tree, int depth) {
        if (tooDeep(tree, depth)) {
            return new Expr.Missing(tokens.span(tree));
        }
        if (tree.conjunction().size() == 1) {
            return conjunction(tree.conjunction(0), depth);
        }
        List<Expr> operands = new ArrayList<>();
        for (WritParser.ConjunctionContext operand : tree.conjunction()) {
            operands.add(conjunction(operand, depth + 1));
        }
        return new Expr.Any(tokens.span(tree), operands);
    }

    private Expr conjunction(WritParser.ConjunctionContext tree, int depth) {
        if (tree.negation().size() == 1) {
            return negation(tree.negation(0), depth);
        }
        List<Expr> operands = new ArrayList<>();
        for (WritParser.NegationContext operand : tree.negation()) {
            operands.add(negation(operand, depth + 1));
        }
        return new Expr.All(tokens.span(tree), operands);
    }

    private Expr negation(WritParser.NegationContext tree, int depth) {
        return tree.NOT() == null
                ? comparison(tree.comparison(), depth)
                : new Expr.Not(tokens.span(tree), negation(tree.negation(), depth + 1));
    }

    private Expr comparison(WritParser.ComparisonContext tree, int depth) {
        WritParser.TestContext test = tree.test();
        if (test == null) {
            return sum(tree.sum(), depth);
        }
        Span span = tokens.span(tree);
        Expr left = sum(tree.sum(), depth + 1);
        if (test.sum() != null) {
            return new Expr.Compare(
                    span, comparison(test.getStart()), left, sum(test.sum(), depth + 1));
        }
        boolean negated = test.NOT() != null;
        if (test.IS() != null) {
            return new Expr.Is(span, left, negated, pathOrLiteral(test.path(), test.literal()));
        }
        if (test.IN() != null) {
            return new Expr.In(span, left, negated, set(test, depth + 1));
        }
        if (test.PRESENT() != null || test.ABSENT() != null) {
            return new Expr.Presence(span, left, test.PRESENT() != null);
        }
        List<Literal.Text> texts = test.STRING().stream().map(literals::text).toList();
        return new Expr.TextTest(span, left, kind(test), texts);
    }

    private static Comparison comparison(Token operator) {
        return switch (operator.getType()) {
            case WritParser.EQUAL -> Comparison.EQUAL;
            case WritParser.NOT_EQUAL -> Comparison.NOT_EQUAL;
            case WritParser.LESS -> Comparison.LESS;
            case WritParser.AT_MOST -> Comparison.AT_MOST;
            case WritParser.GREATER -> Comparison.GREATER;
            default -> Comparison.AT_LEAST;
        };
    }

    private static Expr.TextTest.Kind kind(WritParser.TestContext test) {
        return switch (test.getStart().getType()) {
            case WritParser.STARTS -> Expr.TextTest.Kind.STARTS_WITH;
            case WritParser.ENDS -> Expr.TextTest.Kind.ENDS_WITH;
            case WritParser.CONTAINS -> Expr.TextTest.Kind.CONTAINS;
            default -> Expr.TextTest.Kind.MATCHES;
        };
    }

    private Expr set(WritParser.TestContext test, int depth) {
        if (test.list() != null) {
            return list(test.list(), depth);
        }
        if (test.range() != null) {
            return new Expr.Range(
                    tokens.span(test.range()),
                    literals.literal(test.range().literal(0)),
                    literals.literal(test.range().literal(1)));
        }
        return path(test.path());
    }

    /// Reads a list.
    Expr.ListOf list(WritParser.ListContext tree) {
        return list(tree, 0);
    }

    private Expr.ListOf list(WritParser.ListContext tree, int depth) {
        List<Expr> elements = new ArrayList<>();
        for (WritParser.ExprContext element : tree.expr()) {
            elements.add(expr(element, depth + 1));
        }
        return new Expr.ListOf(tokens.span(tree), elements);
    }

    private Expr pathOrLiteral(WritParser.PathContext path, WritParser.LiteralContext literal) {
        return path == null ? constant(literal) : path(path);
    }

    private Expr constant(WritParser.LiteralContext tree) {
        return new Expr.Constant(tokens.span(tree), literals.literal(tree));
    }

    private Expr sum(WritParser.SumContext tree, int depth) {
        int operators = tree.getChildCount() / 2;
        if (tooDeep(tree, depth + operators)) {
            return new Expr.Missing(tokens.span(tree));
        }
        Expr left = term(tree.term(0), depth + operators);
        for (int i = 1; i <= operators; i++) {
            Expr right = term(tree.term(i), depth + operators - i + 1);
            left = arithmetic(operator(tree.getChild(2 * i - 1)), left, right);
        }
        return left;
    }

    private Expr term(WritParser.TermContext tree, int depth) {
        int operators = tree.getChildCount() / 2;
        if (tooDeep(tree, depth + operators)) {
            return new Expr.Missing(tokens.span(tree));
        }
        Expr left = atom(tree.atom(0), depth + operators);
        for (int i = 1; i <= operators; i++) {
            Expr right = atom(tree.atom(i), depth + operators - i + 1);
            left = arithmetic(operator(tree.getChild(2 * i - 1)), left, right);
        }
        return left;
    }

    private static Expr arithmetic(Expr.Arithmetic.Operator operator, Expr left, Expr right) {
        Span span = new Span(left.span().source(), left.span().start(), right.span().end());
        return new Expr.Arithmetic(span, operator, left, right);
    }

    private static Expr.Arithmetic.Operator operator(ParseTree leaf) {
        return switch (((TerminalNode) leaf).getSymbol().getType()) {
            case WritParser.PLUS -> Expr.Arithmetic.Operator.PLUS;
            case WritParser.MINUS -> Expr.Arithmetic.Operator.MINUS;
            case WritParser.STAR -> Expr.Arithmetic.Operator.TIMES;
            default -> Expr.Arithmetic.Operator.DIVIDED_BY;
        };
    }

    private Expr atom(WritParser.AtomContext tree, int depth) {
        return tree.ELSE() == null
                ? primary(tree.primary(), depth)
                : new Expr.OrElse(
                        tokens.span(tree),
                        primary(tree.primary(), depth + 1),
                        literals.literal(tree.literal()));
    }

    private Expr primary(WritParser.PrimaryContext tree, int depth) {
        if (tree.literal() != null) {
            return constant(tree.literal());
        }
        if (tree.list() != null) {
            return list(tree.list(), depth);
        }
        if (tree.expr() != null) {
            return expr(tree.expr(), depth);
        }
        return pathOrCall(tree.path(), tree.call(), depth);
    }

    /// Reads an attribute, with its argument if it has one.
    Expr pathOrCall(WritParser.PathContext path, WritParser.@Nullable CallContext call) {
        return pathOrCall(path, call, 0);
    }

    private Expr pathOrCall(
            WritParser.PathContext tree, WritParser.@Nullable CallContext call, int depth) {
        Expr.Path path = path(tree);
        if (call == null) {
            return path;
        }
        List<Expr> arguments = new ArrayList<>();
        for (WritParser.ExprContext argument : call.expr()) {
            arguments.add(expr(argument, depth + 1));
        }
        Span last = tokens.span(call);
        return new Expr.Call(
                new Span(last.source(), path.span().start(), last.end()), path, arguments);
    }

    Expr.Path path(WritParser.PathContext tree) {
        List<Name> parts = new ArrayList<>();
        parts.add(name(tree.root()));
        tree.word().forEach(word -> parts.add(name(word)));
        return new Expr.Path(tokens.span(tree), parts);
    }

    QualifiedName qname(WritParser.QnameContext tree) {
        return new QualifiedName(tokens.span(tree), names(tree.name()));
    }

    List<Name> names(List<WritParser.NameContext> trees) {
        return trees.stream().map(this::name).toList();
    }

    /// Reads a name of one token.
    Name name(ParseTree tree) {
        String text = tree.getText();
        return new Name(
                tokens.span(tree),
                text.startsWith("`") ? text.substring(1, text.length() - 1) : text);
    }

    private boolean tooDeep(ParserRuleContext tree, int depth) {
        if (depth <= PolicyParser.DEPTH_MAX) {
            return false;
        }
        problems.accept(Problems.tooDeep(tokens.span(tree)));
        return true;
    }
}
