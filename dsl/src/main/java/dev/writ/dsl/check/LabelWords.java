package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.parse.Spelling;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Literal;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The words that conditions compare labels with, as places in the closed set.
final class LabelWords {
    private final Unit unit;
    private final Scope scope;

    LabelWords(Unit unit, Scope scope) {
        this.unit = unit;
        this.scope = scope;
    }

    /// Returns the places of the labels that the word means, or reports that it means none.
    ///
    /// A key or arm may be named by its last half, which means those of every team or route.
    @Nullable BitSet places(Fact fact, Expr word) {
        return switch (word) {
            case Expr.Path path -> path(fact, path);
            case Expr.Constant(Span span, Literal.Text text) -> {
                mentionInText(fact.attribute(), span, text.value());
                yield text(fact, span, text.value());
            }
            case Expr.Missing _ -> null;
            case Expr other -> {
                unit.report()
                        .add(
                                Diagnostic.of(
                                                DiagnosticCode.TYPE_MISMATCH,
                                                other.span(),
                                                "`%s` is compared with names only"
                                                        .formatted(fact.attribute().path()))
                                        .at("this is no name"));
                yield null;
            }
        };
    }

    private @Nullable BitSet path(Fact fact, Expr.Path path) {
        Kind kind = kind(fact.attribute());
        boolean none = kind == Kind.IDENTITY && path.text().equals(Policy.Identity.NONE);
        if (kind == null || none) {
            String word = path.text();
            boolean halves = path.parts().size() == 2 && hasHalves(fact.attribute());
            if (halves) {
                Declared owner =
                        unit.declarations()
                                .find(owner(fact.attribute()), path.parts().getFirst().text());
                if (owner != null) {
                    unit.declarations().mention(path.parts().getFirst().span(), owner);
                }
            }
            return text(fact, path.span(), halves ? word.replace('.', Labels.HALVES) : word);
        }
        Declared declared = scope.find(kind, path.parts());
        if (declared != null) {
            unit.declarations().mention(path.parts().getLast().span(), declared);
            return one(unit.labels().place(fact.attribute(), declared.name().text()));
        }
        if (scope.complete()) {
            unit.report()
                    .add(
                            scope.unknown(
                                    kind, DiagnosticCode.UNKNOWN_LABEL, path.span(), path.parts()));
        }
        return null;
    }

    private @Nullable BitSet text(Fact fact, Span span, String word) {
        int place = unit.labels().place(fact.attribute(), word);
        if (place >= 0) {
            return one(place);
        }
        if (hasHalves(fact.attribute())) {
            BitSet all = unit.labels().withLastHalf(fact.attribute(), word);
            if (!all.isEmpty()) {
                return (BitSet) all.clone();
            }
        }
        if (unit.labels().isComplete(fact.attribute())) {
            unit.report().add(unknown(fact, span, word));
        }
        return null;
    }

    /// Returns the message about a word that is not in the closed set of the fact.
    static Diagnostic unknown(Fact fact, Span span, String word) {
        String noun = Objects.requireNonNull(fact.labels()).name();
        List<String> labels = Objects.requireNonNull(fact.labels()).labels();
        Diagnostic unknown =
                Suggested.hint(
                        Diagnostic.of(
                                        DiagnosticCode.UNKNOWN_LABEL,
                                        span,
                                        "unknown %s `%s`".formatted(noun, word))
                                .at("no such %s".formatted(noun)),
                        word,
                        labels,
                        noun);
        if (fact.attribute() != Attribute.USER || !Spelling.canBeName(word)) {
            return unknown;
        }
        String written = Spelling.name(word);
        return unknown.hint(
                "Declare in a team whom conditions name: %s."
                        .formatted(
                                written.startsWith("`")
                                        ? "``user %s``".formatted(written)
                                        : "`user %s`".formatted(written)));
    }

    private static BitSet one(int place) {
        BitSet places = new BitSet();
        places.set(place);
        return places;
    }

    /// Notes which declaration a text, or its first half, names.
    void mentionInText(Attribute attribute, Span span, String word) {
        Kind kind = kind(attribute);
        int end = word.indexOf(Labels.HALVES);
        if (kind == null && hasHalves(attribute) && end > 0) {
            kind = owner(attribute);
        } else {
            end = word.length();
        }
        Declared declared =
                kind == null ? null : unit.declarations().find(kind, word.substring(0, end));
        // Where it is written with escapes, its parts cannot be told.
        if (declared != null && span.text().equals('"' + word + '"')) {
            unit.declarations()
                    .mentionInText(
                            new Span(span.source(), span.start() + 1, span.start() + 1 + end),
                            declared);
        }
    }

    /// Returns what the first halves of the labels of the attribute are declared as.
    private static Kind owner(Attribute attribute) {
        return attribute == Attribute.KEY ? Kind.TEAM : Kind.ROUTE;
    }

    private static boolean hasHalves(Attribute attribute) {
        return attribute == Attribute.KEY || attribute == Attribute.ARM;
    }

    /// Returns what the labels of the attribute are declared as, or null for words of other sets.
    private static @Nullable Kind kind(Attribute attribute) {
        if (attribute == Attribute.TEAM) {
            return Kind.TEAM;
        }
        if (attribute == Attribute.IDENTITY) {
            return Kind.IDENTITY;
        }
        if (attribute == Attribute.ROUTE_NAME) {
            return Kind.ROUTE;
        }
        if (attribute == Attribute.PROVIDER) {
            return Kind.PROVIDER;
        }
        return attribute == Attribute.MODEL ? Kind.MODEL : null;
    }
}
