package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.providers.openai.Edits;
import dev.writ.providers.openai.Endpoint;
import dev.writ.server.serving.ModelUpstream;
import dev.writ.server.upstream.UpstreamRequest;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/// The request that a provider gets.
///
/// Its body is the client's, with the provider's name of the model and with what rules set and add;
/// everything else is passed on byte for byte.
final class ProviderRequest {
    private static final long MICROS = 1_000_000L;

    private ProviderRequest() {}

    /// Makes the request to a model that has the exchange's endpoint.
    ///
    /// @param attempt its number among the calls for the exchange, from 1
    static UpstreamRequest of(Exchange exchange, Policy.Model model, int attempt) {
        ModelUpstream upstream = exchange.policy().upstream(model);
        Endpoint endpoint = Objects.requireNonNull(exchange.endpoint());
        return new UpstreamRequest(
                upstream.endpoint(),
                Methods.POST,
                upstream.path(endpoint),
                upstream.headers(exchange.requestId(), attempt),
                body(exchange, endpoint, upstream),
                upstream.timeouts());
    }

    private static List<ByteBuffer> body(
            Exchange exchange, Endpoint endpoint, ModelUpstream upstream) {
        Decision decision = exchange.decision();
        Edits edits = new Edits().model(upstream.upstreamModel());
        upstream.kind().fit(edits);
        if (decision.setsAnything()) {
            for (Settable field : Settable.values()) {
                if (decision.sets(field) && has(endpoint, field)) {
                    set(edits, field, upstream, decision);
                }
            }
        }
        if (decision.messageCount() > 0) {
            messages(edits, decision, exchange.facts());
        }
        return exchange.request().rewritten(edits);
    }

    /// Tells whether requests of an endpoint have the field: providers refuse what they do not
    /// know.
    private static boolean has(Endpoint endpoint, Settable field) {
        return switch (endpoint) {
            case CHAT -> true;
            case COMPLETIONS ->
                    switch (field) {
                        case MAX_TOKENS, TEMPERATURE, TOP_P, SEED, USER -> true;
                        case REASONING_EFFORT, SERVICE_TIER, PARALLEL_TOOL_CALLS, STORE -> false;
                    };
            case EMBEDDINGS -> field == Settable.USER;
        };
    }

    private static void messages(Edits edits, Decision decision, Facts facts) {
        for (int i = 0; i < decision.messageCount(); i++) {
            Policy.Message message = decision.message(i);
            edits.message(message.first(), message.role().word(), facts.text(message.text()));
        }
    }

    private static void set(
            Edits edits, Settable field, ModelUpstream upstream, Decision decision) {
        switch (field) {
            case MAX_TOKENS ->
                    edits.maxTokens(decision.setNumber(field), upstream.kind().tokenField());
            case TEMPERATURE -> edits.decimalMicros("temperature", decision.setNumber(field));
            case TOP_P -> edits.decimalMicros("top_p", decision.setNumber(field));
            case SEED -> edits.number("seed", decision.setNumber(field) / MICROS);
            case REASONING_EFFORT -> edits.text("reasoning_effort", decision.setText(field));
            case SERVICE_TIER -> edits.text("service_tier", decision.setText(field));
            case USER -> edits.text("user", decision.setText(field));
            case PARALLEL_TOOL_CALLS -> edits.flag("parallel_tool_calls", decision.setFlag(field));
            case STORE -> edits.flag("store", decision.setFlag(field));
        }
    }
}
