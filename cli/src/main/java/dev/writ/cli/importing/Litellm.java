package dev.writ.cli.importing;

import dev.writ.cli.importing.PolicyDraft.Declaration;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The configuration of LiteLLM's proxy: `config.yaml`.
///
/// Entries of `model_list` with one `model_name` are one route; their deployments are the models of
/// a pool.
public final class Litellm {
    private static final String ENVIRONMENT = "os.environ/";
    private static final int RETRIES_MAX = 10;

    private static final Reasons REASONS =
            new Reasons(
                    Map.ofEntries(
                            Map.entry(
                                    "litellm_settings.num_retries",
                                    "router_settings says otherwise, and counts"),
                            Map.entry(
                                    "litellm_settings.request_timeout",
                                    "router_settings says otherwise, and counts"),
                            Map.entry("rpm", Reasons.LIMIT),
                            Map.entry("tpm", Reasons.LIMIT),
                            Map.entry("max_parallel_requests", Reasons.LIMIT),
                            Map.entry("global_max_parallel_requests", Reasons.LIMIT),
                            Map.entry("max_budget", Reasons.BUDGET),
                            Map.entry("budget_duration", Reasons.BUDGET),
                            Map.entry("cache", Reasons.CACHE),
                            Map.entry("cache_params", Reasons.CACHE),
                            Map.entry("callbacks", Reasons.OBSERVE),
                            Map.entry("success_callback", Reasons.OBSERVE),
                            Map.entry("failure_callback", Reasons.OBSERVE),
                            Map.entry("service_callbacks", Reasons.OBSERVE),
                            Map.entry("callback_settings", Reasons.OBSERVE),
                            Map.entry("set_verbose", Reasons.OBSERVE),
                            Map.entry("json_logs", Reasons.OBSERVE),
                            Map.entry("alerting", Reasons.OBSERVE),
                            Map.entry("alerting_threshold", Reasons.OBSERVE),
                            Map.entry("guardrails", Reasons.GUARD),
                            Map.entry(
                                    "drop_params",
                                    "fields of a request go to the provider as they are"),
                            Map.entry(
                                    "master_key",
                                    "clients have keys of teams; the gateway's management has a token of its own"),
                            Map.entry(
                                    "database_url",
                                    "virtual keys live in this database: list them there, and give each"
                                            + " team a key of its own in the policy"),
                            Map.entry("store_model_in_db", Reasons.STORE),
                            Map.entry("redis_host", Reasons.STORE),
                            Map.entry("redis_port", Reasons.STORE),
                            Map.entry("redis_password", Reasons.STORE),
                            Map.entry("redis_url", Reasons.STORE),
                            Map.entry(
                                    "allowed_fails",
                                    "circuit breakers have no settings, see docs/design/routing.md"),
                            Map.entry(
                                    "cooldown_time",
                                    "circuit breakers have no settings, see docs/design/routing.md"),
                            Map.entry(
                                    "context_window_fallbacks",
                                    "a prompt goes to the next model of its pool where it does not fit into"
                                            + " the `context` of one: write the contexts down"),
                            Map.entry(
                                    "content_policy_fallbacks",
                                    "a refusal of the provider is an answer, not a failure"),
                            Map.entry(
                                    "environment_variables",
                                    "set them where the gateway is started"),
                            Map.entry("aws_access_key_id", Reasons.CREDENTIAL),
                            Map.entry("aws_secret_access_key", Reasons.CREDENTIAL),
                            Map.entry("vertex_project", Reasons.CREDENTIAL),
                            Map.entry("vertex_credentials", Reasons.CREDENTIAL)));

    private final Section root;
    private final PolicyDraft draft;
    private final Upstreams upstreams;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    /// What clients call by one name.
    private static final class Group {
        private final List<Deployment> deployments = new ArrayList<>();
        private final Set<String> aliases = new LinkedHashSet<>();
        private boolean embeds;
    }

    private record Deployment(
            Declaration model,
            boolean priced,
            @Nullable BigDecimal weight,
            @Nullable BigDecimal rpm) {}

    private Litellm(Section root, PolicyDraft draft) {
        this.root = root;
        this.draft = draft;
        this.upstreams = new Upstreams(draft);
    }

