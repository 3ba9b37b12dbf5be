package dev.writ.server;

import dev.writ.server.identity.KeyLimits;
import dev.writ.server.live.PolicyOrigin;
import dev.writ.server.pipeline.GatewayLimits;
import dev.writ.server.upstream.UpstreamTrust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// How a gateway is started.
///
/// @param origin where its policy comes from
/// @param host address of this machine that clients connect to
/// @param port 0 for any that is free
/// @param adminHost address of this machine that management calls come to
/// @param adminPort 0 for any that is free
/// @param data folder that holds what must outlive the gateway
/// @param environment of the process, where secrets are
/// @param ioThreads at least 1
/// @param limits of one request
/// @param requestsMax how many requests may be under way at a time
/// @param heldBytesMax how many bytes of request bodies are held at a time
/// @param trust whose certificates providers and issuers may show
/// @param keys how keys of issuers are fetched and kept
/// @param stopTime how long requests may take to end when the gateway is stopped
public record GatewayOptions(
        PolicyOrigin origin,
        String host,
        int port,
        String adminHost,
        int adminPort,
        Path data,
        Map<String, String> environment,
        int ioThreads,
        GatewayLimits limits,
        int requestsMax,
        long heldBytesMax,
        UpstreamTrust trust,
        KeyLimits keys,
        Duration stopTime) {
    /// Only programs of this machine reach it, unless the user says otherwise.
    public static final String LOOPBACK = "127.0.0.1";

    public static final int PORT_DEFAULT = 8080;
    public static final int ADMIN_PORT_DEFAULT = 8081;
    public static final int REQUESTS_MAX_DEFAULT = 20_000;
    public static final Duration STOP_TIME_DEFAULT = Duration.ofSeconds(20);

    /// The share of the heap that request bodies may take.
    private static final int HEAP_SHARE = 4;

    public GatewayOptions {
        environment = Map.copyOf(environment);
        if (ioThreads < 1 || requestsMax < 1 || heldBytesMax < 1) {
            throw new IllegalArgumentException("a limit must be positive");
        }
    }

    /// Returns the options that nobody has to think about.
    public static GatewayOptions of(
            PolicyOrigin origin, Path data, Map<String, String> environment) {
        return new GatewayOptions(
                origin,
                LOOPBACK,
                PORT_DEFAULT,
                LOOPBACK,
                ADMIN_PORT_DEFAULT,
                data,
                environment,
                Math.max(1, Runtime.getRuntime().availableProcessors()),
                GatewayLimits.DEFAULT,
                REQUESTS_MAX_DEFAULT,
                Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_SHARE),
                UpstreamTrust.JDK,
                KeyLimits.DEFAULT,
                STOP_TIME_DEFAULT);
    }

    /// Returns this with other addresses.
    public GatewayOptions at(String newHost, int newPort, String newAdminHost, int newAdminPort) {
        return new GatewayOptions(
                origin,
                newHost,
                newPort,
                newAdminHost,
                newAdminPort,
                data,
                environment,
                ioThreads,
                limits,
                requestsMax,
                heldBytesMax,
                trust,
                keys,
                stopTime);
    }

    /// Returns this with other limits.
    public GatewayOptions within(
            int newIoThreads, GatewayLimits newLimits, int newRequestsMax, long newHeldBytesMax) {
        return new GatewayOptions(
                origin,
                host,
                port,
                adminHost,
                adminPort,
                data,
                environment,
                newIoThreads,
                newLimits,
                newRequestsMax,
                newHeldBytesMax,
                trust,
                keys,
                stopTime);
    }

    /// Returns this with other trust in providers and another time to stop.
    public GatewayOptions with(UpstreamTrust newTrust, Duration newStopTime) {
        return new GatewayOptions(
                origin,
                host,
                port,
                adminHost,
                adminPort,
                data,
                environment,
                ioThreads,
                limits,
                requestsMax,
                heldBytesMax,
                newTrust,
                keys,
                newStopTime);
    }

    /// Returns this with other limits of keys of issuers.
    public GatewayOptions with(KeyLimits newKeys) {
        return new GatewayOptions(
                origin,
                host,
                port,
                adminHost,
                adminPort,
                data,
                environment,
                ioThreads,
                limits,
                requestsMax,
                heldBytesMax,
                trust,
                newKeys,
                stopTime);
    }
}
