package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.routing.Estimate;
import dev.writ.engine.routing.Needs;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import java.util.List;
import java.util.function.Predicate;

/// What the choice of a model depends on, from the body of a request. The gateway and `writ
/// explain` both find it here.
public final class RequestRouting {
    private RequestRouting() {}

    /// Returns what is known of a request on its way to a target.
    ///
    /// @param endpoint tells whether the provider of a model has what the client called
    public static RoutedRequest of(
            PolicySnapshot snapshot,
            Policy.Target target,
            Caller caller,
            String requestId,
            OpenAiRequest request,
            Predicate<Policy.Model> endpoint) {
        return RoutedRequest.of(
                snapshot.policy().name(),
                requestId,
                caller,
                needs(snapshot, target, request, endpoint),
                estimate(target, request));
    }

    private static Needs needs(
            PolicySnapshot snapshot,
            Policy.Target target,
            OpenAiRequest request,
            Predicate<Policy.Model> endpoint) {
        return new Needs(
                Needs.abilities(
                        request.hasTools(),
                        request.imageCount() > 0,
                        request.responseFormat(),
                        request.stream(),
                        request.endpoint() == Endpoint.EMBEDDINGS),
                promptTokens(snapshot, target, request),
                endpoint);
    }

    /// The prompt is counted only where one of the models may be too small for it.
    private static long promptTokens(
            PolicySnapshot snapshot, Policy.Target target, OpenAiRequest request) {
        long most = request.promptTokensMax();
        boolean fits =
                most <= snapshot.smallestContext()
                        || models(target).stream()
                                .mapToLong(Policy.Model::contextTokens)
                                .allMatch(context -> context == 0 || most <= context);
        return fits ? most : request.promptTokens();
    }

    private static List<Policy.Model> models(Policy.Target target) {
        return switch (target) {
            case Policy.Target.ToModel(Policy.Model model) -> List.of(model);
            case Policy.Target.ToPool(Policy.Pool pool) -> pool.models();
            case Policy.Target.ToRoute(String route) ->
                    throw new IllegalArgumentException("route " + route + " must be followed");
        };
    }

    private static Estimate estimate(Policy.Target target, OpenAiRequest request) {
        if (target instanceof Policy.Target.ToPool(Policy.Pool pool)
                && pool.choice() == Policy.Pool.Choice.CHEAPEST) {
            long most = request.maxTokens();
            return Estimate.ofText(request.textBytes(), most == OpenAiRequest.ABSENT ? null : most);
        }
        return Estimate.UNKNOWN;
    }
}
