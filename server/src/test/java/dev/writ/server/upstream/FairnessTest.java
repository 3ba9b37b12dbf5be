package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Many streams share one I/O thread, and none of them can keep it.
final class FairnessTest {
    private static final String CHUNKED = crlf("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
    private static final int QUIET = 63;
    private static final int EVENTS = 20;

    private final ConcurrentHashMap<Integer, Semaphore> mayGoOn = new ConcurrentHashMap<>();
    private final AtomicReference<UpstreamLane> lane = new AtomicReference<>();

    /// The first stream floods with small or large chunks, the others wait to be told.
    private ScriptedUpstream.Script oneFloods(String flood) {
        return wire -> {
            wire.readRequest();
            wire.send(CHUNKED);
            if (wire.number() == 0) {
                while (true) {
                    wire.send(flood);
                }
            }
            Semaphore next = mayGoOn.computeIfAbsent(wire.number(), _ -> new Semaphore(0));
            for (int i = 0; i < EVENTS; i++) {
                next.acquire();
                wire.send("5\r\nevent\r\n");
            }
            wire.send("0\r\n\r\n");
            wire.awaitClose();
        };
    }

    private ChunkObserver observer(UpstreamCall call) {
        lane.set(call.lane());
        return ChunkObserver.NONE;
    }

    private void assertAllProgress(TestGateway gateway) throws Exception {
        AtomicLong flooded = new AtomicLong();
        try (Socket flood = gateway.open()) {
            Thread.ofPlatform()
                    .daemon()
                    .start(
                            () -> {
                                byte[] buffer = new byte[256 * 1024];
                                try {
                                    while (true) {
                                        flooded.addAndGet(flood.getInputStream().read(buffer));
                                    }
                                } catch (java.io.IOException e) {
                                    // Closed by the test.
                                }
                            });
            while (flooded.get() < 1024 * 1024) {
                Thread.onSpinWait();
            }
            List<Socket> quiet = new ArrayList<>();
            for (int i = 0; i < QUIET; i++) {
                Socket socket = gateway.open();
                quiet.add(socket);
                readUntil(socket, "\r\n\r\n");
            }
            for (int event = 0; event < EVENTS; event++) {
                long before = flooded.get();
                for (int i = 1; i <= QUIET; i++) {
                    mayGoOn.computeIfAbsent(i, _ -> new Semaphore(0)).release();
                }
                for (Socket socket : quiet) {
                    readUntil(socket, "event\r\n");
                }
                while (flooded.get() == before) {
                    // The flood goes on, too.
                    Thread.onSpinWait();
                }
            }
            for (Socket socket : quiet) {
                socket.close();
            }
        }
        for (int i = 0; i <= QUIET; i++) {
            TestGateway.next(gateway.outcomes);
        }
    }

    private static void readUntil(Socket socket, String end) throws Exception {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int b = socket.getInputStream().read();
            assertTrue(b >= 0, "the stream has ended");
            read.append((char) b);
        }
    }

    private TestGateway gateway(UpstreamClient client, UpstreamEndpoint endpoint) {
        Function<UpstreamCall, ChunkObserver> observer = this::observer;
        return TestGateway.streaming(client, CallBench.post(endpoint, "{}"), observer);
    }

    private static UpstreamClient client(UpstreamTrust trust) {
        return UpstreamClient.start(
                UpstreamLimits.DEFAULT,
                trust,
                System::nanoTime,
                _ -> new InetAddress[] {InetAddress.getLoopbackAddress()});
    }

    @Test
    void aFloodOfLargeChunksLeavesTheOthersTheirTurn() throws Exception {
        String flood = "40000\r\n" + "x".repeat(0x40000) + "\r\n";
        try (var upstream = ScriptedUpstream.start(oneFloods(flood));
                var gateway = gateway(client(UpstreamTrust.JDK), upstream.endpoint())) {
            assertAllProgress(gateway);
        }
    }

    @Test
    void aFloodOfSmallChunksLeavesTheOthersTheirTurn() throws Exception {
        String flood = "10\r\n0123456789abcdef\r\n".repeat(4096);
        try (var upstream = ScriptedUpstream.start(oneFloods(flood));
                var gateway = gateway(client(UpstreamTrust.JDK), upstream.endpoint())) {
            assertAllProgress(gateway);
        }
    }

    @Test
    void aFloodOverTlsLeavesTheOthersTheirTurn() throws Exception {
        Certificates certificates = Certificates.shared();
        String flood = "100\r\n" + "x".repeat(0x100) + "\r\n";
        try (var upstream =
                        ScriptedUpstream.startTls(
                                certificates.server("good"), oneFloods(flood.repeat(64)));
                var gateway =
                        gateway(
                                client(new UpstreamTrust(certificates.authority())),
                                new UpstreamEndpoint(true, "localhost", upstream.port()))) {
            assertAllProgress(gateway);
        }
    }

    @Test
    void streamsThatAreIdleHoldNoBuffer() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(CHUNKED + "5\r\nevent\r\n");
                                    wire.awaitClose();
                                });
                var gateway = gateway(client(UpstreamTrust.JDK), upstream.endpoint())) {
            List<Socket> quiet = new ArrayList<>();
            for (int i = 0; i < QUIET; i++) {
                Socket socket = gateway.open();
                quiet.add(socket);
                readUntil(socket, "\r\n\r\n");
                readUntil(socket, "event\r\n");
            }
            assertEquals(0, gateway.onIoThread(() -> lane.get().buffers.lent()));
            for (Socket socket : quiet) {
                socket.close();
            }
            for (int i = 0; i < QUIET; i++) {
                TestGateway.next(gateway.outcomes);
            }
            assertEquals(0, gateway.onIoThread(() -> lane.get().buffers.lent()));
            assertTrue(gateway.faults.isEmpty());
        }
    }
}
