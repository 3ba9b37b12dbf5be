package dev.writ.dsl.parse;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.CalendarProperty;
import dev.writ.dsl.syntax.Item.IdentityProperty;
import dev.writ.dsl.syntax.Item.ModelProperty;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Item.ProviderProperty;
import dev.writ.dsl.syntax.Item.Target;
import dev.writ.dsl.syntax.Item.TeamProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ParsedFile;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// Declarations as ANTLR read them to records: whole ones, and the parts of broken ones.
final class ItemReader {
    private final Tokens tokens;
    private final LiteralReader literals;
    private final ExprReader exprs;
    private final TestReader tests;
    private final MoneyReader money;
    private final GuardReader guards;
    private final ToolsReader tools;

    ItemReader(Tokens tokens, LiteralReader literals, ExprReader exprs) {
        this.tokens = tokens;
        this.literals = literals;
        this.exprs = exprs;
        this.tests = new TestReader(tokens, literals, exprs, this);
        this.money = new MoneyReader(tokens, literals, exprs, this);
        this.guards = new GuardReader(tokens, literals, exprs, this);
        this.tools = new ToolsReader(tokens, literals, exprs, money);
    }

    /// Returns what reads budgets and limits.
    MoneyReader money() {
        return money;
    }

    /// Returns what reads signals, caches and guards.
    GuardReader guards() {
        return guards;
    }

    /// Returns what reads servers, rules of tools and statements.
    ToolsReader tools() {
        return tools;
    }

    /// Returns what reads tests.
    TestReader tests() {
        return tests;
    }

    ParsedFile.Header header(WritParser.HeaderContext tree) {
        return new ParsedFile.Header(
                tokens.span(tree), literals.text(tree.STRING()), literals.number(tree.NUMBER()));
    }

    Item item(WritParser.ItemContext tree) {
        return switch (tree.getChild(0)) {
            case WritParser.UseDeclContext use ->
                    new Item.Use(
                            tokens.span(use),
                            literals.text(use.STRING()),
                            use.name() == null ? null : exprs.name(use.name()));
            case WritParser.SecretDeclContext secret ->
                    new Item.Secret(tokens.span(secret), exprs.name(secret.name()), origin(secret));
            case WritParser.ProviderDeclContext provider ->
                    provider(
                            tokens.span(provider),
                            provider.providerHead(),
                            provider.providerProp().stream().map(this::providerProperty).toList());
            case WritParser.ModelDeclContext model ->
                    model(
                            tokens.span(model),
                            model.modelHead(),
                            model.modelProp().stream().map(this::modelProperty).toList());
            case WritParser.PoolDeclContext pool ->
                    pool(
                            tokens.span(pool),
                            pool.poolHead(),
                            pool.poolProp().stream().map(this::poolProperty).toList());
            case WritParser.RouteDeclContext route ->
                    route(
                            tokens.span(route),
                            route.routeHead(),
                            route.arm().stream().map(this::arm).toList());
            case WritParser.TeamDeclContext team ->
                    team(
                            tokens.span(team),
                            team.teamHead(),
                            team.teamProp().stream().map(this::teamProperty).toList());
            case WritParser.RuleDeclContext rule ->
                    rule(
                            tokens.span(rule),
                            rule.ruleHead(),
                            rule.whenPart() == null ? null : exprs.expr(rule.whenPart().expr()),
                            rule.effect().stream().map(this::effect).toList());
            case WritParser.CalendarDeclContext calendar ->
                    calendar(
                            tokens.span(calendar),
                            calendar.calendarHead(),
                            calendar.calendarProp().stream().map(this::calendarProperty).toList());
            case WritParser.SignalDeclContext signal ->
                    guards.signal(
                            tokens.span(signal),
                            signal.signalHead(),
                            signal.signalProp().stream().map(guards::signalProperty).toList());
            case WritParser.CacheDeclContext cache ->
                    guards.cache(
                            tokens.span(cache),
                            cache.cacheHead(),
                            cache.cacheProp().stream().map(guards::cacheProperty).toList());
            case WritParser.GuardDeclContext guard ->
                    guards.guard(
                            tokens.span(guard),
                            guard.guardHead(),
                            guard.guardProp().stream().map(guards::guardProperty).toList());
            case WritParser.BudgetDeclContext budget ->
                    money.budget(
                            tokens.span(budget),
                            budget.budgetHead(),
                            money.properties(budget.budgetProp()));
            case WritParser.LimitDeclContext limit -> money.limit(limit);
            case WritParser.ServerDeclContext server ->
                    tools.server(
                            tokens.span(server),
                            server.serverHead(),
                            server.serverProp().stream().map(tools::serverProperty).toList());
            case WritParser.ToolsDeclContext rules ->
                    tools.tools(
                            tokens.span(rules),
                            rules.toolsHead(),
                            rules.toolRule().stream().map(tools::toolRule).toList());
            case WritParser.IdentityDeclContext identity ->
                    identity(
                            tokens.span(identity),
                            identity.identityHead(),
                            identity.identityProp().stream().map(this::identityProperty).toList());
            case WritParser.TestDeclContext test -> tests.test(test);
            default -> tools.always(tree.alwaysDecl());
        };
    }

