package dev.writ.dsl.parse;

import dev.writ.dsl.parse.PieceReader.Reading;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.BudgetProperty;
import dev.writ.dsl.syntax.CacheProperty;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.GuardProperty;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.CalendarProperty;
import dev.writ.dsl.syntax.Item.Effect;
import dev.writ.dsl.syntax.Item.IdentityProperty;
import dev.writ.dsl.syntax.Item.ModelProperty;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Item.ProviderProperty;
import dev.writ.dsl.syntax.Item.TeamProperty;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ServerProperty;
import dev.writ.dsl.syntax.SignalProperty;
import dev.writ.dsl.syntax.TestLine;
import dev.writ.dsl.syntax.ToolRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands between the braces of broken declarations: each piece that fits, and something in
/// the place of each that does not.
final class Pieces {
    private final Tokens tokens;
    private final PieceReader pieces;
    private final ItemReader reader;
    private final ExprReader exprs;
    private final Mistakes mistakes;

    Pieces(
            Tokens tokens,
            PieceReader pieces,
            ItemReader reader,
            ExprReader exprs,
            Mistakes mistakes) {
        this.tokens = tokens;
        this.pieces = pieces;
        this.reader = reader;
        this.exprs = exprs;
        this.mistakes = mistakes;
    }

    /// Makes one piece of the tokens from one index up to another.
    private interface Maker<T> {
        T make(int from, int to);
    }

