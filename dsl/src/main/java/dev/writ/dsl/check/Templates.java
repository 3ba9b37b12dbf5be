package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Template;
import dev.writ.dsl.policy.Template.Part;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts with holes: `{` and `}` around an attribute, doubled where a brace is meant.
final class Templates {
    private static final String ELSE = " else ";

    private final Report report;
    private final Attributes attributes;

    /// @param place which decides what holes can read
    Templates(Unit unit, Scope scope, Place place) {
        this.report = unit.report();
        this.attributes = new Attributes(unit, scope, place);
    }

    /// Returns the template, or null if something in it is wrong and reported.
    @Nullable Template template(Literal.Text literal) {
        String text = Texts.text(literal, report);
        attributes.begin();
        List<Part> parts = new ArrayList<>();
        StringBuilder fixed = new StringBuilder();
        boolean whole = true;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean brace = c == '{' || c == '}';
            if (!brace || text.startsWith(String.valueOf(c), at + 1)) {
                fixed.append(c);
                at += brace ? 2 : 1;
                continue;
            }
            int close = c == '{' ? text.indexOf('}', at) : -1;
            if (close < 0) {
                report.add(lonelyBrace(literal, at));
                return null;
            }
            if (!fixed.isEmpty()) {
                parts.add(new Part.Fixed(fixed.toString()));
                fixed.setLength(0);
            }
            Part.Hole hole = hole(literal, at + 1, close);
            whole &= hole != null;
            if (hole != null) {
                parts.add(hole);
            }
            at = close + 1;
        }
        if (!fixed.isEmpty()) {
            parts.add(new Part.Fixed(fixed.toString()));
        }
        return whole ? new Template(parts) : null;
    }

    private Part.@Nullable Hole hole(Literal.Text literal, int from, int to) {
        String inside = literal.value().substring(from, to);
        int orElse = inside.indexOf(ELSE);
        String path = (orElse < 0 ? inside : inside.substring(0, orElse)).strip();
        String fallback = orElse < 0 ? null : inside.substring(orElse + ELSE.length()).strip();
        Span span = span(literal, from, to);
        if (path.isEmpty()) {
            report.add(
                    wrong(span, "there is nothing between these braces")
                            .hint("Name an attribute, such as `{team}`.")
                            .hint("Write `{{` and `}}` for braces."));
            return null;
        }
        List<Name> names = new ArrayList<>();
        for (String part : path.split("\\.", -1)) {
            names.add(new Name(span, part));
        }
        Fact fact = attributes.fact(new Expr.Path(span, names));
        return fact != null && fits(fact, fallback, span) ? new Part.Hole(fact, fallback) : null;
    }

    private boolean fits(Fact fact, @Nullable String fallback, Span span) {
        String path = fact.attribute().path();
        ValueType type = fact.attribute().type();
        if (type == ValueType.TEXT || type == ValueType.COLLECTION) {
            report.add(
                    wrong(span, "`%s` cannot stand in a message of yours".formatted(path))
                            .at(
                                    type == ValueType.TEXT
                                            ? "clients write it"
                                            : "nothing that could be written")
                            .hint(
                                    "Labels, numbers and yes or no can, such as `{team}`: what"
                                            + " clients write could give orders in your name."));
            return false;
        }
        if (fact.attribute().optional() && fallback == null) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.OPTIONAL_NOT_RESOLVED,
                                    span,
                                    "a request may be without `%s`".formatted(path))
                            .at("what should stand there then?")
                            .hint("Write `{%s else nobody}`.".formatted(path)));
            return false;
        }
        return true;
    }

    private static Diagnostic lonelyBrace(Literal.Text literal, int at) {
        char brace = literal.value().charAt(at);
        return wrong(span(literal, at, at + 1), "this `%c` has no partner".formatted(brace))
                .at(brace == '{' ? "never closed" : "never opened")
                .hint("Write `%1$c%1$c` for a brace.".formatted(brace));
    }

    private static Diagnostic wrong(Span span, String headline) {
        return Diagnostic.of(DiagnosticCode.BAD_TEMPLATE, span, headline);
    }

    /// Returns where a stretch of the text stands: the whole of it if escapes moved things.
    private static Span span(Literal.Text literal, int from, int to) {
        Span whole = literal.span();
        boolean plain = whole.text().length() == literal.value().length() + 2;
        return plain
                ? new Span(whole.source(), whole.start() + 1 + from, whole.start() + 1 + to)
                : whole;
    }
}
