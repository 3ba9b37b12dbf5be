package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.server.upstream.CallBench.Answer;
import dev.writ.server.upstream.CallBench.Failed;
import dev.writ.server.upstream.UpstreamFault.Unreachable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.xnio.XnioIoThread;

/// Names become addresses outside the I/O thread, and each address is tried.
final class AddressTest {
    private static final String OK = crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
    private static final UpstreamLimits NO_IDLE =
            new UpstreamLimits(
                    100,
                    0,
                    Duration.ZERO,
                    4096,
                    4096,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30));

    private final HandClock clock = new HandClock();
    private final LinkedBlockingQueue<String> lookedUp = new LinkedBlockingQueue<>();

    private CallBench bench(AddressBook.Lookup lookup) throws Exception {
        return new CallBench(
                UpstreamClient.start(
                        NO_IDLE,
                        UpstreamTrust.JDK,
                        clock,
                        host -> {
                            assertFalse(Thread.currentThread() instanceof XnioIoThread);
                            lookedUp.add(host);
                            return lookup.find(host);
                        }));
    }

    private static InetAddress[] addresses(String... literals) {
        InetAddress[] addresses = new InetAddress[literals.length];
        for (int i = 0; i < literals.length; i++) {
            addresses[i] = InetAddress.ofLiteral(literals[i]);
        }
        return addresses;
    }

    /// Returns a port that refuses connections.
    static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aNameIsLookedUpOnceUntilItsTimeIsOver() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK));
                var bench = bench(_ -> addresses("127.0.0.1"))) {
            var request =
                    CallBench.post(
                            new UpstreamEndpoint(false, "api.example", upstream.port()), "{}");
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(Answer.class, bench.call(request));
            }
            assertEquals(1, lookedUp.size());
            clock.advance(Duration.ofSeconds(31));
            assertInstanceOf(Answer.class, bench.call(request));
            assertEquals(2, lookedUp.size());
            assertEquals(
                    "host: api.example:" + upstream.port(),
                    ScriptedUpstream.head(upstream.wires().getFirst().requests().getFirst())
                            .getLast());
        }
    }

    @Test
    void callsThatAskTogetherShareOneLookup() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK));
                var bench =
                        bench(
                                _ -> {
                                    try {
                                        answer.await();
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    return addresses("127.0.0.1");
                                })) {
            var request =
                    CallBench.post(
                            new UpstreamEndpoint(false, "api.example", upstream.port()), "{}");
            List<CompletableFuture<CallBench.Ended>> calls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                calls.add(bench.begin(request));
            }
            lookedUp.take();
            answer.countDown();
            for (var call : calls) {
                assertInstanceOf(Answer.class, TestGateway.get(call));
            }
            assertEquals(0, lookedUp.size());
        }
    }

    @Test
    void theNextAddressIsTriedWhereOneRefuses() throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(OK));
                var bench = bench(_ -> addresses("127.0.0.3", "127.0.0.2", "127.0.0.1"))) {
            var request =
                    CallBench.post(
                            new UpstreamEndpoint(false, "api.example", upstream.port()), "{}");
            assertInstanceOf(Answer.class, bench.call(request));
        }
    }

    @Test
    void aHostOfWhichAllAddressesRefuseIsUnreachableAndLookedUpAnew() throws Exception {
        int port = closedPort();
        try (var bench = bench(_ -> addresses("127.0.0.2", "127.0.0.1"))) {
            var request = CallBench.post(new UpstreamEndpoint(false, "api.example", port), "{}");
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        new Failed(new Unreachable("api.example:" + port + " refuses connections")),
                        bench.call(request));
            }
            assertEquals(2, lookedUp.size());
        }
    }

    @Test
    void anUnknownNameIsUnreachable() throws Exception {
        try (var bench =
                bench(
                        host -> {
                            throw new UnknownHostException(host);
                        })) {
            var request = CallBench.post(new UpstreamEndpoint(false, "no.example", 80), "{}");
            assertEquals(
                    new Failed(new Unreachable("the name no.example is unknown")),
                    bench.call(request));
        }
    }

    @Test
    void anAddressIsNotLookedUp() throws Exception {
        int port = closedPort();
        try (var bench = bench(_ -> addresses())) {
            for (String literal : List.of("127.0.0.1", "::1")) {
                var endpoint = new UpstreamEndpoint(false, literal, port);
                assertInstanceOf(
                        Unreachable.class,
                        ((Failed) bench.call(CallBench.post(endpoint, "{}"))).fault());
            }
            assertEquals(0, lookedUp.size());
        }
    }

    @Test
    void connectionsThatFailedLeaveTheirPlaces() throws Exception {
        int port = closedPort();
        try (var bench = bench(_ -> addresses("127.0.0.1"))) {
            var request = CallBench.post(new UpstreamEndpoint(false, "api.example", port), "{}");
            for (int i = 0; i < 2 * NO_IDLE.connectionsMax(); i++) {
                assertInstanceOf(Unreachable.class, ((Failed) bench.call(request)).fault());
            }
        }
    }
}
