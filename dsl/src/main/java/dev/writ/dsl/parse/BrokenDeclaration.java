package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.parse.PieceReader.Reading;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.BudgetProperty;
import dev.writ.dsl.syntax.CacheProperty;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.GuardProperty;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ServerProperty;
import dev.writ.dsl.syntax.SignalProperty;
import dev.writ.dsl.syntax.TestLine;
import dev.writ.dsl.syntax.ToolRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A declaration that does not fit the grammar, read piece by piece: its head, then each of what
/// stands in its braces.
final class BrokenDeclaration {
    private final Tokens tokens;
    private final Brackets brackets;
    private final ItemReader reader;
    private final ExprReader exprs;
    private final Mistakes mistakes;
    private final PieceReader pieces;
    private final Pieces inside;
    private final boolean cut;

    /// @param cut whether a comment that never ends hides the end of the file
    BrokenDeclaration(
            Tokens tokens,
            Brackets brackets,
            ItemReader reader,
            ExprReader exprs,
            Mistakes mistakes,
            boolean cut) {
        this.tokens = tokens;
        this.cut = cut;
        this.brackets = brackets;
        this.reader = reader;
        this.exprs = exprs;
        this.mistakes = mistakes;
        this.pieces = new PieceReader(tokens, brackets, mistakes);
        this.inside = new Pieces(tokens, pieces, reader, exprs, mistakes);
    }

    /// What was read.
    ///
    /// @param item null where nothing is known of it, not even a name
    /// @param next the index at which it ends
    record Read(@Nullable Item item, int next) {}

    /// Reads the declaration that begins with the keyword at an index.
    ///
    /// @param to where the next one begins at the latest
    Read read(int index, int to) {
        return switch (tokens.type(index)) {
            case WritParser.PROVIDER ->
                    block(Form.PROVIDER_HEAD, Form.PROVIDER_PROPERTY, index, to);
            case WritParser.MODEL -> block(Form.MODEL_HEAD, Form.MODEL_PROPERTY, index, to);
            case WritParser.POOL -> block(Form.POOL_HEAD, Form.POOL_PROPERTY, index, to);
            case WritParser.ROUTE -> block(Form.ROUTE_HEAD, Form.ARM, index, to);
            case WritParser.TEAM -> block(Form.TEAM_HEAD, Form.TEAM_PROPERTY, index, to);
            case WritParser.CALENDAR ->
                    block(Form.CALENDAR_HEAD, Form.CALENDAR_PROPERTY, index, to);
            case WritParser.IDENTITY ->
                    block(Form.IDENTITY_HEAD, Form.IDENTITY_PROPERTY, index, to);
            case WritParser.TEST -> block(Form.TEST_HEAD, Form.TEST_LINE, index, to);
            case WritParser.RULE -> rule(index, to);
            case WritParser.USE -> line(Form.USE, index, to);
            case WritParser.SECRET -> line(Form.SECRET, index, to);
            case WritParser.BUDGET -> block(Form.BUDGET_HEAD, Form.BUDGET_PROPERTY, index, to);
            case WritParser.SIGNAL -> block(Form.SIGNAL_HEAD, Form.SIGNAL_PROPERTY, index, to);
            case WritParser.CACHE -> block(Form.CACHE_HEAD, Form.CACHE_PROPERTY, index, to);
            case WritParser.GUARD -> block(Form.GUARD_HEAD, Form.GUARD_PROPERTY, index, to);
            case WritParser.SERVER -> block(Form.SERVER_HEAD, Form.SERVER_PROPERTY, index, to);
            case WritParser.TOOLS -> block(Form.TOOLS_HEAD, Form.TOOL_RULE, index, to);
            case WritParser.LIMIT -> line(Form.LIMIT, index, to);
            default -> line(Form.ALWAYS, index, to);
        };
    }

    // ── Declarations without properties that are known ───────────────────────────────────────

