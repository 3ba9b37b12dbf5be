package dev.writ.dsl.assist;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Symbol;
import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool;
import dev.writ.dsl.policy.Policy.Pool.Fallback;
import dev.writ.dsl.policy.Policy.Pool.Member;
import dev.writ.dsl.source.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What declarations and attributes are, in Markdown.
final class Describe {
    private Describe() {}

    /// Returns what is known of a declaration: the comment above it, and its meaning.
    static String symbol(Analysis analysis, Symbol symbol) {
        List<String> parts = new ArrayList<>();
        String comment = comment(symbol);
        if (!comment.isEmpty()) {
            parts.add(comment);
        }
        String meaning = meaning(analysis, symbol);
        if (!meaning.isEmpty()) {
            parts.add(meaning);
        }
        return String.join("\n\n", parts);
    }

    /// Returns the `///` lines above a declaration, without the marks.
    static String comment(Symbol symbol) {
        Source source = symbol.file();
        Deque<String> lines = new ArrayDeque<>();
        for (int line = symbol.item().span().line() - 1; line >= 1; line--) {
            String text = source.lineText(line).strip();
            if (!text.startsWith("///")) {
                break;
            }
            lines.addFirst(text.substring(3).strip());
        }
        return String.join("\n", lines);
    }

    private static String meaning(Analysis analysis, Symbol symbol) {
        Analysis.Known known = analysis.known();
        String name = symbol.name().text();
        return switch (symbol.kind()) {
            case PROVIDER -> provider(known.providers().get(name));
            case MODEL -> model(known.models().get(name));
            case POOL -> pool(known.pools().get(name));
            case ROUTE -> route(known.routes().get(name));
            case TEAM -> team(known.teams().get(name), known.identities());
            case IDENTITY -> identity(name, known);
            case SECRET, CALENDAR, SIGNAL, CACHE, GUARD, BUDGET, LIMIT, SERVER, RULE -> "";
        };
    }

    private static String provider(Policy.@Nullable Provider provider) {
        return provider == null
                ? ""
                : "kind %s, region %s".formatted(provider.kind(), provider.region());
    }

    private static String model(Policy.@Nullable Model model) {
        if (model == null) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                "`%s` at provider %s (%s)"
                        .formatted(
                                model.upstreamName(),
                                model.provider().name(),
                                model.provider().region()));
        String price = price(model);
        lines.add(price.isEmpty() ? "no price" : price + " per 1M tokens");
        if (model.contextTokens() > 0) {
            lines.add(String.format(Locale.ROOT, "context %,d tokens", model.contextTokens()));
        }
        if (!model.capabilities().isEmpty()) {
            lines.add(
                    "can "
                            + model.capabilities().stream()
                                    .sorted(Comparator.naturalOrder())
                                    .map(capability -> capability.word())
                                    .collect(Collectors.joining(", ")));
        }
        return String.join("  \n", lines);
    }

    /// Returns what a model costs, `$2.00 in, $8.00 out`, or the empty text.
    static String price(Policy.Model model) {
        Policy.Price price = model.price();
        return price == null
                ? ""
                : "%s in, %s out"
                        .formatted(
                                Amount.dollars(price.inNanosPerMillion()),
                                Amount.dollars(price.outNanosPerMillion()));
    }

    /// Returns the way of a request through a pool.
    static String pool(Policy.@Nullable Pool pool) {
        if (pool == null) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        String how =
                switch (pool.choice()) {
                    case WEIGHTED -> "by share";
                    case FIRST -> "first";
                    case LEAST_IN_FLIGHT -> "the one with the fewest calls under way";
                    case FASTEST -> "the fastest";
                    case CHEAPEST -> "the cheapest";
                };
        lines.add(
                "%s: %s"
                        .formatted(
                                how,
                                pool.members().stream()
                                        .map(Describe::member)
                                        .collect(Collectors.joining(", "))));
        for (Fallback fallback : pool.fallbacks()) {
            lines.add(
                    "then %s (%s) on %s"
                            .formatted(
                                    fallback.model().name(),
                                    fallback.model().provider().region(),
                                    fallback.causes().stream()
                                            .sorted(Comparator.naturalOrder())
                                            .map(cause -> cause.word())
                                            .collect(Collectors.joining(", "))));
        }
        Pool.Canary canary = pool.canary();
        if (canary != null) {
            lines.add("canary: %s".formatted(share(canary.basisPoints(), canary.model())));
        }
        Pool.Mirror mirror = pool.mirror();
        if (mirror != null) {
            lines.add("mirror: %s".formatted(share(mirror.basisPoints(), mirror.model())));
        }
        return String.join("  \n", lines);
    }

    private static String member(Member member) {
        return share(member.basisPoints(), member.model());
    }

    /// Returns a model with its share, if that is one.
    private static String share(int basisPoints, Policy.Model model) {
        String share = basisPoints == 0 ? "" : Amount.percent(basisPoints) + " ";
        return "%s%s (%s)".formatted(share, model.name(), model.provider().region());
    }

    private static String route(Policy.@Nullable Route route) {
        return route == null
                ? ""
                : "clients call it %s; %s"
                        .formatted(
                                route.aliases().stream()
                                        .map("`%s`"::formatted)
                                        .collect(Collectors.joining(", ")),
                                counted(route.arms().size(), "arm"));
    }

    private static String team(Policy.@Nullable Team team, List<Policy.Identity> identities) {
        if (team == null) {
            return "";
        }
        String signedIn =
                identities.stream()
                        .filter(identity -> identity.leadsTo(team))
                        .map(identity -> ", identity `%s`".formatted(identity.name()))
                        .collect(Collectors.joining());
        return "%s, %s%s; %s"
                .formatted(
                        counted(team.keys().size(), "key"),
                        counted(team.users().size(), "user"),
                        signedIn,
                        regions(team));
    }

    private static String identity(String name, Analysis.Known known) {
        for (Policy.Identity identity : known.identities()) {
            if (identity.name().equals(name)) {
                return "tokens of %s for %s; teams %s"
                        .formatted(
                                quoted(List.of(identity.issuer())),
                                quoted(identity.audiences()),
                                quoted(
                                        known.teams().values().stream()
                                                .filter(identity::leadsTo)
                                                .map(Policy.Team::name)
                                                .toList()));
            }
        }
        return "";
    }

    private static String quoted(List<String> words) {
        return words.stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
    }

    /// Returns where a team's requests may go.
    static String regions(Policy.Team team) {
        return team.regions().isEmpty()
                ? "any region"
                : "only in " + String.join(", ", new TreeSet<>(team.regions()));
    }

    /// Returns a count with its noun.
    static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /// Returns the type of an attribute in a word, with `?` where it may be absent.
    static String type(Attribute attribute) {
        String noun = attribute.type().noun();
        return noun + (attribute.optional() ? ", may be absent" : "");
    }

    /// Returns what an attribute is.
    static String attribute(Attribute attribute) {
        return attribute.isKnownIn(Phase.RESPONSE)
                ? "%s; known from `%s` on".formatted(attribute.meaning(), attribute.from().word())
                : attribute.meaning();
    }
}
