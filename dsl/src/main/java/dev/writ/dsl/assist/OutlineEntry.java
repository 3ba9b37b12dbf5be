package dev.writ.dsl.assist;

import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ParsedFile;
import dev.writ.dsl.syntax.ToolRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A declaration, or a named part of one, in the outline of a file.
///
/// @param keyword what it is: the keyword of a declaration, or `arm`, `key`
/// @param span the whole of it
/// @param name where its name stands
/// @param parts what it contains
public record OutlineEntry(
        String keyword, String title, Span span, Span name, List<OutlineEntry> parts) {
    public OutlineEntry {
        parts = List.copyOf(parts);
    }

    /// Returns the outline of a file.
    public static List<OutlineEntry> of(ParsedFile file) {
        List<OutlineEntry> entries = new ArrayList<>();
        for (Item item : file.items()) {
            OutlineEntry entry = of(item);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static @Nullable OutlineEntry of(Item item) {
        return switch (item) {
            case Item.Use use ->
                    new OutlineEntry(
                            "use", use.file().value(), use.span(), use.file().span(), List.of());
            case Item.Secret secret -> entry("secret", secret.name(), item, List.of());
            case Item.Provider provider -> entry("provider", provider.name(), item, List.of());
            case Item.Model model -> entry("model", model.name(), item, List.of());
            case Item.Pool pool -> entry("pool", pool.name(), item, List.of());
            case Item.Route route ->
                    entry(
                            "route",
                            route.name(),
                            item,
                            route.arms().stream()
                                    .map(arm -> part("arm", arm.name(), arm.span()))
                                    .toList());
            case Item.Team team -> entry("team", team.name(), item, keys(team));
            case Item.Rule rule -> entry("rule", rule.name(), item, List.of());
            case Item.Calendar calendar -> entry("calendar", calendar.name(), item, List.of());
            case Item.Identity identity -> entry("identity", identity.name(), item, List.of());
            case Item.Test test ->
                    new OutlineEntry(
                            "test",
                            test.name().value(),
                            test.span(),
                            test.name().span(),
                            List.of());
            case Item.Signal signal -> entry("signal", signal.name(), item, List.of());
            case Item.Cache cache -> entry("cache", cache.name(), item, List.of());
            case Item.Guard guard -> entry("guard", guard.name(), item, List.of());
            case Item.Budget budget -> entry("budget", budget.name(), item, List.of());
            case Item.Limit limit -> entry("limit", limit.name(), item, List.of());
            case Item.Server server -> entry("server", server.name(), item, List.of());
            case Item.Tools tools ->
                    entry("tools", tools.team().parts().getLast(), item, rules(tools));
            case Item.Always always ->
                    new OutlineEntry(
                            "always",
                            always.name().value(),
                            always.span(),
                            always.name().span(),
                            List.of());
            case Item.Broken broken -> unread(broken.keyword(), broken.name(), item);
            case Item.Unknown _ -> null;
        };
    }

    private static @Nullable OutlineEntry unread(Name keyword, @Nullable Name name, Item item) {
        return name == null ? null : entry(keyword.text(), name, item, List.of());
    }

    private static List<OutlineEntry> keys(Item.Team team) {
        List<OutlineEntry> keys = new ArrayList<>();
        for (Item.TeamProperty property : team.properties()) {
            if (property instanceof Item.TeamProperty.Key key) {
                keys.add(part("key", key.name(), key.span()));
            }
        }
        return keys;
    }

    private static List<OutlineEntry> rules(Item.Tools tools) {
        return tools.rules().stream()
                .filter(ToolRule.Named.class::isInstance)
                .map(ToolRule.Named.class::cast)
                .map(rule -> part("rule", rule.name(), rule.span()))
                .toList();
    }

    private static OutlineEntry entry(
            String keyword, Name name, Item item, List<OutlineEntry> parts) {
        return new OutlineEntry(keyword, name.text(), item.span(), name.span(), parts);
    }

    private static OutlineEntry part(String keyword, Name name, Span span) {
        return new OutlineEntry(keyword, name.text(), span, name.span(), List.of());
    }
}
