package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.upstream.ScriptedUpstream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of requests at another model, which no client may notice.
final class MirrorsTest {
    private static final String STREAMED =
            "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String SAYS =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"B\"}}]}\n\n";
    private static final String END =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";

    @TempDir Path temp;

    private static String policy(String one, int two, String share, String more) {
        return """
        policy "test" language 1
        provider one { kind openai-compatible  url "%s"  region eu  timeout 25s }
        provider two { kind openai-compatible  url "http://127.0.0.1:%d/v1"  region us  timeout 25s }
        model a on one "a" { price $1.00 in, $2.00 out per 1M tokens }
        model b on two "b" { price $1.00 in, $2.00 out per 1M tokens }
        pool watched { first a  mirror %s to b }
        route chat { only otherwise -> pool watched }
        %s
        """
                        .formatted(one, two, share, more)
                + TestGateway.TEAM;
    }

    private TestGateway gateway(ScriptedProvider one, ScriptedUpstream two) throws Exception {
        return TestGateway.start(temp, policy(one.url(), two.port(), "100%", ""));
    }

    private static String answer(String type, String body) {
        return ScriptedUpstream.crlf(
                        "HTTP/1.1 200 OK\nContent-Type: %s\nContent-Length: %d\n\n"
                                .formatted(type, body.length()))
                + body;
    }

