package dev.writ.server;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.server.live.PolicyOrigin;
import dev.writ.server.live.PolicyRefused;
import dev.writ.server.pipeline.GatewayLimits;
import dev.writ.server.upstream.UpstreamTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A gateway on ephemeral ports, with a policy in a folder of its own, and a client.
final class TestGateway implements AutoCloseable {
    /// The clear text of the key of `team dev` in [#TEAM].
    static final String KEY = "test";

    /// A team that may use the route `chat` with [#KEY].
    static final String TEAM =
            """
            team dev {
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }
            """;

    static final String HELLO =
            "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    final Gateway gateway;
    final Path policy;
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestGateway(Gateway gateway, Path policy) {
        this.gateway = gateway;
        this.policy = policy;
    }

    static TestGateway start(Path temp, String policyText) throws Exception {
        return start(temp, policyText, options -> options);
    }

    static TestGateway start(Path temp, String policyText, UnaryOperator<GatewayOptions> change)
            throws Exception {
        Path folder = Files.createTempDirectory(temp, "gateway-");
        Path policy = Files.writeString(folder.resolve("test.writ"), policyText);
        GatewayOptions options =
                GatewayOptions.of(
                                new PolicyOrigin.OfPath(policy),
                                folder.resolve("data"),
                                Map.of("OPENAI_KEY", "sk-upstream"))
                        .at(GatewayOptions.LOOPBACK, 0, GatewayOptions.LOOPBACK, 0)
                        .with(UpstreamTrust.JDK, Duration.ofSeconds(5));
        try {
            return new TestGateway(Gateway.start(change.apply(options), _ -> {}), policy);
        } catch (PolicyRefused e) {
            throw new AssertionError(
                    e.outcome().diagnostics().stream().map(Diagnostic::headline).toList()
                            + " "
                            + e.outcome().problems(),
                    e);
        }
    }

    /// Returns a policy with one provider at `url` and a route `chat` to its model.
    static String policy(String url) {
        return """
        policy "test" language 1
        secret OPENAI_KEY from env
        provider up { kind openai-compatible  url "%s"  region eu  key OPENAI_KEY  timeout 5s }
        model small on up "small-1" { price $1.00 in, $2.00 out per 1M tokens }
        route chat { only otherwise -> small }
        """
                        .formatted(url)
                + TEAM;
    }

    static GatewayOptions within(GatewayOptions options, GatewayLimits limits) {
        return options.within(
                options.ioThreads(), limits, options.requestsMax(), options.heldBytesMax());
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(gateway.port(), path));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url(path))
                .header("authorization", "Bearer " + KEY)
                .timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(path)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> chat(String body) throws IOException, InterruptedException {
        return post("/v1/chat/completions", body);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Sends a chat as a client that can leave before the answer: by closing the socket.
    Socket send(String body) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        ask(client, body);
        return client;
    }

    /// Sends a chat on a connection.
    static void ask(Socket client, String body) throws IOException {
        client.getOutputStream()
                .write(
                        """
                        POST /v1/chat/completions HTTP/1.1\r
                        host: x\r
                        authorization: Bearer %s\r
                        content-length: %d\r
                        \r
                        %s"""
                                .formatted(KEY, body.length(), body)
                                .getBytes(StandardCharsets.UTF_8));
    }

    /// Returns the clear text of the token of the management API.
    String adminToken() throws IOException {
        return Files.readString(policy.resolveSibling("data").resolve("admin.token")).strip();
    }

    /// Returns an address of the management API.
    URI adminUrl(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(gateway.adminPort(), path));
    }

    /// Returns what the management API says of the gateway's state.
    String status() throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(adminUrl("/writ/status"))
                                .header("authorization", "Bearer " + adminToken())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /// Ends the gateway and returns the decision records that it wrote.
    List<String> records() throws IOException {
        gateway.close();
        Path file = policy.resolveSibling("data").resolve("decisions/decisions.jsonl");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /// Returns the headers that begin with `x-writ-`.
    static Map<String, String> writHeaders(HttpResponse<?> answer) {
        Map<String, String> found = new HashMap<>();
        answer.headers()
                .map()
                .forEach(
                        (name, values) -> {
                            if (name.startsWith("x-writ-")) {
                                found.put(name, values.getFirst());
                            }
                        });
        return found;
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        gateway.close();
    }
}