    /// Turns a file into a policy.
    ///
    /// @param newKeys makes keys that nobody can guess
    public static Imported read(String text, Supplier<String> newKeys) throws BadConfig {
        Section root = Section.of(ConfigFile.yaml(text));
        PolicyDraft draft = new PolicyDraft("litellm", newKeys);
        new Litellm(root, draft).read();
        return draft.finished("a configuration of LiteLLM");
    }

    private void read() {
        Section router = root.section("router_settings");
        Section settings = root.section("litellm_settings");
        root.section("general_settings");
        BigDecimal seconds = first(router, "timeout", settings, "request_timeout");
        for (Section entry : root.sections("model_list")) {
            entry(entry, seconds);
        }
        if (router != null) {
            aliases(router);
        }
        List<String> routes = routes(router, settings);
        if (!routes.isEmpty()) {
            draft.team("everyone", "first", null, routes)
                    .comment("The file has no keys of clients: split this team as yours are.");
        }
        for (Section.Left left : root.left()) {
            draft.note(null, left, REASONS.of(left));
        }
    }

    private static @Nullable BigDecimal first(
            @Nullable Section a, String keyOfA, @Nullable Section b, String keyOfB) {
        BigDecimal found = a == null ? null : a.number(keyOfA);
        BigDecimal second = b == null ? null : b.number(keyOfB);
        if (found != null && second != null && b != null) {
            b.giveBack(keyOfB);
        }
        return found == null ? second : found;
    }

    private void entry(Section entry, @Nullable BigDecimal seconds) {
        String name = entry.text("model_name");
        Section params = entry.section("litellm_params");
        String model = params == null ? null : params.text("model");
        if (name == null || params == null || model == null) {
            draft.note(null, entry.path(), entry.line(), "it has no name or no model");
            return;
        }
        int slash = model.indexOf('/');
        String prefix = slash < 0 ? "openai" : model.substring(0, slash);
        String said = params.text("custom_llm_provider");
        String theirs = said == null ? prefix : said;
        String upstream = said == null && slash >= 0 ? model.substring(slash + 1) : model;
        if (name.contains("*") || upstream.contains("*")) {
            draft.note(
                    null,
                    entry.path(),
                    entry.line(),
                    "a policy names every model: add those that your clients use");
            params.takeLeft();
            return;
        }
        if (!Upstreams.knows(theirs)) {
            draft.note(
                    null,
                    entry.path(),
                    entry.line(),
                    "there is no kind of providers for `%s` yet".formatted(theirs));
            params.takeLeft();
            entry.section("model_info");
            return;
        }
        Declaration provider = provider(theirs, params, seconds);
        List<String> properties = new ArrayList<>();
        boolean priced = info(entry.section("model_info"), params, properties);
        Declaration declared = upstreams.model(provider, upstream, properties);
        Group group = groups.computeIfAbsent(name, _ -> new Group());
        group.embeds |= properties.contains("can embeddings");
        group.deployments.add(
                new Deployment(declared, priced, params.number("weight"), params.number("rpm")));
        if (params.has("rpm")) {
            params.giveBack("rpm");
        }
        for (Section.Left left : params.takeLeft()) {
            draft.note(declared, left, REASONS.of(left));
        }
    }

    private Declaration provider(String theirs, Section params, @Nullable BigDecimal seconds) {
        String key = params.text("api_key");
        boolean exposed = key != null && !key.startsWith(ENVIRONMENT);
        String secret =
                key == null
                        ? null
                        : exposed
                                ? upstreams.exposed(theirs, key)
                                : key.substring(ENVIRONMENT.length());
        String url = params.text("api_base");
        if (url == null) {
            url = params.text("base_url");
        }
        BigDecimal own = params.number("timeout");
        String region = params.text("region_name");
        return upstreams.provider(
                new Upstreams.Account(
                        theirs,
                        url,
                        secret,
                        exposed,
                        params.text("api_version"),
                        own == null ? seconds : own,
                        region,
                        params.line(exposed ? "api_key" : url == null ? "model" : "api_base")));
    }

