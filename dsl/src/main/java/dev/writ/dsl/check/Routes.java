package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The routes of a tree.
final class Routes {
    /// The routes that could be checked.
    ///
    /// @param whole names of those in which nothing is wrong: only of them can anything be proved
    record Checked(Map<String, Policy.Route> routes, Set<String> whole) {}

    private final Unit unit;
    private final Map<String, Policy.Model> models;
    private final Map<String, Policy.Pool> pools;
    private final Map<String, Span> aliases = new HashMap<>();
    private final Set<String> whole = new HashSet<>();

    private Routes(Unit unit, Map<String, Policy.Model> models, Map<String, Policy.Pool> pools) {
        this.unit = unit;
        this.models = models;
        this.pools = pools;
    }

    static Checked check(
            Unit unit, Map<String, Policy.Model> models, Map<String, Policy.Pool> pools) {
        Routes routes = new Routes(unit, models, pools);
        Map<String, Policy.Route> checked = new LinkedHashMap<>();
        Map<String, Declared> declarations = unit.declarations().of(Kind.ROUTE);
        declarations.forEach((name, declared) -> routes.aliases.put(name, declared.name().span()));
        for (Declared declared : declarations.values()) {
            if (declared.item() instanceof Item.Route item) {
                checked.put(
                        item.name().text(),
                        routes.route(checked.size(), item, unit.scope(declared.file())));
            }
        }
        return new Checked(checked, routes.whole);
    }

    private Policy.Route route(int index, Item.Route item, Scope scope) {
        Conditions conditions = new Conditions(unit, scope, Place.ARM);
        List<Policy.Arm> arms = new ArrayList<>();
        Map<String, Span> names = new HashMap<>();
        boolean sound = true;
        boolean namedTwice = false;
        for (Item.Arm arm : item.arms()) {
            Span first = names.putIfAbsent(arm.name().text(), arm.name().span());
            if (first != null) {
                sound = false;
                namedTwice = true;
                add(
                        Diagnostic.of(
                                        DiagnosticCode.DUPLICATE_NAME,
                                        arm.name().span(),
                                        "two arms of route `%s` are called `%s`"
                                                .formatted(item.name().text(), arm.name().text()))
                                .at("again here")
                                .because(first, "first here")
                                .hint("Rename one: logs and answers name the arm."));
            }
            Policy.Arm checked = arm(item, arm, conditions, scope);
            if (checked == null) {
                sound = false;
            } else {
                arms.add(checked);
            }
        }
        // An arm that stands twice is a mistake of its own, also where it is the last one.
        sound &= namedTwice || otherwise(item);
        if (item.arms().size() > Limits.ROUTE_ARMS_MAX) {
            add(
                    tooMany(
                            item,
                            "route `%s` has too many arms",
                            item.arms().size(),
                            Limits.ROUTE_ARMS_MAX));
        }
        if (sound) {
            whole.add(item.name().text());
        }
        return new Policy.Route(index, item.name().text(), item.span(), aliases(item), arms);
    }

    private Policy.@Nullable Arm arm(
            Item.Route route, Item.Arm arm, Conditions conditions, Scope scope) {
        Expr when = arm.when();
        Condition condition =
                when == null
                        ? new Condition.Constant(arm.name().span(), true)
                        : conditions.condition(when);
        Policy.ArmAction action =
                switch (arm.action()) {
                    case Item.ArmAction.Go(Item.Target to) -> {
                        Policy.Target target = target(to, scope);
                        yield target == null ? null : new Policy.ArmAction.Go(target);
                    }
                    case Item.ArmAction.Refuse(Item.Denial denial) ->
                            new Policy.ArmAction.Refuse(Denials.check(denial, unit.report()));
                    case Item.ArmAction.Missing _ -> null; // the parser has said so
                };
        if (condition == null || action == null) {
            return null;
        }
        int label = unit.labels().place(Attribute.ARM, Labels.half(route.name(), arm.name()));
        return new Policy.Arm(label, arm.name().text(), arm.span(), condition, action);
    }

