package dev.writ.cli.importing;

import dev.writ.cli.importing.PolicyDraft.Declaration;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A config of Portkey's gateway: JSON, as it stands in `x-portkey-config` or is exported.
///
/// A strategy becomes a pool, or for conditions a route; targets become models. A pool holds models
/// only, so strategies inside strategies are flattened where that keeps their meaning.
public final class Portkey {
    private static final int RETRIES_MAX = 10;
    private static final int DEPTH_MAX = 20;
    private static final int MODELS_MAX = 100;

    /// Stands where the model is the client's to name.
    private static final String NO_MODEL = "fill-in-the-model";

    private static final Reasons REASONS =
            new Reasons(
                    Map.ofEntries(
                            Map.entry("cache", Reasons.CACHE),
                            Map.entry("input_guardrails", Reasons.GUARD),
                            Map.entry("output_guardrails", Reasons.GUARD),
                            Map.entry("before_request_hooks", Reasons.GUARD),
                            Map.entry("after_request_hooks", Reasons.GUARD),
                            Map.entry("forward_headers", "headers of clients stay at the gateway"),
                            Map.entry("sticky", "shares are chosen by request id, not by who asks"),
                            Map.entry(
                                    "use_retry_after_header",
                                    "how long to wait before a retry is the gateway's affair"),
                            Map.entry("aws_access_key_id", Reasons.CREDENTIAL),
                            Map.entry("aws_secret_access_key", Reasons.CREDENTIAL),
                            Map.entry("aws_session_token", Reasons.CREDENTIAL),
                            Map.entry("vertex_service_account_json", Reasons.CREDENTIAL),
                            Map.entry("azure_ad_token", Reasons.CREDENTIAL),
                            Map.entry("azure_entra_client_secret", Reasons.CREDENTIAL)));

    private final PolicyDraft draft;
    private final Upstreams upstreams;

    /// What a target means: models with weights, what comes after failures, and retries; or arms.
    private sealed interface Plan {
        record Pool(List<Share> shares, List<Then> thens, int retries) implements Plan {}

        record Arms(String route) implements Plan {}
    }

    private record Share(String model, BigDecimal weight) {}

    /// @param causes empty for those of a fallback without causes
    private record Then(String model, Set<String> causes) {}

    /// What targets have from the configs around them.
    private record Given(@Nullable BigDecimal seconds, @Nullable String model, int retries) {}

    private Portkey(PolicyDraft draft) {
        this.draft = draft;
        this.upstreams = new Upstreams(draft);
    }

    /// Turns a config into a policy.
    ///
    /// @param newKeys makes keys that nobody can guess
    public static Imported read(String text, Supplier<String> newKeys) throws BadConfig {
        Section root = Section.of(ConfigFile.json(text), Portkey::snakeCase);
        PolicyDraft draft = new PolicyDraft("portkey", newKeys);
        new Portkey(draft).read(root);
        return draft.finished("a config of Portkey");
    }

