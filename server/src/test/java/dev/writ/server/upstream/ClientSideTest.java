package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Clients that read slowly, not at all, leave, or send ahead.
final class ClientSideTest {
    private static final String CHUNKED = crlf("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
    private static final String KILOBYTES = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    private static final String OK = CHUNKED + crlf("2\nok\n0\n\n");

    /// More than all socket buffers on the way hold.
    private static final long BACK_PRESSURE_BYTES_MAX = 24L * 1024 * 1024;

    private static final UpstreamTimeouts A_DAY =
            new UpstreamTimeouts(
                    Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1));

    private static Socket unread(TestGateway gateway) throws Exception {
        Socket client = new Socket();
        client.setReceiveBufferSize(16 * 1024);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        TestGateway.ask(client, "{}");
        return client;
    }

    private static ScriptedUpstream.Script endless(AtomicLong sent) {
        return wire -> {
            wire.readRequest();
            wire.send(CHUNKED);
            while (true) {
                wire.send(KILOBYTES);
                sent.addAndGet(KILOBYTES.length());
            }
        };
    }

    private static String readUntil(InputStream in, String end) throws Exception {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new AssertionError("ended after " + read);
            }
            read.append((char) b);
        }
        return read.toString();
    }

    @Test
    void aClientThatReadsNothingStopsTheUpstreamAndIsGivenUp() throws Exception {
        HandClock clock = new HandClock();
        AtomicLong sent = new AtomicLong();
        try (var upstream = ScriptedUpstream.start(endless(sent));
                var gateway =
                        TestGateway.streaming(
                                upstream,
                                UpstreamLimits.DEFAULT,
                                A_DAY,
                                clock,
                                _ -> ChunkObserver.NONE);
                var client = unread(gateway)) {
            StreamOutcome outcome = null;
            while (outcome == null) {
                // Has no effect before something waits for the client.
                clock.advance(Duration.ofSeconds(20));
                outcome = gateway.outcomes.poll(30, TimeUnit.MILLISECONDS);
            }
            assertInstanceOf(StreamOutcome.ClientStalled.class, outcome);
            upstream.awaitEnd();
            assertTrue(sent.get() < BACK_PRESSURE_BYTES_MAX, sent::toString);
            assertTrue(outcome.bytesRead() > 0);
            client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.net.SocketException e) {
            assertEquals("Connection reset", e.getMessage());
        }
    }

    @Test
    void aSlowClientGetsAllOfItAndCountsAsNoPauseOfTheUpstream() throws Exception {
        HandClock clock = new HandClock();
        AtomicReference<UpstreamLane> lane = new AtomicReference<>();
        int chunks = 1024;
        var timeouts =
                new UpstreamTimeouts(
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        Duration.ofSeconds(5),
                        Duration.ofDays(1));
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED);
                                    for (int i = 0; i < chunks; i++) {
                                        wire.send(KILOBYTES);
                                    }
                                    wire.send("0\r\n\r\n");
                                    wire.awaitClose();
                                });
                var gateway =
                        TestGateway.streaming(
                                upstream,
                                UpstreamLimits.DEFAULT,
                                timeouts,
                                clock,
                                call -> {
                                    lane.set(call.lane());
                                    return ChunkObserver.NONE;
                                });
                var client = unread(gateway)) {
            readUntil(client.getInputStream(), "\r\n\r\n");
            gateway.awaitBlocked(lane.get());
            for (int i = 0; i < 5; i++) {
                // Less than the client may stall, more than the upstream may pause.
                clock.advance(Duration.ofSeconds(11));
            }
            assertNull(gateway.outcomes.poll(200, TimeUnit.MILLISECONDS));
            byte[] buffer = new byte[64 * 1024];
            long payload = 0;
            InputStream in = client.getInputStream();
            byte[] tail = new byte[5];
            while (!new String(tail, StandardCharsets.ISO_8859_1).equals("0\r\n\r\n")) {
                int got = in.read(buffer);
                assertTrue(got > 0, "the end came early");
                for (int i = 0; i < got; i++) {
                    payload += buffer[i] == 'x' ? 1 : 0;
                }
                int kept = Math.min(got, 5);
                System.arraycopy(tail, kept, tail, 0, 5 - kept);
                System.arraycopy(buffer, got - kept, tail, 5 - kept, kept);
            }
            assertEquals(chunks * 0x8000L, payload);
            assertEquals(new StreamOutcome.Completed(payload), TestGateway.next(gateway.outcomes));
        }
    }

    @Test
    void aClientThatLeavesBeforeTheHeadersCancelsTheCall() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    arrived.countDown();
                                    wire.awaitClose();
                                });
                var gateway = TestGateway.streaming(upstream)) {
            try (Socket _ = gateway.open()) {
                arrived.await();
            }
            assertEquals("gone", TestGateway.next(gateway.events));
            upstream.awaitEnd();
            assertTrue(gateway.faults.isEmpty() && gateway.outcomes.isEmpty());
        }
    }

    @Test
    void aClientThatLeavesASilentStreamIsNoticed() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED + crlf("5\nhello\n"));
                                    wire.awaitClose();
                                });
                var gateway = TestGateway.streaming(upstream)) {
            try (Socket client = gateway.open()) {
                readUntil(client.getInputStream(), "hello");
            }
            assertEquals(new StreamOutcome.ClientGone(5), TestGateway.next(gateway.outcomes));
            upstream.awaitEnd();
        }
    }

    @Test
    void aClientThatClosesItsSendingSideHasLeft() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED + crlf("5\nhello\n"));
                                    wire.awaitClose();
                                });
                var gateway = TestGateway.streaming(upstream);
                Socket client = gateway.open()) {
            readUntil(client.getInputStream(), "hello");
            client.shutdownOutput();
            assertEquals(new StreamOutcome.ClientGone(5), TestGateway.next(gateway.outcomes));
            upstream.awaitEnd();
        }
    }

    @Test
    void aClientThatLeavesAFloodIsNoticed() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (var upstream = ScriptedUpstream.start(endless(sent));
                var gateway = TestGateway.streaming(upstream)) {
            try (Socket client = gateway.open()) {
                client.getInputStream().readNBytes(1024 * 1024);
            }
            assertInstanceOf(StreamOutcome.ClientGone.class, TestGateway.next(gateway.outcomes));
            upstream.awaitEnd();
        }
    }

    @Test
    void requestsThatWereSentAheadAreServedInTheirOrder() throws Exception {
        CountDownLatch ahead = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED + crlf("5\nfirst\n"));
                                    ahead.await();
                                    wire.send("0\r\n\r\n");
                                    for (int i = 2; wire.readRequest() != null; i++) {
                                        wire.send(CHUNKED + crlf("2\n#" + i + "\n0\n\n"));
                                    }
                                });
                var gateway = TestGateway.streaming(upstream);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            InputStream in = client.getInputStream();
            // The second comes with the first, the third and half of a fourth while it is streamed.
            TestGateway.ask(client, "{}", "{}");
            readUntil(in, "first");
            TestGateway.ask(client, "{}");
            client.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHos".getBytes(StandardCharsets.US_ASCII));
            ahead.countDown();
            readUntil(in, "#2\r\n0\r\n\r\n");
            readUntil(in, "#3\r\n0\r\n\r\n");
            client.getOutputStream()
                    .write(
                            crlf("t: x\nContent-Length: 2\n\n{}")
                                    .getBytes(StandardCharsets.US_ASCII));
            readUntil(in, "#4\r\n0\r\n\r\n");
            for (int i = 0; i < 4; i++) {
                assertInstanceOf(StreamOutcome.Completed.class, TestGateway.next(gateway.outcomes));
            }
        }
    }

    @Test
    void aLongRequestThatWasSentAheadIsServedToo() throws Exception {
        String large = "y".repeat(300_000);
        CountDownLatch ahead = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED + crlf("5\nfirst\n"));
                                    ahead.await();
                                    wire.send("0\r\n\r\n");
                                    while (wire.readRequest() != null) {
                                        wire.send(OK);
                                    }
                                });
                var gateway = TestGateway.streaming(upstream);
                Socket client = gateway.open()) {
            InputStream in = client.getInputStream();
            readUntil(in, "first");
            Thread writer =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            TestGateway.ask(client, large);
                                        } catch (Exception e) {
                                            throw new AssertionError(e);
                                        }
                                    });
            ahead.countDown();
            readUntil(in, "ok\r\n0\r\n\r\n");
            writer.join();
        }
    }
}
