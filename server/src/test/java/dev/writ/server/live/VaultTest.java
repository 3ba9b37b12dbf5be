package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.writ.dsl.policy.Policy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Secrets from a server that speaks as Vault documents it.
final class VaultTest {
    private static final String TOKEN = "hvs.a-token-of-the-test";

    /// What Vault answers to `GET /v1/kv/data/openai`.
    private static final String OPENAI =
            """
            {"request_id":"f1","lease_id":"","renewable":false,"lease_duration":0,
             "data":{"data":{"api-key":"sk-from-vault","org":" acme\\n","count":5},
                     "metadata":{"created_time":"2026-01-05T12:00:00Z","custom_metadata":null,
                                 "deletion_time":"","destroyed":false,"version":3}},
             "wrap_info":null,"warnings":null,"auth":null,"mount_type":"kv"}""";

    @TempDir Path temp;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private HttpServer server = start();

    private static HttpServer start() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Answers a request.
    interface Script {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void letIn() {
        server.setExecutor(threads);
        server.start();
        environment.put("VAULT_ADDR", "http://127.0.0.1:" + server.getAddress().getPort());
        environment.put("VAULT_TOKEN", TOKEN);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void when(Script script) {
        server.createContext(
                "/",
                exchange -> {
                    asked.add(
                            "%s %s %s %s %s"
                                    .formatted(
                                            exchange.getRequestMethod(),
                                            exchange.getRequestURI(),
                                            exchange.getRequestHeaders().getFirst("X-Vault-Token"),
                                            exchange.getRequestHeaders()
                                                    .getFirst("X-Vault-Namespace"),
                                            exchange.getRequestHeaders()
                                                    .getFirst("X-Vault-Request")));
                    try (exchange) {
                        script.answer(exchange);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static Script answers(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        };
    }

    private static Policy.Secret secret(String name, String path, String field) {
        return new Policy.Secret.FromVault(name, "kv", path, field);
    }

    private Secrets.Reading read(Policy.Secret... secrets) {
        return Secrets.read(SecretsTest.policy(secrets), environment, Duration.ofSeconds(20));
    }

    private String problem(Policy.Secret... secrets) {
        Secrets.Reading reading = read(secrets);
        List<String> problems = ((Secrets.Reading.Incomplete) reading).problems();
        assertFalse(problems.toString().contains(TOKEN), problems::toString);
        assertFalse(problems.toString().contains("sk-from-vault"), problems::toString);
        return String.join("\n", problems);
    }

    private static final Policy.Secret KEY = secret("OPENAI", "openai", "api-key");
    private static final String PLACE = "secret `OPENAI`: `kv/openai#api-key` of the vault ";

    @Test
    void readsFieldsAndAsksForEachPathOnce() {
        when(answers(200, OPENAI));
        Policy.Secret org = secret("ORG", "openai", "org");
        Policy.Secret other = secret("OTHER", "team/a b", "api-key");
        Secrets secrets =
                assertInstanceOf(Secrets.Reading.Complete.class, read(KEY, org, other)).secrets();
        assertEquals("sk-from-vault", secrets.value(KEY));
        assertEquals("acme", secrets.value(org));
        assertEquals("sk-from-vault", secrets.value(other));
        assertEquals(
                List.of(
                        "GET /v1/kv/data/openai %s null true".formatted(TOKEN),
                        "GET /v1/kv/data/team/a%%20b %s null true".formatted(TOKEN)),
                asked);
    }

    @Test
    void tellsTheNamespaceAndTakesTheTokenFromAFile() throws IOException {
        when(answers(200, OPENAI));
        environment.remove("VAULT_TOKEN");
        environment.put(
                "VAULT_TOKEN_FILE",
                Files.writeString(temp.resolve("token"), TOKEN + "\n").toString());
        environment.put("VAULT_NAMESPACE", "platform/ai");
        environment.merge("VAULT_ADDR", "/vault/", String::concat);
        assertInstanceOf(Secrets.Reading.Complete.class, read(KEY));
        assertEquals(
                List.of("GET /vault/v1/kv/data/openai %s platform/ai true".formatted(TOKEN)),
                asked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    403 | {"errors":["1 error occurred: permission denied"]} | is refused: the token is not valid, or may not read `kv/data/openai`
                    404 | {"errors":[]} | does not exist: there is no such path, its latest version is deleted, or `kv` is not a KV engine of version 2
                    404 | {"data":{"data":null,"metadata":{"deletion_time":"2026-01-05T12:00:00Z","destroyed":false,"version":1}}} | does not exist: there is no such path, its latest version is deleted, or `kv` is not a KV engine of version 2
                    503 | {"errors":["Vault is sealed"]} | cannot be asked for: the vault is sealed, or not ready
                    307 | | cannot be asked for: the vault sends on to another address; set `VAULT_ADDR` to that of the active node
                    500 | {"errors":["internal error"]} | cannot be read: the vault answers 500
                    200 | {"data":{"api-key":"version one"}} | cannot be read: the vault's answer is none of a KV engine of version 2
                    200 | {"data":{"data":null}} | cannot be read: the vault's answer is none of a KV engine of version 2
                    200 | {"data":{"data":{"api-key":"x" | cannot be read: the vault's answer is none of a KV engine of version 2
                    200 | <html>Welcome!</html> | cannot be read: the vault's answer is none of a KV engine of version 2
                    200 | {"data":{"data":{"key":"x"}}} | has no such field
                    200 | {"data":{"data":{"api-key":{"a":["sk-from-vault"]}}}} | has no such field that is a text
                    200 | {"data":{"data":{"api-key":""}}} | is empty
                    200 | {"data":{"data":{"api-key":"sk-from-vault\\u0007x"}}} | holds characters that no key can have
                    """)
    void saysWhyAndWhatToDo(int status, String body, String why) {
        when(
                exchange -> {
                    exchange.getResponseHeaders().set("location", "http://127.0.0.1:1/");
                    answers(status, body == null ? "" : body).answer(exchange);
                });
        assertEquals(PLACE + why, problem(KEY));
    }

    @Test
    void asksASealedVaultOnce() {
        when(answers(503, "{\"errors\":[\"Vault is sealed\"]}"));
        problem(KEY, secret("A", "a", "b"), secret("B", "b", "b"));
        assertEquals(1, asked.size());
    }

    @Test
    void asksOnWhereOnePathIsRefused() {
        when(
                exchange ->
                        answers(
                                        exchange.getRequestURI().getPath().endsWith("openai")
                                                ? 403
                                                : 200,
                                        OPENAI)
                                .answer(exchange));
        String told = problem(KEY, secret("A", "a", "api-key"));
        assertTrue(told.startsWith(PLACE + "is refused"), told);
        assertFalse(told.contains("`A`"), told);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForALimitedTime(boolean begins) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        when(
                exchange -> {
                    if (begins) {
                        exchange.sendResponseHeaders(200, 0);
                        exchange.getResponseBody().write('{');
                        exchange.getResponseBody().flush();
                    }
                    over.await();
                });
        Secrets.Reading reading =
                Secrets.read(
                        SecretsTest.policy(KEY, secret("A", "a", "b")),
                        environment,
                        Duration.ofMillis(300));
        over.countDown();
        List<String> problems = ((Secrets.Reading.Incomplete) reading).problems();
        assertEquals(
                PLACE
                        + "did not come: the vault at %s took longer than 1 seconds"
                                .formatted(environment.get("VAULT_ADDR")),
                problems.getLast());
        assertEquals(2, problems.size());
        assertEquals(1, asked.size());
    }

    @Test
    void readsUpToTheLimit() {
        List<Integer> sizes = new ArrayList<>(List.of(0, 1));
        when(
                exchange -> {
                    String begin = "{\"data\":{\"data\":{\"api-key\":\"k\",\"x\":\"";
                    String end = "\"}}}";
                    int more =
                            Vault.BYTES_MAX - begin.length() - end.length() + sizes.removeFirst();
                    answers(200, begin + "x".repeat(more) + end).answer(exchange);
                });
        assertInstanceOf(Secrets.Reading.Complete.class, read(KEY));
        assertTrue(problem(KEY).endsWith("broke off, or answered more than 1 MiB"));
    }

    @Test
    void tellsThatNobodyAnswers() {
        server.stop(0);
        assertEquals(
                PLACE
                        + "cannot be asked for: the vault at %s cannot be reached"
                                .formatted(environment.get("VAULT_ADDR")),
                problem(KEY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    VAULT_ADDR       |                         | cannot be asked for: `VAULT_ADDR` is not set; set it like https://vault.example.com:8200
                    VAULT_ADDR       | vault.example.com       | cannot be asked for: `VAULT_ADDR` is no address such as https://vault.example.com:8200
                    VAULT_ADDR       | ftp://vault             | cannot be asked for: `VAULT_ADDR` is no address such as https://vault.example.com:8200
                    VAULT_ADDR       | https://a:b@vault       | cannot be asked for: `VAULT_ADDR` is no address such as https://vault.example.com:8200
                    VAULT_ADDR       | http://vault:8200       | is not asked for: `VAULT_ADDR` is http to another machine, which would show the token to the network; use https
                    VAULT_ADDR       | http://10.0.0.1:8200    | is not asked for: `VAULT_ADDR` is http to another machine, which would show the token to the network; use https
                    VAULT_ADDR       | http://127.0.0.1.x:8200 | is not asked for: `VAULT_ADDR` is http to another machine, which would show the token to the network; use https
                    VAULT_TOKEN      |                         | cannot be asked for: set `VAULT_TOKEN`, or `VAULT_TOKEN_FILE` to a file with the token
                    VAULT_TOKEN      | a b                     | cannot be asked for: `VAULT_TOKEN` is empty or has characters that no token can have
                    VAULT_NAMESPACE  | a b                     | cannot be asked for: `VAULT_NAMESPACE` is empty or has characters that no namespace can have
                    """)
    void tellsWhatIsWrongWithTheEnvironment(String variable, String value, String why) {
        when(answers(200, OPENAI));
        if (value == null) {
            environment.remove(variable);
        } else {
            environment.put(variable, value);
        }
        assertEquals(PLACE + why, problem(KEY));
        assertEquals(List.of(), asked);
    }

    @Test
    void tellsWhichFilesItCannotRead() throws IOException {
        Path none = temp.resolve("none");
        environment.put("VAULT_CACERT", none.toString());
        assertEquals(
                PLACE
                        + "cannot be asked for: the file `%s` of `VAULT_CACERT` cannot be read"
                                .formatted(none),
                problem(KEY));
        environment.put("VAULT_CACERT", Files.writeString(none, "nothing").toString());
        assertEquals(
                PLACE
                        + "cannot be asked for: the file `%s` of `VAULT_CACERT` holds no certificates"
                                .formatted(none),
                problem(KEY));
        environment.remove("VAULT_TOKEN");
        environment.put("VAULT_TOKEN_FILE", temp.resolve("token").toString());
        assertTrue(problem(KEY).endsWith("token` of `VAULT_TOKEN_FILE` cannot be read"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:1",
                "http://[::1]:1",
                "http://127.3.2.1:1",
                "https://127.0.0.1:1"
            })
    void asksThisMachineWithoutTls(String address) {
        environment.put("VAULT_ADDR", address);
        assertEquals(
                PLACE + "cannot be asked for: the vault at %s cannot be reached".formatted(address),
                problem(KEY));
    }
}
