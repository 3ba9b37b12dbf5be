package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.routing.MirrorChoice;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.server.upstream.UpstreamClient;
import dev.writ.server.upstream.UpstreamRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Copies of requests for the models that mirror pools. They stand beside the requests that they
/// come from: with bounds of their own, without any part in breakers, latencies and calls in
/// flight, and never in the way of an answer.
public final class Mirrors implements AutoCloseable {
    private final UpstreamClient upstreams;
    private final int callsMax;
    private final BodyBudget budget;
    private final Settlement settlement;
    private final Set<Mirror> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicLong skipped = new AtomicLong();
    private volatile boolean closed;

    /// @param callsMax at a time; beyond it requests are not mirrored, and counted
    /// @param budget of all bodies that mirrors hold at a time
    public Mirrors(
            UpstreamClient upstreams, int callsMax, BodyBudget budget, Settlement settlement) {
        this.upstreams = upstreams;
        this.callsMax = callsMax;
        this.budget = budget;
        this.settlement = settlement;
    }

    /// Sends a copy of the request, if its pool wants one, after what runs now. To be called once a
    /// request, when its own first call has begun.
    void begin(Exchange exchange, Policy.Target target, RoutedRequest routed) {
        Policy.Model model = MirrorChoice.of(target, routed);
        if (model == null || closed || exchange.tries().isEmpty()) {
            return;
        }
        int bytes = exchange.request().length();
        if (!take(bytes)) {
            skipped.incrementAndGet();
            return;
        }
        Mirror mirror = new Mirror(exchange, model, ended -> ended(ended, bytes));
        // Made now: what it is made from is reused when the exchange ends.
        UpstreamRequest request = request(exchange, model);
        underWay.add(mirror);
        if (request == null) {
            mirror.cancel();
            return;
        }
        try {
            exchange.ioThread().execute(() -> send(mirror, request));
        } catch (RejectedExecutionException e) {
            mirror.cancel(); // the gateway is about to end
        }
    }

    private static @Nullable UpstreamRequest request(Exchange exchange, Policy.Model model) {
        try {
            return ProviderRequest.of(exchange, model, 1);
        } catch (RuntimeException e) {
            GatewayPipeline.bug("a mirror", exchange, e);
            return null;
        }
    }

    private void send(Mirror mirror, UpstreamRequest request) {
        if (closed) {
            mirror.cancel();
        } else {
            mirror.begun(upstreams.call(mirror.ioThread(), request, mirror));
        }
    }

    private boolean take(int bytes) {
        if (places.incrementAndGet() <= callsMax && budget.take(bytes)) {
            return true;
        }
        places.decrementAndGet();
        return false;
    }

    private void ended(Mirror mirror, int bytes) {
        underWay.remove(mirror);
        budget.giveBack(bytes);
        places.decrementAndGet();
        settlement.mirrored(mirror);
    }

    /// Returns how many are under way.
    public int underWay() {
        return places.get();
    }

    /// Returns how many requests were not mirrored, although their pool wants it, since the start.
    public long skipped() {
        return skipped.get();
    }

    /// Ends those under way; no more begin.
    @Override
    public void close() {
        closed = true;
        for (Mirror mirror : underWay) {
            try {
                mirror.ioThread().execute(mirror::cancel);
            } catch (RejectedExecutionException e) {
                // The thread is about to end and closes all that it has.
            }
        }
    }
}
