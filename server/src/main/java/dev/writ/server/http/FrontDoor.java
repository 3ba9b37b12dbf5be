package dev.writ.server.http;

import dev.writ.providers.openai.Endpoint;
import dev.writ.server.live.CurrentPolicy;
import dev.writ.server.pipeline.ErrorAnswers;
import dev.writ.server.pipeline.Exchange;
import dev.writ.server.pipeline.Fault;
import dev.writ.server.pipeline.GatewayPipeline;
import dev.writ.server.pipeline.RequestIds;
import dev.writ.server.serving.ServingPolicy;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The public address: which endpoint a request is for, and whether there is room for it.
public final class FrontDoor implements HttpHandler {
    private static final HttpString REQUEST_ID = new HttpString("x-request-id");
    private static final HttpString WRIT_REQUEST_ID = new HttpString("x-writ-request-id");
    private static final Duration COME_AGAIN = Duration.ofSeconds(1);
    private static final byte[] OK = "{\"status\":\"ok\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STOPPING =
            "{\"status\":\"stopping\"}".getBytes(StandardCharsets.US_ASCII);

    private final CurrentPolicy<ServingPolicy> policy;
    private final GatewayPipeline pipeline;
    private final LongSupplier nanoClock;
    private final int requestsMax;
    private final RequestIds ids = new RequestIds();
    private final AtomicInteger underWay = new AtomicInteger();
    private final ExchangeCompletionListener whenDone =
            (_, next) -> {
                underWay.decrementAndGet();
                next.proceed();
            };
    private volatile boolean stopping;

    /// @param requestsMax how many requests may be under way at a time
    public FrontDoor(
            CurrentPolicy<ServingPolicy> policy,
            GatewayPipeline pipeline,
            LongSupplier nanoClock,
            int requestsMax) {
        this.policy = policy;
        this.pipeline = pipeline;
        this.nanoClock = nanoClock;
        this.requestsMax = requestsMax;
    }

    @Override
    public void handleRequest(HttpServerExchange http) {
        String path = http.getRequestPath();
        switch (path) {
            case "/v1/chat/completions" -> governed(http, Methods.POST, Endpoint.CHAT);
            case "/v1/completions" -> governed(http, Methods.POST, Endpoint.COMPLETIONS);
            case "/v1/embeddings" -> governed(http, Methods.POST, Endpoint.EMBEDDINGS);
            case "/v1/models" -> governed(http, Methods.GET, null);
            case "/healthz" -> probe(http, 200, OK);
            case "/readyz" -> probe(http, stopping ? 503 : 200, stopping ? STOPPING : OK);
            default -> {
                if (path.startsWith("/v1/models/")) {
                    governed(http, Methods.GET, null);
                } else {
                    turnAway(http, new Fault.PathUnknown());
                }
            }
        }
    }

    private void governed(HttpServerExchange http, HttpString method, @Nullable Endpoint endpoint) {
        if (!http.getRequestMethod().equals(method)) {
            http.getResponseHeaders().put(Headers.ALLOW, method.toString());
            turnAway(http, new Fault.MethodNotAllowed());
            return;
        }
        if (stopping) {
            http.setPersistent(false);
            turnAway(http, new Fault.ShuttingDown(COME_AGAIN));
            return;
        }
        int already = underWay.getAndIncrement();
        http.addExchangeCompleteListener(whenDone);
        if (already >= requestsMax) {
            turnAway(http, new Fault.GatewayBusy(COME_AGAIN));
            return;
        }
        Exchange exchange =
                new Exchange(http, policy.get(), endpoint, idFor(http), nanoClock.getAsLong())
                        .startedBy(pipeline);
        http.dispatch(SameThreadExecutor.INSTANCE, exchange);
    }

    /// Refuses governed requests from now on; what is under way goes on.
    public void stop() {
        stopping = true;
    }

    /// Returns how many governed requests are under way.
    public int underWay() {
        return underWay.get();
    }

    private String idFor(HttpServerExchange http) {
        return ids.idFor(http.getRequestHeaders().getFirst(REQUEST_ID));
    }

    /// Refuses what never becomes an exchange of the pipeline; clients are told an id all the same.
    private void turnAway(HttpServerExchange http, Fault fault) {
        String id = idFor(http);
        http.getResponseHeaders().put(REQUEST_ID, id).put(WRIT_REQUEST_ID, id);
        refuse(http, fault);
    }

    private static void probe(HttpServerExchange http, int status, byte[] body) {
        if (!http.getRequestMethod().equals(Methods.GET)
                && !http.getRequestMethod().equals(Methods.HEAD)) {
            refuse(http, new Fault.MethodNotAllowed());
            return;
        }
        http.setStatusCode(status);
        send(http, body);
    }

    static void refuse(HttpServerExchange http, Fault fault) {
        Fault.Terms terms = fault.terms();
        ErrorAnswers.head(http, terms);
        send(http, ErrorAnswers.json(terms));
    }

    static void send(HttpServerExchange http, byte[] json) {
        http.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        http.getResponseSender().send(ByteBuffer.wrap(json));
    }
}
