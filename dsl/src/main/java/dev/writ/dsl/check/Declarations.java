package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every name that a tree declares, each kind for itself, in the order of files and declarations.
final class Declarations {
    /// A name and what was declared with it.
    record Declared(Kind kind, Name name, Source file, Item item) {}

    /// What a name means, and whether it stands in a text.
    record Meant(Declared declared, boolean inText) {}

    private final Map<Kind, Map<String, Declared>> byKind = new EnumMap<>(Kind.class);
    private final Set<Declared> used = new HashSet<>();
    private final Map<Span, Meant> mentions = new LinkedHashMap<>();

    private Declarations() {
        for (Kind kind : Kind.values()) {
            byKind.put(kind, new LinkedHashMap<>());
        }
    }

    /// Collects the declarations of all files; of a name that is declared twice the first counts.
    static Declarations of(List<ParsedFile> files, Report report) {
        Declarations declarations = new Declarations();
        for (ParsedFile file : files) {
            for (Item item : file.items()) {
                Declared declared = declared(file.source(), item);
                if (declared != null) {
                    declarations.add(declared, report);
                }
            }
        }
        return declarations;
    }

    private static @Nullable Declared declared(Source file, Item item) {
        return switch (item) {
            case Item.Secret secret -> new Declared(Kind.SECRET, secret.name(), file, item);
            case Item.Provider provider -> new Declared(Kind.PROVIDER, provider.name(), file, item);
            case Item.Model model -> new Declared(Kind.MODEL, model.name(), file, item);
            case Item.Pool pool -> new Declared(Kind.POOL, pool.name(), file, item);
            case Item.Route route -> new Declared(Kind.ROUTE, route.name(), file, item);
            case Item.Team team -> new Declared(Kind.TEAM, team.name(), file, item);
            case Item.Calendar calendar -> new Declared(Kind.CALENDAR, calendar.name(), file, item);
            case Item.Identity identity -> new Declared(Kind.IDENTITY, identity.name(), file, item);
            case Item.Rule rule -> new Declared(Kind.RULE, rule.name(), file, item);
            case Item.Broken broken -> declared(file, broken);
            case Item.Signal signal -> new Declared(Kind.SIGNAL, signal.name(), file, item);
            case Item.Cache cache -> new Declared(Kind.CACHE, cache.name(), file, item);
            case Item.Guard guard -> new Declared(Kind.GUARD, guard.name(), file, item);
            case Item.Budget budget -> new Declared(Kind.BUDGET, budget.name(), file, item);
            case Item.Limit limit -> new Declared(Kind.LIMIT, limit.name(), file, item);
            case Item.Server server -> new Declared(Kind.SERVER, server.name(), file, item);
            case Item.Use _, Item.Tools _, Item.Test _, Item.Always _, Item.Unknown _ -> null;
        };
    }

    /// Returns the name that a broken declaration declares.
    private static @Nullable Declared declared(Source file, Item.Broken broken) {
        Name name = broken.name();
        for (Kind kind : Kind.values()) {
            if (name != null && kind.noun().equals(broken.keyword().text())) {
                return new Declared(kind, name, file, broken);
            }
        }
        return null;
    }

    private void add(Declared declared, Report report) {
        Map<String, Declared> names = of(declared.kind());
        Declared first = names.putIfAbsent(declared.name().text(), declared);
        if (first != null) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.DUPLICATE_NAME,
                                    declared.name().span(),
                                    "%s `%s` is declared twice"
                                            .formatted(
                                                    declared.kind().noun(), declared.name().text()))
                            .at("again here")
                            .because(first.name().span(), "first here")
                            .hint(
                                    "Rename one of them: a name means one thing in the whole tree,"
                                            + " in logs and in keys."));
        } else if (names.size() == declared.kind().max() + 1) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.TOO_LARGE,
                                    declared.name().span(),
                                    "there are too many %s".formatted(declared.kind().plural()))
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "this is number %,d; a policy may have %,d",
                                            names.size(),
                                            declared.kind().max()))
                            .hint("Split the policy over several gateways."));
        }
    }

    /// Returns the declared names of a kind in order.
    Map<String, Declared> of(Kind kind) {
        return byKind.getOrDefault(kind, Map.of());
    }

    /// Returns the declaration, or null where nobody declares the name.
    @Nullable Declared find(Kind kind, String name) {
        return of(kind).get(name);
    }

    /// Notes that something refers to the declaration.
    void use(Declared declared) {
        used.add(declared);
    }

    /// Notes that a name that stands at a span means the declaration, be it only compared with it.
    void mention(Span span, Declared declared) {
        mentions.put(span, new Meant(declared, false));
    }

    /// Notes that a part of a text means the declaration.
    void mentionInText(Span span, Declared declared) {
        mentions.put(span, new Meant(declared, true));
    }

    /// Returns what names mean, by where they stand, without those that declare.
    Map<Span, Meant> mentions() {
        return mentions;
    }

    /// Returns the declarations of a kind that nothing refers to.
    List<Declared> unused(Kind kind) {
        Collection<Declared> all = of(kind).values();
        return all.stream().filter(declared -> !used.contains(declared)).toList();
    }
}