    Item.Provider provider(
            Span span, WritParser.ProviderHeadContext head, List<ProviderProperty> properties) {
        return new Item.Provider(span, exprs.name(head.name()), properties);
    }

    Item.Model model(Span span, WritParser.ModelHeadContext head, List<ModelProperty> properties) {
        return new Item.Model(
                span,
                exprs.name(head.name()),
                exprs.qname(head.qname()),
                literals.text(head.STRING()),
                properties);
    }

    Item.Pool pool(Span span, WritParser.PoolHeadContext head, List<PoolProperty> properties) {
        return new Item.Pool(span, exprs.name(head.name()), properties);
    }

    Item.Route route(Span span, WritParser.RouteHeadContext head, List<Item.Arm> arms) {
        return new Item.Route(span, exprs.name(head.name()), texts(head.STRING()), arms);
    }

    Item.Team team(Span span, WritParser.TeamHeadContext head, List<TeamProperty> properties) {
        return new Item.Team(span, exprs.name(head.name()), properties);
    }

    Item.Rule rule(
            Span span,
            WritParser.RuleHeadContext head,
            @Nullable Expr when,
            List<Item.Effect> effects) {
        Name phase = exprs.name(head.getChild(head.getChildCount() - 1));
        return new Item.Rule(span, exprs.name(head.name(0)), phase, when, effects);
    }

    private Item.Secret.Origin origin(WritParser.SecretDeclContext secret) {
        WritParser.OriginContext from = secret.origin();
        if (from == null) {
            return new Item.Secret.Origin.Value(tokens.span(secret.STRING()));
        }
        return switch (from.getStart().getType()) {
            case WritParser.ENV ->
                    new Item.Secret.Origin.Env(
                            from.STRING() == null ? null : literals.text(from.STRING()));
            case WritParser.FILE -> new Item.Secret.Origin.File(literals.text(from.STRING()));
            default ->
                    new Item.Secret.Origin.Vault(tokens.span(from), literals.text(from.STRING()));
        };
    }

