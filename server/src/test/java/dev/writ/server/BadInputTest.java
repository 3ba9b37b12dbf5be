package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.pipeline.GatewayLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What nobody should send, over raw sockets: a clear refusal, bounded memory, never a 500 and
/// never a hang; and the gateway serves the next client.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final String HEAD =
            """
            POST /v1/chat/completions HTTP/1.1
            host: x
            authorization: Bearer test
            content-type: application/json
            """
                    .replace("\n", "\r\n");

    private ScriptedProvider provider;
    private TestGateway gateway;

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        provider = new ScriptedProvider();
        gateway =
                TestGateway.start(
                        temp,
                        TestGateway.policy(provider.url()),
                        options ->
                                TestGateway.within(
                                        options,
                                        new GatewayLimits(
                                                4 * 1024 * 1024,
                                                4 * 1024 * 1024,
                                                Duration.ofSeconds(2),
                                                64 * 1024)));
    }

    @AfterAll
    void stop() {
        gateway.close();
        provider.close();
    }

    @AfterEach
    void servesTheNextClient() throws Exception {
        assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nonsense",
                "{\"model\":\"chat\",\"messages\":[",
                "{\"model\":\"chat\",\"messages\":{}}",
                "{\"model\":7,\"messages\":[]}",
                "{\"model\":\"chat\",\"model\":\"other\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":\"yes\"}",
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":-1}",
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} trailing"
            })
    void refusesBodiesThatAreNoRequests(String body) throws Exception {
        Answer answer = exchange(HEAD + length(body) + "\r\n" + body);
        assertEquals(400, answer.status(), answer.text());
        assertTrue(answer.text().contains("\"code\":\"invalid_request\""), answer.text());
    }

    @Test
    void refusesBytesThatAreNoText() throws Exception {
        byte[] body =
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}"
                        .getBytes(StandardCharsets.US_ASCII);
        body[body.length - 5] = (byte) 0xff;
        try (Raw raw = new Raw()) {
            raw.send(HEAD + "content-length: " + body.length + "\r\n\r\n");
            raw.send(body);
            assertEquals(400, raw.answer().status());
        }
    }

    @Test
    void refusesDeepNesting() throws Exception {
        String body = "{\"model\":\"chat\",\"x\":" + "[".repeat(100_000);
        assertEquals(400, exchange(HEAD + length(body) + "\r\n" + body).status());
    }

    @Test
    void servesTenThousandMessages() throws Exception {
        StringBuilder body = new StringBuilder("{\"model\":\"chat\",\"messages\":[");
        for (int i = 0; i < 10_000; i++) {
            body.append(i == 0 ? "" : ",").append("{\"role\":\"user\",\"content\":\"hello\"}");
        }
        body.append("]}");
        assertEquals(200, gateway.chat(body.toString()).statusCode());
    }

    @Test
    void refusesAnnouncedBodiesThatAreTooLargeWithoutReadingThem() throws Exception {
        Answer answer = exchange(HEAD + "content-length: 52428800\r\n\r\n");
        assertEquals(413, answer.status());
        assertTrue(answer.text().contains("body_too_large"), answer.text());
    }

    @Test
    void refusesBodiesThatTurnOutTooLarge() throws Exception {
        try (Raw raw = new Raw()) {
            raw.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
            byte[] chunk =
                    ("10000\r\n" + "x".repeat(0x10000) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
            try {
                for (int i = 0; i < 5 * 16; i++) {
                    raw.send(chunk);
                }
                raw.send("0\r\n\r\n");
            } catch (IOException e) {
                // It stopped listening; it may have answered before.
                assertTrue(raw.socket.isConnected());
            }
            Answer answer = raw.answer();
            assertEquals(413, answer.status(), answer.text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\n{}\r\n0\r\n\r\n",
                "5\r\n{}\r\n0\r\n\r\n",
                "ffffffffffffffff\r\n",
                "-1\r\n{}\r\n0\r\n\r\n",
                "\r\n\r\n\r\n"
            })
    void refusesNonsenseInChunks(String chunks) throws Exception {
        try (Raw raw = new Raw()) {
            raw.send(HEAD + "transfer-encoding: chunked\r\n\r\n" + chunks);
            raw.socket.shutdownOutput();
            Answer answer = raw.answer();
            assertTrue(answer.status() == 400 || answer.closed(), answer.text());
        }
    }

    @Test
    void refusesFloodsOfHeaders() throws Exception {
        StringBuilder many = new StringBuilder("GET /v1/models HTTP/1.1\r\nhost: x\r\n");
        for (int i = 0; i < 1000; i++) {
            many.append("x-").append(i).append(": y\r\n");
        }
        Answer answer = exchange(many + "\r\n");
        assertTrue(answer.status() == 431 || answer.status() == 400, answer.text());
        Answer long1 =
                exchange(
                        "GET /v1/models HTTP/1.1\r\nhost: x\r\nx: "
                                + "y".repeat(300_000)
                                + "\r\n\r\n");
        assertTrue(long1.status() == 431 || long1.status() == 400 || long1.closed(), long1.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n\r\n\r\n",
                "GET\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: abc\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nhost: x\r\n\r\n",
                "GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n"
            })
    void refusesNonsenseInHeads(String head) throws Exception {
        try (Raw raw = new Raw()) {
            raw.send(head);
            raw.socket.shutdownOutput();
            Answer answer = raw.answer();
            assertTrue(
                    answer.closed() || (answer.status() >= 400 && answer.status() < 500),
                    answer.text());
        }
    }

    @Test
    void refusesARequestWithTwoLengths() throws Exception {
        Answer answer =
                exchange(
                        HEAD
                                + "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
                                + "GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer test\r\n\r\n");
        assertFalse(answer.text().contains("\"object\":\"list\""), answer.text());
    }

    @Test
    void givesUpBodiesThatNeverEnd() throws Exception {
        try (Raw raw = new Raw()) {
            raw.send(HEAD + "content-length: 100\r\n\r\n{\"model\":");
            Answer answer = raw.answer();
            assertEquals(408, answer.status(), answer.text());
        }
    }

    @Test
    void servesWhileManyClientsSendSlowly() throws Exception {
        List<Raw> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Raw raw = new Raw();
                slow.add(raw);
                raw.send(i % 2 == 0 ? "POST /v1/chat/comp" : HEAD + "content-length: 90\r\n\r\n{");
            }
            assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
        } finally {
            for (Raw raw : slow) {
                raw.close();
            }
        }
    }

    private static String length(String body) {
        return "content-length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\nconnection: close\r\n";
    }

    private Answer exchange(String request) throws IOException {
        try (Raw raw = new Raw()) {
            raw.send(request);
            return raw.answer();
        }
    }

    /// @param status 0 where the connection was closed without an answer
    private record Answer(int status, String text) {
        boolean closed() {
            return status == 0;
        }
    }

    private final class Raw implements AutoCloseable {
        final Socket socket;

        Raw() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), gateway.gateway.port());
            socket.setSoTimeout(PATIENCE_MILLIS);
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        void send(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        /// Reads one answer, up to its announced end or the end of the connection.
        Answer answer() throws IOException {
            StringBuilder text = new StringBuilder();
            InputStream in = socket.getInputStream();
            try {
                while (!isWhole(text)) {
                    int read = in.read();
                    if (read < 0) {
                        break;
                    }
                    text.append((char) read);
                }
            } catch (SocketException e) {
                // Reset: what came before counts.
                return of(text.toString());
            }
            return of(text.toString());
        }

        private static boolean isWhole(CharSequence text) {
            String all = text.toString();
            int body = all.indexOf("\r\n\r\n");
            int at = all.toLowerCase(Locale.ROOT).indexOf("content-length: ");
            if (body < 0 || at < 0 || at > body) {
                return false;
            }
            int length = Integer.parseInt(all.substring(at + 16, all.indexOf("\r\n", at)));
            return all.length() >= body + 4 + length;
        }

        private static Answer of(String text) {
            return new Answer(
                    text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0,
                    text);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
