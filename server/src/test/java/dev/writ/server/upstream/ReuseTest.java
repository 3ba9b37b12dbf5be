package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.writ.server.upstream.CallBench.Answer;
import dev.writ.server.upstream.CallBench.Ended;
import dev.writ.server.upstream.CallBench.Failed;
import dev.writ.server.upstream.UpstreamFault.ClosedEarly;
import dev.writ.server.upstream.UpstreamFault.Crowded;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections are kept, used again and given up.
final class ReuseTest {
    private static final String OK = crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

    private final HandClock clock = new HandClock();

    private static UpstreamLimits limits(int connectionsMax, int idleMax, Duration idleTtl) {
        return new UpstreamLimits(
                connectionsMax,
                idleMax,
                idleTtl,
                4096,
                1024 * 1024,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30));
    }

    private CallBench bench(UpstreamLimits limits) throws IOException {
        return new CallBench(limits, UpstreamTrust.JDK, clock);
    }

    private static List<Ended> together(
            CallBench bench, ScriptedUpstream upstream, int count, Semaphore arrived, Semaphore go)
            throws Exception {
        List<CompletableFuture<Ended>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(bench.begin(CallBench.post(upstream.endpoint(), "{}")));
        }
        arrived.acquire(count);
        go.release(count);
        List<Ended> ended = new ArrayList<>();
        for (CompletableFuture<Ended> call : calls) {
            ended.add(TestGateway.get(call));
        }
        return ended;
    }

    @Test
    void oneConnectionServesCallsOneAfterTheOther() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK));
                var bench = bench(UpstreamLimits.DEFAULT)) {
            for (int i = 0; i < 50; i++) {
                assertInstanceOf(
                        Answer.class, bench.call(CallBench.post(upstream.endpoint(), "{}")));
            }
            assertEquals(1, upstream.wires().size());
            assertEquals(50, upstream.wires().getFirst().requests().size());
        }
    }

    @Test
    void keepsSoManyIdleConnectionsAndNoMore() throws Exception {
        Semaphore arrived = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    while (wire.readRequest() != null) {
                                        arrived.release();
                                        go.acquire();
                                        wire.send(OK);
                                    }
                                });
                var bench = bench(limits(100, 3, Duration.ofSeconds(30)))) {
            for (Ended ended : together(bench, upstream, 8, arrived, go)) {
                assertInstanceOf(Answer.class, ended);
            }
            for (int i = 0; i < 5; i++) {
                upstream.awaitEnd();
            }
            together(bench, upstream, 3, arrived, go);
            assertEquals(8, upstream.wires().size(), "the three idle ones were used");
        }
    }

    @Test
    void closesWhatWasIdleForTooLong() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK));
                var bench = bench(limits(100, 3, Duration.ofSeconds(30)))) {
            bench.call(CallBench.post(upstream.endpoint(), "{}"));
            clock.advance(Duration.ofMillis(29_900));
            bench.call(CallBench.post(upstream.endpoint(), "{}"));
            assertEquals(1, upstream.wires().size());
            clock.advance(Duration.ofSeconds(31));
            upstream.awaitEnd();
            bench.call(CallBench.post(upstream.endpoint(), "{}"));
            assertEquals(2, upstream.wires().size());
        }
    }

    @Test
    void failsAtOnceWhenAllConnectionsAreInUse() throws Exception {
        Semaphore arrived = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    while (wire.readRequest() != null) {
                                        arrived.release();
                                        go.acquire();
                                        wire.send(OK);
                                    }
                                });
                var bench = bench(limits(2, 2, Duration.ofSeconds(30)))) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            var first = bench.begin(request);
            var second = bench.begin(request);
            arrived.acquire(2);
            assertEquals(new Failed(new Crowded(2)), bench.call(request));
            go.release(2);
            assertInstanceOf(Answer.class, TestGateway.get(first));
            assertInstanceOf(Answer.class, TestGateway.get(second));
            go.release(1);
            assertInstanceOf(Answer.class, bench.call(request));
        }
    }

    @Test
    void sendsAgainOnAFreshConnectionWhenAnIdleOneTurnsOutToBeClosed() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    // Takes the second request of a connection, and closes.
                                    wire.readRequest();
                                    wire.send(OK);
                                    wire.readRequest();
                                });
                var bench = bench(UpstreamLimits.DEFAULT)) {
            for (int i = 0; i < 5; i++) {
                var ended = bench.call(CallBench.post(upstream.endpoint(), "body " + i));
                assertInstanceOf(Answer.class, ended, "call " + i);
            }
            assertEquals(5, upstream.wires().size());
            var last = upstream.wires().getLast().requests();
            assertEquals("body 4", ScriptedUpstream.body(last.getFirst()));
        }
    }

    @Test
    void sendsAgainOnceAndNotTwice() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    if (wire.number() == 0) {
                                        wire.send(OK);
                                        wire.readRequest();
                                    }
                                });
                var bench = bench(UpstreamLimits.DEFAULT)) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            assertInstanceOf(Answer.class, bench.call(request));
            assertEquals(new Failed(new ClosedEarly(0)), bench.call(request));
            assertEquals(2, upstream.wires().size());
        }
    }

    @Test
    void doesNotSendAgainWhenTheUpstreamHadTimeToWorkOnIt() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch die = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(OK);
                                    wire.readRequest();
                                    arrived.countDown();
                                    die.await();
                                });
                var bench = bench(UpstreamLimits.DEFAULT)) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            assertInstanceOf(Answer.class, bench.call(request));
            var second = bench.begin(request);
            arrived.await();
            clock.advance(Duration.ofSeconds(3));
            die.countDown();
            assertEquals(new Failed(new ClosedEarly(0)), TestGateway.get(second));
            assertEquals(1, upstream.wires().size());
        }
    }

    @Test
    void doesNotSendAgainOnceAByteOfAnAnswerCame() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(OK);
                                    wire.readRequest();
                                    wire.send("H");
                                });
                var bench = bench(UpstreamLimits.DEFAULT)) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            assertInstanceOf(Answer.class, bench.call(request));
            assertEquals(new Failed(new ClosedEarly(0)), bench.call(request));
            assertEquals(1, upstream.wires().size());
        }
    }

    @Test
    void aConnectionThatWasClosedWhileIdleIsNotUsed() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(OK);
                                });
                var bench = bench(UpstreamLimits.DEFAULT)) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            for (int i = 0; i < 5; i++) {
                assertInstanceOf(Answer.class, bench.call(request));
                upstream.awaitEnd();
                clock.advance(Duration.ofSeconds(1));
            }
            assertEquals(5, upstream.wires().size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nok",
                "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: x, Close\n\nok",
                "HTTP/1.0 200 OK\nContent-Length: 2\n\nok",
                "HTTP/1.1 200 OK\nContent-Length: 2\n\nokHTTP/1.1 200 OK",
                "HTTP/1.1 204 No Content\n\nok",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\nHTTP/1.1 200 OK"
            })
    void aConnectionIsNotUsedAgainBehindAnAnswerThatForbidsIt(String sent) throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    while (wire.readRequest() != null) {
                                        wire.send(crlf(sent));
                                    }
                                });
                var bench = bench(UpstreamLimits.DEFAULT)) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            for (int i = 0; i < 2; i++) {
                assertInstanceOf(Answer.class, bench.call(request));
                upstream.awaitEnd();
            }
            for (var wire : upstream.wires()) {
                assertEquals(1, wire.requests().size());
            }
        }
    }

    @Test
    void anAnswerBeforeTheRequestIsSentWholeCountsAndItsConnectionDoesNot() throws Exception {
        String refusal = crlf("HTTP/1.1 413 Too Large\nContent-Length: 4\n\nlong");
        CountDownLatch answered = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.socket().getInputStream().readNBytes(100);
                                    wire.send(refusal);
                                    // Not read on before, so that the request cannot be sent whole.
                                    answered.await();
                                    wire.awaitClose();
                                });
                var bench = bench(UpstreamLimits.DEFAULT)) {
            var request = CallBench.post(upstream.endpoint(), "x".repeat(32 * 1024 * 1024));
            var answer = (Answer) bench.call(request);
            assertEquals(413, answer.status());
            assertEquals("long", answer.body());
            answered.countDown();
            assertNotNull(upstream.awaitEnd());
        }
    }
}