    /// Configs may be written in either case.
    private static String snakeCase(String key) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                snake.append('_').append((char) (c - 'A' + 'a'));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }

    private void read(Section root) {
        Plan plan = plan(root, new Given(null, null, 0), 0);
        String route = null;
        switch (plan) {
            case null -> {} // said already
            case Plan.Arms(String name) -> route = name;
            case Plan.Pool pool -> {
                Declaration only = draft.declare("route", "chat");
                only.text(
                        "route %s { all otherwise -> %s }"
                                .formatted(only.name, target("main", pool)));
                route = only.name;
            }
        }
        if (route != null) {
            draft.team("everyone", "first", null, List.of(route))
                    .comment("The config has no keys of clients: split this team as yours are.");
            draft.remark(
                    "clients ask for model `%s`: give the route the names that yours use, with `as`"
                            .formatted(route));
        }
        for (Section.Left left : root.left()) {
            draft.note(null, left, REASONS.of(left));
        }
    }

    private @Nullable Plan plan(Section config, Given around, int depth) {
        if (depth > DEPTH_MAX) {
            return null;
        }
        Given given = given(config, around);
        Section strategy = config.section("strategy");
        List<Section> targets = config.sections("targets");
        if (targets.isEmpty()) {
            return leaf(config, given);
        }
        String mode = strategy == null ? "single" : strategy.text("mode");
        return switch (mode == null ? "single" : mode) {
            case "loadbalance" -> balanced(targets, given, depth);
            case "fallback" -> inOrder(strategy, targets, given, depth);
            case "conditional" -> conditional(strategy, config, targets, given, depth);
            case "single" -> {
                for (Section unused : targets.subList(1, targets.size())) {
                    draft.note(
                            null,
                            unused.path(),
                            unused.line(),
                            "the strategy `single` takes the first target only");
                    unused.takeLeft();
                }
                yield plan(targets.getFirst(), given, depth + 1);
            }
            default -> {
                if (strategy != null) {
                    strategy.giveBack("mode");
                }
                targets.forEach(Section::takeLeft);
                yield null;
            }
        };
    }

    private Given given(Section config, Given around) {
        BigDecimal millis = config.number("request_timeout");
        Section override = config.section("override_params");
        String model = override == null ? null : override.text("model");
        Section retry = config.section("retry");
        BigDecimal attempts = retry == null ? null : retry.number("attempts");
        int retries =
                attempts == null
                        ? around.retries()
                        : Math.clamp(attempts.longValue(), 0, RETRIES_MAX);
        if (retry != null && retry.has("on_status_codes")) {
            draft.note(
                    null,
                    retry.path("on_status_codes"),
                    retry.line("on_status_codes"),
                    "which failures are worth a retry is fixed: those that pass");
            retry.take("on_status_codes");
        }
        if (override != null) {
            for (Section.Left left : override.takeLeft()) {
                draft.note(
                        null,
                        left,
                        "a rule can set it for a route: `rule NAME on request set request.%s = ...`"
                                .formatted(left.key()));
            }
        }
        return new Given(
                millis == null ? around.seconds() : millis.movePointLeft(3),
                model == null ? around.model() : model,
                retries);
    }

    private @Nullable Plan leaf(Section config, Given given) {
        config.text("name");
        config.number("weight");
        String provider = config.text("provider");
        String virtual = config.text("virtual_key");
        String model = given.model();
        if (model != null && model.startsWith("@") && model.contains("/")) {
            provider = provider == null ? model.substring(0, model.indexOf('/')) : provider;
            model = model.substring(model.indexOf('/') + 1);
        }
        if (provider != null && provider.startsWith("@")) {
            virtual = provider.substring(1);
            provider = known(virtual);
        } else if (provider == null && virtual != null) {
            provider = known(virtual);
        }
        if (provider == null || !Upstreams.knows(provider)) {
            draft.note(
                    null,
                    config.path().isEmpty() ? "the config" : config.path(),
                    config.line(),
                    provider == null
                            ? "it does not say at which provider; Portkey keeps that beside the key"
                            : "there is no kind of providers for `%s` yet".formatted(provider));
            config.takeLeft();
            return null;
        }
        Declaration declared = upstreams.provider(account(config, provider, virtual, given));
        String deployment = config.text("deployment_id");
        String upstream = deployment == null ? model : deployment;
        Declaration written =
                upstreams.model(declared, upstream == null ? NO_MODEL : upstream, List.of());
        if (upstream == null) {
            written.comment(
                    "Fill in the model: Portkey passes on what clients ask for, a policy names it.");
            draft.remark(
                    "line %d: the target names no model; fill it in at `%s`"
                            .formatted(config.line(), written.name));
        }
        for (Section.Left left : config.takeLeft()) {
            draft.note(written, left, REASONS.of(left));
        }
        return new Plan.Pool(
                List.of(new Share(written.name, BigDecimal.ONE)), List.of(), given.retries());
    }

    /// Returns the provider that the name of a virtual key begins with; null if none does.
    private static @Nullable String known(String virtual) {
        String word = virtual.toLowerCase(Locale.ROOT);
        while (!word.isEmpty() && !Upstreams.knows(word)) {
            int dash = Math.max(word.lastIndexOf('-'), word.lastIndexOf('_'));
            word = dash < 0 ? "" : word.substring(0, dash);
        }
        return word.isEmpty() ? null : word;
    }

    private Upstreams.Account account(
            Section config, String provider, @Nullable String virtual, Given given) {
        String key = config.text("api_key");
        String resource = config.text("resource_name");
        String host = config.text("custom_host");
        if (host == null && resource != null) {
            host = "https://%s.openai.azure.com".formatted(resource);
        }
        String secret = null;
        if (key != null) {
            secret = upstreams.exposed(provider, key);
        } else if (virtual != null) {
            secret =
                    PolicyDraft.simple(virtual, "KEY").replace('-', '_').toUpperCase(Locale.ROOT)
                            + "_KEY";
            draft.remark(
                    "line %d: a virtual key's value is at Portkey; put the provider's key into %s"
                            .formatted(config.line(), secret));
        }
        return new Upstreams.Account(
                provider,
                host,
                secret,
                key != null,
                config.text("api_version"),
                given.seconds(),
                null,
                config.line(key == null ? "provider" : "api_key"));
    }

    private @Nullable Plan balanced(List<Section> targets, Given given, int depth) {
        List<Share> shares = new ArrayList<>();
        List<Then> thens = new ArrayList<>();
        int retries = given.retries();
        for (Section target : targets) {
            BigDecimal weight = target.number("weight");
            if (plan(target, given, depth + 1) instanceof Plan.Pool pool) {
                BigDecimal sum =
                        pool.shares().stream()
                                .map(Share::weight)
                                .reduce(BigDecimal.ZERO, BigDecimal::add);
                BigDecimal whole = weight == null ? BigDecimal.ONE : weight.max(BigDecimal.ZERO);
                for (Share share : pool.shares()) {
                    shares.add(
                            new Share(
                                    share.model(),
                                    whole.multiply(share.weight())
                                            .divide(sum, 12, java.math.RoundingMode.HALF_UP)));
                }
                flattened(target, pool.thens());
                thens.addAll(pool.thens());
                retries = Math.max(retries, pool.retries());
            } else {
                noArms(target);
            }
        }
        return shares.isEmpty() ? null : new Plan.Pool(merged(shares), thens, retries);
    }

    private void flattened(Section target, List<Then> thens) {
        if (!thens.isEmpty()) {
            draft.remark(
                    "line %d: fallbacks of this target now follow a failure of any of its neighbours"
                            .formatted(target.line()));
        }
    }

    /// Says of a target that it cannot be in a pool, unless why it is left out was said already.
    private void noArms(Section target) {
        target.text("name");
        target.number("weight");
        if (target.left().isEmpty() && !target.has("targets")) {
            return;
        }
        draft.note(
                null,
                target.path(),
                target.line(),
                "it leads to no model, or to conditions inside a pool, which only arms can have");
        target.takeLeft();
    }

    private static List<Share> merged(List<Share> shares) {
        Map<String, BigDecimal> sums = new LinkedHashMap<>();
        shares.forEach(share -> sums.merge(share.model(), share.weight(), BigDecimal::add));
        List<Share> merged = new ArrayList<>();
        sums.forEach((model, weight) -> merged.add(new Share(model, weight)));
        return merged;
    }

    private @Nullable Plan inOrder(
            @Nullable Section strategy, List<Section> targets, Given given, int depth) {
        Set<String> causes = strategy == null ? Set.of() : causes(strategy);
        Plan.Pool first = null;
        List<Then> thens = new ArrayList<>();
        for (Section target : targets) {
            if (!(plan(target, given, depth + 1) instanceof Plan.Pool pool)) {
                noArms(target);
                continue;
            }
            if (first == null) {
                first = pool;
                flattened(target, pool.shares().size() > 1 ? pool.thens() : List.of());
                thens.addAll(pool.thens());
                continue;
            }
            if (pool.shares().size() > 1) {
                draft.remark(
                        "line %d: shares of a fallback became an order".formatted(target.line()));
            }
            pool.shares().forEach(share -> thens.add(new Then(share.model(), causes)));
            thens.addAll(pool.thens());
        }
        return first == null
                ? null
                : new Plan.Pool(first.shares(), thens, Math.max(given.retries(), first.retries()));
    }

    /// Takes the statuses on which a fallback is tried.
    private Set<String> causes(Section strategy) {
        Set<String> causes = new LinkedHashSet<>();
        Set<String> none = new LinkedHashSet<>();
        for (String code : strategy.texts("on_status_codes")) {
            switch (code) {
                case "408", "504" -> causes.add("timeout");
                case "429" -> causes.add("rate-limited");
                case "503", "529" -> causes.add("overloaded");
                case "401", "403" -> causes.add("unauthorized");
                default -> {
                    if (code.length() == 3 && code.startsWith("5")) {
                        causes.add("server-error");
                    } else {
                        none.add(code);
                    }
                }
            }
        }
        if (!none.isEmpty()) {
            draft.note(
                    null,
                    strategy.path("on_status_codes"),
                    strategy.line("on_status_codes"),
                    "%s: what the provider says to a wrong request goes to the client"
                            .formatted(String.join(", ", none)));
        }
        return causes;
    }

    private @Nullable Plan conditional(
            @Nullable Section strategy,
            Section config,
            List<Section> targets,
            Given given,
            int depth) {
        if (strategy == null) {
            return null;
        }
        Declaration route = draft.declare("route", depth == 0 ? "chat" : "inner");
        Map<String, String> named = new LinkedHashMap<>();
        for (Section target : targets) {
            String name = target.text("name");
            Plan plan = plan(target, given, depth + 1);
            if (name == null || plan == null) {
                draft.note(null, target.path(), target.line(), "no arm can lead there");
                continue;
            }
            named.put(name, target(name, plan));
        }
        List<String> arms = new ArrayList<>();
        Set<String> taken = new LinkedHashSet<>();
        for (Section condition : strategy.sections("conditions")) {
            String then = condition.text("then");
            Value query = condition.value("query");
            String when = query == null ? null : PortkeyQuery.condition(query);
            String to = then == null ? null : named.get(then);
            if (then == null || when == null || to == null) {
                draft.note(
                        route,
                        condition.path(),
                        condition.line(),
                        when == null
                                ? "this condition has no counterpart; write an arm by hand"
                                : "its target was not imported");
                continue;
            }
            arms.add("%s when %s -> %s".formatted(arm(then, taken), when, to));
        }
        String byDefault = strategy.text("default");
        String rest = byDefault == null ? null : named.get(byDefault);
        if (rest == null) {
            arms.add("rest otherwise -> deny 404 \"No model for this request.\"");
            route.comment("The config has no default: what no arm takes is refused.");
        } else {
            arms.add("rest otherwise -> " + rest);
        }
        route.comment("Metadata is read from the body's `metadata`, not from a header.");
        route.text("route %s {\n%s\n}".formatted(route.name, String.join("\n", arms)));
        for (Section.Left left : config.takeLeft()) {
            draft.note(route, left, REASONS.of(left));
        }
        return new Plan.Arms(route.name);
    }

    private static String arm(String wish, Set<String> taken) {
        String simple = PolicyDraft.simple(wish, "arm");
        String free = simple.equals("rest") ? "rest-1" : simple;
        String name = free;
        for (int i = 2; !taken.add(name); i++) {
            name = free + "-" + i;
        }
        return name;
    }

    private String target(String name, Plan plan) {
        return switch (plan) {
            case Plan.Arms(String route) -> "route " + route;
            case Plan.Pool pool -> {
                List<Share> shares =
                        pool.shares().stream().filter(s -> s.weight().signum() > 0).toList();
                if (shares.isEmpty()) {
                    shares = pool.shares();
                }
                List<Then> thens = distinct(pool.thens(), shares);
                yield shares.size() == 1 && thens.isEmpty() && pool.retries() == 0
                        ? shares.getFirst().model()
                        : "pool " + pool(name, shares, thens, pool.retries());
            }
        };
    }

    private static List<Then> distinct(List<Then> thens, List<Share> shares) {
        Map<String, Then> distinct = new LinkedHashMap<>();
        for (Then then : thens) {
            boolean alone = shares.size() == 1 && shares.getFirst().model().equals(then.model());
            if (!alone && distinct.size() < MODELS_MAX) {
                distinct.putIfAbsent(then.model(), then);
            }
        }
        return List.copyOf(distinct.values());
    }

    private String pool(String name, List<Share> shares, List<Then> thens, int retries) {
        Declaration pool = draft.declare("pool", name);
        List<String> lines = new ArrayList<>();
        if (shares.size() == 1) {
            lines.add("first " + shares.getFirst().model());
        } else {
            boolean none = shares.stream().allMatch(share -> share.weight().signum() == 0);
            List<String> percent =
                    PolicyDraft.shares(
                            shares.stream()
                                    .map(share -> none ? BigDecimal.ONE : share.weight())
                                    .toList());
            for (int i = 0; i < shares.size(); i++) {
                lines.add(percent.get(i) + " " + shares.get(i).model());
            }
        }
        for (Then then : thens) {
            String on = then.causes().isEmpty() ? "" : " on " + String.join(", ", then.causes());
            lines.add("then " + then.model() + on);
        }
        if (retries > 0) {
            lines.add("retry %d within 10s".formatted(retries));
            pool.comment("Retries have a time limit here; it is a guess.");
        }
        pool.text("pool %s {\n%s\n}".formatted(pool.name, String.join("\n", lines)));
        return pool.name;
    }
}