    private Read line(Form form, int index, int to) {
        int open = brackets.firstOpening(index, to);
        if (open >= 0 && !closes(open, to)) {
            Diagnostic hiding = hidingBrace(open, to);
            if (hiding == null) {
                unclosed(index, open, to, mistakes.count());
            } else {
                mistakes.add(hiding);
            }
            return new Read(unreadable(index, to), to);
        }
        return switch (pieces.read(form, index, to, this::mayFollow)) {
            case Reading.Fits(int end) ->
                    new Read(reader.item(pieces.tree(index, end, WritParser::item)), end);
            case Reading.Fails(Failure failure) -> {
                mistakes.add(failure);
                int next = open >= 0 ? brackets.partner(open) + 1 : lineBehind(failure.at(), to);
                yield new Read(unreadable(index, next), next);
            }
        };
    }

    private Item unreadable(int index, int to) {
        Span span = tokens.span(index, to);
        Name keyword = inside.word(index);
        Name name = index + 1 < to ? inside.name(index + 1) : null;
        return new Item.Broken(span, keyword, name);
    }

    private boolean mayFollow(int index) {
        return tokens.startsLine(index)
                || tokens.type(index) == WritParser.SEMICOLON
                || Fit.begins(WritParser.RULE_item, tokens.type(index));
    }

    private int lineBehind(int index, int to) {
        int next = index;
        while (next < to && !tokens.startsLine(next)) {
            next++;
        }
        return next;
    }

    // ── Declarations with braces ─────────────────────────────────────────────────────────────

    private Read block(Form headForm, Form pieceForm, int index, int to) {
        int open = headBrace(pieceForm, index, to);
        boolean braced = open < to && tokens.type(open) == WritParser.LBRACE;
        boolean headFits = false;
        switch (pieces.read(headForm, index, open, _ -> false)) {
            case Reading.Fits _ -> headFits = true;
            case Reading.Fails(Failure failure) -> mistakes.add(failure);
        }
        if (!braced) {
            if (headFits) {
                missingBrace(index, open, to);
            } else if (open >= to || !pieces.standsAlone(pieceForm, open, to)) {
                return new Read(item(headForm, index, open, to, to, false), to);
            }
        }
        int first = braced ? open + 1 : open;
        int close =
                braced ? (closes(open, to) ? brackets.partner(open) : to) : lonelyBrace(open, to);
        int before = mistakes.count();
        Item item = item(headForm, index, open, first, close, headFits);
        if (braced && close == to) {
            unclosed(index, open, to, before);
        }
        return new Read(item, Math.min(to, close + 1));
    }

