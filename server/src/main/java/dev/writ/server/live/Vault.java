package dev.writ.server.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.writ.dsl.policy.Policy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Reads fields of secrets from HashiCorp Vault's secrets engine KV, version 2.
///
/// Where it is and how to be let in stands in the variables that Vault's own tools read. Each path
/// is asked for once; when the vault itself cannot be asked, it is not asked again. One vault
/// serves one reading of a policy's secrets, on one thread, and may be waited for.
///
/// Source: HashiCorp, Vault, KV secrets engine version 2 (API).
final class Vault implements AutoCloseable {
    static final String ADDRESS = "VAULT_ADDR";
    static final String TOKEN = "VAULT_TOKEN";
    static final String TOKEN_FILE = "VAULT_TOKEN_FILE";
    static final String NAMESPACE = "VAULT_NAMESPACE";
    static final String AUTHORITIES = "VAULT_CACERT";

    /// The largest answer, and the largest file with a token or certificates, in bytes.
    static final int BYTES_MAX = 1024 * 1024;

    /// All answers together may take so many times as long as one.
    private static final int ALL_TIMES = 3;

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> environment;
    private final Duration timeMax;
    private final long endNanos;
    private final Map<String, Answer> answers = new HashMap<>();
    private @Nullable HttpClient client;

    /// Why nothing can be asked; null as long as it can.
    private @Nullable String closed;

    /// What the vault has of a secret, or why that is not known.
    sealed interface Answer {
        /// The fields that are texts, and whether another is there too.
        record Fields(Map<String, String> texts, boolean hasOthers) implements Answer {}

        /// Why not, as the rest of a sentence about the secret's place.
        record Problem(String why) implements Answer {}
    }

    /// @param environment of the process
    /// @param timeMax for each answer
    Vault(Map<String, String> environment, Duration timeMax) {
        this.environment = environment;
        this.timeMax = timeMax;
        this.endNanos = System.nanoTime() + ALL_TIMES * timeMax.toNanos();
    }

    /// Returns what the vault has at the place of a secret.
    Answer read(Policy.Secret.FromVault secret) {
        String path = secret.mount() + "/" + secret.path();
        Answer known = answers.get(path);
        if (known == null) {
            known = closed == null ? ask(secret) : new Answer.Problem(closed);
            answers.put(path, known);
        }
        return known;
    }

    private Answer ask(Policy.Secret.FromVault secret) {
        try {
            if (System.nanoTime() - endNanos > 0) {
                throw new Closed("is not waited for: the vault takes too long for all secrets");
            }
            HttpRequest request = request(secret);
            HttpClient asking = client;
            if (asking == null) {
                asking = client();
                client = asking;
            }
            return answer(secret, send(asking, request));
        } catch (Closed e) {
            closed = e.why();
            return new Answer.Problem(e.why());
        }
    }

    // ── Asking ───────────────────────────────────────────────────────────────────────────────

    /// The vault cannot be asked for anything.
    private static final class Closed extends Exception {
        private static final long serialVersionUID = 1L;

        Closed(String why) {
            super(why);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    private HttpRequest request(Policy.Secret.FromVault secret) throws Closed {
        URI address = address();
        String base = address.getPath() == null ? "" : address.getPath();
        while (base.endsWith("/")) {
            base = base.substring(0, base.length() - 1);
        }
        URI uri;
        try {
            uri =
                    new URI(
                            address.getScheme(),
                            null,
                            address.getHost(),
                            address.getPort(),
                            "%s/v1/%s/data/%s".formatted(base, secret.mount(), secret.path()),
                            null,
                            null);
        } catch (URISyntaxException e) {
            throw new Closed("cannot be asked for: `%s` is no address".formatted(ADDRESS));
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(timeMax)
                        .header("x-vault-request", "true")
                        .header("x-vault-token", token());
        String namespace = environment.getOrDefault(NAMESPACE, "").strip();
        if (!namespace.isEmpty()) {
            request.header("x-vault-namespace", headerValue(namespace, NAMESPACE));
        }
        return request.build();
    }

    private URI address() throws Closed {
        String written = environment.getOrDefault(ADDRESS, "").strip();
        if (written.isEmpty()) {
            throw new Closed(
                    "cannot be asked for: `%s` is not set; set it like https://vault.example.com:8200"
                            .formatted(ADDRESS));
        }
        URI address;
        try {
            address = new URI(written);
        } catch (URISyntaxException e) {
            address = URI.create("");
        }
        String scheme = String.valueOf(address.getScheme());
        boolean isHttp = scheme.equalsIgnoreCase("http");
        if (address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || !(isHttp || scheme.equalsIgnoreCase("https"))) {
            throw new Closed(
                    "cannot be asked for: `%s` is no address such as https://vault.example.com:8200"
                            .formatted(ADDRESS));
        }
        if (isHttp && !isLoopback(address.getHost())) {
            throw new Closed(
                    "is not asked for: `%s` is http to another machine, which would show the token to the network; use https"
                            .formatted(ADDRESS));
        }
        return address;
    }

    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        boolean isSix = host.startsWith("[");
        try {
            return InetAddress.ofLiteral(isSix ? host.substring(1, host.length() - 1) : host)
                    .isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String token() throws Closed {
        String token = environment.getOrDefault(TOKEN, "").strip();
        if (!token.isEmpty()) {
            return headerValue(token, TOKEN);
        }
        String file = environment.getOrDefault(TOKEN_FILE, "").strip();
        if (file.isEmpty()) {
            throw new Closed(
                    "cannot be asked for: set `%s`, or `%s` to a file with the token"
                            .formatted(TOKEN, TOKEN_FILE));
        }
        byte[] bytes = bytes(Path.of(file).toAbsolutePath(), TOKEN_FILE);
        return headerValue(new String(bytes, StandardCharsets.UTF_8).strip(), TOKEN_FILE);
    }

    private static byte[] bytes(Path file, String variable) throws Closed {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length <= BYTES_MAX) {
                return bytes;
            }
        } catch (IOException e) {
            // told below
        }
        throw new Closed(
                "cannot be asked for: the file `%s` of `%s` cannot be read"
                        .formatted(file, variable));
    }

    private static String headerValue(String value, String variable) throws Closed {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new Closed(
                    "cannot be asked for: `%s` is empty or has characters that no %s can have"
                            .formatted(
                                    variable, variable.equals(NAMESPACE) ? "namespace" : "token"));
        }
        return value;
    }