    private Policy.@Nullable Target target(Item.Target target, Scope scope) {
        return switch (target.kind()) {
            case MODEL -> {
                Declared declared = scope.resolve(Kind.MODEL, target.name());
                Policy.Model model = declared == null ? null : models.get(declared.name().text());
                yield model == null ? null : new Policy.Target.ToModel(model);
            }
            case POOL -> {
                Declared declared = scope.resolve(Kind.POOL, target.name());
                Policy.Pool pool = declared == null ? null : pools.get(declared.name().text());
                yield pool == null ? null : new Policy.Target.ToPool(pool);
            }
            case ROUTE -> {
                Declared declared = scope.resolve(Kind.ROUTE, target.name());
                yield declared == null ? null : new Policy.Target.ToRoute(declared.name().text());
            }
        };
    }

    /// Tells whether the last arm, and only it, is `otherwise`; reports it if not.
    private boolean otherwise(Item.Route item) {
        List<Item.Arm> arms = item.arms();
        for (int i = 0; i < arms.size() - 1; i++) {
            if (arms.get(i).when() == null) {
                add(
                        Diagnostic.of(
                                        DiagnosticCode.OTHERWISE_MISSING_OR_NOT_LAST,
                                        arms.get(i).name().span(),
                                        "`otherwise` is not the last arm of route `%s`"
                                                .formatted(item.name().text()))
                                .at("catches every request")
                                .because(arms.get(i + 1).name().span(), "never reached")
                                .hint("Move the arm to the end of the route."));
                return false;
            }
        }
        if (!arms.isEmpty() && arms.getLast().when() instanceof Expr.Missing) {
            return false; // it may have been meant as one; the parser has said so
        }
        if (arms.isEmpty() || arms.getLast().when() != null) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.OTHERWISE_MISSING_OR_NOT_LAST,
                                    item.name().span(),
                                    "route `%s` does not say what happens otherwise"
                                            .formatted(item.name().text()))
                            .at("a request may fit none of its arms")
                            .hint(
                                    "Add a last arm: `rest otherwise -> …`, with a model, a pool or"
                                            + " `deny`.")
                            .fix(
                                    "Add `rest otherwise -> deny`",
                                    Blocks.append(item.span(), "rest otherwise -> deny")));
            return false;
        }
        return true;
    }

    private List<String> aliases(Item.Route item) {
        Set<String> names = new LinkedHashSet<>(Set.of(item.name().text()));
        Set<String> written = new HashSet<>();
        for (Literal.Text alias : item.aliases()) {
            String text = Texts.word(alias, unit.report());
            if (text.isBlank()) {
                add(Amounts.notAllowed(alias.span(), "clients cannot ask for an empty name"));
                continue;
            }
            boolean again = !written.add(text);
            boolean own = text.equals(item.name().text());
            Span first = own ? null : aliases.putIfAbsent(text, alias.span());
            if (again || first != null) {
                Diagnostic twice =
                        Diagnostic.of(
                                        DiagnosticCode.DUPLICATE_NAME,
                                        alias.span(),
                                        again
                                                ? "route `%s` is called `%s` twice"
                                                        .formatted(item.name().text(), text)
                                                : "two routes answer to `%s`".formatted(text))
                                .at("again here")
                                .hint("Remove one: a client's model name means one route.");
                add(first == null ? twice : twice.because(first, "first here"));
                continue;
            }
            names.add(text);
        }
        if (item.aliases().size() > Limits.ROUTE_ALIASES_MAX) {
            add(
                    tooMany(
                            item,
                            "route `%s` has too many names",
                            item.aliases().size(),
                            Limits.ROUTE_ALIASES_MAX));
        }
        return List.copyOf(names);
    }

    private static Diagnostic tooMany(Item.Route item, String headline, int count, int max) {
        return Diagnostic.of(
                        DiagnosticCode.TOO_LARGE,
                        item.name().span(),
                        headline.formatted(item.name().text()))
                .at(String.format(Locale.ROOT, "%,d; a route may have %,d", count, max));
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
