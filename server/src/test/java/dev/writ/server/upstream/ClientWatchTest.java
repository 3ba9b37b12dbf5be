package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.undertow.server.HttpServerExchange;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A client that leaves while a whole answer is fetched for it.
final class ClientWatchTest {
    private static TestGateway whole(ScriptedUpstream upstream) {
        return new TestGateway(
                UpstreamClient.start(UpstreamLimits.DEFAULT, UpstreamTrust.JDK, System::nanoTime),
                gateway -> exchange -> fetch(gateway, exchange, upstream));
    }

    private static void fetch(
            TestGateway gateway, HttpServerExchange exchange, ScriptedUpstream upstream) {
        ClientWatch watch = ClientWatch.of(exchange);
        assertSame(watch, ClientWatch.of(exchange));
        UpstreamCall begun =
                gateway.client.call(
                        exchange.getIoThread(),
                        CallBench.post(upstream.endpoint(), "{}"),
                        new UpstreamListener() {
                            @Override
                            public void onHeaders(UpstreamCall call, UpstreamHead head) {
                                call.collectWhole(
                                        1000,
                                        body -> {
                                            exchange.setResponseContentLength(body.remaining());
                                            exchange.getResponseSender().send(body);
                                        });
                            }

                            @Override
                            public void onFault(UpstreamFault fault) {
                                gateway.faults.add(fault);
                                exchange.endExchange();
                            }
                        });
        watch.whenGone(
                () -> {
                    gateway.events.add("gone");
                    begun.cancel();
                    exchange.endExchange();
                });
    }

    @Test
    void cancelsACallWhoseAnswerIsHalfThere() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(crlf("HTTP/1.1 200 OK\nContent-Length: 9\n\nhalf"));
                                    half.countDown();
                                    wire.awaitClose();
                                });
                var gateway = whole(upstream)) {
            try (Socket _ = gateway.open()) {
                half.await();
            }
            assertEquals("gone", TestGateway.next(gateway.events));
            upstream.awaitEnd();
            assertTrue(gateway.faults.isEmpty());
        }
    }

    @Test
    void givesRequestsThatWereSentAheadBack() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    for (int i = 101; wire.readRequest() != null; i++) {
                                        wire.send(
                                                crlf(
                                                        "HTTP/1.1 200 OK\nContent-Length: 4\n\n#"
                                                                + i));
                                    }
                                });
                var gateway = whole(upstream);
                Socket client = gateway.open()) {
            for (int round = 0; round < 20; round++) {
                TestGateway.ask(client, "{}", "{}", "{}");
            }
            StringBuilder read = new StringBuilder();
            while (read.indexOf("#161") < 0) {
                int b = client.getInputStream().read();
                assertTrue(b >= 0, () -> "ended after " + read);
                read.append((char) b);
            }
            assertEquals(61, read.toString().split("HTTP/1.1 200", -1).length - 1);
            assertEquals(1, upstream.wires().size());
            assertTrue(gateway.events.isEmpty());
        }
    }

    @Test
    void tellsATaskThatIsNamedAfterTheClientHasLeft() throws Exception {
        try (var gateway =
                new TestGateway(
                        UpstreamClient.start(
                                UpstreamLimits.DEFAULT, UpstreamTrust.JDK, System::nanoTime),
                        made -> exchange -> watchTwice(made, exchange))) {
            try (Socket _ = gateway.open()) {
                assertEquals("watching", TestGateway.next(gateway.events));
            }
            assertEquals("first", TestGateway.next(gateway.events));
            assertEquals("second, later: true", TestGateway.next(gateway.events));
        }
    }

    private static void watchTwice(TestGateway gateway, HttpServerExchange exchange) {
        ClientWatch watch = ClientWatch.of(exchange);
        watch.whenGone(
                () -> {
                    gateway.events.add("first");
                    boolean[] later = {false};
                    watch.whenGone(
                            () -> {
                                gateway.events.add("second, later: " + later[0]);
                                exchange.endExchange();
                            });
                    later[0] = true;
                });
        gateway.events.add("watching");
    }

    @Test
    void saysNothingOfAClientThatStays() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                ScriptedUpstream.always(
                                        crlf("HTTP/1.1 200 OK\nContent-Length: 3\n\nend")));
                var gateway = whole(upstream)) {
            for (int i = 0; i < 3; i++) {
                try (Socket client = gateway.open()) {
                    StringBuilder read = new StringBuilder();
                    while (read.indexOf("end") < 0) {
                        read.append((char) client.getInputStream().read());
                    }
                }
            }
            // A client that leaves between its requests is none of the watch's business.
            assertEquals(null, gateway.events.poll(50, TimeUnit.MILLISECONDS));
        }
    }
}
