package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Policy;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import java.util.Objects;

/// What a request asks of a model beyond text. A model of which the policy does not say what it can
/// do is taken to be able to do everything.
final class Ability {
    private Ability() {}

    /// Tells whether the provider of the model has the endpoint that the client asked for.
    static boolean hasEndpoint(Policy.Model model, Exchange exchange) {
        return exchange.policy().upstream(model).has(Objects.requireNonNull(exchange.endpoint()));
    }

    /// Tells whether the model can do all that the request asks for, its endpoint included.
    static boolean suffices(Policy.Model model, Exchange exchange) {
        return hasEndpoint(model, exchange) && suffices(model, exchange.request());
    }

    private static boolean suffices(Policy.Model model, OpenAiRequest request) {
        if (model.capabilities().isEmpty()) {
            return true;
        }
        for (Capability capability : Capability.values()) {
            if (isAsked(capability, request) && !model.capabilities().contains(capability)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAsked(Capability capability, OpenAiRequest request) {
        return switch (capability) {
            case TOOLS -> request.hasTools();
            case VISION -> request.imageCount() > 0;
            case JSON ->
                    "json_object".equals(request.responseFormat())
                            || "json_schema".equals(request.responseFormat());
            case STREAMING -> request.stream();
            case EMBEDDINGS -> request.endpoint() == Endpoint.EMBEDDINGS;
        };
    }
}