    private static void await(TestGateway gateway, String wanted) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String status = gateway.status();
        while (!status.contains(wanted)) {
            assertTrue(System.nanoTime() - end < 0, wanted + " is not in " + status);
            status = gateway.status();
        }
    }

    /// Stops the gateway, and returns its decision records.
    private static void assertHas(String record, String... parts) {
        for (String part : parts) {
            assertTrue(record.contains(part), part + " is not in " + record);
        }
    }

    @Test
    void theAnswerIsThrownAwayAndRemembered() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider();
                var two =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(
                                        answer("application/json", ScriptedProvider.ANSWER)));
                TestGateway gateway = gateway(one, two)) {
            HttpResponse<String> answer =
                    gateway.post(
                            "/v1/chat/completions", TestGateway.HELLO, "x-request-id", "case-3");
            assertEquals(ScriptedProvider.ANSWER, answer.body());
            assertEquals("a", answer.headers().firstValue("x-writ-model").orElse(""));
            await(gateway, "\"mirrors_under_way\":0");
            String asked = two.wires().getFirst().requests().getFirst();
            assertHas(asked, "POST /v1/chat/completions", TestGateway.HELLO.replace("chat", "b"));
            List<String> records = gateway.records();
            assertEquals(1, records.size(), "a mirror is written without any audit");
            assertHas(
                    records.getFirst(),
                    "\"mirror\":true",
                    "\"request_id\":\"case-3\"",
                    "\"team\":\"dev\"",
                    "\"route\":\"chat\"",
                    "\"model\":\"b\"",
                    "\"status\":200",
                    "\"end\":\"answered\"",
                    "\"input_tokens\":10",
                    "\"output_tokens\":5",
                    "\"cost_usd\":\"0.00002\"");
            assertFalse(records.getFirst().contains("Hi"), records.getFirst());
        }
    }

    @Test
    void streamsAreReadToTheirEnd() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider().thenStream(SAYS.replace("B", "A"), END);
                var two =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(answer("text/event-stream", SAYS + END)));
                TestGateway gateway = gateway(one, two)) {
            assertEquals(SAYS.replace("B", "A") + END, gateway.chat(STREAMED).body());
            await(gateway, "\"mirrors_under_way\":0");
            assertHas(
                    gateway.records().getFirst(),
                    "\"end\":\"answered\"",
                    "\"input_tokens\":7",
                    "\"output_tokens\":2");
        }
    }

    @Test
    void aBrokenOneIsNothingToTheClientOrToBreakers() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider();
                var two = ScriptedUpstream.start(wire -> wire.readRequest());
                TestGateway gateway = gateway(one, two)) {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
            }
            await(gateway, "\"mirrors_under_way\":0");
            assertFalse(
                    gateway.status().contains("\"provider\":\"two\""), "no target of real calls");
            List<String> records = gateway.records();
            assertEquals(20, records.size());
            assertHas(records.getFirst(), "\"end\":\"failed\"", "\"cause\":\"server-error\"");
        }
    }

    @Test
    void aHugeOneIsCutOff() throws Exception {
        String event = SAYS.repeat(1_000);
        try (ScriptedProvider one = new ScriptedProvider().thenStream(SAYS, END);
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(
                                            ScriptedUpstream.crlf(
                                                    "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n"));
                                    while (true) {
                                        wire.send(
                                                Integer.toHexString(event.length())
                                                        + "\r\n"
                                                        + event
                                                        + "\r\n");
                                    }
                                });
                TestGateway gateway = gateway(one, two)) {
            assertEquals(SAYS + END, gateway.chat(STREAMED).body());
            two.awaitEnd();
            await(gateway, "\"mirrors_under_way\":0");
            assertHas(gateway.records().getFirst(), "\"end\":\"failed\"");
        }
    }

    @Test
    void aSlowOneDelaysNobodyAndOutlivesItsClient() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedProvider one =
                        new ScriptedProvider()
                                .then(
                                        exchange -> {
                                            asked.await();
                                            // The client has left by then, and nobody reads.
                                            go.await();
                                        });
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    asked.countDown();
                                    go.await();
                                    wire.send(answer("application/json", ScriptedProvider.ANSWER));
                                    wire.awaitClose();
                                });
                TestGateway gateway = gateway(one, two)) {
            try (Socket _ = gateway.send(TestGateway.HELLO)) {
                assertTrue(asked.await(30, TimeUnit.SECONDS));
            }
            await(gateway, "\"requests_under_way\":0");
            await(gateway, "\"mirrors_under_way\":1");
            go.countDown();
            await(gateway, "\"mirrors_under_way\":0");
            assertHas(gateway.records().getFirst(), "\"end\":\"answered\"");
        }
    }

    @Test
    void moreThanTheLimitAreNotSent() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider();
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.awaitClose();
                                });
                TestGateway gateway = gateway(one, two)) {
            for (int i = 0; i < Gateway.MIRRORS_MAX + 20; i++) {
                assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
            }
            await(gateway, "\"mirrors_under_way\":" + Gateway.MIRRORS_MAX);
            await(gateway, "\"mirrors_skipped\":20");
            List<String> records = gateway.records();
            assertEquals(Gateway.MIRRORS_MAX, records.size());
            assertHas(records.getFirst(), "\"end\":\"abandoned\"");
            for (int i = 0; i < Gateway.MIRRORS_MAX; i++) {
                two.awaitEnd();
            }
        }
    }

    @Test
    void theShareIsChosenByRequestId() throws Exception {
        AtomicInteger mirrored = new AtomicInteger();
        try (ScriptedProvider one = new ScriptedProvider();
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    while (wire.readRequest() != null) {
                                        mirrored.incrementAndGet();
                                        wire.send(
                                                answer(
                                                        "application/json",
                                                        ScriptedProvider.ANSWER));
                                    }
                                });
                TestGateway gateway =
                        TestGateway.start(temp, policy(one.url(), two.port(), "30%", ""))) {
            int first = 0;
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 100; i++) {
                    gateway.post(
                            "/v1/chat/completions", TestGateway.HELLO, "x-request-id", "case-" + i);
                    await(gateway, "\"mirrors_under_way\":0");
                }
                first = round == 0 ? mirrored.get() : first;
            }
            assertTrue(first > 10 && first < 50, "of 100: " + first);
            assertEquals(2 * first, mirrored.get(), "the same requests again");
        }
    }

    @Test
    void aReloadMeanwhileChangesNothingOfIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedProvider one = new ScriptedProvider();
                var two =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    asked.countDown();
                                    go.await();
                                    wire.send(answer("application/json", ScriptedProvider.ANSWER));
                                    wire.awaitClose();
                                });
                TestGateway gateway = gateway(one, two)) {
            gateway.chat(TestGateway.HELLO);
            assertTrue(asked.await(30, TimeUnit.SECONDS));
            String before = gateway.gateway.status().policyId();
            Files.writeString(
                    gateway.policy,
                    TestGateway.policy("http://127.0.0.1:1")
                            .replace("key OPENAI_KEY", "")
                            .replace("secret OPENAI_KEY from env\n", ""));
            gateway.gateway.reload();
            assertFalse(before.equals(gateway.gateway.status().policyId()));
            go.countDown();
            await(gateway, "\"mirrors_under_way\":0");
            assertHas(
                    gateway.records().getFirst(),
                    "\"policy\":\"" + before + "\"",
                    "\"model\":\"b\"",
                    "\"end\":\"answered\"");
        }
    }

    @Test
    void aRequestThatTheModelCannotServeIsNotMirrored() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider().thenStream(SAYS, END);
                var two = ScriptedUpstream.start(wire -> wire.readRequest());
                TestGateway gateway =
                        TestGateway.start(
                                temp,
                                policy(one.url(), two.port(), "100%", "")
                                        .replace(
                                                "model b on two \"b\" {",
                                                "model b on two \"b\" { can json "))) {
            assertEquals(200, gateway.chat(STREAMED).statusCode());
            assertEquals(List.of(), gateway.records());
            assertEquals(List.of(), two.wires());
        }
    }

    @Test
    void aRequestThatIsRefusedIsNotMirrored() throws Exception {
        try (ScriptedProvider one = new ScriptedProvider();
                var two = ScriptedUpstream.start(wire -> wire.readRequest());
                TestGateway gateway =
                        TestGateway.start(
                                temp,
                                policy(
                                        one.url(),
                                        two.port(),
                                        "100%",
                                        "rule no on request deny 403 \"No.\""))) {
            assertEquals(403, gateway.chat(TestGateway.HELLO).statusCode());
            assertEquals(List.of(), gateway.records());
            assertEquals(List.of(), two.wires());
        }
    }
}
