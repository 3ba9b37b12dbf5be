package dev.writ.server.simulated;

import dev.writ.dsl.policy.Policy;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The listener behind the providers of kind `simulated`.
///
/// It listens on an ephemeral port of the loopback address, and answers only who knows its token,
/// which is drawn anew on each start: what other programs of the machine send is refused. A
/// provider named `demo` is reached at [#url] `http://127.0.0.1:PORT/demo/v1`, with the token as
/// bearer key.
///
/// Which requests fail or break follows from the provider's name, the request id and
/// [#ATTEMPT_HEADER]; where there is no request id, from the body.
public final class SimulatedProviders implements AutoCloseable {
    /// The largest request body.
    public static final int BODY_BYTES_MAX = 64 * 1024 * 1024;

    /// Where the request id is looked for.
    public static final HttpString REQUEST_ID_HEADER = new HttpString("x-request-id");

    /// Which attempt of a request it is, so that a retry may fare better; may be absent.
    public static final HttpString ATTEMPT_HEADER = new HttpString("x-writ-attempt");

    private static final int IO_THREADS = 2;
    private static final Policy.Simulation PLAIN =
            new Policy.Simulation(Duration.ZERO, 0, 0, 503, 0, 0, null);

    private final Undertow server;
    private final int port;
    private final String token;
    private final byte[] authorization;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private volatile Scripts scripts = new Scripts(Map.of(), Map.of());

    /// What the current policy says and, for requests that began before a reload, the one before.
    private record Scripts(Map<String, Script> current, Map<String, Script> before) {
        @Nullable Script of(String provider) {
            Script script = current.get(provider);
            return script != null ? script : before.get(provider);
        }
    }

    /// How one provider behaves.
    private record Script(String provider, Policy.Simulation simulation, List<String> models) {}

