package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Suggestions;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.QualifiedName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Paths and calls of conditions as facts.
final class Attributes {
    private static final Map<String, Attribute> BY_PATH = byPath();

    /// Roots of attributes that come with parts of the language that are not carried out yet.
    private static final Set<String> NOT_YET_ROOTS = Set.of("signal", "budget", "args");

    private final Unit unit;
    private final Scope scope;
    private final Place place;
    private final Set<String> told = new HashSet<>();

    Attributes(Unit unit, Scope scope, Place place) {
        this.unit = unit;
        this.scope = scope;
        this.place = place;
    }

    private static Map<String, Attribute> byPath() {
        Map<String, Attribute> attributes = new HashMap<>();
        for (Attribute attribute : Attribute.values()) {
            attributes.put(attribute.path(), attribute);
        }
        return Map.copyOf(attributes);
    }

    /// Returns the attribute that policies write so, or null.
    static @Nullable Attribute find(String path) {
        return BY_PATH.get(path);
    }

    /// Returns the fact that the path reads, or reports why there is none.
    @Nullable Fact fact(Expr.Path path) {
        List<Name> parts = path.parts();
        if (parts.size() > 1 && parts.getFirst().text().equals(Attribute.CALENDAR.path())) {
            List<Name> name = parts.subList(1, parts.size());
            Span span =
                    new Span(
                            path.span().source(),
                            name.getFirst().span().start(),
                            path.span().end());
            Declared calendar = scope.resolve(Kind.CALENDAR, new QualifiedName(span, name));
            return calendar == null
                    ? null
                    : unit.facts().fact(Attribute.CALENDAR, calendar.name().text(), span);
        }
        Attribute attribute = attribute(path);
        if (attribute == null) {
            return null;
        }
        if (attribute.arguments() > 0) {
            unit.report()
                    .add(
                            Diagnostic.of(
                                            DiagnosticCode.TYPE_MISMATCH,
                                            path.span(),
                                            "`%s` needs a name".formatted(path.text()))
                                    .at("which one?")
                                    .hint("Write `%s`.".formatted(attribute.written())));
            return null;
        }
        return unit.facts().fact(attribute, null, path.span());
    }

    /// Returns the fact that the call reads, or reports why there is none.
    @Nullable Fact fact(Expr.Call call) {
        Attribute attribute = attribute(call.function());
        if (attribute == null) {
            return null;
        }
        if (attribute.arguments() == 0 || attribute == Attribute.CALENDAR) {
            unit.report()
                    .add(
                            Diagnostic.of(
                                            DiagnosticCode.TYPE_MISMATCH,
                                            call.span(),
                                            "`%s` takes no argument".formatted(attribute.path()))
                                    .hint("Write `%s`.".formatted(attribute.written())));
            return null;
        }
        List<Expr> arguments = call.arguments();
        if (arguments.stream().anyMatch(Expr.Missing.class::isInstance)) {
            return null;
        }
        if (arguments.size() == 1
                && arguments.getFirst() instanceof Expr.Constant(_, Literal.Text name)) {
            return named(attribute, name);
        }
        unit.report()
                .add(
                        Diagnostic.of(
                                        DiagnosticCode.TYPE_MISMATCH,
                                        call.span(),
                                        "`%s` takes one text".formatted(attribute.path()))
                                .hint("Write `%s`.".formatted(attribute.written())));
        return null;
    }

    private @Nullable Fact named(Attribute attribute, Literal.Text name) {
        String argument = argument(attribute, name);
        if (attribute == Attribute.CALLER_CLAIM
                && argument != null
                && unit.declarations().of(Kind.IDENTITY).isEmpty()
                && unit.labels().isComplete(attribute)) {
            unit.report().add(noClaims(name.span()));
            return null;
        }
        return argument == null ? null : unit.facts().fact(attribute, argument, name.span());
    }

    /// Returns the header, metadata key or claim as facts have it, or reports that it is none.
    @Nullable String argument(Attribute attribute, Literal.Text name) {
        Texts.word(name, unit.report());
        boolean header = attribute == Attribute.REQUEST_HEADER;
        if (name.value().isEmpty() || (header && !isHeaderName(name.value()))) {
            unit.report()
                    .add(
                            Amounts.notAllowed(
                                            name.span(),
                                            "this is no %s".formatted(argumentNoun(attribute)))
                                    .at("letters, digits and dashes"));
            return null;
        }
        return header ? name.value().toLowerCase(Locale.ROOT) : name.value();
    }