    private HttpClient client() throws Closed {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeMax);
        String authorities = environment.getOrDefault(AUTHORITIES, "").strip();
        if (!authorities.isEmpty()) {
            builder.sslContext(trusting(Path.of(authorities).toAbsolutePath()));
        }
        return builder.build();
    }

    private static SSLContext trusting(Path file) throws Closed {
        byte[] pem = bytes(file, AUTHORITIES);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))) {
                store.setCertificateEntry("authority-" + number++, each);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new Closed(
                    "cannot be asked for: the file `%s` of `%s` holds no certificates"
                            .formatted(file, AUTHORITIES));
        }
    }

    private HttpResponse<byte[]> send(HttpClient asking, HttpRequest request) throws Closed {
        CompletableFuture<HttpResponse<byte[]>> answer =
                asking.sendAsync(
                        request,
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), BYTES_MAX));
        String where = request.uri().getScheme() + "://" + request.uri().getRawAuthority();
        try {
            return answer.get(timeMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Closed(tooSlow(where));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Closed("was not waited for: the gateway is stopping");
        } catch (ExecutionException e) {
            throw new Closed(why(e.getCause(), where));
        } finally {
            answer.cancel(true);
        }
    }

    private String tooSlow(String where) {
        return "did not come: the vault at %s took longer than %d seconds"
                .formatted(where, Math.max(1, timeMax.toSeconds()));
    }

    private String why(@Nullable Throwable cause, String where) {
        return switch (cause) {
            case HttpConnectTimeoutException _ ->
                    "cannot be asked for: the vault at %s cannot be reached".formatted(where);
            case HttpTimeoutException _ -> tooSlow(where);
            case SSLException _ ->
                    "cannot be asked for: the certificate of the vault at %s is not trusted; `%s` names a file with its authority's"
                            .formatted(where, AUTHORITIES);
            case ConnectException _, UnknownHostException _ ->
                    "cannot be asked for: the vault at %s cannot be reached".formatted(where);
            case null, default ->
                    "cannot be read: the vault at %s broke off, or answered more than 1 MiB"
                            .formatted(where);
        };
    }

    // ── Answers ──────────────────────────────────────────────────────────────────────────────

    private static Answer answer(Policy.Secret.FromVault secret, HttpResponse<byte[]> response)
            throws Closed {
        int status = response.statusCode();
        return switch (status) {
            case 200 -> fields(response.body());
            case 404 ->
                    new Answer.Problem(
                            "does not exist: there is no such path, its latest version is deleted, or `%s` is not a KV engine of version 2"
                                    .formatted(secret.mount()));
            case 403 ->
                    new Answer.Problem(
                            "is refused: the token is not valid, or may not read `%s/data/%s`"
                                    .formatted(secret.mount(), secret.path()));
            case 503 -> throw new Closed("cannot be asked for: the vault is sealed, or not ready");
            case 301, 302, 303, 307, 308 ->
                    throw new Closed(
                            "cannot be asked for: the vault sends on to another address; set `%s` to that of the active node"
                                    .formatted(ADDRESS));
            default -> new Answer.Problem("cannot be read: the vault answers %d".formatted(status));
        };
    }

    private static Answer fields(byte[] body) {
        Map<String, String> texts = new TreeMap<>();
        boolean found = false;
        boolean others = false;
        try (JsonParser json = JSON.createParser(body)) {
            if (enters(json, json.nextToken(), "data")
                    && enters(json, json.currentToken(), "data")
                    && json.currentToken() == JsonToken.START_OBJECT) {
                found = true;
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (json.nextToken() == JsonToken.VALUE_STRING) {
                        texts.put(name, json.getText());
                    } else {
                        others = true;
                        json.skipChildren();
                    }
                }
                found &= json.currentToken() == JsonToken.END_OBJECT;
            }
        } catch (IOException e) {
            found = false;
        }
        return found
                ? new Answer.Fields(texts, others)
                : new Answer.Problem(
                        "cannot be read: the vault's answer is none of a KV engine of version 2");
    }

    /// Goes to the value of a member; returns false if there is none.
    private static boolean enters(JsonParser json, @Nullable JsonToken object, String member)
            throws IOException {
        if (object != JsonToken.START_OBJECT) {
            return false;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean is = json.currentName().equals(member);
            json.nextToken();
            if (is) {
                return true;
            }
            json.skipChildren();
        }
        return false;
    }

    @Override
    public void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
