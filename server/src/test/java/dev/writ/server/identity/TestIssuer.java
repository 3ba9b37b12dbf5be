package dev.writ.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An issuer on a real socket: it signs tokens, and publishes the keys that a test tells it to.
public final class TestIssuer implements AutoCloseable {
    /// A key that is made once, for it takes a while.
    public static final RSAKey RSA = rsa("rsa-1");

    public static final ECKey EC = ec("ec-1", Curve.P_256);

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private volatile @Nullable CountDownLatch held;

    /// What is answered.
    private record Answer(int status, String body, Map<String, String> headers) {}

    private TestIssuer(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        describe(issuer(), url("/keys"));
        publish(RSA, EC);
    }

    /// Starts one on a free port, or on one that was free before.
    ///
    /// @param port 0 for any
    public static TestIssuer start(int port) throws IOException {
        return new TestIssuer(HttpServer.create(address(port), 0), "http");
    }

    /// Starts one that is spoken to over TLS.
    static TestIssuer startWith(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(address(0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new TestIssuer(server, "https");
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ECKey ec(String id, Curve curve) {
        try {
            return new ECKeyGenerator(curve).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String url(String path) {
        return "%s://127.0.0.1:%d%s".formatted(scheme, server.getAddress().getPort(), path);
    }

    /// Returns what its tokens have in `iss`.
    public String issuer() {
        return url("/realms/acme/");
    }

    /// Publishes these keys from now on, without their private halves.
    public void publish(JWK... keys) {
        answer("/keys", 200, new JWKSet(List.of(keys)).toString());
    }

    /// Says of itself who it is and where its keys are.
    void describe(String issuer, String keys) {
        answer(
                "/realms/acme/.well-known/openid-configuration",
                200,
                "{\"issuer\":\"%s\",\"scopes_supported\":[\"openid\"],\"jwks_uri\":\"%s\"}"
                        .formatted(issuer, keys));
    }

    /// Answers a path so from now on.
    public void answer(String path, int status, String body, String... headers) {
        Map<String, String> named = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            named.put(headers[i], headers[i + 1]);
        }
        answers.put(path, new Answer(status, body, named));
    }

    /// Answers nothing until [#release].
    public void hold() {
        held = new CountDownLatch(1);
    }

    public void release() {
        CountDownLatch latch = held;
        held = null;
        if (latch != null) {
            latch.countDown();
        }
    }

    /// Waits until it is asked for something, and returns the path.
    public @Nullable String nextAsked() throws InterruptedException {
        return asked.poll(30, TimeUnit.SECONDS);
    }

    /// Returns what it was asked that [#nextAsked] has not returned yet.
    public List<String> asked() {
        return new ArrayList<>(asked);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        try {
            CountDownLatch latch = held;
            if (latch != null) {
                latch.await();
            }
            Answer answer = answers.getOrDefault(path, new Answer(404, "", Map.of()));
            answer.headers.forEach(exchange.getResponseHeaders()::set);
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } finally {
            exchange.close();
        }
    }

    // ── Tokens ───────────────────────────────────────────────────────────────────────────────

    /// Returns claims of a token for `writ` that is good for a minute, with others in their place
    /// or beside them; null takes one away.
    public Map<String, Object> claims(@Nullable Object... namesAndValues) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", issuer());
        claims.put("aud", "writ");
        claims.put("sub", "ada@acme.example");
        claims.put("exp", now + 60);
        claims.put("nbf", now - 1);
        claims.put("groups", List.of("dev"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value == null) {
                claims.remove(String.valueOf(namesAndValues[i]));
            } else {
                claims.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return claims;
    }

    /// Returns a token with [#claims], signed with [#RSA].
    public String token(@Nullable Object... namesAndValues) throws JOSEException {
        return signed(RSA, JWSAlgorithm.RS256, claims(namesAndValues));
    }

    public static String signed(JWK key, JWSAlgorithm algorithm, Map<String, Object> claims)
            throws JOSEException {
        return signed(key, new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), claims);
    }

    public static String signed(JWK key, JWSHeader header, Map<String, Object> claims)
            throws JOSEException {
        JWSObject token = new JWSObject(header, new Payload(claims));
        token.sign(
                key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey()));
        return token.serialize();
    }

    @Override
    public void close() {
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