    private SimulatedProviders(InstantSource clock, LongSupplier nanoClock) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.token = HexFormat.of().formatHex(random);
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.US_ASCII);
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.server =
                Undertow.builder()
                        .addHttpListener(0, "127.0.0.1", this::handle)
                        .setIoThreads(IO_THREADS)
                        .setWorkerThreads(1)
                        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) BODY_BYTES_MAX)
                        .build();
        server.start();
        var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        this.port = address.getPort();
    }

    /// Begins to listen; no provider is simulated before [#simulate].
    ///
    /// @param clock tells when answers were made
    /// @param nanoClock times them, as `System::nanoTime` does
    public static SimulatedProviders start(InstantSource clock, LongSupplier nanoClock) {
        return new SimulatedProviders(clock, nanoClock);
    }

    /// Simulates the providers of kind `simulated` of `policy` from now on, and those of the policy
    /// before for requests that began with it.
    public void simulate(Policy policy) {
        Map<String, List<String>> models = new HashMap<>();
        for (Policy.Model model : policy.models()) {
            models.computeIfAbsent(model.provider().name(), _ -> new ArrayList<>())
                    .add(model.upstreamName());
        }
        Map<String, Script> next = new HashMap<>();
        for (Policy.Provider provider : policy.providers()) {
            if (provider.kind().equals("simulated")) {
                String name = provider.name();
                var simulation = Objects.requireNonNullElse(provider.simulation(), PLAIN);
                next.put(
                        name,
                        new Script(
                                name,
                                simulation,
                                List.copyOf(models.getOrDefault(name, List.of()))));
            }
        }
        synchronized (this) {
            scripts = new Scripts(Map.copyOf(next), scripts.current());
        }
    }

    /// Returns where a provider is reached, without a slash at the end.
    public String url(String provider) {
        return "http://127.0.0.1:%d/%s/v1".formatted(port, provider);
    }

    /// Returns the port that it listens on.
    public int port() {
        return port;
    }

    /// Returns the bearer key that callers must show. Belongs in no log.
    public String token() {
        return token;
    }

    /// Stops listening and cuts what is under way.
    @Override
    public void close() {
        server.stop();
    }

    private void handle(HttpServerExchange exchange) {
        String shown = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (shown == null
                || !MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.ISO_8859_1), authorization)) {
            refuse(exchange, 401, "this listener is internal", "invalid_api_key");
            return;
        }
        String path = exchange.getRequestPath();
        int slash = path.indexOf('/', 1);
        Script script = slash < 0 ? null : scripts.of(path.substring(1, slash));
        if (script == null) {
            refuse(exchange, 404, "no such simulated provider", "not_found");
            return;
        }
        String rest = path.substring(slash);
        boolean post = exchange.getRequestMethod().equals(Methods.POST);
        boolean get = exchange.getRequestMethod().equals(Methods.GET);
        SimulatedRequest.Kind kind =
                switch (rest) {
                    case "/v1/chat/completions" -> SimulatedRequest.Kind.CHAT;
                    case "/v1/completions" -> SimulatedRequest.Kind.COMPLETIONS;
                    case "/v1/embeddings" -> SimulatedRequest.Kind.EMBEDDINGS;
                    default -> null;
                };
        if (post && kind != null) {
            exchange.getRequestReceiver()
                    .receiveFullBytes(
                            (_, body) -> answer(exchange, script, kind, body),
                            (_, _) -> exchange.endExchange());
        } else if (get && rest.equals("/v1/models")) {
            send(exchange, Wire.models(script.provider(), script.models(), seconds()));
        } else if (get
                && rest.startsWith("/v1/models/")
                && script.models().contains(rest.substring(11))) {
            send(exchange, Wire.model(script.provider(), rest.substring(11), seconds()));
        } else {
            refuse(exchange, 404, "no such endpoint or model", "not_found");
        }
    }

    private void answer(
            HttpServerExchange exchange, Script script, SimulatedRequest.Kind kind, byte[] body) {
        SimulatedRequest request;
        try {
            request = SimulatedRequest.read(kind, body);
        } catch (IOException e) {
            String why = Objects.requireNonNullElse(e.getMessage(), "the body cannot be read");
            refuse(exchange, 400, why, "invalid_request");
            return;
        }
        Dice dice = dice(exchange, script, body);
        Policy.Simulation simulation = script.simulation();
        if (dice.hits(Dice.FAILS, simulation.failBasisPoints())) {
            int status = simulation.failStatus();
            byte[] error =
                    Wire.error(
                            status, "this failure is simulated, as scripted", "simulated_failure");
            exchange.setStatusCode(status);
            if (status == 429) {
                exchange.getResponseHeaders().put(Headers.RETRY_AFTER, 1);
            }
            whole(exchange, error, error.length, simulation.latency().toNanos());
            return;
        }
        if (kind == SimulatedRequest.Kind.EMBEDDINGS) {
            byte[] embeddings = Wire.embeddings(request);
            whole(exchange, embeddings, embeddings.length, simulation.latency().toNanos());
            return;
        }
        SimulatedReply reply = SimulatedReply.to(request, script.provider(), simulation.reply());
        Wire wire = new Wire(request, reply, dice.hex(0), seconds());
        boolean breaks = dice.hits(Dice.BREAKS, simulation.breakBasisPoints());
        Pace pace = Pace.of(simulation);
        if (request.streamed()) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/event-stream");
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-cache");
            TimedAnswer.send(exchange, new Streamed(wire, pace, simulation, breaks), nanoClock);
            return;
        }
        byte[] whole = wire.whole();
        int tokens = reply.pieces().size();
        boolean cut = breaks && tokens > simulation.breakAfterTokens();
        whole(exchange, whole, cut ? whole.length / 2 : whole.length, pace.dueNanos(tokens));
    }

    private static Dice dice(HttpServerExchange exchange, Script script, byte[] body) {
        String requestId = exchange.getRequestHeaders().getFirst(REQUEST_ID_HEADER);
        String attempt = exchange.getRequestHeaders().getFirst(ATTEMPT_HEADER);
        return Dice.of(
                script.provider(),
                requestId != null ? requestId : Integer.toHexString(Arrays.hashCode(body)),
                attempt != null ? attempt : "");
    }

    /// When tokens are due.
    private record Pace(long latencyNanos, long tokensPerSecond) {
        static Pace of(Policy.Simulation simulation) {
            return new Pace(simulation.latency().toNanos(), simulation.tokensPerSecond());
        }

        long dueNanos(long tokens) {
            return tokensPerSecond == 0
                    ? latencyNanos
                    : latencyNanos + Math.max(0, tokens) * 1_000_000_000L / tokensPerSecond;
        }
    }

    private record Streamed(Wire wire, Pace pace, Policy.Simulation simulation, boolean asked)
            implements TimedAnswer.Script {
        @Override
        public boolean breaks() {
            return asked && wire.reply().pieces().size() > simulation.breakAfterTokens();
        }

        @Override
        public int steps() {
            // The opening, and so many tokens.
            return breaks() ? (int) simulation.breakAfterTokens() + 1 : wire.steps();
        }

        @Override
        public long dueNanos(int step) {
            // The first token comes with the opening, the end with the last token.
            return pace.dueNanos(Math.min(step, wire.reply().pieces().size()) - 1L);
        }

        @Override
        public byte[] bytes(int step) {
            return wire.step(step);
        }
    }

    private void whole(HttpServerExchange exchange, byte[] body, int sent, long dueNanos) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.setResponseContentLength(body.length);
        byte[] bytes = sent == body.length ? body : Arrays.copyOf(body, sent);
        TimedAnswer.send(exchange, whole(bytes, sent < body.length, dueNanos), nanoClock);
    }

    private static TimedAnswer.Script whole(byte[] body, boolean breaks, long dueNanos) {
        return new TimedAnswer.Script() {
            @Override
            public int steps() {
                return 1;
            }

            @Override
            public long dueNanos(int step) {
                return dueNanos;
            }

            @Override
            public byte[] bytes(int step) {
                return body;
            }

            @Override
            public boolean breaks() {
                return breaks;
            }
        };
    }

    private void send(HttpServerExchange exchange, byte[] body) {
        whole(exchange, body, body.length, 0);
    }

    private void refuse(HttpServerExchange exchange, int status, String message, String code) {
        exchange.setStatusCode(status);
        send(exchange, Wire.error(status, message, code));
    }

    private long seconds() {
        return clock.instant().getEpochSecond();
    }
}
