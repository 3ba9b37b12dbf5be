package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.pipeline.GatewayLimits;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams of pools that name a commit point: held back until it, and replaceable until then.
final class CommitPointsTest {
    private static final String STREAMED =
            "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String ROLE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String ERROR =
            "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n";

    @TempDir Path temp;

    private static String says(String text) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                .formatted(text);
    }

    private TestGateway gateway(ScriptedProvider one, ScriptedProvider two, String pool)
            throws Exception {
        return gateway(one, two, pool, GatewayLimits.DEFAULT);
    }

    private TestGateway gateway(
            ScriptedProvider one, ScriptedProvider two, String pool, GatewayLimits limits)
            throws Exception {
        return TestGateway.start(
                temp,
                """
                policy "test" language 1
                provider one { kind openai-compatible  url "%s"  region eu  timeout 20s }
                provider two { kind openai-compatible  url "%s"  region eu  timeout 20s }
                model a on one "a" {}
                model b on two "b" {}
                pool both { first a  then b  %s }
                route chat { only otherwise -> pool both }
                """
                                .formatted(one.url(), two.url(), pool)
                        + TestGateway.TEAM,
                options -> TestGateway.within(options, limits));
    }

    private static GatewayLimits holding(int bytes, Duration time) {
        GatewayLimits usual = GatewayLimits.DEFAULT;
        return new GatewayLimits(
                usual.bodyBytesMax(),
                usual.answerBytesMax(),
                usual.bodyTime(),
                usual.offloadBytes(),
                bytes,
                time);
    }

    private static String model(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-writ-model").orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ERROR})
    void aStreamThatFailsBeforeItIsReplacedByAnother(String failure) throws Exception {
        try (ScriptedProvider one =
                        new ScriptedProvider().thenStream(ROLE, says("A1"), says("A2"), failure);
                ScriptedProvider two =
                        new ScriptedProvider()
                                .thenStream(ROLE, says("B1"), says("B2"), says("B3"), STOP, DONE);
                TestGateway gateway = gateway(one, two, "commit after 3 tokens")) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals(200, answer.statusCode());
            assertEquals("b", model(answer));
            assertEquals(ROLE + says("B1") + says("B2") + says("B3") + STOP + DONE, answer.body());
        }
    }

    @Test
    void anErrorThatComesWithTheLastOfTheTokensIsSeenInTime() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider().thenStream(says("A1") + ERROR);
                ScriptedProvider two = new ScriptedProvider().thenStream(says("B1") + STOP + DONE);
                TestGateway gateway = gateway(one, two, "commit after 1 token")) {
            assertEquals(says("B1") + STOP + DONE, gateway.chat(STREAMED).body());
        }
    }

    @Test
    void behindItAStreamThatBreaksIsNotReplaced() throws Exception {
        try (ScriptedProvider one =
                        new ScriptedProvider().thenStream(ROLE, says("A1"), says("A2"));
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = gateway(one, two, "commit after 2 tokens")) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals("a", model(answer));
            assertTrue(answer.body().startsWith(ROLE + says("A1") + says("A2")), answer.body());
            assertTrue(answer.body().contains("stream_broken"), answer.body());
            assertEquals(List.of(), two.asked());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"Hi\"}",
                "{\"reasoning_content\":\"Hm\"}",
                "{\"refusal\":\"No\"}",
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}"
            })
    void whatIsOfAnAnswerIsAToken(String delta) throws Exception {
        String event = "data: {\"choices\":[{\"index\":0,\"delta\":%s}]}\n\n".formatted(delta);
        try (ScriptedProvider one = new ScriptedProvider().thenStream(ROLE, event);
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = gateway(one, two, "commit after 1 token")) {
            assertTrue(gateway.chat(STREAMED).body().startsWith(ROLE + event));
            assertEquals(List.of(), two.asked());
        }
    }

    @Test
    void anAnswerThatIsShorterIsWhole() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider().thenStream(says("A1"), STOP, DONE);
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = gateway(one, two, "commit after 20 tokens")) {
            assertEquals(says("A1") + STOP + DONE, gateway.chat(STREAMED).body());
            assertEquals(List.of(), two.asked());
        }
    }

    @Test
    void aLongStreamLosesNothingAtIt() throws Exception {
        String[] events = new String[20_000];
        for (int i = 0; i < events.length - 1; i++) {
            events[i] = says("token " + i);
        }
        events[events.length - 1] = STOP + DONE;
        try (ScriptedProvider one = new ScriptedProvider().thenStream(String.join("", events));
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = gateway(one, two, "commit after 1_000 tokens")) {
            assertEquals(String.join("", events), gateway.chat(STREAMED).body());
        }
    }

    @Test
    void noMoreIsHeldThanTheLimit() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider().thenStream(ROLE.repeat(100));
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway =
                        gateway(
                                one,
                                two,
                                "commit after 1 token",
                                holding(5_000, Duration.ofMinutes(1)))) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertTrue(answer.body().startsWith(ROLE.repeat(100)), answer.body());
            assertEquals(List.of(), two.asked());
        }
    }

    @Test
    void nothingIsHeldForLongerThanTheLimit() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (ScriptedProvider one =
                        new ScriptedProvider()
                                .then(
                                        exchange -> {
                                            exchange.getResponseHeaders()
                                                    .set("content-type", "text/event-stream");
                                            exchange.sendResponseHeaders(200, 0);
                                            OutputStream out = exchange.getResponseBody();
                                            out.write(ROLE.getBytes(StandardCharsets.UTF_8));
                                            out.flush();
                                            assertTrue(seen.await(30, TimeUnit.SECONDS));
                                            out.write(
                                                    (says("A1") + STOP + DONE)
                                                            .getBytes(StandardCharsets.UTF_8));
                                        });
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway =
                        gateway(
                                one,
                                two,
                                "commit after 1 token",
                                holding(64 * 1024, Duration.ofMillis(50)))) {
            HttpResponse<InputStream> answer =
                    gateway.client.send(
                            gateway.request("/v1/chat/completions")
                                    .POST(HttpRequest.BodyPublishers.ofString(STREAMED))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(200, answer.statusCode());
            seen.countDown();
            assertEquals(
                    ROLE + says("A1") + STOP + DONE,
                    new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aClientThatLeavesMeanwhileEndsTheCall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedProvider one =
                        new ScriptedProvider()
                                .then(
                                        exchange -> {
                                            exchange.getResponseHeaders()
                                                    .set("content-type", "text/event-stream");
                                            exchange.sendResponseHeaders(200, 0);
                                            OutputStream out = exchange.getResponseBody();
                                            begun.countDown();
                                            try {
                                                while (true) {
                                                    out.write(
                                                            ": ping\n\n"
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8));
                                                    out.flush();
                                                    Thread.onSpinWait();
                                                }
                                            } finally {
                                                closed.countDown();
                                            }
                                        });
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway =
                        gateway(
                                one,
                                two,
                                "commit after 1 token",
                                holding(Integer.MAX_VALUE / 2, Duration.ofMinutes(1)))) {
            try (Socket _ = gateway.send(STREAMED)) {
                assertTrue(begun.await(30, TimeUnit.SECONDS));
            }
            assertTrue(closed.await(30, TimeUnit.SECONDS));
            assertEquals(List.of(), two.asked());
        }
    }

    @Test
    void withoutOneAStreamIsPassedOnWithItsFirstByte() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider().thenStream(ROLE, ERROR);
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = gateway(one, two, "")) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals("a", model(answer));
            assertEquals(ROLE + ERROR, answer.body());
            assertFalse(answer.body().contains("[DONE]"));
            assertEquals(List.of(), two.asked());
        }
    }
}
