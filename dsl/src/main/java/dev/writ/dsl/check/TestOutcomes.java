package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.policy.PolicyTest.Expected;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.QualifiedName;
import dev.writ.dsl.syntax.TestOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The outcomes of tests in one file, with names, types and units checked.
final class TestOutcomes {
    private static final int STATUS_MIN = 200;
    private static final int STATUS_MAX = 599;

    private final Unit unit;
    private final Scope scope;
    private final Rules rules;

    TestOutcomes(Unit unit, Scope scope) {
        this.unit = unit;
        this.scope = scope;
        this.rules = new Rules(unit);
    }

    /// Returns the outcomes, or null if one of them is reported.
    @Nullable List<Expected> check(List<TestOutcome> outcomes) {
        List<Expected> checked = new ArrayList<>();
        boolean whole = true;
        for (TestOutcome outcome : outcomes) {
            Expected expected = check(outcome);
            whole &= expected != null;
            if (expected != null) {
                checked.add(expected);
            }
        }
        return whole ? checked : null;
    }

    private @Nullable Expected check(TestOutcome outcome) {
        return switch (outcome) {
            case TestOutcome.Not not -> not(not);
            case TestOutcome.Allow(Span span) -> new Expected.Allow(span);
            case TestOutcome.Deny(Span span, Item.Denial denial) -> deny(span, denial);
            case TestOutcome.Arm(Span span, QualifiedName arm) -> arm(span, arm);
            case TestOutcome.Route(Span span, QualifiedName route) -> {
                String name = name(Kind.ROUTE, route);
                yield name == null ? null : new Expected.Route(span, name);
            }
            case TestOutcome.Model(Span span, QualifiedName model) -> {
                String name = name(Kind.MODEL, model);
                yield name == null ? null : new Expected.Model(span, name);
            }
            case TestOutcome.Canary(Span span, QualifiedName model) -> {
                String name = name(Kind.MODEL, model);
                yield name == null ? null : new Expected.Canary(span, name);
            }
            case TestOutcome.Mirror(Span span, QualifiedName model) -> {
                String name = name(Kind.MODEL, model);
                yield name == null ? null : new Expected.Mirror(span, name);
            }
            case TestOutcome.Provider(Span span, QualifiedName provider) -> {
                String name = name(Kind.PROVIDER, provider);
                yield name == null ? null : new Expected.Provider(span, name);
            }
            case TestOutcome.Rule(Span span, QualifiedName rule) -> {
                String name = name(Kind.RULE, rule);
                yield name == null ? null : new Expected.Fires(span, name);
            }
            case TestOutcome.Region(Span span, Name region) -> region(span, region);
            case TestOutcome.Tag(Span span, Literal.Text tag) ->
                    new Expected.Tag(span, Texts.word(tag, unit.report()));
            case TestOutcome.Set(Span span, Expr.Path path, Literal value) ->
                    set(span, path, value);
            case TestOutcome.Attempts(Span span, Literal.Quantity count) -> {
                Integer checked =
                        Amounts.whole(count, "a number of attempts", 0, 1_000, unit.report());
                yield checked == null ? null : new Expected.Attempts(span, checked);
            }
            case TestOutcome.Status(Span span, Literal.Quantity status) -> {
                Integer checked =
                        Amounts.whole(status, "a status", STATUS_MIN, STATUS_MAX, unit.report());
                yield checked == null ? null : new Expected.Status(span, checked);
            }
            case TestOutcome.Broken(Span span) -> new Expected.Broken(span);
            case TestOutcome.NotYet notYet -> {
                unit.report().add(NotYet.keyword(notYet.keyword()));
                yield null;
            }
        };
    }

    private @Nullable String name(Kind kind, QualifiedName name) {
        return TestFacts.declared(unit, scope, kind, name);
    }

    private @Nullable Expected not(TestOutcome.Not not) {
        String instead =
                switch (not.outcome()) {
                    case TestOutcome.Allow _ -> "deny";
                    case TestOutcome.Deny(_, Item.Denial denial) ->
                            denial.status() == null && denial.text() == null ? "allow" : null;
                    case TestOutcome.Not inner -> inner.outcome().span().text();
                    default -> null;
                };
        if (instead != null) {
            unit.report()
                    .add(
                            Amounts.notAllowed(not.span(), "there is a word for what is meant")
                                    .hint("Write `%s`.".formatted(instead)));
            return null;
        }
        Expected of = check(not.outcome());
        return of == null ? null : new Expected.Not(not.span(), of);
    }

    private @Nullable Expected deny(Span span, Item.Denial denial) {
        Literal.Quantity status = denial.status();
        Integer checked =
                status == null
                        ? null
                        : Amounts.whole(status, "a status of errors", 400, 599, unit.report());
        Literal.Text text = denial.text();
        return status != null && checked == null
                ? null
                : new Expected.Deny(
                        span, checked, text == null ? null : Texts.text(text, unit.report()));
    }

    private @Nullable Expected arm(Span span, QualifiedName arm) {
        String word = String.join("/", arm.parts().stream().map(Name::text).toList());
        int place = unit.labels().place(Attribute.ARM, word);
        if (place >= 0) {
            return new Expected.Arm(span, word, List.of(place));
        }
        List<Integer> places =
                unit.labels().withLastHalf(Attribute.ARM, word).stream().boxed().toList();
        if (!places.isEmpty()) {
            return new Expected.Arm(span, word, places);
        }
        if (unit.labels().isComplete(Attribute.ARM)) {
            var set = unit.labels().of(Attribute.ARM);
            unit.report()
                    .add(
                            Unknowns.label(
                                    arm.span(),
                                    word,
                                    "arm",
                                    set == null ? List.of() : set.labels()));
        }
        return null;
    }

    private @Nullable Expected region(Span span, Name region) {
        List<String> known = unit.labels().regions();
        if (known.contains(region.text()) || region.text().equals(Labels.UNKNOWN_REGION)) {
            return new Expected.Region(span, region.text());
        }
        if (unit.labels().regionsAreComplete()) {
            unit.report().add(Unknowns.label(region.span(), region.text(), "region", known));
        }
        return null;
    }

    private @Nullable Expected set(Span span, Expr.Path path, Literal value) {
        Settable field = rules.settable(path);
        if (field == null) {
            return null;
        }
        return switch (field.type()) {
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> {
                Long number = Amounts.of(value, field.type(), unit.report());
                yield number == null ? null : new Expected.SetNumber(span, field, number);
            }
            case TEXT ->
                    value instanceof Literal.Text text
                            ? new Expected.SetText(span, field, Texts.text(text, unit.report()))
                            : mismatch(value, field);
            case BOOL ->
                    value instanceof Literal.Bool bool
                            ? new Expected.SetFlag(span, field, bool.value())
                            : mismatch(value, field);
            case LABEL, COLLECTION -> null;
        };
    }

    private @Nullable Expected mismatch(Literal value, Settable field) {
        unit.report()
                .add(
                        Diagnostic.of(
                                        DiagnosticCode.TYPE_MISMATCH,
                                        value.span(),
                                        "`%s` is set to %s"
                                                .formatted(field.path(), field.type().noun()))
                                .at("this is none"));
        return null;
    }
}