    private static String argumentNoun(Attribute attribute) {
        return switch (attribute) {
            case REQUEST_HEADER -> "name of a header";
            case CALLER_CLAIM -> "name of a claim";
            default -> "key of `metadata`";
        };
    }

    private static boolean isHeaderName(String name) {
        return name.chars()
                .allMatch(
                        c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    /// Returns the attribute, or reports that there is none that can be read here.
    @Nullable Attribute attribute(Expr.Path path) {
        String text = path.text();
        Attribute attribute = BY_PATH.get(text);
        if (attribute != null && place.sees(attribute)) {
            return attribute;
        }
        if (told.add(text)) {
            unit.report()
                    .add(attribute == null ? unknown(path, text) : notHere(path.span(), attribute));
        }
        return null;
    }

    /// Tells whether a request may be without it here.
    boolean mayBeAbsent(Attribute attribute) {
        // While an answer streams, it is known who answers.
        return attribute.optional()
                && !(place == Place.STREAM_RULE && attribute.from() == Phase.STREAM);
    }

    /// Begins another condition: in one, each wrong attribute is told once.
    void begin() {
        told.clear();
    }

    private static Diagnostic noClaims(Span name) {
        return Diagnostic.of(
                        DiagnosticCode.DOES_NOT_FIT,
                        name,
                        "no caller has claims, because the policy has no identity")
                .at("no token is taken")
                .hint("Declare who vouches for callers: `identity NAME { … }`.");
    }

    private Diagnostic notHere(Span span, Attribute attribute) {
        String from = attribute.from().word();
        if (attribute.from().compareTo(place.phase()) <= 0) {
            return Diagnostic.of(
                            DiagnosticCode.ATTRIBUTE_NOT_IN_PHASE,
                            span,
                            "`%s` is not known any more %s"
                                    .formatted(attribute.path(), place.words()))
                    .at("known on `%s` only".formatted(from))
                    .hint(
                            attribute == Attribute.STREAM_TOKENS
                                    ? "`response.output_tokens` is what the provider reported."
                                    : "Make the rule one `on %s`; it can `tag`.".formatted(from));
        }
        return Diagnostic.of(
                        DiagnosticCode.ATTRIBUTE_NOT_IN_PHASE,
                        span,
                        "`%s` is not known yet %s".formatted(attribute.path(), place.words()))
                .at("known from `%s` on".formatted(from))
                .hint(
                        place == Place.GRANT || place == Place.ARM
                                ? "A rule `on %s` can read it.".formatted(from)
                                : "Make the rule one `on %s`.".formatted(from));
    }

    private Diagnostic unknown(Expr.Path path, String text) {
        String root = path.parts().getFirst().text();
        if (NOT_YET_ROOTS.contains(root)) {
            return NotYet.attribute(path.span(), text, root);
        }
        Diagnostic unknown =
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_ATTRIBUTE,
                                path.span(),
                                "unknown attribute `%s`".formatted(text))
                        .at("no such attribute");
        for (Kind kind : List.of(Kind.TEAM, Kind.ROUTE, Kind.PROVIDER, Kind.MODEL)) {
            if (scope.find(kind, path.parts()) != null) {
                return unknown.at("a %s, not a condition".formatted(kind.noun()))
                        .hint("Write `%s is %s`.".formatted(kind.noun(), text))
                        .fix(
                                "Write `%s is`".formatted(kind.noun()),
                                Edit.before(path.span(), kind.noun() + " is "));
            }
        }
        List<String> all = Arrays.stream(Attribute.values()).map(Attribute::path).toList();
        List<String> siblings = all.stream().filter(known -> known.startsWith(root + ".")).toList();
        String nearest = siblings.isEmpty() ? Suggestions.nearest(text, all) : near(text, siblings);
        if (nearest != null) {
            return Suggestions.meant(unknown, nearest, nearest);
        }
        List<String> roots = all.stream().map(Attributes::root).distinct().toList();
        return unknown.hint(
                "To choose from: %s."
                        .formatted(Suggested.listed(siblings.isEmpty() ? roots : siblings)));
    }

    /// Returns the path with the same root whose rest is nearest, or null. The root does not count,
    /// or a long one would make everything look near.
    private static @Nullable String near(String text, List<String> siblings) {
        int rest = root(siblings.getFirst()).length() + 1;
        String written = text.substring(Math.min(rest, text.length()));
        String nearest =
                Suggestions.nearest(
                        written, siblings.stream().map(path -> path.substring(rest)).toList());
        return nearest == null ? null : root(siblings.getFirst()) + "." + nearest;
    }

    private static String root(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }
}
