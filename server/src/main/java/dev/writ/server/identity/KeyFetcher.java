package dev.writ.server.identity;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.writ.server.upstream.UpstreamTrust;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Fetches the keys of issuers, from the addresses that stand in a policy and no others: what an
/// issuer says of its keys counts only at its own host, and nobody is followed elsewhere.
///
/// Source: OpenID Connect Discovery 1.0, section 4.
final class KeyFetcher implements AutoCloseable {
    /// The largest answer, in bytes.
    static final int ANSWER_BYTES_MAX = 256 * 1024;

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int OK = 200;
    private static final JsonFactory JSON = new JsonFactory();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;
    private final Duration time;

    /// @param time that a request may take, from the first to the last
    KeyFetcher(UpstreamTrust trust, Duration time) {
        this.time = time;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(time)
                        .sslContext(trust.context())
                        .executor(threads)
                        .build();
    }

    /// Fetches the keys of an issuer.
    ///
    /// @param jwks where they are; null to ask the issuer
    KeySet fetch(String issuer, @Nullable String jwks)
            throws KeysUnavailable, InterruptedException {
        URI keys = jwks == null ? discovered(URI.create(issuer), issuer) : URI.create(jwks);
        try {
            return KeySet.parse(get(keys));
        } catch (KeysUnavailable e) {
            throw new KeysUnavailable("%s (%s)".formatted(e.why(), shown(keys)));
        }
    }

    private URI discovered(URI issuer, String written)
            throws KeysUnavailable, InterruptedException {
        String base = written.endsWith("/") ? written.substring(0, written.length() - 1) : written;
        URI description = URI.create(base + DISCOVERY);
        Map<String, String> said;
        try {
            said = texts(get(description));
        } catch (KeysUnavailable e) {
            throw new KeysUnavailable("%s (%s)".formatted(e.why(), shown(description)));
        }
        if (!written.equals(said.get("issuer"))) {
            throw new KeysUnavailable(
                    "%s describes another issuer; write it letter for letter as there"
                            .formatted(shown(description)));
        }
        URI keys = parsed(said.get("jwks_uri"));
        if (keys == null) {
            throw new KeysUnavailable(
                    "%s does not say where the keys are".formatted(shown(description)));
        }
        if (!origin(keys).equals(origin(issuer))) {
            throw new KeysUnavailable(
                    "the issuer keeps its keys at another host; if that is right, write `jwks \"%s\"`"
                            .formatted(shown(keys)));
        }
        return keys;
    }

    private static @Nullable URI parsed(@Nullable String text) {
        try {
            URI uri = text == null ? null : URI.create(text);
            return uri == null || uri.getHost() == null ? null : uri;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// Returns scheme, host and port.
    private static String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    /// Returns the address without what may be secret in it.
    private static String shown(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getHost() + port + path;
    }

    private String get(URI uri) throws KeysUnavailable, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(time)
                        .header("accept", "application/json")
                        .header("user-agent", "writ")
                        .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            HttpResponse<byte[]> come = answer.get(time.toNanos(), TimeUnit.NANOSECONDS);
            if (come.statusCode() != OK) {
                boolean elsewhere = come.statusCode() / 100 == 3;
                throw new KeysUnavailable(
                        "the answer is %d%s"
                                .formatted(
                                        come.statusCode(),
                                        elsewhere ? ", and redirects are not followed" : ""));
            }
            return new String(come.body(), StandardCharsets.UTF_8);
        } catch (TimeoutException _) {
            throw new KeysUnavailable("there is no answer in time");
        } catch (ExecutionException e) {
            throw new KeysUnavailable(why(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private static String why(@Nullable Throwable failure) {
        return switch (failure) {
            case SSLException _ -> "there is no connection that can be trusted";
            case ConnectException _, UnresolvedAddressException _ -> "it cannot be reached";
            case java.net.http.HttpTimeoutException _ -> "there is no answer in time";
            case IOException io when String.valueOf(io.getMessage()).contains("capacity") ->
                    "the answer is larger than %,d bytes".formatted(ANSWER_BYTES_MAX);
            case null, default -> "the answer breaks off";
        };
    }

    /// Returns the texts of a JSON object.
    private static Map<String, String> texts(String json) throws KeysUnavailable {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new KeysUnavailable("the answer is no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    texts.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException _) {
            throw new KeysUnavailable("the answer is no JSON object");
        }
        return texts;
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
