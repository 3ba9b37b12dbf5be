package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.upstream.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules on stream, over real sockets: whole answers are refused, streams are cut.
final class StreamRulesTest {
    private static final String HELLO =
            "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String STREAMED =
            HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");
    private static final String KEYS =
            """
            rule keys on stream
              when stream.text matches "AKIA[0-9A-Z]{4}"
              { audit full  tag "key"  deny 451 "A key." }
            """;
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String ERROR =
            """
            {"error":{"message":"A key.","type":"permission_error","param":null,\
            "code":"policy_denied"}}""";
    private static final String CUT = "data: " + ERROR + "\n\n";
    private static final String HEAD =
            ScriptedUpstream.crlf(
                    "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");

    @TempDir Path temp;

    private static String says(String text) {
        return says(0, text);
    }

    private static String says(int choice, String text) {
        return "data: {\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                .formatted(choice, text);
    }

    private static String answer(String message) {
        return "{\"choices\":[{\"index\":0,\"message\":%s,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}"
                .formatted(message);
    }

    private TestGateway gateway(ScriptedProvider provider, String rules) throws Exception {
        return TestGateway.start(temp, TestGateway.policy(provider.url()) + rules);
    }

    private TestGateway gateway(ScriptedUpstream upstream, String rules) throws Exception {
        return TestGateway.start(
                temp,
                TestGateway.policy("http://127.0.0.1:%d/v1".formatted(upstream.port())) + rules);
    }

    private static String chunk(String text) {
        return "%x\r\n%s\r\n".formatted(text.length(), text);
    }

    private static List<String> records(TestGateway gateway) throws Exception {
        Path file =
                gateway.policy
                        .resolveSibling("data")
                        .resolve("decisions")
                        .resolve("decisions.jsonl");
        return Files.readAllLines(file);
    }

    private static void assertHas(String line, String... parts) {
        for (String part : parts) {
            assertTrue(line.contains(part), part + " is not in " + line);
        }
    }

