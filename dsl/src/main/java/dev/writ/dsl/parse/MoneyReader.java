package dev.writ.dsl.parse;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Allowance;
import dev.writ.dsl.syntax.BudgetProperty;
import dev.writ.dsl.syntax.BudgetProperty.Consequence;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.Period;
import dev.writ.dsl.syntax.QualifiedName;
import dev.writ.dsl.syntax.Spending;
import dev.writ.dsl.syntax.UseScope;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Budgets and limits as ANTLR read them to records.
final class MoneyReader {
    private final Tokens tokens;
    private final LiteralReader literals;
    private final ExprReader exprs;
    private final ItemReader items;

    MoneyReader(Tokens tokens, LiteralReader literals, ExprReader exprs, ItemReader items) {
        this.tokens = tokens;
        this.literals = literals;
        this.exprs = exprs;
        this.items = items;
    }

    Item.Budget budget(
            Span span, WritParser.BudgetHeadContext head, List<BudgetProperty> properties) {
        return new Item.Budget(
                span, exprs.name(head.name()), spending(head.spending()), properties);
    }

    Item.Limit limit(WritParser.LimitDeclContext tree) {
        return new Item.Limit(
                tokens.span(tree), exprs.name(tree.name()), allowance(tree.allowance()));
    }

    Spending spending(WritParser.SpendingContext tree) {
        return new Spending(
                tokens.span(tree),
                literals.money(tree.MONEY()),
                period(tree.name(), tree.DURATION()),
                tree.scope() == null ? null : scope(tree.scope()));
    }

    List<BudgetProperty> properties(List<WritParser.BudgetPropContext> trees) {
        return trees.stream().map(this::property).toList();
    }

    BudgetProperty property(WritParser.BudgetPropContext tree) {
        Span span = tokens.span(tree);
        List<Literal.Text> texts = items.texts(tree.STRING());
        return switch (tree.getStart().getType()) {
            case WritParser.AT ->
                    new BudgetProperty.At(
                            span, literals.percent(tree.PERCENT()), consequence(tree));
            case WritParser.RAISE ->
                    new BudgetProperty.Raise(
                            span,
                            literals.money(tree.MONEY()),
                            texts.size() < 2 ? null : texts.getFirst(),
                            texts.getLast());
            case WritParser.ZONE -> new BudgetProperty.Zone(span, texts.getFirst());
            case WritParser.STARTS ->
                    new BudgetProperty.Starts(
                            span,
                            tree.name() == null ? null : exprs.name(tree.name()),
                            tree.NUMBER() == null ? null : literals.number(tree.NUMBER()));
            default -> new BudgetProperty.Was(span, texts.getFirst());
        };
    }

    private Consequence consequence(WritParser.BudgetPropContext tree) {
        if (tree.WARN() != null) {
            return new Consequence.Warn();
        }
        if (tree.target() != null) {
            return new Consequence.Use(items.target(tree.target()));
        }
        return new Consequence.Deny(items.denial(tokens.span(tree), tree.NUMBER(), tree.say()));
    }

    Allowance allowance(WritParser.AllowanceContext tree) {
        TerminalNode direction = tree.INPUT() == null ? tree.OUTPUT() : tree.INPUT();
        BigDecimal amount = literals.number(tree.NUMBER(0)).amount();
        return new Allowance(
                tokens.span(tree),
                new Literal.Quantity(
                        tokens.span(tree.NUMBER(0)),
                        amount,
                        tree.unit() == null ? null : tree.unit().getText()),
                direction == null ? null : new Name(tokens.span(direction), direction.getText()),
                tree.AT() == null ? period(tree.name(), tree.DURATION()) : null,
                tree.scope() == null ? null : scope(tree.scope()),
                tree.BURST() == null ? null : literals.number(tree.NUMBER(1)));
    }

    private Period period(WritParser.@Nullable NameContext name, @Nullable TerminalNode duration) {
        if (name != null) {
            Name word = exprs.name(name);
            return new Period.Named(word.span(), word);
        }
        Literal.Time time = literals.time(Objects.requireNonNull(duration));
        return new Period.Lasting(time.span(), time);
    }

    private UseScope scope(WritParser.ScopeContext tree) {
        Name kind = new Name(tokens.span(tree.getStart()), tree.getStart().getText());
        QualifiedName of = tree.qname() == null ? null : exprs.qname(tree.qname());
        Literal.Text tag = tree.STRING() == null ? null : literals.text(tree.STRING());
        return new UseScope(tokens.span(tree), kind, of, tag);
    }
}