    private @Nullable Item item(
            Form form, int index, int headEnd, int first, int close, boolean headFits) {
        Span span = tokens.span(index, Math.min(close + 1, tokens.size() - 1));
        Name name = index + 1 < headEnd ? nameOrText(index + 1) : null;
        Name keyword = inside.word(index);
        Item item =
                switch (form) {
                    case PROVIDER_HEAD -> {
                        List<Item.ProviderProperty> properties = inside.ofProvider(first, close);
                        yield name == null ? null : new Item.Provider(span, name, properties);
                    }
                    case MODEL_HEAD -> {
                        List<Item.ModelProperty> properties = inside.ofModel(first, close);
                        yield headFits
                                ? reader.model(
                                        span,
                                        pieces.tree(index, headEnd, WritParser::modelHead),
                                        properties)
                                : null;
                    }
                    case POOL_HEAD -> {
                        List<Item.PoolProperty> properties = inside.ofPool(first, close);
                        yield name == null ? null : new Item.Pool(span, name, properties);
                    }
                    case ROUTE_HEAD -> {
                        List<Item.Arm> arms = inside.ofRoute(first, close);
                        yield headFits
                                ? reader.route(
                                        span,
                                        pieces.tree(index, headEnd, WritParser::routeHead),
                                        arms)
                                : name == null ? null : new Item.Route(span, name, List.of(), arms);
                    }
                    case CALENDAR_HEAD -> {
                        List<Item.CalendarProperty> properties = inside.ofCalendar(first, close);
                        yield name == null ? null : new Item.Calendar(span, name, properties);
                    }
                    case BUDGET_HEAD -> {
                        List<BudgetProperty> properties = inside.ofBudget(first, close);
                        yield headFits
                                ? reader.money()
                                        .budget(
                                                span,
                                                pieces.tree(index, headEnd, WritParser::budgetHead),
                                                properties)
                                : null;
                    }
                    case SIGNAL_HEAD -> {
                        List<SignalProperty> properties = inside.ofSignal(first, close);
                        yield headFits
                                ? reader.guards()
                                        .signal(
                                                span,
                                                pieces.tree(index, headEnd, WritParser::signalHead),
                                                properties)
                                : null;
                    }
                    case CACHE_HEAD -> {
                        List<CacheProperty> properties = inside.ofCache(first, close);
                        yield name == null ? null : new Item.Cache(span, name, properties);
                    }
                    case GUARD_HEAD -> {
                        List<GuardProperty> properties = inside.ofGuard(first, close);
                        yield name == null ? null : new Item.Guard(span, name, properties);
                    }
                    case SERVER_HEAD -> {
                        List<ServerProperty> properties = inside.ofServer(first, close);
                        yield name == null ? null : new Item.Server(span, name, properties);
                    }
                    case TOOLS_HEAD -> {
                        List<ToolRule> rules = inside.ofTools(first, close);
                        yield headFits
                                ? reader.tools()
                                        .tools(
                                                span,
                                                pieces.tree(index, headEnd, WritParser::toolsHead),
                                                rules)
                                : null;
                    }
                    case IDENTITY_HEAD -> {
                        List<Item.IdentityProperty> properties = inside.ofIdentity(first, close);
                        yield name == null ? null : new Item.Identity(span, name, properties);
                    }
                    case TEST_HEAD -> {
                        List<TestLine> lines = inside.ofTest(first, close);
                        yield headFits
                                ? reader.tests()
                                        .test(
                                                span,
                                                pieces.tree(index, headEnd, WritParser::testHead),
                                                lines)
                                : null;
                    }
                    default -> {
                        List<Item.TeamProperty> properties = inside.ofTeam(first, close);
                        yield name == null ? null : new Item.Team(span, name, properties);
                    }
                };
        return item == null ? new Item.Broken(span, keyword, name) : item;
    }

    /// Returns a name, also where the author put quotes around it.
    private @Nullable Name nameOrText(int index) {
        String text = tokens.text(index);
        return tokens.type(index) == WritParser.STRING
                ? new Name(tokens.span(index), text.substring(1, text.length() - 1))
                : inside.name(index);
    }

    /// Returns where the head ends: at its brace, or at a line that belongs into the braces, or at
    /// the end.
    private int headBrace(Form pieceForm, int index, int to) {
        int at = index + 1;
        while (at < to
                && tokens.type(at) != WritParser.LBRACE
                && tokens.type(at) != WritParser.RBRACE) {
            if (tokens.startsLine(at)
                    && (pieces.standsAlone(pieceForm, at, to) || Words.isName(tokens.type(at)))) {
                return at;
            }
            at++;
        }
        return at;
    }

    private void missingBrace(int index, int open, int to) {
        Span last = tokens.span(open - 1);
        Span head = tokens.span(index, open);
        Diagnostic missing =
                Diagnostic.of(
                                DiagnosticCode.UNEXPECTED_TOKEN,
                                new Span(last.source(), last.end(), last.end()),
                                "`{` is missing behind `%s`"
                                        .formatted(MistakeExplainer.shortened(head.text())))
                        .at("here")
                        .hint(
                                "Put what belongs to it between braces: `%s { … }`."
                                        .formatted(MistakeExplainer.shortened(head.text())));
        mistakes.add(
                lonelyBrace(open, to) < to
                        ? missing.fix("Put `{` there", Edit.behind(last, " {"))
                        : missing);
    }

    /// Returns the first `}` that nothing opens, or the end.
    private int lonelyBrace(int from, int to) {
        int at = from;
        while (at < to && !(tokens.type(at) == WritParser.RBRACE && brackets.partner(at) < 0)) {
            at++;
        }
        return at;
    }