    // ── Whole answers ────────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"see AKIA1234 there\"}",
                "{\"content\":\"fine\",\"reasoning_content\":\"AKIA1234\"}",
                "{\"content\":null,\"refusal\":\"AKIA1234\"}",
                "{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"k\\\":\\\"AKIA1234\\\"}\"}}]}",
            })
    void aWholeAnswerIsRefusedWithItsStatus(String message) throws Exception {
        TestGateway closed;
        try (ScriptedProvider provider = new ScriptedProvider().then(200, answer(message));
                TestGateway gateway = gateway(provider, KEYS)) {
            closed = gateway;
            HttpResponse<String> refused = gateway.chat(HELLO);
            assertEquals(451, refused.statusCode());
            assertEquals(ERROR, refused.body());
            assertEquals("false", refused.headers().firstValue("x-should-retry").orElse(""));
            assertEquals(1, provider.asked().size());
            assertHas(gateway.status(), "\"answers_refused\":1,", "\"answers_cut\":0,");
        }
        assertHas(
                records(closed).getFirst(),
                "\"denied\":true,\"reason\":\"rule\",\"reason_name\":\"keys\"",
                "\"rules\":[\"keys\"],\"tags\":[\"key\"]",
                "\"status\":451,\"outcome\":\"served\",\"error\":\"policy_denied\",\"model\":\"small\"",
                "\"end\":\"answered\"",
                "\"may_bill\":true",
                "\"output_tokens\":5",
                "\"stream.text\":\"a text of ");
    }

    @Test
    void anotherAnswerIsServedAsItCame() throws Exception {
        String fine = answer("{\"content\":\"see AKIA 1234\"}");
        try (ScriptedProvider provider = new ScriptedProvider().then(200, fine);
                TestGateway gateway = gateway(provider, KEYS)) {
            HttpResponse<String> served = gateway.chat(HELLO);
            assertEquals(200, served.statusCode());
            assertEquals(fine, served.body());
            assertHas(gateway.status(), "\"answers_refused\":0,");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLargeAnswerIsReadToItsEnd(boolean leaks) throws Exception {
        String large =
                answer(
                        "{\"content\":\"%s%s\"}"
                                .formatted("some text ".repeat(20_000), leaks ? "AKIA1234" : ""));
        try (ScriptedProvider provider = new ScriptedProvider().then(200, large);
                TestGateway gateway = gateway(provider, KEYS)) {
            HttpResponse<String> answer = gateway.chat(HELLO);
            assertEquals(leaks ? 451 : 200, answer.statusCode());
            assertEquals(leaks ? ERROR : large, answer.body());
        }
    }

    @ParameterizedTest
    @CsvSource({"deny 451, 451", "tag \"x\", 200"})
    void anAnswerThatCannotBeReadMayHaveAnything(String effect, int status) throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider().then(200, "Welcome!");
                TestGateway gateway =
                        gateway(
                                provider,
                                "rule it on stream when stream.text contains \"AKIA\" " + effect)) {
            assertEquals(status, gateway.chat(HELLO).statusCode());
        }
    }

    @Test
    void whatIsNoAnswerIsNotRead() throws Exception {
        String mistake = "{\"error\":{\"message\":\"No AKIA1234.\"}}";
        try (ScriptedProvider provider = new ScriptedProvider().then(400, mistake);
                TestGateway gateway = gateway(provider, KEYS + "rule all on stream deny 452")) {
            HttpResponse<String> answer = gateway.chat(HELLO);
            assertEquals(400, answer.statusCode());
            assertEquals(mistake, answer.body());
        }
    }

    @Test
    void theOtherEndpointsAreReadToo() throws Exception {
        String vectors = "{\"data\":[{\"embedding\":[0.5],\"index\":0}]}";
        try (ScriptedProvider provider =
                        new ScriptedProvider()
                                .then(200, "{\"choices\":[{\"index\":0,\"text\":\"AKIA1234\"}]}")
                                .thenStream(
                                        "data: {\"choices\":[{\"index\":0,\"text\":\"AKIA1234\"}]}\n\n")
                                .then(200, vectors);
                TestGateway gateway = gateway(provider, KEYS)) {
            String prompt = "{\"model\":\"chat\",\"prompt\":\"Hi\"}";
            assertEquals(451, gateway.post("/v1/completions", prompt).statusCode());
            assertEquals(
                    CUT,
                    gateway.post("/v1/completions", prompt.replace("{", "{\"stream\":true,"))
                            .body());
            assertEquals(
                    vectors,
                    gateway.post("/v1/embeddings", "{\"model\":\"chat\",\"input\":\"Hi\"}").body());
        }
    }

    // ── Streams ──────────────────────────────────────────────────────────────────────────────

    /// Answers each request with a stream, and waits until the gateway has closed the connection
    /// or asks again.
    private static ScriptedUpstream streaming(LinkedBlockingQueue<Boolean> closed, String... pieces)
            throws Exception {
        return ScriptedUpstream.start(
                wire -> {
                    while (wire.readRequest() != null) {
                        wire.send(HEAD);
                        for (String piece : pieces) {
                            wire.send(chunk(piece));
                        }
                    }
                    closed.add(true);
                });
    }

    @Test
    void aStreamIsCutBeforeAnythingOfTheMatch() throws Exception {
        TestGateway closed;
        LinkedBlockingQueue<Boolean> closings = new LinkedBlockingQueue<>();
        try (ScriptedUpstream upstream =
                        streaming(
                                closings,
                                says("The key "),
                                says("is AK"),
                                says("IA12"),
                                says("34."));
                TestGateway gateway = gateway(upstream, KEYS)) {
            closed = gateway;
            HttpResponse<String> cut = gateway.chat(STREAMED);
            assertEquals(200, cut.statusCode());
            assertEquals(says("The key ") + CUT, cut.body());
            assertEquals("small", cut.headers().firstValue("x-writ-model").orElse(""));
            // The provider would write on: its connection is closed, and not used again.
            assertEquals(true, closings.poll(30, TimeUnit.SECONDS));
            assertEquals(says("The key ") + CUT, gateway.chat(STREAMED).body());
            assertEquals(2, upstream.wires().size());
            assertHas(gateway.status(), "\"answers_refused\":0,", "\"answers_cut\":2,");
            assertHas(gateway.status(), "\"breaker\":\"closed\"");
        }
        assertHas(
                records(closed).getFirst(),
                "\"denied\":true,\"reason\":\"rule\",\"reason_name\":\"keys\"",
                "\"rules\":[\"keys\"],\"tags\":[\"key\"]",
                "\"status\":200,\"outcome\":\"cut\",\"error\":\"policy_denied\",\"model\":\"small\"",
                "\"end\":\"answered\"",
                "\"stream.text\":\"a text of 20 characters\"");
    }

    private static final String STREAM =
            says("The key ") + says("is AK") + says("IA12") + says("34.") + STOP + DONE;

    @Test
    void itDoesNotMatterWhereTheSocketCutsIt() throws Exception {
        CountDownLatch[] asked = new CountDownLatch[STREAM.length() + 1];
        LinkedBlockingQueue<Integer> splits = new LinkedBlockingQueue<>();
        for (int split = 0; split < asked.length; split++) {
            splits.add(split);
        }
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    int split = splits.take();
                                    wire.send(HEAD);
                                    if (split > 0) {
                                        wire.send(chunk(STREAM.substring(0, split)));
                                    }
                                    wire.send(chunk(STREAM.substring(split)));
                                    wire.awaitClose();
                                });
                TestGateway gateway = gateway(upstream, KEYS)) {
            for (int split = 0; split < asked.length - 1; split++) {
                assertEquals(
                        says("The key ") + CUT, gateway.chat(STREAMED).body(), "split at " + split);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void noPieceOfAMatchIsSentHoweverItComes(long seed) throws Exception {
        RandomGenerator random = new SplittableRandom(seed);
        LinkedBlockingQueue<String> streams = new LinkedBlockingQueue<>();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    RandomGenerator cuts = new SplittableRandom(wire.number());
                                    while (wire.readRequest() != null) {
                                        String stream = streams.take();
                                        wire.send(HEAD);
                                        int at = 0;
                                        while (at < stream.length()) {
                                            int to =
                                                    Math.min(
                                                            stream.length(),
                                                            at + 1 + cuts.nextInt(99));
                                            wire.send(chunk(stream.substring(at, to)));
                                            at = to;
                                        }
                                        wire.send("0\r\n\r\n");
                                    }
                                });
                TestGateway gateway = gateway(upstream, KEYS)) {
            for (int round = 0; round < 100; round++) {
                StringBuilder stream = new StringBuilder();
                String text =
                        "Look: AKIA12%s, AK, AKIAAKIA1234.".formatted(round % 2 == 0 ? "?" : "ZZ");
                String clean = text.substring(0, round % 2 == 0 ? 19 : 6);
                int at = 0;
                while (at < text.length()) {
                    int to = Math.min(text.length(), at + 1 + random.nextInt(5));
                    stream.append(says(text.substring(at, to)));
                    at = to;
                }
                streams.add(stream.append(STOP).append(DONE).toString());
                String got = gateway.chat(STREAMED).body();
                assertTrue(got.endsWith(CUT), got);
                StringBuilder sent = new StringBuilder();
                got.lines()
                        .filter(line -> line.contains("content"))
                        .map(
                                line ->
                                        line.substring(
                                                line.indexOf("content") + 10, line.length() - 5))
                        .forEach(sent::append);
                assertTrue(clean.startsWith(sent.toString()), sent + " is more than " + clean);
                assertTrue(clean.length() - sent.length() < 5, sent + " is less than " + clean);
            }
        }
    }

    /// The simulated provider sends choices in turn.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void allChoicesAreReadWholeAndStreamed(int choices) throws Exception {
        try (TestGateway gateway =
                TestGateway.start(
                        temp,
                        """
                        policy "test" language 1
                        provider sim { kind simulated  reply "The key is AKIA1234, keep it." }
                        model small on sim "small" {}
                        route chat { only otherwise -> small }
                        """
                                + TestGateway.TEAM
                                + KEYS)) {
            String body = HELLO.replace("{\"model\"", "{\"n\":%d,\"model\"".formatted(choices));
            assertEquals(451, gateway.chat(body).statusCode());
            String got = gateway.chat(body.replace("{\"n\"", "{\"stream\":true,\"n\"")).body();
            assertTrue(got.endsWith(CUT), got);
            assertTrue(got.contains("key"), got);
            assertFalse(
                    got.contains("AKIA") || got.contains("keep") || got.contains("[DONE]"), got);
        }
    }

    @Test
    void argumentsOfCallsAreRead() throws Exception {
        String call =
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]}}]}\n\n";
        try (ScriptedProvider provider =
                        new ScriptedProvider()
                                .thenStream(
                                        says("I look AK"),
                                        call.formatted("{\\\"key\\\":\\\"AK"),
                                        call.formatted("IA12"),
                                        call.formatted("34\\\"}"),
                                        STOP + DONE);
                TestGateway gateway = gateway(provider, KEYS)) {
            assertEquals(says("I look AK") + CUT, gateway.chat(STREAMED).body());
        }
    }

    @Test
    void aRuleThatNeedsNoTextRefusesBeforeTheFirstByte() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider().thenStream(says("Hi"), STOP, DONE);
                TestGateway gateway =
                        gateway(
                                provider,
                                "rule it on stream when model is small and request.stream deny 451 \"A key.\"")) {
            HttpResponse<String> refused = gateway.chat(STREAMED);
            assertEquals(451, refused.statusCode());
            assertEquals(ERROR, refused.body());
            assertEquals(200, gateway.chat(HELLO).statusCode());
        }
    }

    @Test
    void aLongStreamIsCutByItsTokens() throws Exception {
        try (ScriptedProvider provider =
                        new ScriptedProvider()
                                .thenStream(says("12345678"), says("1"), says("x"), STOP);
                TestGateway gateway =
                        gateway(
                                provider,
                                "rule it on stream when stream.tokens > 2 deny 451 \"A key.\"")) {
            assertEquals(says("12345678") + CUT, gateway.chat(STREAMED).body());
        }
    }

    @Test
    void whatARuleTagsIsServedAndTold() throws Exception {
        TestGateway closed;
        try (ScriptedProvider provider = new ScriptedProvider().thenStream(STREAM);
                TestGateway gateway =
                        gateway(
                                provider,
                                KEYS.replace("deny 451 \"A key.\"", "")
                                        + "rule late on response when response.status is 200 tag \"late\"")) {
            closed = gateway;
            assertEquals(STREAM, gateway.chat(STREAMED).body());
        }
        assertHas(
                records(closed).getFirst(),
                "\"denied\":false,\"rules\":[\"keys\",\"late\"],\"tags\":[\"key\",\"late\"]",
                "\"outcome\":\"served\"");
    }

    @Test
    void aStreamThatNoRuleIsAboutPassesAsItComes() throws Exception {
        String odd = ": AKIA1234\n\ndata: AKIA1234\r\n\r\n" + STREAM.replace("\"index\":0,", "");
        try (ScriptedProvider provider = new ScriptedProvider().thenStream(odd);
                TestGateway gateway =
                        gateway(provider, KEYS.replace("when ", "when prompt.tokens > 1M and "))) {
            assertEquals(odd, gateway.chat(STREAMED).body());
        }
    }

    // ── Commit points ────────────────────────────────────────────────────────────────────────

    private TestGateway committing(ScriptedProvider one, ScriptedProvider two, int tokens)
            throws Exception {
        return TestGateway.start(
                temp,
                """
                policy "test" language 1
                provider one { kind openai-compatible  url "%s"  region eu  timeout 20s }
                provider two { kind openai-compatible  url "%s"  region eu  timeout 20s }
                model a on one "a" {}
                model b on two "b" {}
                pool both { first a  then b  commit after %d tokens }
                route chat { only otherwise -> pool both }
                """
                                .formatted(one.url(), two.url(), tokens)
                        + TestGateway.TEAM
                        + KEYS);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 9})
    void beforeTheCommitPointAStreamIsRefusedWithTheStatus(int tokens) throws Exception {
        try (ScriptedProvider one =
                        new ScriptedProvider()
                                .thenStream(says("a"), says("b "), says("AKIA1234"), STOP, DONE);
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = committing(one, two, tokens)) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals(451, answer.statusCode());
            assertEquals(ERROR, answer.body());
            assertEquals(List.of(), two.asked());
            assertHas(gateway.status(), "\"answers_refused\":1,");
        }
    }

    @Test
    void behindTheCommitPointAStreamIsCut() throws Exception {
        CountDownLatch passedOn = new CountDownLatch(1);
        try (ScriptedProvider one =
                        new ScriptedProvider()
                                .then(
                                        exchange -> {
                                            exchange.getResponseHeaders()
                                                    .set("content-type", "text/event-stream");
                                            exchange.sendResponseHeaders(200, 0);
                                            OutputStream out = exchange.getResponseBody();
                                            out.write(bytes(says("a") + says("b ")));
                                            out.flush();
                                            assertTrue(passedOn.await(30, TimeUnit.SECONDS));
                                            out.write(bytes(says("AKIA1234") + STOP + DONE));
                                        });
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = committing(one, two, 2)) {
            HttpResponse<InputStream> answer =
                    gateway.client.send(
                            gateway.request("/v1/chat/completions")
                                    .POST(HttpRequest.BodyPublishers.ofString(STREAMED))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(200, answer.statusCode());
            passedOn.countDown();
            assertEquals(
                    says("a") + says("b ") + CUT,
                    new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(List.of(), two.asked());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aStreamThatEndsBeforeItIsJudgedAtItsEnd() throws Exception {
        try (ScriptedProvider one =
                        new ScriptedProvider()
                                .thenStream(says("a key"), STOP.replace("stop", ""), DONE);
                ScriptedProvider two = new ScriptedProvider();
                TestGateway gateway = committing(one, two, 9)) {
            Files.writeString(
                    gateway.policy,
                    Files.readString(gateway.policy).replace("AKIA[0-9A-Z]{4}", "key$"));
            gateway.gateway.reload();
            assertEquals(451, gateway.chat(STREAMED).statusCode());
        }
    }

    @Test
    void whatAnAttemptThatWasReplacedSaidDoesNotCount() throws Exception {
        TestGateway closed;
        try (ScriptedProvider one = new ScriptedProvider().thenStream(says("AKIA12"));
                ScriptedProvider two =
                        new ScriptedProvider().thenStream(says("34 fine"), STOP, DONE);
                TestGateway gateway = committing(one, two, 9)) {
            closed = gateway;
            Files.writeString(
                    gateway.policy,
                    Files.readString(gateway.policy)
                            + "rule first on stream when stream.text contains \"AKIA\" { audit full  tag \"first\" }\n"
                            + "rule second on stream when stream.text contains \"fine\" { audit full  tag \"second\" }\n");
            gateway.gateway.reload();
            assertEquals(says("34 fine") + STOP + DONE, gateway.chat(STREAMED).body());
        }
        assertHas(records(closed).getFirst(), "\"tags\":[\"second\"]", "\"model\":\"b\"");
    }

    // ── Clients ──────────────────────────────────────────────────────────────────────────────

    @Test
    void aClientThatReadsSlowlyGetsAllUpToTheCut() throws Exception {
        // A text may have 4 million characters, so there are several.
        StringBuilder choices = new StringBuilder();
        for (int choice = 0; choice < 8; choice++) {
            choices.append(says(choice, "x".repeat(900)));
        }
        String clean = choices.toString();
        int events = 2_500;
        LinkedBlockingQueue<Boolean> closings = new LinkedBlockingQueue<>();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(HEAD);
                                    for (int i = 0; i < events; i += 100) {
                                        wire.send(chunk(clean.repeat(100)));
                                    }
                                    wire.send(chunk(clean + says("AKIA1234") + clean));
                                    wire.awaitClose();
                                    closings.add(true);
                                });
                TestGateway gateway =
                        gateway(
                                upstream,
                                KEYS.replace("matches \"AKIA[0-9A-Z]{4}\"", "contains \"AKIA1\""));
                Socket client = new Socket()) {
            client.setReceiveBufferSize(8 * 1024);
            client.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), gateway.gateway.port()));
            TestGateway.ask(client, STREAMED);
            // Something waits for the client at nearly all times, so also when the rule denies.
            InputStream in = client.getInputStream();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            byte[] some = new byte[4 * 1024];
            String last = "";
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                read.write(some, 0, n);
                last +=
                        new String(
                                some,
                                Math.max(0, n - 5),
                                Math.min(5, n),
                                StandardCharsets.ISO_8859_1);
                last = last.substring(Math.max(0, last.length() - 5));
                if (last.equals("0\r\n\r\n")) {
                    break;
                }
            }
            String body = unchunked(read.toString(StandardCharsets.ISO_8859_1));
            assertEquals(clean.repeat(events + 1).length() + CUT.length(), body.length());
            assertTrue(body.endsWith(clean + CUT));
            assertEquals(true, closings.poll(30, TimeUnit.SECONDS));
        }
    }

    private static String unchunked(String answer) {
        StringBuilder body = new StringBuilder();
        int at = answer.indexOf("\r\n\r\n") + 4;
        while (true) {
            int lineEnd = answer.indexOf("\r\n", at);
            int length = Integer.parseInt(answer.substring(at, lineEnd), 16);
            if (length == 0) {
                return body.toString();
            }
            body.append(answer, lineEnd + 2, lineEnd + 2 + length);
            at = lineEnd + 2 + length + 2;
        }
    }

    @Test
    void aClientThatLeavesWhileEventsWaitEndsTheCall() throws Exception {
        TestGateway closed;
        CountDownLatch begun = new CountDownLatch(1);
        LinkedBlockingQueue<Boolean> closings = new LinkedBlockingQueue<>();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(HEAD + chunk(says("see") + says("AKIA")));
                                    begun.countDown();
                                    wire.awaitClose();
                                    closings.add(true);
                                });
                TestGateway gateway =
                        gateway(upstream, KEYS + "rule all on response audit metadata")) {
            closed = gateway;
            try (Socket client = gateway.send(STREAMED)) {
                assertTrue(begun.await(30, TimeUnit.SECONDS));
                InputStream in = client.getInputStream();
                StringBuilder read = new StringBuilder();
                while (read.indexOf("see") < 0) {
                    read.append((char) in.read());
                }
            }
            assertEquals(true, closings.poll(30, TimeUnit.SECONDS));
        }
        assertHas(records(closed).getFirst(), "\"outcome\":\"client-gone\"", "\"denied\":false");
    }
}
