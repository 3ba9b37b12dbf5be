package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Timeouts;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.ProviderProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The providers and secrets of a tree.
final class Providers {
    private final Unit unit;

    private Providers(Unit unit) {
        this.unit = unit;
    }

    /// Checks every provider; one with mistakes is there all the same, so that they are told once.
    static Map<String, Policy.Provider> check(Unit unit) {
        Providers providers = new Providers(unit);
        for (Declared declared : unit.declarations().of(Kind.SECRET).values()) {
            if (declared.item() instanceof Item.Secret secret) {
                providers.checkOrigin(secret);
            }
        }
        Map<String, Policy.Provider> checked = new LinkedHashMap<>();
        for (Declared declared : unit.declarations().of(Kind.PROVIDER).values()) {
            if (declared.item() instanceof Item.Provider provider) {
                checked.put(
                        provider.name().text(),
                        providers.provider(provider, unit.scope(declared.file())));
            }
        }
        return checked;
    }

    private void checkOrigin(Item.Secret secret) {
        switch (secret.origin()) {
            case Item.Secret.Origin.Env(Literal.@Nullable Text variable) -> {
                if (variable != null && Texts.word(variable, unit.report()).isBlank()) {
                    add(Amounts.notAllowed(variable.span(), "a variable needs a name"));
                }
            }
            case Item.Secret.Origin.File(Literal.Text path) -> {
                if (Texts.text(path, unit.report()).isBlank()) {
                    add(Amounts.notAllowed(path.span(), "a file needs a path"));
                }
            }
            case Item.Secret.Origin.Vault(Span _, Literal.Text place) -> {
                Texts.text(place, unit.report());
                if (VaultPlace.of(secret.name().text(), place.value()) == null) {
                    add(
                            Amounts.notAllowed(place.span(), "this names no field of a secret")
                                    .at("where is it mounted, which path, which field?")
                                    .hint("Write it like `\"kv/openai#api-key\"`."));
                }
            }
            case Item.Secret.Origin.Value(Span span) -> {
                unit.report().hide(span);
                add(
                        Diagnostic.of(
                                        DiagnosticCode.SECRET_VALUE,
                                        span,
                                        "a secret value stands in a policy file")
                                .at("this value")
                                .hint("Rotate it: it is in the history of this file.")
                                .hint(
                                        "Write `secret %s from env` and set the variable `%s`."
                                                .formatted(
                                                        secret.name().text(),
                                                        secret.name().text())));
            }
        }
    }

    private Policy.Provider provider(Item.Provider item, Scope scope) {
        Once once = new Once(unit.report());
        Name kindName = null;
        Literal.Text url = null;
        Name region = null;
        Policy.Secret key = null;
        boolean keyed = false;
        Literal.Text apiVersion = null;
        Span apiVersionSpan = null;
        Timeouts timeouts = null;
        boolean whole = true;
        Simulations simulation = new Simulations(unit.report());
        for (ProviderProperty property : item.properties()) {
            switch (property) {
                case ProviderProperty.Kind(Span span, Name kind) -> {
                    if (once.first("kind", span)) {
                        kindName = kind;
                    }
                }
                case ProviderProperty.Url(Span span, Literal.Text text) -> {
                    if (once.first("url", span)) {
                        url = text;
                        WebAddress.check(text, WebAddress.Use.PROVIDER, unit.report());
                    }
                }
                case ProviderProperty.Region(Span span, Name name) -> {
                    if (once.first("region", span)) {
                        region = name;
                        checkRegion(name);
                    }
                }
                case ProviderProperty.Key(Span span, Name secret) -> {
                    keyed = true;
                    if (once.first("key", span)) {
                        key = secret(scope.resolve(Kind.SECRET, secret));
                    }
                }
                case ProviderProperty.ApiVersion(Span span, Literal.Text version) -> {
                    if (once.first("api-version", span)) {
                        apiVersion = version;
                        Texts.word(version, unit.report());
                        apiVersionSpan = span;
                    }
                }
                case ProviderProperty.Timeout timeout -> {
                    if (once.first("timeout", timeout.span())) {
                        timeouts = timeouts(timeout);
                    }
                }
                case ProviderProperty.Latency latency -> simulation.add(latency, once);
                case ProviderProperty.Pace pace -> simulation.add(pace, once);
                case ProviderProperty.Fail fail -> simulation.add(fail, once);
                case ProviderProperty.Break cut -> simulation.add(cut, once);
                case ProviderProperty.Reply reply -> simulation.add(reply, once);
                case ProviderProperty.Limit limit -> add(NotYet.keyword(limit.span(), "limit"));
                case ProviderProperty.Unknown _ -> whole = false; // the parser has said so
            }
        }
        ProviderKind kind = kindName == null && !whole ? null : kind(item, kindName);
        if (kind != null && whole) {
            fits(item, kind, url != null, keyed, apiVersionSpan);
            simulation.mustFit(kind);
        }
        boolean simulated = kind != null && kind.simulated();
        if (timeouts == null && kind != null && !simulated && whole) {
            add(withoutTimeout(item));
        }
        return new Policy.Provider(
                item.name().text(),
                item.span(),
                kindName == null ? "" : kindName.text(),
                url == null ? null : url.value(),
                region == null ? Labels.UNKNOWN_REGION : region.text(),
                key,
                apiVersion == null ? null : apiVersion.value(),
                timeouts == null ? Timeouts.DEFAULT : timeouts,
                simulated ? simulation.simulation() : null);
    }

