package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.upstream.CallBench.Answer;
import dev.writ.server.upstream.CallBench.Ended;
import dev.writ.server.upstream.CallBench.Failed;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What may be done in callbacks and between them.
final class CallbackTest {
    private static final String OK = crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

    private CallBench bench;
    private final LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        bench = CallBench.start();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private interface Headers {
        void told(UpstreamCall call);
    }

    private UpstreamListener listener(Headers headers) {
        return new UpstreamListener() {
            @Override
            public void onHeaders(UpstreamCall call, UpstreamHead head) {
                told.add("headers");
                headers.told(call);
            }

            @Override
            public void onFault(UpstreamFault fault) {
                told.add(fault);
            }
        };
    }

    private UpstreamCall begin(UpstreamRequest request, UpstreamListener listener)
            throws Exception {
        CompletableFuture<UpstreamCall> begun = new CompletableFuture<>();
        bench.ioThread.execute(
                () -> begun.complete(bench.client.call(bench.ioThread, request, listener)));
        return TestGateway.get(begun);
    }

    /// Returns after what was queued on the I/O thread has run.
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Boolean> ran = new CompletableFuture<>();
            bench.ioThread.execute(() -> ran.complete(true));
            TestGateway.get(ran);
        }
    }

    @Test
    void aCallCancelledInItsHeadersTellsNothingMore() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK))) {
            begin(CallBench.post(upstream.endpoint(), "{}"), listener(UpstreamCall::cancel));
            assertEquals("headers", TestGateway.next(told));
            upstream.awaitEnd();
            settle();
            assertTrue(told.isEmpty());
        }
    }

    @Test
    void aCallCancelledBeforeItsHeadersClosesAtOnce() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (var upstream =
                ScriptedUpstream.start(
                        wire -> {
                            wire.readRequest();
                            arrived.countDown();
                            wire.awaitClose();
                        })) {
            var call = begin(CallBench.post(upstream.endpoint(), "{}"), listener(_ -> {}));
            arrived.await();
            long begin = System.nanoTime();
            bench.ioThread.execute(call::cancel);
            upstream.awaitEnd();
            // Undertow's own way to close waits 10 seconds for the rest of an answer.
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(8));
            settle();
            assertTrue(told.isEmpty());
        }
    }

    @Test
    void aCallCancelledWhileItConnectsTellsNothing() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK))) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
            bench.ioThread.execute(
                    () -> {
                        bench.client.call(bench.ioThread, request, listener(_ -> {})).cancel();
                        cancelled.complete(true);
                    });
            TestGateway.get(cancelled);
            settle();
            assertTrue(told.isEmpty());
            assertInstanceOf(Answer.class, bench.call(request));
        }
    }

    @Test
    void nothingIsToldFromInsideTheCallItself() throws Exception {
        var refused = new UpstreamEndpoint(false, "127.0.0.1", AddressTest.closedPort());
        CompletableFuture<Boolean> returned = new CompletableFuture<>();
        bench.ioThread.execute(
                () -> {
                    bench.client.call(
                            bench.ioThread, CallBench.post(refused, "{}"), listener(_ -> {}));
                    returned.complete(told.isEmpty());
                });
        assertTrue(TestGateway.get(returned));
        assertInstanceOf(UpstreamFault.Unreachable.class, TestGateway.next(told));
    }

    @Test
    void aBodyMayBeAskedForLater() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK))) {
            for (int i = 0; i < 3; i++) {
                var call = begin(CallBench.post(upstream.endpoint(), "{}"), listener(_ -> {}));
                assertEquals("headers", TestGateway.next(told));
                settle();
                bench.ioThread.execute(
                        () -> {
                            call.collectWhole(10, body -> told.add(CallBench.text(body)));
                            told.add("asked");
                        });
                assertEquals("asked", TestGateway.next(told));
                assertEquals("ok", TestGateway.next(told));
            }
            assertEquals(1, upstream.wires().size());
        }
    }

    @Test
    void theNextCallMayBeBegunWhereTheOneBeforeHasEnded() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK))) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            CompletableFuture<Ended> last = new CompletableFuture<>();
            AtomicReference<UpstreamListener> again = new AtomicReference<>();
            int[] left = {10};
            again.set(
                    listener(
                            call ->
                                    call.collectWhole(
                                            10,
                                            _ ->
                                                    bench.client.call(
                                                            bench.ioThread,
                                                            request,
                                                            --left[0] > 0
                                                                    ? again.get()
                                                                    : CallBench.collect(
                                                                            last, 10)))));
            begin(request, again.get());
            assertInstanceOf(Answer.class, TestGateway.get(last));
            assertEquals(1, upstream.wires().size());
        }
    }

    @Test
    void aListenerThatFailsEndsItsCallAndNoOther() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK))) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            begin(
                    request,
                    listener(
                            _ -> {
                                throw new IllegalStateException("a bug of the test");
                            }));
            assertEquals("headers", TestGateway.next(told));
            assertInstanceOf(UpstreamFault.BadAnswer.class, TestGateway.next(told));
            upstream.awaitEnd();
            assertInstanceOf(Answer.class, bench.call(request));
        }
    }

    @Test
    void callsUnderWayEndWhenTheClientCloses() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (var upstream =
                ScriptedUpstream.start(
                        wire -> {
                            wire.readRequest();
                            arrived.countDown();
                            wire.awaitClose();
                        })) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            var call = bench.begin(request);
            arrived.await();
            bench.client.close();
            var ends = new Failed(new UpstreamFault.Unreachable("the gateway is about to end"));
            assertEquals(ends, TestGateway.get(call));
            upstream.awaitEnd();
            assertEquals(ends, bench.call(request));
        }
    }
}
