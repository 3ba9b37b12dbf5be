package dev.writ.dsl.parse;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.CacheProperty;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.GuardProperty;
import dev.writ.dsl.syntax.GuardProperty.GuardAct;
import dev.writ.dsl.syntax.GuardProperty.StreamMode;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.SignalProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Signals, caches and guards as ANTLR read them to records.
final class GuardReader {
    private final Tokens tokens;
    private final LiteralReader literals;
    private final ExprReader exprs;
    private final ItemReader items;

    GuardReader(Tokens tokens, LiteralReader literals, ExprReader exprs, ItemReader items) {
        this.tokens = tokens;
        this.literals = literals;
        this.exprs = exprs;
        this.items = items;
    }

    Item.Signal signal(
            Span span, WritParser.SignalHeadContext head, List<SignalProperty> properties) {
        return new Item.Signal(
                span,
                exprs.name(head.name(0)),
                exprs.name(head.word()),
                exprs.name(head.name(1)),
                literals.text(head.STRING()),
                properties);
    }

    SignalProperty signalProperty(WritParser.SignalPropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.TIMEOUT ->
                    new SignalProperty.Timeout(span, literals.time(tree.DURATION()));
            case WritParser.FAILS -> new SignalProperty.Fails(span, exprs.name(tree.name()));
            default -> new SignalProperty.Labels(span, items.texts(tree.STRING()));
        };
    }

    Item.Cache cache(Span span, WritParser.CacheHeadContext head, List<CacheProperty> properties) {
        return new Item.Cache(span, exprs.name(head.name()), properties);
    }

    CacheProperty cacheProperty(WritParser.CachePropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.SCOPE -> new CacheProperty.Scope(span, exprs.name(tree.word()));
            case WritParser.EXACT -> new CacheProperty.Exact(span, literals.time(tree.DURATION()));
            case WritParser.SEMANTIC ->
                    new CacheProperty.Semantic(
                            span,
                            exprs.name(tree.name()),
                            literals.time(tree.DURATION()),
                            tree.PERCENT() == null ? null : literals.percent(tree.PERCENT()));
            case WritParser.SKIP_ -> new CacheProperty.Skip(span, exprs.expr(tree.expr()));
            default ->
                    new CacheProperty.Judge(
                            span,
                            exprs.qname(tree.qname()),
                            tree.MONEY() == null ? null : literals.money(tree.MONEY()),
                            tree.name() == null ? null : exprs.name(tree.name()));
        };
    }

    Item.Guard guard(Span span, WritParser.GuardHeadContext head, List<GuardProperty> properties) {
        return new Item.Guard(span, exprs.name(head.name()), properties);
    }

    GuardProperty guardProperty(WritParser.GuardPropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.DETECT -> new GuardProperty.Detect(span, exprs.names(tree.name()));
            case WritParser.COUNTRIES ->
                    new GuardProperty.Countries(span, exprs.names(tree.name()));
            case WritParser.INPUT -> new GuardProperty.Input(span, act(tree.guardAct()));
            case WritParser.OUTPUT ->
                    new GuardProperty.Output(
                            span,
                            tree.streamMode() == null ? null : mode(tree.streamMode()),
                            act(tree.guardAct()));
            default -> new GuardProperty.Fails(span, exprs.name(tree.name(0)));
        };
    }

    private StreamMode mode(WritParser.StreamModeContext tree) {
        Name word = new Name(tokens.span(tree.getStart()), tree.getStart().getText());
        return new StreamMode(
                tokens.span(tree),
                word,
                tree.quantity() == null ? null : literals.quantity(tree.quantity()));
    }

    private GuardAct act(WritParser.GuardActContext tree) {
        Span span = tokens.span(tree);
        @Nullable Expr when = tree.whenPart() == null ? null : exprs.expr(tree.whenPart().expr());
        return switch (tree.getStart().getType()) {
            case WritParser.MASK -> new GuardAct.Mask(span, tree.RESTORE() != null, when);
            case WritParser.DENY ->
                    new GuardAct.Deny(span, items.denial(span, tree.NUMBER(), tree.say()), when);
            default -> new GuardAct.Tag(span, literals.text(tree.STRING()), when);
        };
    }
}
