package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.server.upstream.CallBench.Answer;
import dev.writ.server.upstream.CallBench.Ended;
import dev.writ.server.upstream.CallBench.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/// Each part of a call has its own time. The clock is moved by hand; only the steps of the wheel
/// are real.
final class CallTimeoutTest {
    private static final UpstreamTimeouts TIMEOUTS =
            new UpstreamTimeouts(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(100));

    private final HandClock clock = new HandClock();

    private CallBench bench() throws IOException {
        return new CallBench(UpstreamLimits.DEFAULT, UpstreamTrust.JDK, clock);
    }

    /// Returns once the wheel has surely been turned at the time that it is.
    private void letTheWheelTurn(CallBench bench) throws Exception {
        for (int i = 0; i < 4; i++) {
            CompletableFuture<Boolean> turned = new CompletableFuture<>();
            bench.ioThread.executeAfter(
                    () -> turned.complete(true), 26, java.util.concurrent.TimeUnit.MILLISECONDS);
            TestGateway.get(turned);
        }
    }

    private void assertEndsOnlyAfter(
            CallBench bench, CompletableFuture<Ended> call, Duration timeout, UpstreamFault fault)
            throws Exception {
        clock.advance(timeout.minusNanos(1));
        letTheWheelTurn(bench);
        assertFalse(call.isDone(), "not before its time");
        // The time is looked at once a step.
        clock.advance(Duration.ofNanos(TimingWheel.STEP_NANOS));
        assertEquals(new Failed(fault), TestGateway.get(call));
    }

    @Test
    void aHandshakeThatDoesNotEndIsAConnectTimeoutAndClosed() throws Exception {
        try (var mute = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var bench = bench()) {
            var endpoint = new UpstreamEndpoint(true, "127.0.0.1", mute.getLocalPort());
            var call = bench.begin(CallBench.post(endpoint, "{}", TIMEOUTS));
            try (var accepted = mute.accept()) {
                assertEndsOnlyAfter(
                        bench, call, TIMEOUTS.connect(), new UpstreamFault.ConnectTimeout());
                accepted.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    @Test
    void aLookupThatDoesNotEndIsAConnectTimeout() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AddressBook.Lookup lookup =
                _ -> {
                    asked.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new InetAddress[0];
                };
        var client = UpstreamClient.start(UpstreamLimits.DEFAULT, UpstreamTrust.JDK, clock, lookup);
        try (var bench = new CallBench(client)) {
            var endpoint = new UpstreamEndpoint(false, "slow.example", 80);
            var call = bench.begin(CallBench.post(endpoint, "{}", TIMEOUTS));
            asked.await();
            assertEndsOnlyAfter(
                    bench, call, TIMEOUTS.connect(), new UpstreamFault.ConnectTimeout());
        }
    }

    @Test
    void anAnswerThatDoesNotBeginIsAFirstByteTimeout() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    // A head that is not whole is no answer.
                                    wire.send(crlf("HTTP/1.1 100 Continue\n\nHTTP/1.1 200"));
                                    arrived.countDown();
                                    wire.awaitClose();
                                });
                var bench = bench()) {
            var call = bench.begin(CallBench.post(upstream.endpoint(), "{}", TIMEOUTS));
            arrived.await();
            assertEndsOnlyAfter(
                    bench, call, TIMEOUTS.firstByte(), new UpstreamFault.FirstByteTimeout());
            upstream.awaitEnd();
        }
    }

    @Test
    void aBodyThatPausesIsAnIdleTimeoutAndEachByteBeginsItAnew() throws Exception {
        Semaphore goOn = new Semaphore(0);
        Semaphore read = new Semaphore(0);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(crlf("HTTP/1.1 200 OK\nContent-Length: 99\n\n"));
                                    for (int i = 0; i < 5; i++) {
                                        goOn.acquire();
                                        wire.send("x");
                                    }
                                    wire.awaitClose();
                                });
                var bench = bench()) {
            CompletableFuture<Ended> ended = new CompletableFuture<>();
            ChunkObserver counting = new Observers.Passing(_ -> read.release());
            var listener =
                    new UpstreamListener() {
                        @Override
                        public void onHeaders(UpstreamCall call, UpstreamHead head) {
                            call.attach(new Observers.Sink(call, counting, ended));
                            read.release();
                        }

                        @Override
                        public void onFault(UpstreamFault fault) {
                            ended.complete(new Failed(fault));
                        }
                    };
            var request = CallBench.post(upstream.endpoint(), "{}", TIMEOUTS);
            bench.ioThread.execute(() -> bench.client.call(bench.ioThread, request, listener));
            read.acquire();
            for (int i = 0; i < 5; i++) {
                clock.advance(Duration.ofSeconds(4));
                goOn.release();
                read.acquire();
            }
            assertEndsOnlyAfter(bench, ended, TIMEOUTS.idle(), new UpstreamFault.IdleTimeout(5));
            upstream.awaitEnd();
        }
    }

    @Test
    void anAnswerThatNobodyTakesIsAnIdleTimeout() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(
                                        crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")));
                var bench = bench()) {
            CompletableFuture<Ended> ended = new CompletableFuture<>();
            var listener =
                    new UpstreamListener() {
                        @Override
                        public void onHeaders(UpstreamCall call, UpstreamHead head) {
                            told.countDown();
                        }

                        @Override
                        public void onFault(UpstreamFault fault) {
                            ended.complete(new Failed(fault));
                        }
                    };
            var request = CallBench.post(upstream.endpoint(), "{}", TIMEOUTS);
            bench.ioThread.execute(() -> bench.client.call(bench.ioThread, request, listener));
            told.await();
            assertEndsOnlyAfter(bench, ended, TIMEOUTS.idle(), new UpstreamFault.IdleTimeout(0));
        }
    }

    @Test
    void anAnswerThatNeverEndsIsATotalTimeout() throws Exception {
        Semaphore goOn = new Semaphore(0);
        Semaphore read = new Semaphore(0);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(crlf("HTTP/1.1 200 OK\n\n"));
                                    while (true) {
                                        goOn.acquire();
                                        wire.send("x");
                                    }
                                });
                var bench = bench()) {
            CompletableFuture<Ended> ended = new CompletableFuture<>();
            ChunkObserver counting = new Observers.Passing(_ -> read.release());
            var listener =
                    new UpstreamListener() {
                        @Override
                        public void onHeaders(UpstreamCall call, UpstreamHead head) {
                            call.attach(new Observers.Sink(call, counting, ended));
                        }

                        @Override
                        public void onFault(UpstreamFault fault) {
                            ended.complete(new Failed(fault));
                        }
                    };
            var request = CallBench.post(upstream.endpoint(), "{}", TIMEOUTS);
            bench.ioThread.execute(() -> bench.client.call(bench.ioThread, request, listener));
            for (int i = 0; i < 24; i++) {
                goOn.release();
                read.acquire();
                clock.advance(Duration.ofSeconds(4));
            }
            goOn.release();
            read.acquire();
            assertEndsOnlyAfter(
                    bench, ended, Duration.ofSeconds(4), new UpstreamFault.TotalTimeout(25));
        }
    }

    @Test
    void aCallCanBeBegunAfterTheWheelStoodStill() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(
                                        crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")));
                var bench = bench()) {
            for (int i = 0; i < 5; i++) {
                clock.advance(Duration.ofHours(1));
                assertInstanceOf(
                        Answer.class,
                        bench.call(CallBench.post(upstream.endpoint(), "{}", TIMEOUTS)));
            }
        }
    }
}