    private @Nullable ProviderKind kind(Item.Provider item, @Nullable Name name) {
        List<String> known =
                unit.vocabulary().providerKinds().stream().map(ProviderKind::name).toList();
        if (name == null) {
            add(
                    missing(item.name().span(), "provider `%s` has no kind", item.name())
                            .hint("Add `kind …`, one of: %s.".formatted(Suggested.listed(known))));
            return null;
        }
        ProviderKind kind = unit.providerKind(name.text());
        if (kind == null) {
            add(Unknowns.label(name.span(), name.text(), "kind of provider", known));
        }
        return kind;
    }

    private void fits(
            Item.Provider item,
            ProviderKind kind,
            boolean hasUrl,
            boolean hasKey,
            @Nullable Span apiVersion) {
        if (kind.needsUrl() && !hasUrl) {
            add(
                    missing(item.name().span(), "provider `%s` has no url", item.name())
                            .hint(
                                    "Kind `%s` has no address of its own: add `url \"https://…\"`."
                                            .formatted(kind.name())));
        }
        if (kind.needsKey() && !hasKey) {
            add(
                    missing(item.name().span(), "provider `%s` has no key", item.name())
                            .hint(
                                    "Kind `%s` answers nobody without one: add `key NAME` and `secret NAME from env`."
                                            .formatted(kind.name())));
        }
        if (apiVersion != null && !kind.versioned()) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.DOES_NOT_FIT,
                                    apiVersion,
                                    "kind `%s` has no `api-version`".formatted(kind.name()))
                            .at("does not fit here")
                            .hint("Remove it.")
                            .fix("Remove it", Edit.remove(apiVersion)));
        }
    }

    static Diagnostic missing(Span span, String headline, Name name) {
        return Diagnostic.of(
                DiagnosticCode.PROPERTY_MISSING, span, headline.formatted(name.text()));
    }

    private static Diagnostic withoutTimeout(Item.Provider item) {
        return Diagnostic.of(
                        DiagnosticCode.PROVIDER_WITHOUT_TIMEOUT,
                        item.name().span(),
                        "provider `%s` has no timeout".formatted(item.name().text()))
                .at("waits 60s for the first byte")
                .hint("Say how long to wait before a fallback is tried: `timeout 30s`.")
                .fix("Add `timeout 30s`", Blocks.append(item.span(), "timeout 30s"));
    }

    private static Policy.@Nullable Secret secret(@Nullable Declared declared) {
        if (declared == null || !(declared.item() instanceof Item.Secret secret)) {
            return null;
        }
        String name = secret.name().text();
        return switch (secret.origin()) {
            case Item.Secret.Origin.Env(Literal.@Nullable Text variable) ->
                    new Policy.Secret.FromEnv(name, variable == null ? name : variable.value());
            case Item.Secret.Origin.File(Literal.Text path) ->
                    new Policy.Secret.FromFile(name, path.value());
            case Item.Secret.Origin.Vault(Span _, Literal.Text place) ->
                    VaultPlace.of(name, place.value());
            case Item.Secret.Origin.Value _ -> null;
        };
    }

    private void checkRegion(Name region) {
        if (region.text().equals(Labels.ANYWHERE) || region.text().equals(Labels.SEVERAL)) {
            add(
                    Amounts.notAllowed(
                                    region.span(),
                                    "`%s` cannot be the name of a region".formatted(region.text()))
                            .at("it means something else in `team.region`"));
        }
    }

    private Timeouts timeouts(ProviderProperty.Timeout timeout) {
        Once once = new Once(unit.report());
        Duration connect = Timeouts.DEFAULT.connect();
        Duration firstByte = Timeouts.DEFAULT.firstByte();
        Duration idle = Timeouts.DEFAULT.idle();
        Duration total = Timeouts.DEFAULT.total();
        for (ProviderProperty.Timeout.Part part : timeout.parts()) {
            Name which = part.which();
            String word = which == null ? "first-byte" : which.text();
            Duration time = Amounts.time(part.time(), unit.report());
            if (!once.first(word, part.span()) || time == null) {
                continue;
            }
            switch (word) {
                case "connect" -> connect = time;
                case "first-byte" -> firstByte = time;
                case "idle" -> idle = time;
                case "total" -> total = time;
                default -> {
                    if (which != null) {
                        add(Unknowns.keyword(which, "timeout", Unknowns.TIMEOUT));
                    }
                }
            }
        }
        return new Timeouts(connect, firstByte, idle, total);
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