    ProviderProperty providerProperty(WritParser.ProviderPropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.KIND -> new ProviderProperty.Kind(span, exprs.name(tree.name()));
            case WritParser.URL -> new ProviderProperty.Url(span, literals.text(tree.STRING()));
            case WritParser.REGION -> new ProviderProperty.Region(span, exprs.name(tree.name()));
            case WritParser.KEY -> new ProviderProperty.Key(span, exprs.name(tree.name()));
            case WritParser.API_VERSION ->
                    new ProviderProperty.ApiVersion(span, literals.text(tree.STRING()));
            case WritParser.TIMEOUT ->
                    new ProviderProperty.Timeout(
                            span, tree.timeoutPart().stream().map(this::timeoutPart).toList());
            case WritParser.LATENCY ->
                    new ProviderProperty.Latency(span, literals.time(tree.DURATION()));
            case WritParser.PACE ->
                    new ProviderProperty.Pace(
                            span,
                            new Item.Rate(
                                    tokens.span(tree.rate()),
                                    literals.quantity(tree.rate().quantity()),
                                    exprs.name(tree.rate().name())));
            case WritParser.FAIL ->
                    new ProviderProperty.Fail(
                            span, literals.percent(tree.PERCENT()), literals.number(tree.NUMBER()));
            case WritParser.BREAK ->
                    new ProviderProperty.Break(
                            span,
                            literals.percent(tree.PERCENT()),
                            literals.quantity(tree.quantity()));
            case WritParser.REPLY -> new ProviderProperty.Reply(span, literals.text(tree.STRING()));
            default -> new ProviderProperty.Limit(span, money.allowance(tree.allowance()));
        };
    }

    private ProviderProperty.Timeout.Part timeoutPart(WritParser.TimeoutPartContext tree) {
        return new ProviderProperty.Timeout.Part(
                tokens.span(tree),
                tree.name() == null ? null : exprs.name(tree.name()),
                literals.time(tree.DURATION()));
    }

    ModelProperty modelProperty(WritParser.ModelPropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.CONTEXT ->
                    new ModelProperty.Context(span, literals.quantity(tree.quantity()));
            case WritParser.PRICE ->
                    new ModelProperty.Price(
                            span,
                            literals.money(tree.MONEY(0)),
                            literals.money(tree.MONEY(1)),
                            literals.quantity(tree.quantity()));
            default -> new ModelProperty.Can(span, exprs.names(tree.name()));
        };
    }

    PoolProperty poolProperty(WritParser.PoolPropContext tree) {
        Span span = tokens.span(tree);
        List<Target> targets = tree.target().stream().map(this::target).toList();
        return switch (tree.getStart().getType()) {
            case WritParser.FIRST -> new PoolProperty.First(span, targets.getFirst());
            case WritParser.CHOOSE ->
                    new PoolProperty.Choose(span, exprs.name(tree.name(0)), targets);
            case WritParser.THEN ->
                    new PoolProperty.Then(span, targets.getFirst(), exprs.names(tree.name()));
            case WritParser.RETRY ->
                    new PoolProperty.Retry(
                            span,
                            literals.number(tree.NUMBER()),
                            tree.DURATION() == null ? null : literals.time(tree.DURATION()));
            case WritParser.COMMIT -> new PoolProperty.Commit(span, literals.number(tree.NUMBER()));
            case WritParser.HEDGE ->
                    new PoolProperty.Hedge(
                            span,
                            literals.time(tree.DURATION()),
                            tree.PERCENT() == null ? null : literals.percent(tree.PERCENT()));
            case WritParser.CANARY -> canary(span, tree, targets.getFirst());
            case WritParser.MIRROR ->
                    new PoolProperty.Mirror(
                            span, literals.percent(tree.PERCENT()), targets.getFirst());
            default -> {
                boolean sign = tree.PERCENT() != null;
                BigDecimal share =
                        sign
                                ? literals.percent(tree.PERCENT()).amount()
                                : literals.number(tree.NUMBER()).amount();
                yield new PoolProperty.Share(span, share, sign, targets.getFirst());
            }
        };
    }

    private PoolProperty.Canary canary(Span span, WritParser.PoolPropContext tree, Target target) {
        WritParser.CanaryStopContext stop = tree.canaryStop();
        return new PoolProperty.Canary(
                span,
                literals.percent(tree.PERCENT()),
                target,
                tree.BY() == null
                        ? null
                        : exprs.name(tree.TEAM() != null ? tree.TEAM() : tree.name(0)),
                stop == null
                        ? null
                        : new PoolProperty.Canary.Stop(
                                tokens.span(stop),
                                literals.percent(stop.PERCENT()),
                                stop.NUMBER() == null ? null : literals.number(stop.NUMBER())));
    }

    Item.Arm arm(WritParser.ArmContext tree) {
        Item.ArmAction action =
                tree.target() == null
                        ? new Item.ArmAction.Refuse(denial(tree.denial()))
                        : new Item.ArmAction.Go(target(tree.target()));
        return new Item.Arm(
                tokens.span(tree),
                exprs.name(tree.name()),
                tree.expr() == null ? null : exprs.expr(tree.expr()),
                action);
    }

    Target target(WritParser.TargetContext tree) {
        Target.Kind kind =
                tree.POOL() != null
                        ? Target.Kind.POOL
                        : tree.ROUTE() != null ? Target.Kind.ROUTE : Target.Kind.MODEL;
        return new Target(tokens.span(tree), kind, exprs.qname(tree.qname()));
    }

    Item.Denial denial(WritParser.DenialContext tree) {
        return new Item.Denial(
                tokens.span(tree),
                tree.NUMBER() == null ? null : literals.number(tree.NUMBER()),
                tree.STRING() == null ? null : literals.text(tree.STRING()));
    }

    /// Returns the denial of a threshold or a guard, which says its text with a word.
    Item.Denial denial(
            Span span, @Nullable TerminalNode status, WritParser.@Nullable SayContext say) {
        return new Item.Denial(
                span,
                status == null ? null : literals.number(status),
                say == null ? null : literals.text(say.STRING()));
    }

    TeamProperty teamProperty(WritParser.TeamPropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.USER -> new TeamProperty.Users(span, exprs.names(tree.name()));
            case WritParser.KEY -> {
                Name name = exprs.name(tree.name(0));
                Name user = tree.name().size() < 2 ? null : exprs.name(tree.name(1));
                yield tree.SHA256() == null
                        ? new TeamProperty.PlainKey(span, name, tokens.span(tree.STRING()))
                        : new TeamProperty.Key(span, name, literals.text(tree.STRING()), user);
            }
            case WritParser.MAY ->
                    new TeamProperty.MayUse(
                            span,
                            tree.qname().stream().map(exprs::qname).toList(),
                            tree.expr() == null ? null : exprs.expr(tree.expr()));
            case WritParser.STAY -> new TeamProperty.StayIn(span, exprs.names(tree.name()));
            case WritParser.BUDGET ->
                    tree.qname().isEmpty()
                            ? new TeamProperty.Budget(
                                    span,
                                    tree.name().isEmpty() ? null : exprs.name(tree.name(0)),
                                    money.spending(tree.spending()),
                                    money.properties(tree.budgetProp()))
                            : new TeamProperty.SharedBudget(span, exprs.qname(tree.qname(0)));
            case WritParser.LIMIT ->
                    tree.qname().isEmpty()
                            ? new TeamProperty.Limit(
                                    span,
                                    tree.name().isEmpty() ? null : exprs.name(tree.name(0)),
                                    money.allowance(tree.allowance()))
                            : new TeamProperty.SharedLimit(span, exprs.qname(tree.qname(0)));
            case WritParser.CACHE -> new TeamProperty.Cache(span, exprs.qname(tree.qname(0)));
            default ->
                    new TeamProperty.Guards(span, tree.qname().stream().map(exprs::qname).toList());
        };
    }

    Item.Effect effect(WritParser.EffectContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.DENY -> new Item.Effect.Deny(span, denial(tree.denial()));
            case WritParser.REQUIRE ->
                    new Item.Effect.Require(span, exprs.expr(tree.expr()), denial(tree.denial()));
            case WritParser.TAG -> new Item.Effect.Tag(span, literals.text(tree.STRING()));
            case WritParser.SET ->
                    new Item.Effect.Set(span, exprs.path(tree.path()), exprs.expr(tree.expr()));
            case WritParser.CLAMP -> {
                boolean range = tree.range() != null;
                List<Literal> bounds =
                        (range ? tree.range().literal() : List.of(tree.literal()))
                                .stream().map(literals::literal).toList();
                yield new Item.Effect.Clamp(
                        span,
                        exprs.path(tree.path()),
                        range ? bounds.getFirst() : null,
                        bounds.getLast());
            }
            case WritParser.PREPEND, WritParser.APPEND ->
                    new Item.Effect.AddMessage(
                            span,
                            tree.PREPEND() != null,
                            exprs.name(tree.name()),
                            literals.text(tree.STRING()));
            case WritParser.AUDIT ->
                    new Item.Effect.Audit(
                            span,
                            tree.name() == null ? null : exprs.name(tree.name()),
                            tree.PERCENT() == null ? null : literals.percent(tree.PERCENT()));
            default -> new Item.Effect.Guard(span, exprs.qname(tree.qname()));
        };
    }

    Item.Calendar calendar(
            Span span, WritParser.CalendarHeadContext head, List<CalendarProperty> properties) {
        return new Item.Calendar(span, exprs.name(head.name()), properties);
    }

    CalendarProperty calendarProperty(WritParser.CalendarPropContext tree) {
        Span span = tokens.span(tree);
        List<Literal.Text> written = texts(tree.STRING());
        return switch (tree.getStart().getType()) {
            case WritParser.ZONE -> new CalendarProperty.Zone(span, written.getFirst());
            case WritParser.OPEN ->
                    new CalendarProperty.Open(
                            span,
                            tree.days().stream().map(this::days).toList(),
                            written.isEmpty() ? null : written.getFirst(),
                            written.isEmpty() ? null : written.getLast());
            default ->
                    new CalendarProperty.Closed(
                            span, tree.dates().stream().map(this::dates).toList());
        };
    }

    private CalendarProperty.Days days(WritParser.DaysContext tree) {
        return new CalendarProperty.Days(
                tokens.span(tree),
                exprs.name(tree.name(0)),
                tree.RANGE() == null ? null : exprs.name(tree.name(1)));
    }

    private CalendarProperty.Dates dates(WritParser.DatesContext tree) {
        List<Literal.Text> days = texts(tree.STRING());
        return new CalendarProperty.Dates(
                tokens.span(tree), days.getFirst(), days.size() < 2 ? null : days.getLast());
    }

    Item.Identity identity(
            Span span, WritParser.IdentityHeadContext head, List<IdentityProperty> properties) {
        return new Item.Identity(span, exprs.name(head.name()), properties);
    }

    IdentityProperty identityProperty(WritParser.IdentityPropContext tree) {
        Span span = tokens.span(tree);
        return switch (tree.getStart().getType()) {
            case WritParser.ISSUER ->
                    new IdentityProperty.Issuer(span, literals.text(tree.STRING(0)));
            case WritParser.AUDIENCE -> new IdentityProperty.Audience(span, texts(tree.STRING()));
            case WritParser.JWKS -> new IdentityProperty.Jwks(span, literals.text(tree.STRING(0)));
            case WritParser.TEAM ->
                    new IdentityProperty.Team(
                            span,
                            exprs.qname(tree.qname()),
                            tree.claim() == null
                                    ? null
                                    : new IdentityProperty.ClaimTest(
                                            tokens.span(tree.claim().getStart(), tree.getStop()),
                                            claim(tree.claim()),
                                            texts(tree.STRING())));
            case WritParser.USER -> new IdentityProperty.User(span, claim(tree.claim()));
            case WritParser.TAG -> new IdentityProperty.Tag(span, claim(tree.claim()));
            default -> new IdentityProperty.Leeway(span, literals.time(tree.DURATION()));
        };
    }

    private IdentityProperty.Claim claim(WritParser.ClaimContext tree) {
        return new IdentityProperty.Claim(tokens.span(tree), texts(tree.STRING()));
    }

    List<Literal.Text> texts(List<TerminalNode> leaves) {
        List<Literal.Text> texts = new ArrayList<>();
        leaves.forEach(leaf -> texts.add(literals.text(leaf)));
        return texts;
    }
}
