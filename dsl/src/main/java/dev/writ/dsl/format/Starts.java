package dev.writ.dsl.format;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.BudgetProperty;
import dev.writ.dsl.syntax.CacheProperty;
import dev.writ.dsl.syntax.GuardProperty;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import dev.writ.dsl.syntax.ServerProperty;
import dev.writ.dsl.syntax.SignalProperty;
import dev.writ.dsl.syntax.TestLine;
import dev.writ.dsl.syntax.ToolRule;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/// Where statements start: words alone do not tell, for nearly every keyword can be a name.
///
/// @param declarations offsets of the header and the declarations
/// @param inner offsets of properties, arms and effects
record Starts(Set<Integer> declarations, Set<Integer> inner) {
    static Starts of(ParsedFile file) {
        Set<Integer> declarations = new HashSet<>();
        Set<Integer> inner = new HashSet<>();
        ParsedFile.Header header = file.header();
        if (header != null) {
            declarations.add(header.span().start());
        }
        for (Item item : file.items()) {
            declarations.add(item.span().start());
            inner(item).forEach(span -> inner.add(span.start()));
        }
        return new Starts(Set.copyOf(declarations), Set.copyOf(inner));
    }

    private static Stream<Span> ofTeam(Item.TeamProperty property) {
        Stream<Span> own = Stream.of(property.span());
        return property instanceof Item.TeamProperty.Budget budget
                ? Stream.concat(own, budget.properties().stream().map(BudgetProperty::span))
                : own;
    }

    private static Stream<Span> inner(Item item) {
        return switch (item) {
            case Item.Provider provider ->
                    provider.properties().stream().map(Item.ProviderProperty::span);
            case Item.Model model -> model.properties().stream().map(Item.ModelProperty::span);
            case Item.Pool pool -> pool.properties().stream().map(Item.PoolProperty::span);
            case Item.Route route -> route.arms().stream().map(Item.Arm::span);
            case Item.Team team -> team.properties().stream().flatMap(Starts::ofTeam);
            case Item.Calendar calendar ->
                    calendar.properties().stream().map(Item.CalendarProperty::span);
            case Item.Identity identity ->
                    identity.properties().stream().map(Item.IdentityProperty::span);
            case Item.Rule rule -> rule.effects().stream().map(Item.Effect::span);
            case Item.Test test -> test.lines().stream().map(TestLine::span);
            case Item.Signal signal -> signal.properties().stream().map(SignalProperty::span);
            case Item.Cache cache -> cache.properties().stream().map(CacheProperty::span);
            case Item.Guard guard -> guard.properties().stream().map(GuardProperty::span);
            case Item.Budget budget -> budget.properties().stream().map(BudgetProperty::span);
            case Item.Server server -> server.properties().stream().map(ServerProperty::span);
            case Item.Tools tools -> tools.rules().stream().map(ToolRule::span);
            case Item.Use _,
                    Item.Secret _,
                    Item.Limit _,
                    Item.Always _,
                    Item.Broken _,
                    Item.Unknown _ ->
                    Stream.of();
        };
    }
}
