package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.Reason;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.server.serving.PromptSize;
import dev.writ.server.serving.ServingPolicy;
import dev.writ.server.serving.ServingThread;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;

/// Facts to decision: denied, or a target to send the request to.
final class Decide implements Phase {
    private static final Step NO_MODEL = Step.refuse(new Fault.ModelNotFound());
    private static final Step NOT_GRANTED = Step.refuse(new Fault.RouteNotGranted());

    /// A policy's instructions must not be lost on the way.
    private static final Step NO_MESSAGES =
            Step.refuse(
                    new Fault.InvalidRequest(
                            "The policy adds messages to this request, which completions cannot"
                                    + " carry. Use `/v1/chat/completions`.",
                            null));

    private final InstantSource clock;
    private final GatewayLimits limits;

    Decide(InstantSource clock, GatewayLimits limits) {
        this.clock = clock;
        this.limits = limits;
    }

    @Override
    public Step run(Exchange exchange) {
        OpenAiRequest request = exchange.request();
        PolicySnapshot snapshot = exchange.policy().snapshot();
        Policy.Route route = snapshot.route(request.model());
        if (route == null) {
            return NO_MODEL;
        }
        ServingThread.Bench bench = exchange.takeBench();
        boolean here =
                request.length() < limits.offloadBytes()
                        && (!PromptSize.mayMatter(snapshot, request)
                                || PromptSize.isReadyToCount());
        return here
                ? decide(exchange, snapshot, route, bench)
                : exchange.offload(() -> decide(exchange, snapshot, route, bench));
    }

    private Step decide(
            Exchange exchange,
            PolicySnapshot snapshot,
            Policy.Route route,
            ServingThread.Bench bench) {
        Facts facts = bench.facts();
        Decision decision = bench.decision();
        Caller caller = exchange.caller();
        RequestFacts.fill(
                facts,
                snapshot,
                caller,
                Objects.requireNonNull(exchange.endpoint()),
                exchange.request(),
                name -> exchange.http().getRequestHeaders().getFirst(name),
                clock.millis());
        snapshot.decideRequest(caller, route, facts, decision);
        if (!decision.denied()) {
            snapshot.decideRoute(caller, route, facts, decision);
        }
        if (!decision.denied()) {
            exchange.routed(routed(exchange, snapshot, decision));
            return decision.messageCount() > 0 && exchange.endpoint() == Endpoint.COMPLETIONS
                    ? NO_MESSAGES
                    : Step.PROCEED;
        }
        return decision.reason() == Reason.GRANT
                ? NOT_GRANTED
                : Step.refuse(new Fault.PolicyDenied(decision.denial()));
    }

    private static RoutedRequest routed(
            Exchange exchange, PolicySnapshot snapshot, Decision decision) {
        ServingPolicy policy = exchange.policy();
        Endpoint endpoint = Objects.requireNonNull(exchange.endpoint());
        return RequestRouting.of(
                snapshot,
                Objects.requireNonNull(decision.target()),
                exchange.caller(),
                exchange.requestId(),
                exchange.request(),
                model -> policy.upstream(model).has(endpoint));
    }

    @Override
    public Set<Slot> reads() {
        return Set.of(Slot.CALLER, Slot.REQUEST);
    }

    @Override
    public Set<Slot> writes() {
        return Set.of(Slot.DECISION);
    }
}
