package dev.writ.server.serving;

import dev.writ.providers.kind.ProviderKind;
import dev.writ.providers.openai.Endpoint;
import dev.writ.server.simulated.SimulatedProviders;
import dev.writ.server.upstream.UpstreamEndpoint;
import dev.writ.server.upstream.UpstreamHeader;
import dev.writ.server.upstream.UpstreamTimeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How one model of a policy is called: where, with which key, under which name.
public final class ModelUpstream {
    private final ProviderKind kind;
    private final String upstreamModel;
    private final UpstreamEndpoint endpoint;
    private final Map<Endpoint, String> paths;
    private final List<UpstreamHeader> headers;
    private final UpstreamTimeouts timeouts;

    /// @param paths of each endpoint that the provider has
    /// @param headers sent with every request; they hold the key
    ModelUpstream(
            ProviderKind kind,
            String upstreamModel,
            UpstreamEndpoint endpoint,
            Map<Endpoint, String> paths,
            List<UpstreamHeader> headers,
            UpstreamTimeouts timeouts) {
        this.kind = kind;
        this.upstreamModel = upstreamModel;
        this.endpoint = endpoint;
        this.paths = Map.copyOf(paths);
        this.headers = List.copyOf(headers);
        this.timeouts = timeouts;
    }

    public ProviderKind kind() {
        return kind;
    }

    /// Returns what the provider calls the model.
    public String upstreamModel() {
        return upstreamModel;
    }

    public UpstreamEndpoint endpoint() {
        return endpoint;
    }

    /// Tells whether the provider has such an endpoint at all.
    public boolean has(Endpoint asked) {
        return paths.containsKey(asked);
    }

    /// Returns the path of an endpoint that the provider has.
    public String path(Endpoint asked) {
        return Objects.requireNonNull(paths.get(asked));
    }

    /// Returns the headers of one attempt. Only a simulated provider is told of request and
    /// attempt: they decide what it plays.
    public List<UpstreamHeader> headers(String requestId, int attempt) {
        if (!kind.simulated()) {
            return headers;
        }
        List<UpstreamHeader> all = new ArrayList<>(headers);
        all.add(new UpstreamHeader(SimulatedProviders.REQUEST_ID_HEADER, requestId));
        all.add(new UpstreamHeader(SimulatedProviders.ATTEMPT_HEADER, Integer.toString(attempt)));
        return all;
    }

    public UpstreamTimeouts timeouts() {
        return timeouts;
    }
}
