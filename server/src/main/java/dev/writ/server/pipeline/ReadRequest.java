package dev.writ.server.pipeline;

import dev.writ.providers.openai.BadRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import java.util.Objects;
import java.util.Set;

/// Body bytes to a request. Refuses what is too large, too slow, or not what the endpoint takes.
final class ReadRequest implements Phase {
    private final BodyBudget budget;
    private final GatewayLimits limits;

    ReadRequest(BodyBudget budget, GatewayLimits limits) {
        this.budget = budget;
        this.limits = limits;
    }

    @Override
    public Step run(Exchange exchange) {
        long announced = exchange.http().getRequestContentLength();
        if (announced > limits.bodyBytesMax()) {
            return Step.refuse(new Fault.BodyTooLarge(limits.bodyBytesMax()));
        }
        return new BodyReading(exchange, announced, budget, limits, this::parse).begin();
    }

    private Step parse(Exchange exchange, byte[] body, int length) {
        return length < limits.offloadBytes()
                ? parseNow(exchange, body, length)
                : exchange.offload(() -> parseNow(exchange, body, length));
    }

    private static Step parseNow(Exchange exchange, byte[] body, int length) {
        Endpoint endpoint = Objects.requireNonNull(exchange.endpoint());
        try {
            exchange.request(OpenAiRequest.read(endpoint, body, length));
            return Step.PROCEED;
        } catch (BadRequest e) {
            return Step.refuse(new Fault.InvalidRequest(e.sentence(), e.param()));
        }
    }

    @Override
    public Set<Slot> reads() {
        return Set.of(Slot.CALLER);
    }

    @Override
    public Set<Slot> writes() {
        return Set.of(Slot.REQUEST);
    }
}
