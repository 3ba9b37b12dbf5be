package dev.writ.server;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.engine.routing.TargetStates;
import dev.writ.engine.routing.TargetView;
import dev.writ.engine.routing.TrialView;
import dev.writ.server.audit.DecisionLog;
import dev.writ.server.http.FrontDoor;
import dev.writ.server.http.Management;
import dev.writ.server.identity.IdentityView;
import dev.writ.server.identity.KeyRing;
import dev.writ.server.live.DataFolder;
import dev.writ.server.live.PolicyRefused;
import dev.writ.server.live.ReloadJson;
import dev.writ.server.live.ReloadOutcome;
import dev.writ.server.live.ReloadStatus;
import dev.writ.server.live.Reloader;
import dev.writ.server.pipeline.BodyBudget;
import dev.writ.server.pipeline.DeniedAnswers;
import dev.writ.server.pipeline.GatewayPipeline;
import dev.writ.server.pipeline.Mirrors;
import dev.writ.server.serving.ServingCompiler;
import dev.writ.server.serving.ServingPolicy;
import dev.writ.server.simulated.SimulatedProviders;
import dev.writ.server.upstream.UpstreamClient;
import dev.writ.server.upstream.UpstreamLimits;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.HttpContinueReadHandler;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;

/// A running gateway: two addresses, one policy that may change, upstream calls. Everything that it
/// needs it makes here, from top to bottom.
public final class Gateway implements AutoCloseable {
    /// The most of a request's head, in bytes, and how many headers.
    static final int HEAD_BYTES_MAX = 64 * 1024;

    static final int HEADERS_MAX = 200;

    /// Copies of requests that are under way at a time, and the bodies that they hold.
    static final int MIRRORS_MAX = 100;

    private static final long MIRROR_BYTES_MAX = 32L * 1024 * 1024;
    private static final int HEAD_MILLIS_MAX = 20_000;
    private static final int IDLE_MILLIS_MAX = 120_000;
    private static final long NO_LIMIT = -1;
    private static final int BACKLOG = 10_000;
    private static final int READ_BYTES = 16 * 1024;

    private final GatewayOptions options;
    private final InstantSource clock;
    private final DataFolder data;
    private final TargetStates targets = new TargetStates(System::nanoTime);
    private final DeniedAnswers deniedAnswers = new DeniedAnswers();
    private final Simulated simulated;
    private final KeyRing keyRing;
    private final UpstreamClient upstreams;
    private final DecisionLog decisions;
    private final Reloader<ServingPolicy> reloader;
    private final Mirrors mirrors;
    private final FrontDoor frontDoor;
    private final Undertow server;

