package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.writ.server.upstream.CallBench.Answer;
import dev.writ.server.upstream.CallBench.Failed;
import dev.writ.server.upstream.UpstreamFault.TlsRefused;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls over TLS: whose certificate is taken, and what is said of the others.
final class TlsCallTest {
    private static final String OK = crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");

    @TempDir private static Path folder;
    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.shared();
    }

    private static CallBench trusting() throws Exception {
        return new CallBench(
                UpstreamClient.start(
                        UpstreamLimits.DEFAULT,
                        new UpstreamTrust(certificates.authority()),
                        System::nanoTime,
                        _ -> new InetAddress[] {InetAddress.getLoopbackAddress()}));
    }

    private static UpstreamRequest request(String host, ScriptedUpstream upstream) {
        return CallBench.post(new UpstreamEndpoint(true, host, upstream.port()), "{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void aCertificateForTheHostIsTakenAndItsConnectionReused(String host) throws Exception {
        try (var upstream =
                        ScriptedUpstream.startTls(
                                certificates.server("good"), ScriptedUpstream.always(OK));
                var bench = trusting()) {
            for (int i = 0; i < 20; i++) {
                assertEquals("ok", ((Answer) bench.call(request(host, upstream))).body());
            }
            assertEquals(1, upstream.wires().size());
        }
    }

    @Test
    void aLongAnswerAndALongRequestGoThrough() throws Exception {
        String large = "0123456789abcdef".repeat(64 * 1024);
        try (var upstream =
                        ScriptedUpstream.startTls(
                                certificates.server("good"),
                                wire -> {
                                    for (String got = wire.readRequest();
                                            got != null;
                                            got = wire.readRequest()) {
                                        wire.send(
                                                crlf(
                                                        "HTTP/1.1 200 OK\nTransfer-Encoding:"
                                                                + " chunked\n\n"));
                                        String body = ScriptedUpstream.body(got);
                                        for (int at = 0; at < body.length(); at += 1024) {
                                            wire.send("400\r\n");
                                            wire.send(body.substring(at, at + 1024) + "\r\n");
                                        }
                                        wire.send("0\r\n\r\n");
                                    }
                                });
                var bench = trusting()) {
            var request =
                    CallBench.post(new UpstreamEndpoint(true, "localhost", upstream.port()), large);
            for (int i = 0; i < 3; i++) {
                assertEquals(large, ((Answer) bench.call(request)).body());
            }
            assertEquals(1, upstream.wires().size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "other, localhost, the certificate is not for localhost",
        "other, 127.0.0.1, the certificate is not for 127.0.0.1",
        "good, elsewhere.example, the certificate is not for elsewhere.example",
        "expired, localhost, the certificate has expired",
    })
    void aCertificateThatIsNotInOrderIsRefused(String shown, String host, String reason)
            throws Exception {
        try (var upstream =
                        ScriptedUpstream.startTls(
                                certificates.server(shown), ScriptedUpstream.always(OK));
                var bench = trusting()) {
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        new Failed(new TlsRefused(reason)), bench.call(request(host, upstream)));
            }
            for (var wire : upstream.wires()) {
                assertEquals(List.of(), wire.requests(), "nothing is sent");
            }
        }
    }

    @Test
    void anUnknownAuthorityIsRefused() throws Exception {
        try (var upstream =
                        ScriptedUpstream.startTls(
                                certificates.server("good"), ScriptedUpstream.always(OK));
                var bench = CallBench.start()) {
            assertEquals(
                    new Failed(new TlsRefused("the certificate is not from a known authority")),
                    bench.call(request("localhost", upstream)));
        }
    }

    @Test
    void anUpstreamWithoutTlsIsRefused() throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.send("220 mail.example ready\r\n");
                                    wire.awaitClose();
                                });
                var bench = trusting()) {
            assertEquals(
                    new Failed(new TlsRefused("the TLS handshake failed")),
                    bench.call(request("localhost", upstream)));
            upstream.awaitEnd();
        }
    }

    @Test
    void anUpstreamThatClosesInTheHandshakeIsRefused() throws Exception {
        try (var upstream = ScriptedUpstream.start(_ -> {});
                var bench = trusting()) {
            assertEquals(
                    new Failed(new TlsRefused("the TLS handshake failed")),
                    bench.call(request("localhost", upstream)));
        }
    }

    @Test
    void aStaleConnectionIsReplaced() throws Exception {
        try (var upstream =
                        ScriptedUpstream.startTls(
                                certificates.server("good"),
                                wire -> {
                                    wire.readRequest();
                                    wire.send(OK);
                                    wire.readRequest();
                                });
                var bench = trusting()) {
            for (int i = 0; i < 4; i++) {
                assertInstanceOf(
                        Answer.class, bench.call(request("localhost", upstream)), "call " + i);
            }
            assertEquals(4, upstream.wires().size());
        }
    }

    @Test
    void aFileWithoutCertificatesStopsTheStart() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        Path none = folder.resolve("none.pem");
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        UpstreamClient.start(
                                UpstreamLimits.DEFAULT,
                                new UpstreamTrust(empty),
                                System::nanoTime));
        assertThrows(
                UncheckedIOException.class,
                () ->
                        UpstreamClient.start(
                                UpstreamLimits.DEFAULT, new UpstreamTrust(none), System::nanoTime));
    }
}