    private boolean closes(int open, int to) {
        return brackets.partner(open) >= 0 && brackets.partner(open) < to;
    }

    /// Tells of a brace that nothing closes, instead of what that makes look wrong behind it.
    ///
    /// @param before how many mistakes there were before the declaration
    private void unclosed(int index, int open, int to, int before) {
        boolean last = to == tokens.size() - 1;
        if ((last && cut) || hidingBrace(open, to) != null) {
            return; // it may be there
        }
        Span culprit = tokens.span(culprit(index, open, to));
        mistakes.takeBack(before, culprit.start());
        mistakes.add(
                Diagnostic.of(DiagnosticCode.UNEXPECTED_TOKEN, culprit, "this `{` is never closed")
                        .because(
                                last ? end() : tokens.span(to),
                                last ? "the file ends here" : "the next declaration begins here")
                        .hint("Put `}` where it ends."));
    }

    /// Returns the brace that nothing closes: the one whose partner stands where that of an outer
    /// one should, or the outermost.
    private int culprit(int index, int open, int to) {
        int culprit = open;
        int column = tokens.column(index);
        for (int i = open + 1; i < to; i++) {
            int type = tokens.type(i);
            int partner = type == WritParser.LBRACE ? brackets.partner(i) : -1;
            if (culprit == open
                    && partner > i
                    && tokens.startsLine(partner)
                    && tokens.column(partner) <= column
                    && indentation(i) > column) {
                culprit = i;
            }
        }
        return culprit;
    }

    /// Returns what is wrong with a text that may have swallowed a brace, or null if there is none.
    private @Nullable Diagnostic hidingBrace(int from, int to) {
        for (int i = from; i < to; i++) {
            int type = tokens.type(i);
            if (type == WritParser.OPEN_STRING || type == WritParser.OPEN_QUOTED) {
                return CharacterMistakes.of(tokens, i);
            }
        }
        return null;
    }

    private Span end() {
        Span last = tokens.span(tokens.size() - 2);
        return new Span(last.source(), last.end(), last.end());
    }

    /// Returns the column of the first token of a line.
    private int indentation(int index) {
        int first = index;
        while (!tokens.startsLine(first)) {
            first--;
        }
        return tokens.column(first);
    }

    // ── Rules ────────────────────────────────────────────────────────────────────────────────

    private Read rule(int index, int to) {
        int before = mistakes.count();
        int at;
        boolean headFits = false;
        switch (pieces.read(Form.RULE_HEAD, index, to, _ -> true)) {
            case Reading.Fits(int end) -> {
                headFits = true;
                at = end;
            }
            case Reading.Fails(Failure failure) -> {
                mistakes.add(failure);
                at = effectBehind(failure.at(), to, true);
            }
        }
        int headEnd = at;
        Expr when = null;
        if (at < to && tokens.type(at) == WritParser.WHEN) {
            switch (pieces.read(Form.WHEN, Form.EFFECT, at, to)) {
                case Reading.Fits(int end) -> {
                    when = exprs.expr(pieces.tree(at + 1, end, WritParser::expr));
                    at = end;
                }
                case Reading.Fails(Failure failure) -> {
                    mistakes.add(failure);
                    when = new Expr.Missing(tokens.span(at));
                    at = effectBehind(failure.at(), to, false);
                }
            }
        } else if (at < to && !beginsEffect(at)) {
            int end = Fit.of(WritParser.RULE_expr, tokens.types(), at, to).end();
            if (end > at && (end == to || beginsEffect(end))) {
                mistakes.add(
                        Diagnostic.of(
                                        DiagnosticCode.UNEXPECTED_TOKEN,
                                        tokens.span(at),
                                        "`when` is missing before the condition")
                                .hint(
                                        "Write `when %s`."
                                                .formatted(
                                                        MistakeExplainer.shortened(
                                                                tokens.span(at, end).text())))
                                .fix(
                                        "Put `when` before it",
                                        Edit.before(tokens.span(at), "when ")));
                when = exprs.expr(pieces.tree(at, end, WritParser::expr));
                at = end;
            } else if (mistakes.count() == before) {
                mistakes.add(notAnEffect(index, at, to));
                when = new Expr.Missing(tokens.span(at));
                at = effectBehind(at, to, false);
            }
        }
        return effects(index, headFits ? headEnd : -1, when, at, to, before);
    }