    /// Starts a gateway; it serves when this returns.
    ///
    /// @param listener is told of each attempt to change the policy
    /// @throws PolicyRefused if there is no policy to begin with
    /// @throws IOException with a sentence for people, if a folder or an address cannot be used
    public static Gateway start(GatewayOptions options, Consumer<ReloadOutcome> listener)
            throws PolicyRefused, IOException {
        DataFolder data = DataFolder.open(options.data());
        try {
            return new Gateway(options, data, listener);
        } catch (PolicyRefused | IOException | RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private Gateway(GatewayOptions options, DataFolder data, Consumer<ReloadOutcome> listener)
            throws PolicyRefused, IOException {
        this.options = options;
        this.data = data;
        this.clock = InstantSource.system();
        this.simulated = new Simulated(clock);
        this.keyRing = new KeyRing(options.trust(), options.keys(), clock, System::nanoTime);
        List<AutoCloseable> begun = new ArrayList<>(List.of(simulated, keyRing));
        boolean started = false;
        try {
            reloader =
                    Reloader.start(
                            options.origin(),
                            new ServingCompiler(
                                    targets,
                                    simulated::get,
                                    keyRing,
                                    options.environment(),
                                    options.ioThreads()),
                            data,
                            clock,
                            listener);
            begun.add(reloader);
            upstreams =
                    UpstreamClient.start(UpstreamLimits.DEFAULT, options.trust(), System::nanoTime);
            begun.add(upstreams);
            decisions = DecisionLog.open(data.folder("decisions"), clock);
            begun.add(decisions);
            mirrors =
                    new Mirrors(
                            upstreams, MIRRORS_MAX, new BodyBudget(MIRROR_BYTES_MAX), decisions);
            frontDoor =
                    new FrontDoor(
                            reloader.current(),
                            new GatewayPipeline(
                                    upstreams,
                                    mirrors,
                                    new BodyBudget(options.heldBytesMax()),
                                    options.limits(),
                                    clock,
                                    deniedAnswers,
                                    decisions),
                            System::nanoTime,
                            options.requestsMax());
            server = server(options, frontDoor, management(data.managementToken()));
            started = true;
        } finally {
            if (!started) {
                begun.reversed().forEach(Gateway::close);
            }
        }
    }

    private Management management(String token) {
        return new Management(token, this::writeStatus, reloader::reload);
    }

    private static Undertow server(
            GatewayOptions options, FrontDoor frontDoor, Management management) throws IOException {
        Undertow server =
                Undertow.builder()
                        .setIoThreads(options.ioThreads())
                        .setWorkerThreads(Math.max(2, options.ioThreads()))
                        .setBufferSize(READ_BYTES)
                        .setDirectBuffers(true)
                        .setSocketOption(Options.BACKLOG, BACKLOG)
                        .setSocketOption(Options.TCP_NODELAY, true)
                        .setSocketOption(Options.REUSE_ADDRESSES, true)
                        .setServerOption(UndertowOptions.MAX_HEADER_SIZE, HEAD_BYTES_MAX)
                        .setServerOption(UndertowOptions.MAX_HEADERS, HEADERS_MAX)
                        .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEAD_MILLIS_MAX)
                        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS_MAX)
                        .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                        // The pipeline has a limit of its own, with an answer of its own.
                        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, NO_LIMIT)
                        .addListener(
                                listener(options.host(), options.port())
                                        .setRootHandler(new HttpContinueReadHandler(frontDoor)))
                        .addListener(
                                listener(options.adminHost(), options.adminPort())
                                        .setRootHandler(management))
                        .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            server.stop();
            throw new IOException(
                    "cannot listen on %s:%d and %s:%d: %s"
                            .formatted(
                                    options.host(),
                                    options.port(),
                                    options.adminHost(),
                                    options.adminPort(),
                                    reason(e)),
                    e);
        }
        return server;
    }

    private static Undertow.ListenerBuilder listener(String host, int port) {
        return new Undertow.ListenerBuilder()
                .setType(Undertow.ListenerType.HTTP)
                .setHost(host)
                .setPort(port);
    }

    private static @Nullable String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    /// Returns the port that clients connect to.
    public int port() {
        return port(0);
    }

    /// Returns the port that management calls come to.
    public int adminPort() {
        return port(1);
    }

    private int port(int listener) {
        return ((InetSocketAddress) server.getListenerInfo().get(listener).getAddress()).getPort();
    }

    /// Returns what serves and what came of the last attempt to change it.
    public ReloadStatus status() {
        return reloader.status();
    }

    /// Reads the policy again, whether it changed or not. It blocks.
    public ReloadOutcome reload() {
        return reloader.reload();
    }

    private void writeStatus(JsonGenerator json) throws IOException {
        ReloadJson.writeFields(json, reloader.status());
        json.writeNumberField("requests_under_way", frontDoor.underWay());
        json.writeNumberField("answers_refused", deniedAnswers.refused());
        json.writeNumberField("answers_cut", deniedAnswers.cut());
        json.writeNumberField("mirrors_under_way", mirrors.underWay());
        json.writeNumberField("mirrors_skipped", mirrors.skipped());
        json.writeNumberField("decision_records_dropped", decisions.dropped());
        json.writeArrayFieldStart("canaries");
        for (TrialView trial : reloader.current().get().trials().view()) {
            json.writeStartObject();
            json.writeStringField("pool", trial.pool());
            json.writeStringField("model", trial.model());
            json.writeNumberField("share_percent", BigDecimal.valueOf(trial.basisPoints(), 2));
            json.writeNumberField("requests", trial.requests());
            json.writeNumberField("failures", trial.failures());
            json.writeBooleanField("stopped", trial.stopped());
            json.writeEndObject();
        }
        json.writeEndArray();
        identities(json, reloader.current().get().identities().view());
        json.writeArrayFieldStart("targets");
        for (TargetView target : targets.view()) {
            json.writeStartObject();
            json.writeStringField("provider", target.provider());
            json.writeStringField("model", target.model());
            json.writeNumberField("in_flight", target.inFlight());
            json.writeNumberField("latency_micros", target.latencyMicros());
            json.writeStringField(
                    "breaker", target.breaker().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void identities(JsonGenerator json, List<IdentityView> identities)
            throws IOException {
        json.writeArrayFieldStart("identities");
        for (IdentityView identity : identities) {
            json.writeStartObject();
            json.writeStringField("name", identity.name());
            json.writeStringField("issuer", identity.issuer());
            json.writeNumberField("keys", identity.keys());
            Instant fetchedAt = identity.fetchedAt();
            json.writeStringField("fetched_at", fetchedAt == null ? null : fetchedAt.toString());
            json.writeStringField("problem", identity.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// Refuses new requests, gives those under way time to end, then stops.
    @Override
    public void close() {
        frontDoor.stop();
        long deadline = System.nanoTime() + options.stopTime().toNanos();
        while (frontDoor.underWay() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        mirrors.close();
        while (mirrors.underWay() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        server.stop();
        List.of(reloader, keyRing, upstreams, decisions, simulated, data).forEach(Gateway::close);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.getLogger("dev.writ.gateway")
                    .log(
                            System.Logger.Level.WARNING,
                            "could not close {0}: {1}",
                            part.getClass().getSimpleName(),
                            e.getClass().getSimpleName());
        }
    }

    /// The listener behind simulated providers, started when a policy first has one.
    private static final class Simulated implements AutoCloseable {
        private final InstantSource clock;
        private @Nullable SimulatedProviders providers;

        Simulated(InstantSource clock) {
            this.clock = clock;
        }

        synchronized SimulatedProviders get() {
            SimulatedProviders running = providers;
            if (running == null) {
                running = SimulatedProviders.start(clock, System::nanoTime);
                providers = running;
            }
            return running;
        }

        @Override
        public synchronized void close() {
            if (providers != null) {
                providers.close();
            }
        }
    }
}
