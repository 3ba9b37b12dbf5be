package dev.writ.dsl.parse;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.TestFact;
import dev.writ.dsl.syntax.TestFact.Behaviour;
import dev.writ.dsl.syntax.TestLine;
import dev.writ.dsl.syntax.TestOutcome;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/// Tests as ANTLR read them to records.
final class TestReader {
    private final Tokens tokens;
    private final LiteralReader literals;
    private final ExprReader exprs;
    private final ItemReader items;

    TestReader(Tokens tokens, LiteralReader literals, ExprReader exprs, ItemReader items) {
        this.tokens = tokens;
        this.literals = literals;
        this.exprs = exprs;
        this.items = items;
    }

    Item.Test test(WritParser.TestDeclContext tree) {
        return test(
                tokens.span(tree),
                tree.testHead(),
                tree.testLine().stream().map(this::line).toList());
    }

    Item.Test test(Span span, WritParser.TestHeadContext head, List<TestLine> lines) {
        return new Item.Test(span, literals.text(head.STRING()), facts(head.facts()), lines);
    }

    TestLine line(WritParser.TestLineContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.GIVEN -> new TestLine.Given(span, facts(tree.facts()));
            case WritParser.EXPECT -> new TestLine.Expect(span, outcomes(tree.outcomes()));
            case WritParser.CASE ->
                    new TestLine.Case(span, facts(tree.facts()), outcomes(tree.outcomes()));
            default -> new TestLine.Step(span, facts(tree.facts()), outcomes(tree.outcomes()));
        };
    }

    private List<TestFact> facts(WritParser.@Nullable FactsContext tree) {
        return tree == null ? List.of() : tree.fact().stream().map(this::fact).toList();
    }

    private List<TestOutcome> outcomes(WritParser.OutcomesContext tree) {
        return tree.outcome().stream().map(this::outcome).toList();
    }

    private TestFact fact(WritParser.FactContext tree) {
        Span span = tokens.span(tree);
        if (tree.factNotYet() != null) {
            return new TestFact.NotYet(span, keyword(tree));
        }
        if (!tree.path().isEmpty()) {
            return attribute(span, tree);
        }
        return switch (tree.getStart().getType()) {
            case WritParser.TEAM -> new TestFact.Team(span, exprs.qname(tree.qname()));
            case WritParser.KEY -> new TestFact.Key(span, exprs.qname(tree.qname()));
            case WritParser.ROUTE -> new TestFact.Route(span, exprs.qname(tree.qname()));
            case WritParser.USER -> user(span, tree);
            case WritParser.IDENTITY -> new TestFact.Identity(span, exprs.qname(tree.qname()));
            case WritParser.PROMPT ->
                    new TestFact.Prompt(
                            span,
                            tree.quantity() == null
                                    ? literals.text(tree.STRING())
                                    : literals.quantity(tree.quantity()));
            case WritParser.TOOLS -> new TestFact.Tools(span, exprs.list(tree.list()));
            case WritParser.STREAM -> new TestFact.Stream(span);
            case WritParser.CANARY -> new TestFact.Canary(span);
            case WritParser.MIRROR -> new TestFact.Mirror(span);
            case WritParser.AT -> new TestFact.At(span, literals.text(tree.STRING()));
            case WritParser.AFTER -> new TestFact.After(span, literals.time(tree.DURATION()));
            case WritParser.REQUEST_ID ->
                    new TestFact.RequestId(span, literals.text(tree.STRING()));
            case WritParser.PROVIDER ->
                    new TestFact.Provider(
                            span, exprs.qname(tree.qname()), behaviour(tree.behaviour()));
            default -> new TestFact.Times(span, literals.number(tree.NUMBER()));
        };
    }

    private TestFact user(Span span, WritParser.FactContext tree) {
        if (tree.name() != null) {
            return new TestFact.User(span, exprs.name(tree.name()), true);
        }
        Literal.Text text = literals.text(tree.STRING());
        return new TestFact.User(span, new Name(text.span(), text.value()), false);
    }

    private TestFact attribute(Span span, WritParser.FactContext tree) {
        Expr attribute = exprs.pathOrCall(tree.path(0), tree.call());
        if (tree.ASSIGN() == null) {
            return new TestFact.Has(span, attribute, tree.PRESENT() != null);
        }
        Expr value =
                tree.literal() == null
                        ? exprs.path(tree.path(1))
                        : new Expr.Constant(
                                tokens.span(tree.literal()), literals.literal(tree.literal()));
        return new TestFact.Is(span, attribute, value);
    }

    private Behaviour behaviour(WritParser.BehaviourContext tree) {
        return switch (tree.getStart().getType()) {
            case WritParser.UP -> new Behaviour.Up();
            case WritParser.DOWN -> new Behaviour.Down();
            case WritParser.SLOW -> new Behaviour.Slow(literals.time(tree.DURATION()));
            case WritParser.ANSWERS -> new Behaviour.Answers(literals.number(tree.NUMBER()));
            default -> new Behaviour.Breaks(literals.quantity(tree.quantity()));
        };
    }

    private TestOutcome outcome(WritParser.OutcomeContext tree) {
        Span span = tokens.span(tree);
        if (tree.outcomeNotYet() != null) {
            return new TestOutcome.NotYet(span, keyword(tree));
        }
        return switch (tree.getStart().getType()) {
            case WritParser.NOT -> new TestOutcome.Not(span, outcome(tree.outcome()));
            case WritParser.ALLOW -> new TestOutcome.Allow(span);
            case WritParser.DENY -> new TestOutcome.Deny(span, items.denial(tree.denial()));
            case WritParser.ARM -> new TestOutcome.Arm(span, exprs.qname(tree.qname()));
            case WritParser.ROUTE -> new TestOutcome.Route(span, exprs.qname(tree.qname()));
            case WritParser.MODEL -> new TestOutcome.Model(span, exprs.qname(tree.qname()));
            case WritParser.CANARY -> new TestOutcome.Canary(span, exprs.qname(tree.qname()));
            case WritParser.MIRROR -> new TestOutcome.Mirror(span, exprs.qname(tree.qname()));
            case WritParser.PROVIDER -> new TestOutcome.Provider(span, exprs.qname(tree.qname()));
            case WritParser.RULE -> new TestOutcome.Rule(span, exprs.qname(tree.qname()));
            case WritParser.REGION -> new TestOutcome.Region(span, exprs.name(tree.name()));
            case WritParser.TAG -> new TestOutcome.Tag(span, literals.text(tree.STRING()));
            case WritParser.SET -> {
                Literal value = literals.literal(tree.literal());
                yield new TestOutcome.Set(span, exprs.path(tree.path()), value);
            }
            case WritParser.ATTEMPTS ->
                    new TestOutcome.Attempts(span, literals.number(tree.NUMBER()));
            case WritParser.STATUS -> new TestOutcome.Status(span, literals.number(tree.NUMBER()));
            default -> new TestOutcome.Broken(span);
        };
    }

    private Name keyword(ParserRuleContext tree) {
        return new Name(tokens.span(tree.getStart()), tree.getStart().getText());
    }
}
