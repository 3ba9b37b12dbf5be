package dev.writ.dsl.lint;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What could be better about conditions.
final class Expressions {
    /// Letters that mean more than themselves in a pattern.
    private static final String PATTERN_SIGNS = "\\.+*?()|[]{}^$";

    private final List<Diagnostic> found;

    private Expressions(List<Diagnostic> found) {
        this.found = found;
    }

    static void lint(Item item, List<Diagnostic> found) {
        Expressions expressions = new Expressions(found);
        switch (item) {
            case Item.Route route -> route.arms().forEach(arm -> expressions.each(arm.when()));
            case Item.Team team -> {
                for (Item.TeamProperty property : team.properties()) {
                    if (property instanceof Item.TeamProperty.MayUse grant) {
                        expressions.each(grant.when());
                    }
                }
            }
            case Item.Rule rule -> {
                expressions.each(rule.when());
                for (Item.Effect effect : rule.effects()) {
                    if (effect instanceof Item.Effect.Require require) {
                        expressions.each(require.condition());
                    }
                }
            }
            case Item _ -> {}
        }
    }

    private void each(@Nullable Expr expr) {
        switch (expr) {
            case Expr.Not not -> {
                if (!negation(not)) {
                    each(not.operand());
                }
            }
            case Expr.All all -> all.operands().forEach(this::each);
            case Expr.Any any -> any.operands().forEach(this::each);
            case Expr.In(Span span, Expr left, boolean negated, Expr.ListOf list) ->
                    list(span, left, negated, list);
            case Expr.TextTest test -> text(test);
            case null -> {}
            case Expr _ -> {}
        }
    }

    /// Reports a `not` that the test itself could say.
    private boolean negation(Expr.Not not) {
        Expr inner = not.operand();
        String better =
                switch (inner) {
                    case Expr.Not(_, Expr twice) -> twice.span().text();
                    case Expr.Is(_, Expr left, boolean negated, Expr right) ->
                            left.span().text()
                                    + (negated ? " is " : " is not ")
                                    + right.span().text();
                    case Expr.In(_, Expr left, boolean negated, Expr set) ->
                            left.span().text()
                                    + (negated ? " in " : " not in ")
                                    + set.span().text();
                    case Expr.Presence(_, Expr operand, boolean present) ->
                            operand.span().text() + (present ? " absent" : " present");
                    case Expr _ -> null;
                };
        if (better == null) {
            return false;
        }
        Span whole = whole(not.span());
        boolean twice =
                inner instanceof Expr.Not
                        || (inner instanceof Expr.Is is && is.negated())
                        || (inner instanceof Expr.In in && in.negated());
        Diagnostic diagnostic =
                Diagnostic.of(
                                twice
                                        ? DiagnosticCode.DOUBLE_NEGATION
                                        : DiagnosticCode.NOT_BEFORE_TEST,
                                not.span(),
                                twice ? "this says no twice" : "the test itself can say no")
                        .at(twice ? "not, not" : "read to its end to be understood");
        found.add(
                hasComment(whole)
                        ? diagnostic.hint("Write `%s`.".formatted(better))
                        : Linter.written(diagnostic, better, new Edit(whole, better)));
        return true;
    }

    /// Tells whether a comment would be lost with the stretch; a text with slashes counts too.
    private static boolean hasComment(Span span) {
        return span.text().contains("//") || span.text().contains("/*");
    }

    /// The stretch with the bracket that closes what the `not` opened, where the parser left that
    /// out.
    private static Span whole(Span span) {
        String text = span.text();
        int open = 0;
        for (int i = 0; i < text.length(); i++) {
            open += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
        }
        Source source = span.source();
        int end = span.end();
        while (open > 0 && end < source.text().length()) {
            open +=
                    source.text().charAt(end) == '('
                            ? 1
                            : source.text().charAt(end) == ')' ? -1 : 0;
            end++;
        }
        return new Span(source, span.start(), end);
    }

    private void list(Span span, Expr left, boolean negated, Expr.ListOf list) {
        Set<String> distinct = new LinkedHashSet<>();
        List<String> repeated = new ArrayList<>();
        for (Expr element : list.elements()) {
            if (!distinct.add(element.span().text())) {
                repeated.add(element.span().text());
            }
        }
        boolean comments = hasComment(span);
        if (!repeated.isEmpty() && !comments) {
            String better = "[" + String.join(", ", distinct) + "]";
            found.add(
                    Linter.written(
                            Diagnostic.of(
                                            DiagnosticCode.REPEATED_ELEMENT,
                                            list.span(),
                                            "%s stands in this list twice"
                                                    .formatted(repeated.getFirst()))
                                    .at("once is enough"),
                            better,
                            new Edit(list.span(), better)));
        } else if (list.elements().size() == 1 && !comments) {
            String better =
                    "%s %s %s"
                            .formatted(
                                    left.span().text(),
                                    negated ? "is not" : "is",
                                    list.elements().getFirst().span().text());
            found.add(
                    Linter.written(
                            Diagnostic.of(DiagnosticCode.LIST_OF_ONE, list.span(), "a list of one")
                                    .at("`is` says the same"),
                            better,
                            new Edit(span, better)));
        }
    }

    private void text(Expr.TextTest test) {
        if (test.kind() != Expr.TextTest.Kind.MATCHES || test.texts().size() != 1) {
            return;
        }
        Literal.Text written = test.texts().getFirst();
        String pattern = written.value();
        boolean begins = pattern.startsWith("^");
        boolean ends = pattern.endsWith("$");
        if (pattern.length() <= (begins ? 1 : 0) + (ends ? 1 : 0)) {
            return;
        }
        String plain = pattern.substring(begins ? 1 : 0, pattern.length() - (ends ? 1 : 0));
        if (plain.chars().anyMatch(c -> PATTERN_SIGNS.indexOf(c) >= 0)) {
            return;
        }
        String word =
                begins && ends ? "is" : begins ? "starts with" : ends ? "ends with" : "contains";
        String text = written.span().text();
        String inner = text.substring(begins ? 2 : 1, text.length() - (ends ? 2 : 1));
        String left = test.left().span().text();
        if (hasComment(test.span())) {
            return;
        }
        String better = "%s %s \"%s\"".formatted(left, word, inner);
        found.add(
                Linter.written(
                        Diagnostic.of(
                                        DiagnosticCode.PATTERN_WITHOUT_NEED,
                                        written.span(),
                                        "this pattern is a plain text")
                                .at("`%s` says the same".formatted(word)),
                        better,
                        new Edit(test.span(), better)));
    }
}
