package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest.Behaviour;
import dev.writ.dsl.policy.PolicyTest.Value;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.QualifiedName;
import dev.writ.dsl.syntax.TestFact;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The facts of tests in one file, with names, types and units checked.
///
/// What a test names does not count as used by the policy: a model that only tests know is unused.
final class TestFacts {
    /// How tests call the whole of what rules read as [Attribute#STREAM_TEXT].
    static final String ANSWER = "response.text";

    private final Unit unit;
    private final Scope scope;
    private final Map<String, Policy.Route> routes;
    private final Attributes attributes;
    private final boolean tokensNameUsers;

    /// @param tokensNameUsers whether users come from tokens, so that they can have any name
    TestFacts(Unit unit, Scope scope, Map<String, Policy.Route> routes, boolean tokensNameUsers) {
        this.unit = unit;
        this.tokensNameUsers = tokensNameUsers;
        this.scope = scope;
        this.routes = routes;
        this.attributes = new Attributes(unit, scope, Place.TEST);
    }

    /// Reads facts that stand together, each at most once.
    Said read(List<TestFact> facts) {
        Said said = new Said();
        Once once = new Once(unit.report());
        attributes.begin();
        for (TestFact fact : facts) {
            said.broken |= !read(fact, said, once);
        }
        return said;
    }

    /// Returns false if the fact is reported.
    private boolean read(TestFact fact, Said said, Once once) {
        return switch (fact) {
            case TestFact.Team(Span span, QualifiedName team) -> {
                said.team = name(Kind.TEAM, team);
                said.caller = span;
                yield once.first("team", span) && said.team != null;
            }
            case TestFact.Key(Span span, QualifiedName key) -> {
                said.key = key(key);
                said.caller = span;
                yield once.first("key", span) && said.key != null;
            }
            case TestFact.User(Span span, var user, boolean declared) -> {
                said.user = user.text();
                said.caller = span;
                yield once.first("user", span)
                        && ((!declared && tokensNameUsers)
                                || known(Attribute.USER, user.span(), user.text()));
            }
            case TestFact.Identity(Span span, QualifiedName identity) -> {
                said.identity = name(Kind.IDENTITY, identity);
                said.caller = span;
                yield once.first("identity", span) && said.identity != null;
            }
            case TestFact.Route(Span span, QualifiedName route) -> {
                said.asked = name(Kind.ROUTE, route);
                yield once.first("route", span) && said.asked != null;
            }
            case TestFact.Prompt(Span span, Literal value) -> prompt(span, value, said, once);
            case TestFact.Tools(Span span, Expr.ListOf tools) -> {
                count(Attribute.REQUEST_TOOLS_COUNT, tools.elements().size(), said);
                yield once.first(Attribute.REQUEST_TOOLS.path(), span);
            }
            case TestFact.Stream(Span span) -> {
                said.put(new Value.Flag(Attribute.REQUEST_STREAM, true));
                yield once.first(Attribute.REQUEST_STREAM.path(), span);
            }
            case TestFact.Canary(Span span) -> {
                said.canary = true;
                yield once.first("canary", span)
                        && isSomewhere(span, "canary", PoolProperty.Canary.class);
            }
            case TestFact.Mirror(Span span) -> {
                said.mirrored = true;
                yield once.first("mirror", span)
                        && isSomewhere(span, "mirror", PoolProperty.Mirror.class);
            }
            case TestFact.At(Span span, Literal.Text time) -> {
                said.at = instant(time);
                yield once.first("at", span) && said.at != null;
            }
            case TestFact.After(Span span, Literal.Time time) -> {
                said.after = within(time, Limits.TEST_TIME_MAX);
                yield once.first("after", span) && said.after != null;
            }
            case TestFact.Times(Span span, Literal.Quantity times) -> {
                said.times =
                        Amounts.whole(
                                times,
                                "a number of requests",
                                1,
                                Limits.TEST_REQUESTS_MAX,
                                unit.report());
                yield once.first("times", span) && said.times != null;
            }
            case TestFact.RequestId(Span span, Literal.Text id) -> {
                said.requestId = Texts.word(id, unit.report());
                yield once.first("request-id", span);
            }
            case TestFact.Provider(Span span, QualifiedName provider, var behaviour) -> {
                String name = name(Kind.PROVIDER, provider);
                Behaviour checked = behaviour(behaviour);
                if (name == null || checked == null) {
                    yield false;
                }
                said.providers.put(name, checked);
                yield once.first("provider " + name, span);
            }
            case TestFact.Is(Span span, Expr attribute, Expr value) ->
                    is(span, attribute, value, said, once);
            case TestFact.Has(Span span, Expr attribute, boolean present) ->
                    has(span, attribute, present, said, once);
            case TestFact.NotYet notYet -> {
                unit.report().add(NotYet.keyword(notYet.keyword()));
                yield false;
            }
        };
    }