    List<ProviderProperty> ofProvider(int from, int to) {
        return read(
                Form.PROVIDER_PROPERTY,
                from,
                to,
                (a, b) -> reader.providerProperty(pieces.tree(a, b, WritParser::providerProp)),
                (a, b) -> new ProviderProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<ModelProperty> ofModel(int from, int to) {
        return read(
                Form.MODEL_PROPERTY,
                from,
                to,
                (a, b) -> reader.modelProperty(pieces.tree(a, b, WritParser::modelProp)),
                (a, b) -> new ModelProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<PoolProperty> ofPool(int from, int to) {
        return read(
                Form.POOL_PROPERTY,
                from,
                to,
                (a, b) -> reader.poolProperty(pieces.tree(a, b, WritParser::poolProp)),
                (a, b) -> new PoolProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<TeamProperty> ofTeam(int from, int to) {
        return read(
                Form.TEAM_PROPERTY,
                from,
                to,
                (a, b) -> reader.teamProperty(pieces.tree(a, b, WritParser::teamProp)),
                (a, b) -> new TeamProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<CalendarProperty> ofCalendar(int from, int to) {
        return read(
                Form.CALENDAR_PROPERTY,
                from,
                to,
                (a, b) -> reader.calendarProperty(pieces.tree(a, b, WritParser::calendarProp)),
                (a, b) -> new CalendarProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<IdentityProperty> ofIdentity(int from, int to) {
        return read(
                Form.IDENTITY_PROPERTY,
                from,
                to,
                (a, b) -> reader.identityProperty(pieces.tree(a, b, WritParser::identityProp)),
                (a, b) -> new IdentityProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<Effect> ofRule(int from, int to) {
        return read(
                Form.EFFECT,
                from,
                to,
                (a, b) -> reader.effect(pieces.tree(a, b, WritParser::effect)),
                (a, b) -> new Effect.Unknown(tokens.span(a, b), word(a)));
    }

    List<BudgetProperty> ofBudget(int from, int to) {
        return read(
                Form.BUDGET_PROPERTY,
                from,
                to,
                (a, b) -> reader.money().property(pieces.tree(a, b, WritParser::budgetProp)),
                (a, b) -> new BudgetProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<SignalProperty> ofSignal(int from, int to) {
        return read(
                Form.SIGNAL_PROPERTY,
                from,
                to,
                (a, b) -> reader.guards().signalProperty(pieces.tree(a, b, WritParser::signalProp)),
                (a, b) -> new SignalProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<CacheProperty> ofCache(int from, int to) {
        return read(
                Form.CACHE_PROPERTY,
                from,
                to,
                (a, b) -> reader.guards().cacheProperty(pieces.tree(a, b, WritParser::cacheProp)),
                (a, b) -> new CacheProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<GuardProperty> ofGuard(int from, int to) {
        return read(
                Form.GUARD_PROPERTY,
                from,
                to,
                (a, b) -> reader.guards().guardProperty(pieces.tree(a, b, WritParser::guardProp)),
                (a, b) -> new GuardProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<ServerProperty> ofServer(int from, int to) {
        return read(
                Form.SERVER_PROPERTY,
                from,
                to,
                (a, b) -> reader.tools().serverProperty(pieces.tree(a, b, WritParser::serverProp)),
                (a, b) -> new ServerProperty.Unknown(tokens.span(a, b), word(a)));
    }

    List<ToolRule> ofTools(int from, int to) {
        return read(
                Form.TOOL_RULE,
                from,
                to,
                (a, b) -> reader.tools().toolRule(pieces.tree(a, b, WritParser::toolRule)),
                (a, b) -> new ToolRule.Unknown(tokens.span(a, b), word(a)));
    }

    List<TestLine> ofTest(int from, int to) {
        return read(
                Form.TEST_LINE,
                from,
                to,
                (a, b) -> reader.tests().line(pieces.tree(a, b, WritParser::testLine)),
                (a, b) -> new TestLine.Unknown(tokens.span(a, b), word(a)));
    }

    List<Item.Arm> ofRoute(int from, int to) {
        return read(
                Form.ARM,
                from,
                to,
                (a, b) -> reader.arm(pieces.tree(a, b, WritParser::arm)),
                this::brokenArm);
    }

    /// Reads what can be read of an arm: its name, its condition, and where it leads.
    private Item.Arm brokenArm(int from, int to) {
        int arrow = from;
        boolean otherwise = false;
        while (arrow < to && tokens.type(arrow) != WritParser.ARROW) {
            otherwise |= tokens.type(arrow) == WritParser.OTHERWISE;
            arrow++;
        }
        return new Item.Arm(
                tokens.span(from, to),
                word(from),
                otherwise ? null : condition(from + 2, arrow),
                action(arrow, to));
    }

    private Expr condition(int from, int to) {
        boolean fits =
                from < to
                        && tokens.type(from - 1) == WritParser.WHEN
                        && Fit.of(WritParser.RULE_expr, tokens.types(), from, to).isWhole();
        return fits
                ? exprs.expr(pieces.tree(from, to, WritParser::expr))
                : new Expr.Missing(tokens.span(from - 1 < to ? from - 1 : to - 1));
    }

    private Item.ArmAction action(int arrow, int to) {
        if (arrow + 1 < to) {
            int rule =
                    tokens.type(arrow + 1) == WritParser.DENY
                            ? WritParser.RULE_denial
                            : WritParser.RULE_target;
            int end = Fit.of(rule, tokens.types(), arrow + 1, to).end();
            if (end == to) {
                return rule == WritParser.RULE_target
                        ? new Item.ArmAction.Go(
                                reader.target(pieces.tree(arrow + 1, to, WritParser::target)))
                        : new Item.ArmAction.Refuse(
                                reader.denial(pieces.tree(arrow + 1, to, WritParser::denial)));
            }
        }
        return new Item.ArmAction.Missing(tokens.span(to - 1));
    }

    private <T> List<T> read(
            Form form, int from, int to, Maker<? extends T> whole, Maker<? extends T> broken) {
        List<T> made = new ArrayList<>();
        int index = from;
        while (index < to && tokens.type(index) != WritParser.RBRACE) {
            if (pieces.isSeparator(index)) {
                separator(form, index);
                index++;
                continue;
            }
            switch (pieces.read(form, form, index, to)) {
                case Reading.Fits(int end) -> {
                    made.add(whole.make(index, end));
                    index = end;
                }
                case Reading.Fails(Failure failure) -> {
                    mistakes.add(failure);
                    int next = pieces.next(failure, to);
                    int rest = MistakeExplainer.isNearKeyword(failure) ? failure.at() : index;
                    if (rest > index) {
                        made.add(whole.make(index, rest));
                    }
                    made.add(broken.make(rest, Math.max(rest + 1, next)));
                    index = next;
                }
            }
        }
        return made;
    }

    private void separator(Form form, int index) {
        Span span = tokens.span(index);
        if (tokens.type(index) == WritParser.SEMICOLON) {
            mistakes.addHabit(";", CharacterMistakes.semicolon(span));
        } else {
            mistakes.addHabit(",", ShapeMistakes.comma(span, form));
        }
    }

    /// Returns what stands at an index as a name, whatever it is.
    Name word(int index) {
        Name name = name(index);
        return name == null
                ? new Name(tokens.span(index), MistakeExplainer.shortened(tokens.text(index)))
                : name;
    }

    /// Returns the name at an index, or null if nothing that can be a name stands there.
    @Nullable Name name(int index) {
        if (!Words.isName(tokens.type(index))) {
            return null;
        }
        String text = tokens.text(index);
        return new Name(
                tokens.span(index),
                text.startsWith("`") ? text.substring(1, text.length() - 1) : text);
    }
}
