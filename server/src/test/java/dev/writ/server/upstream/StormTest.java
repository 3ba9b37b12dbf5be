package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Upstreams and clients that do anything at any time: each call is told how it ended, once, and
/// nothing is left behind.
final class StormTest {
    private static final UpstreamTimeouts SHORT =
            new UpstreamTimeouts(
                    Duration.ofSeconds(20),
                    Duration.ofMillis(300),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(20));

    /// Answers well, badly, slowly, or not.
    private static ScriptedUpstream.Script anything(Random random) {
        return wire -> {
            while (wire.readRequest() != null) {
                int kind;
                int size;
                synchronized (random) {
                    kind = random.nextInt(10);
                    size = random.nextInt(60_000);
                }
                String body = "x".repeat(size);
                String chunk = Integer.toHexString(Math.max(size, 1)) + "\r\n";
                String chunked = crlf("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
                switch (kind) {
                    case 0 -> {
                        return;
                    }
                    case 1 -> wire.send(crlf("HTTP/1.1 500 No\nContent-Length: 2\n\nno"));
                    case 2 -> {
                        wire.send(chunked + chunk + body);
                        return;
                    }
                    case 3 -> wire.send(chunked + chunk + body + crlf("xx\nzz\n\n"));
                    case 4 -> wire.awaitClose();
                    case 5 -> {
                        wire.send(chunked + chunk + "x");
                        wire.awaitClose();
                    }
                    case 6 -> wire.send("nonsense\r\n\r\n");
                    case 7 -> {
                        wire.send(crlf("HTTP/1.1 200 OK\n\n") + body);
                        return;
                    }
                    default ->
                            wire.send(
                                    crlf("HTTP/1.1 200 OK\nContent-Length: ")
                                            + size
                                            + "\r\n\r\n"
                                            + body);
                }
            }
        };
    }

    private static void assertNothingIsLeft(TestGateway gateway, UpstreamLane lane)
            throws Exception {
        // What is idle may be kept; nothing else.
        gateway.client.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!gateway.onIoThread(() -> lane.isEmpty() && lane.wheel.isIdle())) {
            assertTrue(System.nanoTime() < end, "connections are left");
        }
        assertEquals(0, gateway.onIoThread(() -> lane.buffers.lent()));
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void eachStreamEndsOnceWhateverHappens(long seed) throws Exception {
        Random random = new Random(seed);
        AtomicReference<UpstreamLane> lane = new AtomicReference<>();
        int clients = 150;
        try (var upstream = ScriptedUpstream.start(anything(new Random(seed)));
                var gateway =
                        TestGateway.streaming(
                                upstream,
                                UpstreamLimits.DEFAULT,
                                SHORT,
                                System::nanoTime,
                                call -> {
                                    lane.set(call.lane());
                                    if (random.nextInt(4) == 0) {
                                        call.lane()
                                                .ioThread
                                                .executeAfter(
                                                        call::cancel,
                                                        random.nextInt(20),
                                                        TimeUnit.MILLISECONDS);
                                    }
                                    return ChunkObserver.NONE;
                                })) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int bytes = random.nextInt(3) == 0 ? random.nextInt(5000) : Integer.MAX_VALUE;
                threads.add(Thread.ofVirtual().start(() -> readSome(gateway, bytes)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            int ended = 0;
            while (ended < clients) {
                // A stream's outcome, or a fault or a departure before its headers.
                ended += gateway.outcomes.poll(1, TimeUnit.MILLISECONDS) != null ? 1 : 0;
                ended += gateway.faults.poll() != null ? 1 : 0;
                ended += gateway.events.poll() != null ? 1 : 0;
            }
            assertNothingIsLeft(gateway, lane.get());
            assertTrue(gateway.outcomes.isEmpty() && gateway.faults.isEmpty(), "seed " + seed);
        }
    }

    private static void readSome(TestGateway gateway, int bytes) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            client.setSoTimeout(60_000);
            client.getOutputStream()
                    .write(
                            crlf("POST / HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 2\n\n{}")
                                    .getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readNBytes(bytes);
        } catch (IOException e) {
            // Reset by the other side.
        }
    }
}
