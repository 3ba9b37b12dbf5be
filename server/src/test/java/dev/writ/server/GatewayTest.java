package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The gateway as clients see it, over real sockets in front and behind.
final class GatewayTest {
    private static final String STREAMED =
            "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String STREAM_BROKEN =
            """
            data: {"error":{"message":"The provider's answer broke off.","type":"server_error",\
            "param":null,"code":"stream_broken"}}

            """;
    private static final String DELTA =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";

    @TempDir Path temp;

    @Test
    void passesAnAnswerOnAndTellsHowItCameAbout() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            HttpResponse<String> answer =
                    gateway.post(
                            "/v1/chat/completions", TestGateway.HELLO, "x-request-id", "case-7");
            assertEquals(200, answer.statusCode());
            assertEquals(ScriptedProvider.ANSWER, answer.body());
            Map<String, String> headers = TestGateway.writHeaders(answer);
            assertEquals("case-7", headers.get("x-writ-request-id"));
            assertEquals("chat/only", headers.get("x-writ-route"));
            assertEquals("small", headers.get("x-writ-model"));
            assertEquals("0.00002", headers.get("x-writ-cost-usd"));
            assertEquals(
                    gateway.gateway.status().policyId().substring(0, 12),
                    headers.get("x-writ-policy"));
        }
    }

    @Test
    void changesNothingOfTheBodyButTheModel() throws Exception {
        String body =
                """
                { "x-new": {"deep": [1, 2.50, "\\u00e9", null]}, "model" : "chat",
                  "messages": [{"role":"user","content":[{"type":"text","text":"é"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],
                  "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],
                  "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}}}""";
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            assertEquals(200, gateway.chat(body).statusCode());
            ScriptedProvider.Asked asked = provider.asked().getFirst();
            assertEquals("/v1/chat/completions", asked.path());
            assertEquals(body.replace("\"chat\"", "\"small-1\""), asked.body());
            assertEquals("Bearer sk-upstream", asked.headers().get("authorization"));
        }
    }

    @Test
    void sendsNothingOfTheClientsHeadersToTheProvider() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            gateway.post(
                    "/v1/chat/completions",
                    TestGateway.HELLO,
                    "openai-organization",
                    "org-1",
                    "cookie",
                    "a=b",
                    "x-tier",
                    "gold");
            Map<String, String> headers = provider.asked().getFirst().headers();
            assertFalse(headers.containsKey("openai-organization"), headers.toString());
            assertFalse(headers.containsKey("cookie"), headers.toString());
            assertFalse(headers.containsKey("x-tier"), headers.toString());
        }
    }

    @Test
    void refusesUnknownKeysBeforeItReadsTheBody() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            for (String shown : List.of("Bearer wrong", "Bearer ", "Basic dGVzdA==", "test")) {
                HttpResponse<String> answer =
                        gateway.client.send(
                                HttpRequest.newBuilder(gateway.url("/v1/chat/completions"))
                                        .header("authorization", shown)
                                        .POST(HttpRequest.BodyPublishers.ofString("not json"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertEquals(401, answer.statusCode(), shown);
                assertTrue(answer.body().contains("\"code\":\"invalid_api_key\""), answer.body());
            }
            assertEquals(List.of(), provider.asked());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"none\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | 404 | model_not_found",
                "{\"model\":\"chat\" | 400 | invalid_request",
                "[] | 400 | invalid_request",
                "{\"messages\":[]} | 400 | invalid_request",
            })
    void refusesWhatItCannotServe(String body, int status, String code) throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            HttpResponse<String> answer = gateway.chat(body);
            assertEquals(status, answer.statusCode(), answer.body());
            assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer.body());
            assertEquals(List.of(), provider.asked());
        }
    }

    @Test
    void refusesUnknownPathsAndMethods() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            HttpResponse<String> unknown = gateway.get("/v1/files");
            assertEquals(404, unknown.statusCode());
            String requestId = unknown.headers().firstValue("x-request-id").orElse("");
            assertTrue(requestId.startsWith("req_"), requestId);
            assertEquals(requestId, TestGateway.writHeaders(unknown).get("x-writ-request-id"));
            assertEquals(404, gateway.get("/").statusCode());
            assertEquals(404, gateway.get("/writ/status").statusCode());
            assertEquals(405, gateway.get("/v1/chat/completions").statusCode());
            assertEquals(405, gateway.post("/v1/models", "{}").statusCode());
        }
    }

    @Test
    void decidesAsThePolicySays() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway =
                        TestGateway.start(
                                temp,
                                TestGateway.policy(provider.url())
                                        + """
                                        route other { only otherwise -> small }
                                        rule no-gold on request when request.header("x-tier") else "" is "gold"
                                          deny 451 "No gold."
                                        rule cap on request when request.max_tokens else 0 > 100
                                          set request.max_tokens = 100
                                        """)) {
            HttpResponse<String> gold =
                    gateway.post("/v1/chat/completions", TestGateway.HELLO, "x-tier", "gold");
            assertEquals(451, gold.statusCode());
            assertTrue(gold.body().contains("No gold."), gold.body());
            HttpResponse<String> other =
                    gateway.chat(TestGateway.HELLO.replace("\"chat\"", "\"other\""));
            assertEquals(403, other.statusCode());
            assertTrue(other.body().contains("route_not_granted"), other.body());
            gateway.chat(TestGateway.HELLO.replaceFirst("\\{", "{\"max_tokens\":5000,"));
            assertTrue(
                    provider.asked().getFirst().body().contains("\"max_tokens\":100,"),
                    provider.asked().getFirst().body());
        }
    }

    @Test
    void streamsAsTheProviderDoes() throws Exception {
        try (ScriptedProvider provider =
                        new ScriptedProvider().thenStream(DELTA, DELTA, "data: [DONE]\n\n");
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals(200, answer.statusCode());
            assertEquals(
                    "text/event-stream", answer.headers().firstValue("content-type").orElse(""));
            assertEquals(DELTA + DELTA + "data: [DONE]\n\n", answer.body());
        }
    }

    @Test
    void tellsNoCostOfAStream() throws Exception {
        String usage =
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n";
        try (ScriptedProvider provider =
                        new ScriptedProvider().thenStream(DELTA, usage, "data: [DONE]\n\n");
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            Map<String, String> headers = TestGateway.writHeaders(gateway.chat(STREAMED));
            assertEquals("small", headers.get("x-writ-model"));
            assertFalse(headers.containsKey("x-writ-cost-usd"), headers.toString());
        }
    }

    @Test
    void endsABrokenStreamWithAnErrorEvent() throws Exception {
        try (ScriptedProvider provider =
                        new ScriptedProvider()
                                .then(
                                        exchange -> {
                                            exchange.getResponseHeaders()
                                                    .set("content-type", "text/event-stream");
                                            exchange.sendResponseHeaders(200, 1000);
                                            exchange.getResponseBody()
                                                    .write(
                                                            (DELTA + "data: {\"cho")
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8));
                                            exchange.getResponseBody().flush();
                                        });
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals(200, answer.statusCode());
            assertEquals(DELTA + STREAM_BROKEN, answer.body());
        }
    }

    @Test
    void endsAStreamWithAnErrorEventThatEndsBeforeTheModelDid() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider().thenStream(DELTA);
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            assertEquals(DELTA + STREAM_BROKEN, gateway.chat(STREAMED).body());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300_000})
    void keepsAConnectionToAProviderOpenForTheNextRequest(int characters) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TestGateway gateway =
                        TestGateway.start(
                                temp,
                                TestGateway.policy(
                                        "http://127.0.0.1:%d/v1"
                                                .formatted(listener.getLocalPort())))) {
            String body = TestGateway.HELLO.replace("Hello", "x".repeat(characters));
            CompletableFuture<HttpResponse<String>> first =
                    CompletableFuture.supplyAsync(() -> quietly(() -> gateway.chat(body)));
            try (Socket connection = listener.accept()) {
                answerOneRequest(connection);
                assertEquals(200, first.get().statusCode());
                CompletableFuture<HttpResponse<String>> second =
                        CompletableFuture.supplyAsync(() -> quietly(() -> gateway.chat(body)));
                answerOneRequest(connection);
                assertEquals(200, second.get().statusCode());
            }
        }
    }

    private static <T> T quietly(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answerOneRequest(Socket connection) throws IOException {
        InputStream in = connection.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertTrue(next >= 0, "the gateway closed its side: " + head);
            head.append((char) next);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertTrue(length.find(), head.toString());
        in.readNBytes(Integer.parseInt(length.group(1)));
        connection
                .getOutputStream()
                .write(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                                .formatted(
                                        ScriptedProvider.ANSWER.length(), ScriptedProvider.ANSWER)
                                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fallsBackAsThePoolSays() throws Exception {
        try (ScriptedProvider first =
                        new ScriptedProvider()
                                .then(503, "{}")
                                .then(503, "{}")
                                .then(400, "{\"a\":1}");
                ScriptedProvider second = new ScriptedProvider();
                TestGateway gateway =
                        TestGateway.start(
                                temp,
                                """
                                policy "test" language 1
                                provider a { kind openai-compatible  url "%s"  timeout 5s }
                                provider b { kind openai-compatible  url "%s"  timeout 5s }
                                model one on a "one" {}
                                model two on b "two" {}
                                pool both { first one  then two on overloaded  retry 1 within 5s }
                                route chat { only otherwise -> pool both }
                                """
                                                .formatted(first.url(), second.url())
                                        + TestGateway.TEAM)) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(200, answer.statusCode());
            assertEquals("two", TestGateway.writHeaders(answer).get("x-writ-model"));
            assertEquals(2, first.asked().size());
            assertTrue(second.asked().getFirst().body().contains("\"model\":\"two\""));
            HttpResponse<String> mistake = gateway.chat(TestGateway.HELLO);
            assertEquals(400, mistake.statusCode());
            assertEquals("{\"a\":1}", mistake.body());
            assertEquals(1, second.asked().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, 502, upstream_unauthorized",
        "429, 429, upstream_rate_limited",
        "500, 502, upstream_error",
        "503, 503, upstream_overloaded",
        "302, 502, upstream_error"
    })
    void tellsWhatFailedAtTheProvider(int theirs, int ours, String code) throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider().then(theirs, "{\"secret\":1}");
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(ours, answer.statusCode());
            assertTrue(answer.body().contains(code), answer.body());
            assertFalse(answer.body().contains("secret"), answer.body());
        }
    }

    @Test
    void cancelsTheUpstreamCallOfAClientThatLeaves() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedProvider provider =
                        new ScriptedProvider()
                                .then(
                                        exchange -> {
                                            exchange.getResponseHeaders()
                                                    .set("content-type", "text/event-stream");
                                            exchange.sendResponseHeaders(200, 0);
                                            asked.countDown();
                                            try {
                                                while (true) {
                                                    exchange.getResponseBody()
                                                            .write(
                                                                    DELTA.getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8));
                                                    exchange.getResponseBody().flush();
                                                    Thread.sleep(5);
                                                }
                                            } catch (IOException e) {
                                                gone.countDown();
                                            }
                                        });
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            CompletableFuture<?> call =
                    gateway.client.sendAsync(
                            gateway.request("/v1/chat/completions")
                                    .POST(HttpRequest.BodyPublishers.ofString(STREAMED))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            asked.await();
            call.cancel(true);
            gone.await();
            assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
        }
    }

    @Test
    void waitingRequestsBlockNoIoThread() throws Exception {
        int many = 64;
        CountDownLatch all = new CountDownLatch(many);
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway =
                        TestGateway.start(
                                temp,
                                TestGateway.policy(provider.url()),
                                options ->
                                        options.within(
                                                1,
                                                options.limits(),
                                                options.requestsMax(),
                                                options.heldBytesMax()))) {
            for (int i = 0; i < many; i++) {
                provider.then(
                        exchange -> {
                            // No one is answered before all have been asked.
                            all.countDown();
                            all.await();
                            ScriptedProvider.send(
                                    exchange, 200, "application/json", ScriptedProvider.ANSWER);
                        });
            }
            List<CompletableFuture<HttpResponse<String>>> calls =
                    IntStream.range(0, many)
                            .mapToObj(
                                    _ ->
                                            gateway.client.sendAsync(
                                                    gateway.request("/v1/chat/completions")
                                                            .POST(
                                                                    HttpRequest.BodyPublishers
                                                                            .ofString(
                                                                                    TestGateway
                                                                                            .HELLO))
                                                            .build(),
                                                    HttpResponse.BodyHandlers.ofString()))
                            .toList();
            for (CompletableFuture<HttpResponse<String>> call : calls) {
                assertEquals(200, call.get().statusCode());
            }
        }
    }

    @Test
    void listsTheRoutesThatTheCallerMayUse() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway =
                        TestGateway.start(
                                temp,
                                TestGateway.policy(provider.url())
                                                .replace(
                                                        "route chat {",
                                                        "route chat as \"gpt-x\", \"a/b\" {")
                                        + "route other { only otherwise -> small }\n"
                                        + """
                                        team others {
                                          key k sha256 "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
                                          may use other
                                        }
                                        """)) {
            String list = gateway.get("/v1/models").body();
            assertTrue(list.contains("\"id\":\"chat\""), list);
            assertTrue(list.contains("\"id\":\"gpt-x\""), list);
            assertFalse(list.contains("\"id\":\"other\""), list);
            assertEquals(200, gateway.get("/v1/models/a/b").statusCode());
            assertEquals(404, gateway.get("/v1/models/other").statusCode());
        }
    }

    @Test
    void servesANewPolicyWhileAStreamOfTheOldOneRuns() throws Exception {
        CountDownLatch changed = new CountDownLatch(1);
        try (ScriptedProvider provider =
                        new ScriptedProvider()
                                .then(
                                        exchange -> {
                                            exchange.getResponseHeaders()
                                                    .set("content-type", "text/event-stream");
                                            exchange.sendResponseHeaders(200, 0);
                                            exchange.getResponseBody()
                                                    .write(DELTA.getBytes(StandardCharsets.UTF_8));
                                            exchange.getResponseBody().flush();
                                            changed.await();
                                            exchange.getResponseBody()
                                                    .write(
                                                            "data: [DONE]\n\n"
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8));
                                        });
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()))) {
            HttpResponse<InputStream> stream =
                    gateway.client.send(
                            gateway.request("/v1/chat/completions")
                                    .POST(HttpRequest.BodyPublishers.ofString(STREAMED))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            String before = TestGateway.writHeaders(stream).get("x-writ-policy");
            Files.writeString(
                    gateway.policy,
                    TestGateway.policy(provider.url())
                            + "rule all on request deny 410 \"Gone.\"\n");
            gateway.gateway.reload();
            HttpResponse<String> denied = gateway.chat(TestGateway.HELLO);
            assertEquals(410, denied.statusCode());
            assertNotEquals(before, TestGateway.writHeaders(denied).get("x-writ-policy"));
            Files.writeString(gateway.policy, "policy \"broken\" language 1\nteam {");
            gateway.gateway.reload();
            assertEquals(410, gateway.chat(TestGateway.HELLO).statusCode());
            assertFalse(gateway.gateway.status().upToDate());
            changed.countDown();
            assertEquals(
                    DELTA + "data: [DONE]\n\n",
                    new String(stream.body().readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
