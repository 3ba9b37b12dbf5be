package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.upstream.ScriptedUpstream;
import dev.writ.server.upstream.ScriptedUpstream.Wire;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that go to a second model while the first is silent, over real sockets.
final class HedgesTest {
    private static final String STREAMED =
            "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String ROLE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
    private static final String SAYS_B =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"B\"}}]}\n\n";
    private static final String DONE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    @TempDir Path temp;

    /// Takes requests and says nothing.
    private static final ScriptedUpstream.Script SILENT =
            wire -> {
                wire.readRequest();
                wire.awaitClose();
            };

    private static String json(int status, String body) {
        return ScriptedUpstream.crlf(
                        "HTTP/1.1 %d X\nContent-Type: application/json\nContent-Length: %d\n\n"
                                .formatted(status, body.length()))
                + body;
    }

    private static String events(String events) {
        return ScriptedUpstream.crlf(
                        "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n")
                + chunk(events);
    }

    private static String chunk(String events) {
        return Integer.toHexString(events.length()) + "\r\n" + events + "\r\n";
    }

    private TestGateway gateway(ScriptedUpstream one, ScriptedUpstream two, String pool)
            throws Exception {
        return gateway("http://127.0.0.1:" + one.port(), two, pool);
    }

    private TestGateway gateway(String one, ScriptedUpstream two, String pool) throws Exception {
        return TestGateway.start(
                temp,
                """
                policy "test" language 1
                provider one { kind openai-compatible  url "%s"  region eu  timeout 25s }
                provider two { kind openai-compatible  url "http://127.0.0.1:%d"  region eu  timeout 25s }
                model a on one "a" {}
                model b on two "b" {}
                pool both { first a  then b  hedge after 50ms up to 100%%  %s }
                route chat { only otherwise -> pool both }
                rule all on request audit full
                """
                                .formatted(one, two.port(), pool)
                        + TestGateway.TEAM);
    }

    private static String model(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-writ-model").orElse("");
    }

