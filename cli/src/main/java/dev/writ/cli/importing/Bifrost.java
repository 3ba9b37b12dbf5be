package dev.writ.cli.importing;

import dev.writ.cli.importing.PolicyDraft.Declaration;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Bifrost's `config.json`.
///
/// Each model of a provider is a route, under the names `provider/model` and, where only one
/// provider has it, `model`. Keys of a provider with one model are shares of a pool. Teams and
/// customers with virtual keys are teams.
public final class Bifrost {
    private static final String ENVIRONMENT = "env.";
    private static final int RETRIES_MAX = 10;

    private static final Reasons REASONS =
            new Reasons(
                    Map.ofEntries(
                            Map.entry("$schema", "it describes the file"),
                            Map.entry("version", "it describes the file"),
                            Map.entry("budgets", Reasons.BUDGET),
                            Map.entry("budget", Reasons.BUDGET),
                            Map.entry("budget_id", Reasons.BUDGET),
                            Map.entry("rate_limits", Reasons.LIMIT),
                            Map.entry("rate_limit", Reasons.LIMIT),
                            Map.entry("rate_limit_id", Reasons.LIMIT),
                            Map.entry("concurrency_and_buffer_size", Reasons.LIMIT),
                            Map.entry(
                                    "routing_rules",
                                    "their conditions are CEL; write them as arms of the route"),
                            Map.entry("guardrails_config", Reasons.GUARD),
                            Map.entry(
                                    "plugins",
                                    "plugins are programs; what they do is asked for by rules"),
                            Map.entry("mcp", "tools are not part of an import"),
                            Map.entry("config_store", Reasons.STORE),
                            Map.entry("logs_store", Reasons.OBSERVE),
                            Map.entry("vector_store", Reasons.CACHE),
                            Map.entry("encryption_key", Reasons.STORE),
                            Map.entry(
                                    "auth_config",
                                    "the gateway's management has a token of its own"),
                            Map.entry("client", "settings of the server, not of what it decides"),
                            Map.entry("framework", "prices are written with `price` at each model"),
                            Map.entry(
                                    "retry_backoff_initial",
                                    "waits between retries have no setting"),
                            Map.entry("retry_backoff_max", "waits between retries have no setting"),
                            Map.entry("extra_headers", "no headers are added to calls"),
                            Map.entry(
                                    "weight",
                                    "clients name the provider, so there is nothing to share out"),
                            Map.entry("proxy_config", "calls go out directly"),
                            Map.entry("key_ids", "which key is used follows from the model's pool"),
                            Map.entry("bedrock_key_config", Reasons.CREDENTIAL),
                            Map.entry("vertex_key_config", Reasons.CREDENTIAL)));

    private final Section root;
    private final PolicyDraft draft;
    private final Upstreams upstreams;

    /// Provider, then model, then what serves it.
    private final Map<String, Map<String, List<Member>>> served = new LinkedHashMap<>();

    private final Map<String, Integer> retries = new LinkedHashMap<>();

    /// Names of routes by `provider/model`.
    private final Map<String, String> routes = new LinkedHashMap<>();

    private record Member(Declaration model, BigDecimal weight) {}

    private Bifrost(Section root, PolicyDraft draft) {
        this.root = root;
        this.draft = draft;
        this.upstreams = new Upstreams(draft);
    }

    /// Turns a file into a policy.
    ///
    /// @param newKeys makes keys that nobody can guess
    public static Imported read(String text, Supplier<String> newKeys) throws BadConfig {
        Section root = Section.of(ConfigFile.json(text));
        PolicyDraft draft = new PolicyDraft("bifrost", newKeys);
        new Bifrost(root, draft).read();
        return draft.finished("a configuration of Bifrost");
    }

    private void read() {
        Section governance = root.section("governance");
        List<Section> keys = governance == null ? List.of() : governance.sections("virtual_keys");
        Map<String, Set<String>> named = named(keys);
        Section providers = root.section("providers");
        if (providers != null) {
            for (String name : providers.keys()) {
                Section provider = providers.section(name);
                if (provider != null) {
                    provider(name, provider, named.getOrDefault(name, Set.of()));
                }
            }
        }
        writeRoutes();
        if (!routes.isEmpty()) {
            teams(governance, keys);
        }
        for (Section.Left left : root.left()) {
            draft.note(null, left, REASONS.of(left));
        }
    }

    /// Returns the models that virtual keys name, by provider: where a key of a provider serves
    /// every model, these are the ones that somebody uses.
    private static Map<String, Set<String>> named(List<Section> keys) {
        Map<String, Set<String>> named = new LinkedHashMap<>();
        for (Section key : keys) {
            for (Section config : key.sections("provider_configs")) {
                String provider = config.text("provider");
                for (String model : config.texts("allowed_models")) {
                    if (provider != null && !model.equals("*")) {
                        named.computeIfAbsent(provider, _ -> new LinkedHashSet<>()).add(model);
                    }
                }
            }
        }
        return named;
    }

