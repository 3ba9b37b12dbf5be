package dev.writ.dsl.parse;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.QualifiedName;
import dev.writ.dsl.syntax.ServerProperty;
import dev.writ.dsl.syntax.ToolRule;
import java.util.List;

/// Servers of tools, rules of tools and statements as ANTLR read them to records.
final class ToolsReader {
    private final Tokens tokens;
    private final LiteralReader literals;
    private final ExprReader exprs;
    private final MoneyReader money;

    ToolsReader(Tokens tokens, LiteralReader literals, ExprReader exprs, MoneyReader money) {
        this.tokens = tokens;
        this.literals = literals;
        this.exprs = exprs;
        this.money = money;
    }

    Item.Server server(
            Span span, WritParser.ServerHeadContext head, List<ServerProperty> properties) {
        return new Item.Server(span, exprs.name(head.name()), properties);
    }

    ServerProperty serverProperty(WritParser.ServerPropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.URL -> new ServerProperty.Url(span, literals.text(tree.STRING()));
            case WritParser.KEY -> new ServerProperty.Key(span, exprs.name(tree.name()));
            case WritParser.REGION -> new ServerProperty.Region(span, exprs.name(tree.name()));
            case WritParser.SCHEMA -> new ServerProperty.Schema(span, literals.text(tree.STRING()));
            default -> new ServerProperty.Timeout(span, literals.time(tree.DURATION()));
        };
    }

    Item.Tools tools(Span span, WritParser.ToolsHeadContext head, List<ToolRule> rules) {
        QualifiedName team = exprs.qname(head.qname());
        return new Item.Tools(span, team, rules);
    }

    ToolRule toolRule(WritParser.ToolRuleContext tree) {
        Span span = tokens.span(tree);
        Name name = exprs.name(tree.name());
        Name verb = new Name(tokens.span(tree.toolVerb()), tree.toolVerb().getText());
        if (tree.OTHERWISE() != null) {
            return new ToolRule.Otherwise(
                    span,
                    name,
                    verb,
                    tree.say() == null ? null : literals.text(tree.say().STRING()));
        }
        return new ToolRule.Named(
                span,
                name,
                verb,
                tree.toolRef().stream().map(this::tool).toList(),
                tree.whenPart() == null ? null : exprs.expr(tree.whenPart().expr()),
                tree.toolExtra().stream().map(this::extra).toList());
    }

    private ToolRule.Tool tool(WritParser.ToolRefContext tree) {
        return tree.STRING() == null
                ? new ToolRule.Tool(tokens.span(tree), text(exprs.path(tree.path())), false)
                : new ToolRule.Tool(tokens.span(tree), literals.text(tree.STRING()).value(), true);
    }

    private static String text(Expr.Path path) {
        return String.join(".", path.parts().stream().map(Name::text).toList());
    }

    private ToolRule.Extra extra(WritParser.ToolExtraContext tree) {
        Span span = tokens.span(tree);
        if (tree.say() != null) {
            return new ToolRule.Extra.Say(span, literals.text(tree.say().STRING()));
        }
        return switch (tree.getStart().getType()) {
            case WritParser.LIMIT ->
                    new ToolRule.Extra.Limit(span, money.allowance(tree.allowance()));
            case WritParser.BY ->
                    new ToolRule.Extra.By(
                            span,
                            literals.text(tree.STRING()),
                            tree.DURATION() == null ? null : literals.time(tree.DURATION()));
            default -> new ToolRule.Extra.Guard(span, exprs.qname(tree.qname()));
        };
    }

    Item.Always always(WritParser.AlwaysDeclContext tree) {
        boolean premise = tree.IF() != null;
        return new Item.Always(
                tokens.span(tree),
                literals.text(tree.STRING()),
                premise ? exprs.expr(tree.expr(0)) : null,
                exprs.expr(tree.expr().getLast()));
    }
}