    /// Tells whether a pool has the property, and reports a fact about it if none does.
    private boolean isSomewhere(Span fact, String word, Class<? extends PoolProperty> property) {
        for (Declared declared : unit.declarations().of(Kind.POOL).values()) {
            if (declared.item() instanceof Item.Pool pool
                    && pool.properties().stream().anyMatch(property::isInstance)) {
                return true;
            }
        }
        if (scope.complete()) {
            unit.report()
                    .add(
                            Diagnostic.of(
                                            DiagnosticCode.DOES_NOT_FIT,
                                            fact,
                                            "no pool has a %s".formatted(word))
                                    .at("makes no difference")
                                    .hint("Write it in a pool: `%s 5%% to …`.".formatted(word)));
        }
        return false;
    }

    // ── Names ────────────────────────────────────────────────────────────────────────────────

    /// Returns the name as declared, or null if it is reported or cannot be known.
    private @Nullable String name(Kind kind, QualifiedName name) {
        return declared(unit, scope, kind, name);
    }

    static @Nullable String declared(Unit unit, Scope scope, Kind kind, QualifiedName name) {
        Declared declared = scope.find(kind, name.parts());
        if (declared != null) {
            return declared.name().text();
        }
        if (scope.complete()) {
            unit.report().add(scope.unknown(kind, kind.unknown(), name.span(), name.parts()));
        }
        return null;
    }

    private @Nullable String key(QualifiedName key) {
        String text = String.join("/", key.parts().stream().map(part -> part.text()).toList());
        boolean known =
                unit.labels().place(Attribute.KEY, text) >= 0
                        || !unit.labels().withLastHalf(Attribute.KEY, text).isEmpty();
        if (!known && unit.labels().isComplete(Attribute.KEY)) {
            unit.report().add(Unknowns.label(key.span(), text, "key", labels(Attribute.KEY)));
        }
        return known ? text : null;
    }

    private boolean known(Attribute attribute, Span span, String word) {
        boolean known = unit.labels().place(attribute, word) >= 0;
        if (!known && unit.labels().isComplete(attribute)) {
            String noun = attribute == Attribute.USER ? "user" : "word";
            unit.report().add(Unknowns.label(span, word, noun, labels(attribute)));
        }
        return known;
    }

    private List<String> labels(Attribute attribute) {
        var set = unit.labels().of(attribute);
        return set == null ? List.of() : set.labels();
    }

    // ── Attributes ───────────────────────────────────────────────────────────────────────────

    private boolean prompt(Span span, Literal value, Said said, Once once) {
        if (value instanceof Literal.Text text) {
            said.put(new Value.Text(Attribute.PROMPT_TEXT, null, Texts.text(text, unit.report())));
            return once.first(Attribute.PROMPT_TEXT.path(), span);
        }
        Long tokens = Amounts.of(value, ValueType.TOKENS, unit.report());
        if (tokens == null) {
            return false;
        }
        said.put(new Value.Amount(Attribute.PROMPT_TOKENS, tokens));
        return once.first(Attribute.PROMPT_TOKENS.path(), span);
    }

    private boolean is(Span span, Expr left, Expr right, Said said, Once once) {
        Attribute attribute = attribute(left);
        String argument = attribute == null ? null : argument(attribute, left);
        if (attribute == null || (argument == null && attribute.arguments() > 0)) {
            return false;
        }
        if (attribute == Attribute.REQUEST_MODEL) {
            said.asked = asked(right);
            return once.first("route", span) && said.asked != null;
        }
        boolean first = once.first(Said.place(attribute, argument), span);
        Value value = value(attribute, argument, right);
        if (value == null || !first) {
            return false;
        }
        said.put(value);
        boolean counts =
                attribute == Attribute.REQUEST_TOOLS_COUNT
                        || attribute == Attribute.REQUEST_IMAGES_COUNT;
        if (counts && value instanceof Value.Amount(Attribute _, long number)) {
            collection(attribute, number > 0, said);
        }
        return true;
    }

    /// Returns what the client calls the route, or reports that it calls none so.
    private @Nullable String asked(Expr value) {
        if (!(value instanceof Expr.Constant(_, Literal.Text text))) {
            wrong(value, ValueType.TEXT);
            return null;
        }
        for (Policy.Route route : routes.values()) {
            if (route.aliases().contains(text.value())) {
                return text.value();
            }
        }
        if (routes.size() == unit.declarations().of(Kind.ROUTE).size()) {
            List<String> all =
                    routes.values().stream().flatMap(route -> route.aliases().stream()).toList();
            unit.report().add(Unknowns.label(text.span(), text.value(), "route", all));
        }
        return null;
    }