    private void provider(String name, Section provider, Set<String> named) {
        Section custom = provider.section("custom_provider_config");
        String base = custom == null ? null : custom.text("base_provider_type");
        String theirs = base == null ? name : base;
        if (!Upstreams.knows(theirs)) {
            draft.note(
                    null,
                    provider.path(),
                    provider.line(),
                    "there is no kind of providers for `%s` yet".formatted(theirs));
            provider.takeLeft();
            return;
        }
        Section network = provider.section("network_config");
        BigDecimal seconds =
                network == null ? null : network.number("default_request_timeout_in_seconds");
        BigDecimal retry = network == null ? null : network.number("max_retries");
        if (retry != null) {
            retries.put(name, Math.clamp(retry.longValue(), 0, RETRIES_MAX));
        }
        String url = network == null ? null : network.text("base_url");
        for (Section key : provider.sections("keys")) {
            key(name, theirs, key, url, seconds, named);
        }
        if (!served.containsKey(name)) {
            draft.note(
                    null,
                    provider.path(),
                    provider.line(),
                    "no key of it names a model, and a policy names every one");
        }
    }

    private void key(
            String name,
            String theirs,
            Section key,
            @Nullable String url,
            @Nullable BigDecimal seconds,
            Set<String> named) {
        key.text("name");
        key.text("id");
        String value = key.text("value");
        boolean exposed = value != null && !value.startsWith(ENVIRONMENT) && !value.isEmpty();
        String secret =
                value == null || value.isEmpty()
                        ? null
                        : exposed
                                ? upstreams.exposed(theirs, value)
                                : value.substring(ENVIRONMENT.length());
        Section azure = key.section("azure_key_config");
        String endpoint = azure == null ? null : azure.text("endpoint");
        for (String config : List.of("ollama_key_config", "vllm_key_config")) {
            Section own = key.section(config);
            if (own != null && endpoint == null) {
                endpoint = own.text("url");
            }
        }
        Section deployments = azure == null ? null : azure.section("deployments");
        BigDecimal weight = key.number("weight");
        Set<String> models = new LinkedHashSet<>(key.texts("models"));
        if (models.remove("*") || models.isEmpty()) {
            models.addAll(named);
            if (deployments != null) {
                models.addAll(deployments.keys());
            }
            draft.remark(
                    "line %d: this key serves every model of `%s`; the policy has those that the file"
                                    .formatted(key.line(), name)
                            + " names elsewhere");
        }
        if (models.isEmpty()) {
            key.takeLeft();
            return;
        }
        Declaration provider =
                upstreams.provider(
                        new Upstreams.Account(
                                theirs,
                                endpoint == null ? url : endpoint,
                                secret,
                                exposed,
                                azure == null ? null : azure.text("api_version"),
                                seconds,
                                null,
                                key.line(exposed ? "value" : "name")));
        for (String model : models) {
            String deployment = deployments == null ? null : deployments.text(model);
            Declaration declared =
                    upstreams.model(provider, deployment == null ? model : deployment, List.of());
            served.computeIfAbsent(name, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(model, _ -> new ArrayList<>())
                    .add(new Member(declared, weight == null ? BigDecimal.ONE : weight));
        }
        for (Section.Left left : key.takeLeft()) {
            draft.note(provider, left, REASONS.of(left));
        }
    }

    private void writeRoutes() {
        Map<String, Integer> owners = new LinkedHashMap<>();
        served.values()
                .forEach(models -> models.keySet().forEach(m -> owners.merge(m, 1, Integer::sum)));
        served.forEach(
                (provider, models) ->
                        models.forEach(
                                (model, members) ->
                                        route(
                                                provider,
                                                model,
                                                members,
                                                owners.getOrDefault(model, 0) == 1)));
    }

    private void route(String provider, String model, List<Member> members, boolean alone) {
        Map<String, BigDecimal> weights = new LinkedHashMap<>();
        members.forEach(each -> weights.merge(each.model().name, each.weight(), BigDecimal::add));
        int again = retries.getOrDefault(provider, 0);
        Declaration route = draft.declare("route", alone ? model : provider + "-" + model);
        String target = weights.keySet().iterator().next();
        if (weights.size() > 1 || again > 0) {
            target = "pool " + pool(route.name, weights, again);
        }
        Set<String> aliases = new LinkedHashSet<>();
        aliases.add(provider + "/" + model);
        if (alone && !route.name.equals(model)) {
            aliases.add(model);
        }
        aliases.remove(route.name);
        route.text(
                "route %s%s { all otherwise -> %s }"
                        .formatted(route.name, Routes.as(aliases), target));
        routes.put(provider + "/" + model, route.name);
    }

    private String pool(String name, Map<String, BigDecimal> weights, int again) {
        Declaration pool = draft.declare("pool", name);
        List<String> lines = new ArrayList<>();
        List<String> models = List.copyOf(weights.keySet());
        if (models.size() == 1) {
            lines.add("first " + models.getFirst());
        } else {
            List<BigDecimal> positive =
                    weights.values().stream().map(w -> w.max(BigDecimal.ZERO)).toList();
            boolean none = positive.stream().allMatch(w -> w.signum() == 0);
            List<String> shares =
                    PolicyDraft.shares(
                            none ? positive.stream().map(_ -> BigDecimal.ONE).toList() : positive);
            for (int i = 0; i < models.size(); i++) {
                if (!shares.get(i).equals("0%")) {
                    lines.add(shares.get(i) + " " + models.get(i));
                }
            }
            models.forEach(model -> lines.add("then " + model));
            pool.comment(
                    "The shares are weights of keys; after a failure the other keys are tried.");
        }
        if (again > 0) {
            lines.add("retry %d within 10s".formatted(again));
            pool.comment("Retries have a time limit here; it is a guess.");
        }
        pool.text("pool %s {\n%s\n}".formatted(pool.name, String.join("\n", lines)));
        return pool.name;
    }

    private void teams(@Nullable Section governance, List<Section> keys) {
        Map<String, String> names = new LinkedHashMap<>();
        if (governance != null) {
            for (String kind : List.of("teams", "customers")) {
                for (Section owner : governance.sections(kind)) {
                    String id = owner.text("id");
                    String name = owner.text("name");
                    owner.text("customer_id");
                    if (id != null) {
                        names.put(id, name == null ? id : name);
                    }
                }
            }
        }
        boolean any = false;
        for (Section key : keys) {
            any |= team(key, names);
        }
        if (!any) {
            draft.team("everyone", "first", null, new ArrayList<>(new TreeSet<>(routes.values())))
                    .comment(
                            "The file has no virtual key that could be imported: split this team.");
        }
    }

    private boolean team(Section key, Map<String, String> names) {
        String id = key.text("id");
        String name = key.text("name");
        String own = name == null ? id == null ? "key" : id : name;
        key.text("description");
        if (key.has("is_active") && !key.flag("is_active")) {
            draft.note(null, key.path(), key.line(), "this virtual key is not active");
            key.takeLeft();
            return false;
        }
        String owner = key.text("team_id");
        if (owner == null) {
            owner = key.text("customer_id");
        }
        Set<String> uses = new TreeSet<>();
        boolean configured = key.has("provider_configs");
        for (Section config : key.sections("provider_configs")) {
            uses.addAll(uses(config));
        }
        if (!configured && "1".equals(root.text("version"))) {
            uses.addAll(routes.values());
        }
        if (uses.isEmpty()) {
            draft.note(null, key.path(), key.line(), "this virtual key may use nothing");
            key.takeLeft();
            return false;
        }
        String value = key.text("value");
        boolean plain = value != null && !value.startsWith(ENVIRONMENT) && !value.isEmpty();
        String wish = owner == null ? own : names.getOrDefault(owner, owner) + "-" + own;
        Declaration team =
                draft.team(
                        PolicyDraft.simple(wish, "team").toLowerCase(java.util.Locale.ROOT),
                        own,
                        plain ? value : null,
                        List.copyOf(uses));
        if (plain) {
            team.comment(
                    "Clients can go on with this key. Rotate it: it stood in the file, in line %d."
                            .formatted(key.line("value")));
            draft.remark(
                    "line %d: a virtual key stands here in plain text; rotate it"
                            .formatted(key.line("value")));
        } else if (value != null) {
            draft.remark(
                    "line %d: this virtual key is in the environment; team `%s` got a fresh one"
                            .formatted(key.line("value"), team.name));
        }
        for (Section.Left left : key.takeLeft()) {
            draft.note(team, left, REASONS.of(left));
        }
        return true;
    }

    private Set<String> uses(Section config) {
        Set<String> uses = new LinkedHashSet<>();
        String provider = config.text("provider");
        List<String> models = config.texts("allowed_models");
        boolean every =
                models.contains("*") || (models.isEmpty() && "1".equals(root.text("version")));
        if (config.texts("key_ids").stream().anyMatch(id -> !id.equals("*"))) {
            config.giveBack("key_ids");
        }
        if (provider == null) {
            return uses;
        }
        routes.forEach(
                (name, route) -> {
                    boolean his = name.startsWith(provider + "/");
                    if (his && (every || models.contains(name.substring(provider.length() + 1)))) {
                        uses.add(route);
                    }
                });
        return uses;
    }
}
