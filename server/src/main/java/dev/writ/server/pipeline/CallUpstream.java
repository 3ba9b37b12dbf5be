package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.server.upstream.UpstreamClient;
import java.util.Objects;
import java.util.Set;

/// Target to completion: attempts, retries and fallbacks until a provider answers or none is left.
final class CallUpstream implements Phase {
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
        RoutedRequest routed = exchange.routed();
        Attempts attempts =
                Attempts.start(
                        target, routed, exchange.policy().targets(), exchange.policy().trials());
        exchange.attempts(attempts);
        Step step =
                new UpstreamAttempts(exchange, attempts, upstreams, limits, commitTokens(target))
                        .begin();
        mirrors.begin(exchange, target, routed);
        return step;
    }

    private static int commitTokens(Policy.Target target) {
        return target instanceof Policy.Target.ToPool(Policy.Pool pool)
                ? pool.commitTokens()
                : Policy.Pool.FIRST_BYTE;
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