    private Read effects(int index, int headEnd, @Nullable Expr when, int at, int to, int before) {
        List<Item.Effect> effects = List.of();
        int next = to;
        if (at < to && tokens.type(at) == WritParser.LBRACE) {
            int close = closes(at, to) ? brackets.partner(at) : to;
            effects = inside.ofRule(at + 1, close);
            next = Math.min(to, close + 1);
            if (close == to) {
                unclosed(index, at, to, mistakes.count());
            } else if (effects.isEmpty()) {
                doesNothing(index, at);
            }
        } else if (at < to) {
            int several = mistakes.count();
            next = effectsEnd(at, to);
            effects = inside.ofRule(at, next);
            if (effects.size() > 1 && mistakes.count() == several) {
                mistakes.add(
                        Diagnostic.of(
                                        DiagnosticCode.UNEXPECTED_TOKEN,
                                        effects.get(1).span(),
                                        "a rule that does several things has braces around them")
                                .because(effects.getFirst().span(), "the first one")
                                .hint(
                                        "Write `{ %s }`."
                                                .formatted(
                                                        MistakeExplainer.shortened(
                                                                together(effects)))));
            }
        } else if (mistakes.count() == before) {
            doesNothing(index, to);
        }
        Name name = index + 1 < to ? inside.name(index + 1) : null;
        Span span = tokens.span(index, next);
        return new Read(
                headEnd < 0
                        ? new Item.Broken(span, inside.word(index), name)
                        : reader.rule(
                                span,
                                pieces.tree(index, headEnd, WritParser::ruleHead),
                                when,
                                effects),
                next);
    }

    private static String together(List<Item.Effect> effects) {
        return String.join("  ", effects.stream().map(effect -> effect.span().text()).toList());
    }

    /// Returns where effects without braces end: before a line that begins with something else.
    private int effectsEnd(int from, int to) {
        int end = from + 1;
        while (end < to
                && !Regions.isHead(tokens, end)
                && (beginsEffect(end) || !tokens.startsLine(end))) {
            end++;
        }
        return end;
    }

    private void doesNothing(int index, int at) {
        Name name = inside.word(index + 1);
        Span last = tokens.span(at - 1);
        mistakes.add(
                Diagnostic.of(
                                DiagnosticCode.UNEXPECTED_TOKEN,
                                new Span(last.source(), last.end(), last.end()),
                                "rule `%s` does nothing".formatted(name.text()))
                        .at("what happens then?")
                        .hint("Add `deny`, `require`, `tag`, `set` or `audit`."));
    }

    private boolean beginsEffect(int index) {
        return tokens.type(index) == WritParser.LBRACE
                || Fit.begins(WritParser.RULE_effect, tokens.type(index));
    }

    /// Returns where the effects begin: at a brace, at a `deny`, or at a line that is one.
    private int effectBehind(int from, int to, boolean orWhen) {
        int at = from;
        while (at < to) {
            int type = tokens.type(at);
            if (type == WritParser.LBRACE
                    || type == WritParser.DENY
                    || (orWhen && type == WritParser.WHEN)
                    || (beginsEffect(at) && pieces.standsAlone(Form.EFFECT, at, to))) {
                return at;
            }
            at++;
        }
        return to;
    }

    private Failure notAnEffect(int index, int at, int to) {
        Fit fit = Fit.of(WritParser.RULE_ruleDecl, tokens.types(), index, to);
        return new Failure(Form.RULE_HEAD, tokens, index, to, at, false, fit.tokens(), fit.rules());
    }
}
