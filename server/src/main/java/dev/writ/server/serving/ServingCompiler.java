package dev.writ.server.serving;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.routing.TargetStates;
import dev.writ.engine.routing.TrialView;
import dev.writ.engine.routing.Trials;
import dev.writ.engine.testing.AllTests;
import dev.writ.providers.kind.ProviderKind;
import dev.writ.providers.openai.Endpoint;
import dev.writ.server.identity.KeyRing;
import dev.writ.server.identity.TokenIdentities;
import dev.writ.server.live.PolicyCompiler;
import dev.writ.server.live.PolicySources;
import dev.writ.server.live.Secrets;
import dev.writ.server.simulated.SimulatedProviders;
import dev.writ.server.upstream.UpstreamEndpoint;
import dev.writ.server.upstream.UpstreamHeader;
import dev.writ.server.upstream.UpstreamTimeouts;
import io.undertow.util.Headers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Text to a policy that serves: checked, compiled, with its secrets read.
public final class ServingCompiler implements PolicyCompiler<ServingPolicy> {
    /// How long the tests of a policy may take before it serves.
    static final Duration TESTS_TIME_MAX = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger("dev.writ.gateway");

    private final TargetStates targets;
    private final Supplier<SimulatedProviders> simulated;
    private final KeyRing keyRing;
    private final Map<String, String> environment;
    private final int ioThreads;

    /// @param targets what is known of models; kept over reloads
    /// @param simulated the listener behind simulated providers, asked for only if a policy has one
    /// @param keyRing the keys of issuers; kept over reloads
    /// @param environment of the process, where secrets are
    public ServingCompiler(
            TargetStates targets,
            Supplier<SimulatedProviders> simulated,
            KeyRing keyRing,
            Map<String, String> environment,
            int ioThreads) {
        this.targets = targets;
        this.simulated = simulated;
        this.keyRing = keyRing;
        this.environment = Map.copyOf(environment);
        this.ioThreads = ioThreads;
    }

    @Override
    public Compiled<ServingPolicy> compile(PolicySources sources) {
        return switch (Checker.check(sources.tree(), ProviderVocabulary.VOCABULARY)) {
            case CheckResult.Unusable(var diagnostics) ->
                    new Compiled.Rejected<>(diagnostics, List.of());
            case CheckResult.Usable usable -> compile(usable, sources.commit());
        };
    }

    /// What a policy's own tests say of it counts like what the checker says; they need no secrets.
    private Compiled<ServingPolicy> compile(CheckResult.Usable usable, @Nullable String commit) {
        PolicySnapshot snapshot = PolicySnapshot.compile(usable.policy());
        List<Diagnostic> failures =
                AllTests.problems(
                        snapshot,
                        prompt -> PromptSize.of(snapshot, prompt),
                        System::nanoTime,
                        TESTS_TIME_MAX);
        List<Diagnostic> diagnostics =
                Stream.concat(usable.diagnostics().stream(), failures.stream()).toList();
        return switch (Secrets.read(usable.policy(), environment)) {
            case Secrets.Reading.Incomplete(var problems) ->
                    new Compiled.Rejected<>(diagnostics, problems);
            case Secrets.Reading.Complete(Secrets secrets) ->
                    failures.isEmpty()
                            ? new Compiled.Ready<>(
                                    serving(snapshot, secrets, commit),
                                    usable.policy().id(),
                                    diagnostics)
                            : new Compiled.Rejected<>(diagnostics, List.of());
        };
    }

    private ServingPolicy serving(
            PolicySnapshot snapshot, Secrets secrets, @Nullable String commit) {
        Policy policy = snapshot.policy();
        if (snapshot.reads(Attribute.PROMPT_TOKENS)) {
            Tokenizer.prepare();
        }
        SimulatedProviders listener = null;
        if (policy.providers().stream().anyMatch(p -> kind(p).simulated())) {
            listener = simulated.get();
            listener.simulate(policy);
        }
        ModelUpstream[] upstreams = new ModelUpstream[policy.models().size()];
        for (Policy.Model model : policy.models()) {
            upstreams[model.index()] = upstream(model, secrets, listener);
        }
        targets.keep(policy);
        TokenIdentities identities = new TokenIdentities(snapshot, keyRing::of);
        keyRing.keep(policy);
        return new ServingPolicy(
                snapshot,
                upstreams,
                identities,
                targets,
                new Trials(policy, ServingCompiler::tellStopped),
                ioThreads,
                commit);
    }

    private static void tellStopped(TrialView trial) {
        LOG.log(
                Level.WARNING,
                "canary {0} of pool {1} is stopped: {2} of its latest {3} requests failed",
                trial.model(),
                trial.pool(),
                trial.failures(),
                trial.requests());
    }

    private static ModelUpstream upstream(
            Policy.Model model, Secrets secrets, @Nullable SimulatedProviders listener) {
        Policy.Provider provider = model.provider();
        ProviderKind kind = kind(provider);
        String url;
        String key;
        if (kind.simulated() && listener != null) {
            url = listener.url(provider.name());
            key = listener.token();
        } else {
            url = provider.url() != null ? provider.url() : kind.defaultUrl();
            key = provider.key() == null ? null : secrets.value(provider.key());
        }
        if (url == null) {
            throw new IllegalStateException("provider must have a url: " + provider.name());
        }
        URI uri = URI.create(url);
        Map<Endpoint, String> paths = new EnumMap<>(Endpoint.class);
        for (Endpoint endpoint : kind.endpoints()) {
            paths.put(
                    endpoint,
                    kind.path(
                            uri.getRawPath() == null ? "" : uri.getRawPath(),
                            endpoint,
                            model.upstreamName(),
                            provider.apiVersion()));
        }
        List<UpstreamHeader> headers = new ArrayList<>();
        headers.add(new UpstreamHeader(Headers.CONTENT_TYPE, "application/json"));
        headers.add(UpstreamHeader.of("user-agent", "writ"));
        if (key != null) {
            headers.add(UpstreamHeader.of(kind.keyHeader().header(), kind.keyHeader().value(key)));
        }
        Policy.Timeouts timeouts = provider.timeouts();
        return new ModelUpstream(
                kind,
                model.upstreamName(),
                UpstreamEndpoint.of(uri),
                paths,
                headers,
                new UpstreamTimeouts(
                        timeouts.connect(),
                        timeouts.firstByte(),
                        timeouts.idle(),
                        timeouts.total()));
    }

    private static ProviderKind kind(Policy.Provider provider) {
        ProviderKind kind = ProviderKind.of(provider.kind());
        if (kind == null) {
            throw new IllegalStateException("the checker must know " + provider.kind());
        }
        return kind;
    }
}