    /// Waits until no request and no call is under way.
    private static void awaitIdle(TestGateway gateway) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String status = gateway.status();
        while (!status.contains("\"requests_under_way\":0")
                || status.replace("\"in_flight\":0", "").contains("\"in_flight\"")) {
            assertTrue(System.nanoTime() - end < 0, status);
            status = gateway.status();
        }
    }

    private static List<String> records(Path policy) throws Exception {
        try (Stream<String> lines =
                Files.lines(policy.resolveSibling("data").resolve("decisions/decisions.jsonl"))) {
            return lines.toList();
        }
    }

    @Test
    void theSecondServesWhereTheFirstIsSilent() throws Exception {
        Path policy;
        try (var one = ScriptedUpstream.start(SILENT);
                var two =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(json(200, ScriptedProvider.ANSWER)));
                TestGateway gateway = gateway(one, two, "")) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(ScriptedProvider.ANSWER, answer.body());
            assertEquals("b", model(answer));
            one.awaitEnd();
            awaitIdle(gateway);
            policy = gateway.policy;
        }
        String record = records(policy).getFirst();
        for (String part :
                List.of(
                        "\"attempts\":2",
                        "{\"model\":\"a\",\"provider\":\"one\",\"end\":\"lost\",",
                        "{\"model\":\"b\",\"provider\":\"two\",\"end\":\"answered\",\"hedge\":true,")) {
            assertTrue(record.contains(part), part + " is not in " + record);
        }
        assertFalse(record.contains("\"may_bill\":false"), "both were sent: " + record);
    }

    @Test
    void theFirstServesWhereItIsFaster() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (var one =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    asked.await();
                                    wire.send(json(200, ScriptedProvider.ANSWER));
                                    wire.awaitClose();
                                });
                var two = ScriptedUpstream.start(silentAfter(asked));
                TestGateway gateway = gateway(one, two, "")) {
            assertEquals("a", model(gateway.chat(TestGateway.HELLO)));
            two.awaitEnd();
            awaitIdle(gateway);
        }
    }

    private static ScriptedUpstream.Script silentAfter(CountDownLatch asked) {
        return wire -> {
            wire.readRequest();
            asked.countDown();
            wire.awaitClose();
        };
    }

    @Test
    void aFastAnswerIsNotHedged() throws Exception {
        try (var one =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(json(200, ScriptedProvider.ANSWER)));
                var two = ScriptedUpstream.start(SILENT);
                TestGateway gateway = gateway(one, two, "")) {
            for (int i = 0; i < 100; i++) {
                assertEquals("a", model(gateway.chat(TestGateway.HELLO)));
            }
            // What is slow on a busy machine may be hedged, but never wins against an answer.
            awaitIdle(gateway);
        }
    }

    @Test
    void whenTheFirstFailsTheSecondGoesOnAlone() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch failed = new CountDownLatch(1);
        try (var one =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    asked.await();
                                    wire.send(json(503, "{}"));
                                    failed.countDown();
                                    wire.awaitClose();
                                });
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    asked.countDown();
                                    failed.await();
                                    wire.send(json(200, ScriptedProvider.ANSWER));
                                    wire.awaitClose();
                                });
                TestGateway gateway = gateway(one, two, "")) {
            assertEquals("b", model(gateway.chat(TestGateway.HELLO)));
            assertEquals(1, two.wires().size());
            awaitIdle(gateway);
        }
    }

    @Test
    void whenBothFailTheClientIsToldOfTheLast() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (var one =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    asked.await();
                                });
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    asked.countDown();
                                });
                TestGateway gateway = gateway(one, two, "")) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(502, answer.statusCode(), answer.body());
            assertEquals(1, one.wires().size());
            assertEquals(1, two.wires().size());
            awaitIdle(gateway);
        }
    }

    @Test
    void whatTheHedgeSaysAgainstTheRequestDoesNotCount() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        try (var one =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    refused.await();
                                    wire.send(json(200, ScriptedProvider.ANSWER));
                                    wire.awaitClose();
                                });
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(json(400, "{\"error\":{}}"));
                                    refused.countDown();
                                    wire.awaitClose();
                                });
                TestGateway gateway = gateway(one, two, "")) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(200, answer.statusCode());
            assertEquals("a", model(answer));
            awaitIdle(gateway);
        }
    }

    @Test
    void aStreamWinsWithItsCommitPoint() throws Exception {
        try (var one =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(events(ROLE));
                                    wire.awaitClose();
                                });
                var two =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(
                                        events(ROLE + SAYS_B + DONE) + "0\r\n\r\n"));
                TestGateway gateway = gateway(one, two, "commit after 1 token")) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals("b", model(answer));
            assertEquals(ROLE + SAYS_B + DONE, answer.body());
            one.awaitEnd();
            awaitIdle(gateway);
        }
    }

    @Test
    void withoutACommitPointAStreamWinsWithItsFirstByte() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (var one =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(events(ROLE));
                                    go.await();
                                    wire.send(chunk(SAYS_B + DONE) + "0\r\n\r\n");
                                    wire.awaitClose();
                                });
                var two = ScriptedUpstream.start(SILENT);
                TestGateway gateway = gateway(one, two, "")) {
            HttpResponse<Stream<String>> answer =
                    gateway.client.send(
                            gateway.request("/v1/chat/completions")
                                    .POST(HttpRequest.BodyPublishers.ofString(STREAMED))
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines());
            assertEquals("a", model(answer));
            go.countDown();
            assertTrue(answer.body().toList().contains("data: [DONE]"));
            awaitIdle(gateway);
        }
    }

    @Test
    void aConnectionThatIsNotThereYetIsSilence() throws Exception {
        // TLS that never shakes hands.
        try (var one = ScriptedUpstream.start(Wire::awaitClose);
                var two =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(json(200, ScriptedProvider.ANSWER)));
                TestGateway gateway = gateway("https://127.0.0.1:" + one.port(), two, "")) {
            assertEquals("b", model(gateway.chat(TestGateway.HELLO)));
            one.awaitEnd();
            awaitIdle(gateway);
            Path policy = gateway.policy;
            gateway.gateway.close();
            assertTrue(
                    records(policy).getFirst().contains("\"may_bill\":false"),
                    "nothing was sent to the first");
        }
    }

    @Test
    void aClientThatLeavesEndsBoth() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (var one = ScriptedUpstream.start(SILENT);
                var two = ScriptedUpstream.start(silentAfter(asked));
                TestGateway gateway = gateway(one, two, "")) {
            try (Socket _ = gateway.send(STREAMED)) {
                assertTrue(asked.await(30, TimeUnit.SECONDS));
            }
            one.awaitEnd();
            two.awaitEnd();
            awaitIdle(gateway);
        }
    }

    @Test
    void aStormOfHedgesLeavesNothingBehind() throws Exception {
        int requests = 2_000;
        int atOnce = 250;
        try (var one = ScriptedUpstream.start(SILENT);
                var two =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(json(200, ScriptedProvider.ANSWER)));
                TestGateway gateway = gateway(one, two, "")) {
            for (int begun = 0; begun < requests; begun += atOnce) {
                List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < atOnce; i++) {
                    answers.add(
                            gateway.client.sendAsync(
                                    gateway.request("/v1/chat/completions")
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofString(
                                                            TestGateway.HELLO))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString()));
                }
                for (CompletableFuture<HttpResponse<String>> answer : answers) {
                    assertEquals("b", model(answer.join()));
                }
            }
            awaitIdle(gateway);
            assertEquals(requests, one.wires().size());
            for (int i = 0; i < requests; i++) {
                one.awaitEnd();
            }
            String status = gateway.status();
            assertTrue(status.contains("\"breaker\":\"closed\""), status);
            assertFalse(status.contains("\"breaker\":\"open\""), status);
        }
    }
}
