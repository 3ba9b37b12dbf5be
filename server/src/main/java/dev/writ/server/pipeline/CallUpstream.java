package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.Estimate;
import dev.writ.engine.routing.RequestHash;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.server.upstream.UpstreamClient;
import java.util.Objects;
import java.util.Set;

/// Target to completion: attempts, retries and fallbacks until a provider answers or none is left.
final class CallUpstream implements Phase {
    /// What a request is expected to answer with that does not say how much it may.
    private static final long OUTPUT_TOKENS_EXPECTED = 500;

    private static final int BYTES_PER_TOKEN = 4;

    private final UpstreamClient upstreams;
    private final GatewayLimits limits;
    private final Mirrors mirrors;

    CallUpstream(UpstreamClient upstreams, GatewayLimits limits, Mirrors mirrors) {
        this.upstreams = upstreams;
        this.limits = limits;
        this.mirrors = mirrors;
    }

    @Override
    public Step run(Exchange exchange) {
        Policy.Target target = Objects.requireNonNull(exchange.decision().target());
        long hash = RequestHash.of(exchange.policy().salt(), exchange.requestId());
        Attempts attempts =
                Attempts.start(
                        target,
                        hash,
                        exchange.caller().team().regions(),
                        estimate(target, exchange.request()),
                        exchange.policy().targets());
        exchange.attempts(attempts);
        Step step =
                new UpstreamAttempts(exchange, attempts, upstreams, limits, commitTokens(target))
                        .begin();
        mirrors.begin(exchange, target, hash);
        return step;
    }

    private static int commitTokens(Policy.Target target) {
        return target instanceof Policy.Target.ToPool(Policy.Pool pool)
                ? pool.commitTokens()
                : Policy.Pool.FIRST_BYTE;
    }

    private static Estimate estimate(Policy.Target target, OpenAiRequest request) {
        if (target instanceof Policy.Target.ToPool(Policy.Pool pool)
                && pool.choice() == Policy.Pool.Choice.CHEAPEST) {
            long most = request.maxTokens();
            return new Estimate(
                    request.textBytes() / BYTES_PER_TOKEN,
                    most == OpenAiRequest.ABSENT ? OUTPUT_TOKENS_EXPECTED : most);
        }
        return Estimate.UNKNOWN;
    }

    @Override
    public Set<Slot> reads() {
        return Set.of(Slot.CALLER, Slot.REQUEST, Slot.DECISION);
    }

    @Override
    public Set<Slot> writes() {
        return Set.of(Slot.COMPLETION);
    }
}