    private @Nullable Value value(Attribute attribute, @Nullable String argument, Expr value) {
        return switch (attribute.type()) {
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> {
                if (!(value instanceof Expr.Constant(_, Literal literal))) {
                    yield wrong(value, attribute.type());
                }
                Long number = Amounts.of(literal, attribute.type(), unit.report());
                yield number == null ? null : new Value.Amount(attribute, number);
            }
            case TEXT ->
                    value instanceof Expr.Constant(_, Literal.Text text)
                            ? new Value.Text(attribute, argument, Texts.text(text, unit.report()))
                            : wrong(value, ValueType.TEXT);
            case BOOL ->
                    value instanceof Expr.Constant(_, Literal.Bool bool)
                            ? new Value.Flag(attribute, bool.value())
                            : wrong(value, ValueType.BOOL);
            case LABEL -> {
                String word =
                        switch (value) {
                            case Expr.Path path -> path.text();
                            case Expr.Constant(_, Literal.Text text) -> text.value();
                            default -> null;
                        };
                if (word == null) {
                    yield wrong(value, ValueType.LABEL);
                }
                yield known(attribute, value.span(), word)
                        ? new Value.Label(attribute, word)
                        : null;
            }
            case COLLECTION -> {
                unit.report()
                        .add(
                                Amounts.notAllowed(
                                                value.span(),
                                                "a collection has no value of its own")
                                        .hint(
                                                "Write `%s present`, or `%s.count = 2`."
                                                        .formatted(
                                                                attribute.path(),
                                                                attribute.path())));
                yield null;
            }
        };
    }

    /// Reports that the value is of another type, and returns nothing.
    private @Nullable Value wrong(Expr value, ValueType type) {
        if (value instanceof Expr.Constant(_, Literal literal)) {
            unit.report().add(Amounts.mismatch(literal, type));
        } else if (!(value instanceof Expr.Missing)) {
            Diagnostic wrong =
                    Diagnostic.of(
                                    DiagnosticCode.TYPE_MISMATCH,
                                    value.span(),
                                    "a name stands where %s is needed".formatted(type.noun()))
                            .at("this is a name");
            unit.report()
                    .add(
                            type == ValueType.TEXT
                                    ? wrong.hint("Write `\"%s\"`.".formatted(value.span().text()))
                                    : wrong);
        }
        return null;
    }

    private boolean has(Span span, Expr left, boolean present, Said said, Once once) {
        Attribute attribute = attribute(left);
        String argument = attribute == null ? null : argument(attribute, left);
        if (attribute == null
                || (argument == null && attribute.arguments() > 0)
                || !once.first(Said.place(attribute, argument), span)) {
            return false;
        }
        if (!attribute.optional()) {
            unit.report()
                    .add(
                            Amounts.notAllowed(
                                            span,
                                            "no request is without `%s`"
                                                    .formatted(left.span().text()))
                                    .hint("Write `%s = …`.".formatted(left.span().text())));
            return false;
        }
        if (attribute.type() == ValueType.COLLECTION) {
            count(counter(attribute), present ? 1 : 0, said);
            return true;
        }
        if (present) {
            unit.report()
                    .add(
                            Amounts.notAllowed(span, "which value does it have?")
                                    .hint("Write `%s = …`.".formatted(left.span().text())));
            return false;
        }
        said.put(new Value.Absent(attribute, argument));
        return true;
    }

    /// Returns an attribute that a test can say something of, or reports that it cannot.
    private @Nullable Attribute attribute(Expr left) {
        Expr.Path path =
                switch (left) {
                    case Expr.Path only -> only;
                    case Expr.Call call -> call.function();
                    default -> throw new IllegalArgumentException("an attribute, not " + left);
                };
        if (path.text().equals(ANSWER)) {
            return Attribute.STREAM_TEXT;
        }
        boolean calendar = path.parts().getFirst().text().equals(Attribute.CALENDAR.path());
        Attribute attribute =
                calendar && path.parts().size() > 1
                        ? Attribute.CALENDAR
                        : attributes.attribute(path);
        if (attribute == null) {
            return null;
        }
        String instead = follows(attribute);
        if (instead != null) {
            unit.report()
                    .add(
                            Diagnostic.of(
                                            DiagnosticCode.DOES_NOT_FIT,
                                            left.span(),
                                            "`%s` is no fact of a test".formatted(path.text()))
                                    .at("it follows from others")
                                    .hint(instead));
            return null;
        }
        return attribute;
    }