    /// Adds an ability unless the file says that the model is without: what it says nothing of is
    /// asked for there as well.
    ///
    /// @return false if the model is without
    private static boolean mayDo(Section info, String key, String ability, List<String> can) {
        boolean may = !info.has(key) || info.flag(key);
        if (may) {
            can.add(ability);
        }
        return may;
    }

    /// Adds what is known of a model.
    ///
    /// @return whether it has a price
    private boolean info(@Nullable Section info, Section params, List<String> properties) {
        BigDecimal in = either(info, params, "input_cost_per_token");
        BigDecimal out = either(info, params, "output_cost_per_token");
        List<String> can = new ArrayList<>();
        if (info != null) {
            BigDecimal context = info.number("max_input_tokens");
            if (context != null && context.signum() > 0 && context.scale() <= 0) {
                properties.add("context %s tokens".formatted(context.toPlainString()));
            }
            boolean all = mayDo(info, "supports_function_calling", "tools", can);
            all &= mayDo(info, "supports_vision", "vision", can);
            all &= mayDo(info, "supports_response_schema", "json", can);
            can.add("streaming");
            if ("embedding".equals(info.text("mode"))) {
                can.clear();
                can.add("embeddings");
            } else if (all) {
                can.clear();
            }
        }
        String price = Upstreams.price(in, out);
        if (price != null) {
            properties.add(price);
        } else if (info != null) {
            info.giveBack("input_cost_per_token");
            info.giveBack("output_cost_per_token");
        }
        if (!can.isEmpty()) {
            properties.add("can " + String.join(", ", can));
        }
        return price != null;
    }

    private static @Nullable BigDecimal either(@Nullable Section info, Section params, String key) {
        BigDecimal found = info == null ? null : info.number(key);
        return found == null ? params.number(key) : found;
    }

    private void aliases(Section router) {
        Section aliases = router.section("model_group_alias");
        if (aliases == null) {
            return;
        }
        for (String alias : aliases.keys()) {
            Section hidden = aliases.section(alias);
            String group = hidden == null ? aliases.text(alias) : hidden.text("model");
            Group found = group == null ? null : groups.get(group);
            if (found == null || groups.containsKey(alias)) {
                aliases.giveBack(alias);
            } else {
                found.aliases.add(alias);
            }
        }
    }

    private List<String> routes(@Nullable Section router, @Nullable Section settings) {
        String strategy = router == null ? null : router.text("routing_strategy");
        if (strategy != null && strategy.startsWith("usage-based-routing")) {
            draft.remark("`%s` became `least-in-flight`".formatted(strategy));
        } else if (router != null
                && strategy != null
                && choice(strategy) == null
                && !strategy.equals("simple-shuffle")) {
            router.giveBack("routing_strategy");
        }
        BigDecimal retries = first(router, "num_retries", settings, "num_retries");
        Map<String, List<String>> fallbacks = new LinkedHashMap<>();
        fallbacks(router, fallbacks);
        fallbacks(settings, fallbacks);
        List<String> defaults = new ArrayList<>();
        if (router != null) {
            defaults.addAll(router.texts("default_fallbacks"));
        }
        if (settings != null) {
            defaults.addAll(settings.texts("default_fallbacks"));
        }
        List<String> routes = new ArrayList<>();
        groups.forEach(
                (name, group) ->
                        routes.add(
                                route(
                                        name,
                                        group,
                                        strategy == null ? "simple-shuffle" : strategy,
                                        retries == null ? 0 : retries.intValue(),
                                        fallbacks.getOrDefault(
                                                name, group.embeds ? List.of() : defaults))));
        return routes;
    }

    private static @Nullable String choice(String strategy) {
        return switch (strategy) {
            case "least-busy", "usage-based-routing", "usage-based-routing-v2" -> "least-in-flight";
            case "latency-based-routing" -> "fastest";
            case "cost-based-routing" -> "cheapest";
            default -> null;
        };
    }

