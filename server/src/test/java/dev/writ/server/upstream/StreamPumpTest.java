package dev.writ.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A body reaches the client as it comes.
final class StreamPumpTest {
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n";

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void forwardsEveryByteWhereverTheBordersFall(long seed) throws Exception {
        Random random = new Random(seed);
        StringBuilder body = new StringBuilder();
        StringBuilder framed = new StringBuilder(CHUNKED);
        for (int i = 0; i < 400; i++) {
            String chunk = "data: %d\n\n".formatted(i).repeat(1 + random.nextInt(200));
            body.append(chunk);
            framed.append(Integer.toHexString(chunk.length())).append("\r\n");
            framed.append(chunk).append("\r\n");
        }
        framed.append("0\r\n\r\n");
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    while (wire.readRequest() != null) {
                                        int at = 0;
                                        while (at < framed.length()) {
                                            int to = at + 1 + random.nextInt(9000);
                                            to = Math.min(to, framed.length());
                                            wire.send(framed.substring(at, to));
                                            at = to;
                                        }
                                    }
                                });
                var gateway = TestGateway.streaming(upstream)) {
            for (int i = 0; i < 3; i++) {
                var answer = http.send(gateway.request(), BodyHandlers.ofString());
                assertEquals(body.toString(), answer.body(), "seed " + seed);
                assertEquals(
                        new StreamOutcome.Completed(body.length()),
                        TestGateway.next(gateway.outcomes));
            }
            assertEquals(1, upstream.wires().size(), "the connection was kept");
        }
    }

    @Test
    void sendsHeadersAndEachEventBeforeTheNextIsThere() throws Exception {
        var mayGoOn = new java.util.concurrent.SynchronousQueue<Boolean>();
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED);
                                    for (String event : new String[] {"a", "b", "c"}) {
                                        mayGoOn.take();
                                        wire.send("1\r\n" + event + "\r\n");
                                    }
                                    mayGoOn.take();
                                    wire.send("0\r\n\r\n");
                                });
                var gateway = TestGateway.streaming(upstream)) {
            var answer = http.send(gateway.request(), BodyHandlers.ofInputStream());
            assertEquals(200, answer.statusCode());
            for (char event : "abc".toCharArray()) {
                mayGoOn.put(true);
                assertEquals(event, answer.body().read());
            }
            mayGoOn.put(true);
            assertEquals(-1, answer.body().read());
            assertEquals(new StreamOutcome.Completed(3), TestGateway.next(gateway.outcomes));
        }
    }

    @Test
    void endsTheAnswerBehindWhatCameWhenTheUpstreamBreaks() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED + "5\r\nhello\r\n5\r\nwo");
                                });
                var gateway = TestGateway.streaming(upstream)) {
            var answer = http.send(gateway.request(), BodyHandlers.ofString());
            assertEquals("hellowo", answer.body());
            assertEquals(
                    new StreamOutcome.Broken(7, new UpstreamFault.ClosedEarly(7)),
                    TestGateway.next(gateway.outcomes));
            assertTrue(gateway.faults.isEmpty());
        }
    }
}