    private @Nullable String argument(Attribute attribute, Expr left) {
        boolean call = left instanceof Expr.Call;
        if (attribute.arguments() == 0 && !call) {
            return null;
        }
        if (left instanceof Expr.Call(_, _, List<Expr> arguments)
                && attribute.arguments() == 1
                && arguments.size() == 1
                && arguments.getFirst() instanceof Expr.Constant(_, Literal.Text name)) {
            return attributes.argument(attribute, name);
        }
        // What is wrong with it is told as in a condition.
        if (left instanceof Expr.Call wrong) {
            attributes.fact(wrong);
        } else if (left instanceof Expr.Path path) {
            attributes.fact(path);
        }
        return null;
    }

    /// Tells whether a test can say what an attribute is, by its name.
    static boolean isFact(Attribute attribute) {
        return follows(attribute) == null;
    }

    /// Returns how a test says what an attribute is that it cannot set; null for one that it can.
    private static @Nullable String follows(Attribute attribute) {
        return switch (attribute) {
            case TEAM, TEAM_REGION, KEY, USER -> "Write `team NAME`, `key NAME` or `user NAME`.";
            case IDENTITY -> "Write `identity NAME`, or `key NAME` for none.";
            case ROUTE_NAME -> "Write `route NAME`.";
            case ARM, PROVIDER, PROVIDER_REGION, MODEL ->
                    "Expect it: it follows from the request, and from what providers do.";
            case STREAM_TEXT -> "Write `%s = \"…\"`: all that the model answers.".formatted(ANSWER);
            case CALENDAR -> "Set the clock: `at \"2026-01-31T12:00:00Z\"`.";
            case RESPONSE_ATTEMPTS -> "Expect `attempts N`: it follows from what providers do.";
            default -> null;
        };
    }

    private static void count(Attribute counter, long number, Said said) {
        said.put(new Value.Amount(counter, number * Amounts.MILLION));
        collection(counter, number > 0, said);
    }

    private static void collection(Attribute counter, boolean any, Said said) {
        Attribute of =
                counter == Attribute.REQUEST_TOOLS_COUNT
                        ? Attribute.REQUEST_TOOLS
                        : Attribute.REQUEST_IMAGES;
        said.put(any ? new Value.Present(of) : new Value.Absent(of, null));
    }

    private static Attribute counter(Attribute collection) {
        return collection == Attribute.REQUEST_TOOLS
                ? Attribute.REQUEST_TOOLS_COUNT
                : Attribute.REQUEST_IMAGES_COUNT;
    }

    // ── The world ────────────────────────────────────────────────────────────────────────────

    private @Nullable Instant instant(Literal.Text time) {
        try {
            Instant at = Instant.parse(time.value());
            if (at.getEpochSecond() >= 0 && at.getEpochSecond() < Limits.TEST_SECOND_MAX) {
                return at;
            }
        } catch (DateTimeParseException _) {
            // told below
        }
        unit.report()
                .add(
                        Amounts.notAllowed(time.span(), "this is no time that a test can have")
                                .at("a time in UTC, from 1970 to 9999")
                                .hint("Write it like `at \"2026-01-31T12:00:00Z\"`."));
        return null;
    }

    private @Nullable Duration within(Literal.Time time, Duration max) {
        if (time.nanos() > 0 && time.nanos() <= max.toNanos()) {
            return Duration.ofNanos(time.nanos());
        }
        unit.report()
                .add(
                        Amounts.notAllowed(time.span(), "a test cannot wait for this time")
                                .at(
                                        String.format(
                                                Locale.ROOT,
                                                "more than none, at most %,dh",
                                                max.toHours())));
        return null;
    }

    private @Nullable Behaviour behaviour(TestFact.Behaviour behaviour) {
        return switch (behaviour) {
            case TestFact.Behaviour.Up _ -> new Behaviour.Up();
            case TestFact.Behaviour.Down _ -> new Behaviour.Down();
            case TestFact.Behaviour.Slow(Literal.Time time) -> {
                Duration slow = within(time, Limits.TEST_TIME_MAX);
                yield slow == null ? null : new Behaviour.Slow(slow);
            }
            case TestFact.Behaviour.Answers(Literal.Quantity status) -> {
                Integer checked =
                        Amounts.whole(status, "a status of errors", 400, 599, unit.report());
                yield checked == null ? null : new Behaviour.Answers(checked);
            }
            case TestFact.Behaviour.Breaks(Literal.Quantity after) -> {
                Long tokens = Amounts.of(after, ValueType.TOKENS, unit.report());
                yield tokens == null ? null : new Behaviour.Breaks(tokens);
            }
        };
    }
}