    private void fallbacks(@Nullable Section section, Map<String, List<String>> fallbacks) {
        if (section == null) {
            return;
        }
        for (Section each : section.sections("fallbacks")) {
            for (String group : each.keys()) {
                List<String> to = each.texts(group);
                if (to.isEmpty() || !groups.containsKey(group)) {
                    each.giveBack(group);
                } else {
                    fallbacks.merge(
                            group,
                            to,
                            (first, second) -> {
                                List<String> both = new ArrayList<>(first);
                                both.addAll(second);
                                return both;
                            });
                }
            }
        }
    }

    private String route(
            String name, Group group, String strategy, int retries, List<String> fallbacks) {
        Map<String, Deployment> members = new LinkedHashMap<>();
        group.deployments.forEach(each -> members.putIfAbsent(each.model().name, each));
        List<String> thens = new ArrayList<>();
        for (String fallback : fallbacks) {
            Group to = groups.get(fallback);
            if (to == null) {
                draft.note(
                        null,
                        "fallbacks of " + name,
                        root.line("model_list"),
                        "`%s` is no model that was imported".formatted(fallback));
                continue;
            }
            for (Deployment each : to.deployments) {
                boolean known = members.containsKey(each.model().name);
                if ((!known || members.size() > 1) && !thens.contains(each.model().name)) {
                    thens.add(each.model().name);
                }
            }
        }
        String target;
        if (members.size() == 1 && thens.isEmpty() && retries <= 0) {
            target = members.keySet().iterator().next();
        } else {
            target = "pool " + pool(name, List.copyOf(members.values()), thens, strategy, retries);
        }
        Declaration route = draft.declare("route", name);
        Set<String> aliases = new LinkedHashSet<>(group.aliases);
        if (!route.name.equals(name)) {
            aliases.add(name);
        }
        route.text(
                "route %s%s { all otherwise -> %s }"
                        .formatted(route.name, Routes.as(aliases), target));
        return route.name;
    }

    private String pool(
            String name,
            List<Deployment> members,
            List<String> thens,
            String strategy,
            int retries) {
        Declaration pool = draft.declare("pool", name);
        List<String> lines = new ArrayList<>();
        String choice = choice(strategy);
        boolean priced = members.stream().allMatch(Deployment::priced);
        if ("cheapest".equals(choice) && !priced) {
            pool.comment("Was cost-based-routing: `choose cheapest` needs a price of every model.");
            choice = null;
        }
        if (members.size() == 1) {
            lines.add("first " + members.getFirst().model().name);
        } else if (choice != null) {
            lines.add(
                    "choose %s of %s"
                            .formatted(
                                    choice,
                                    String.join(
                                            ", ",
                                            members.stream().map(m -> m.model().name).toList())));
        } else {
            List<String> shares = PolicyDraft.shares(weights(members));
            for (int i = 0; i < members.size(); i++) {
                if (shares.get(i).equals("0%")) {
                    pool.comment(
                            "%s has the weight 0, and is left out."
                                    .formatted(members.get(i).model().name));
                } else {
                    lines.add(shares.get(i) + " " + members.get(i).model().name);
                }
            }
        }
        thens.forEach(then -> lines.add("then " + then));
        if (retries > 0) {
            lines.add("retry %d within 10s".formatted(Math.min(retries, RETRIES_MAX)));
            pool.comment("Retries have a time limit here; it is a guess.");
        }
        pool.text("pool %s {\n%s\n}".formatted(pool.name, String.join("\n", lines)));
        return pool.name;
    }

    /// Weights as LiteLLM shuffles by: those that are written, else requests a minute, else all
    /// alike.
    private static List<BigDecimal> weights(List<Deployment> members) {
        List<BigDecimal> weights = new ArrayList<>();
        boolean byWeight = members.stream().anyMatch(m -> m.weight() != null);
        boolean byRpm = members.stream().anyMatch(m -> m.rpm() != null);
        for (Deployment member : members) {
            BigDecimal weight = byWeight ? member.weight() : byRpm ? member.rpm() : BigDecimal.ONE;
            weights.add(weight == null || weight.signum() < 0 ? BigDecimal.ZERO : weight);
        }
        return weights.stream().allMatch(w -> w.signum() == 0)
                ? weights.stream().map(_ -> BigDecimal.ONE).toList()
                : weights;
    }
}
