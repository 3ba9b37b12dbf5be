package dev.writ.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The client of the stream bench against its mock, and against a server that breaks off.
class StreamLoadTest {
    @Test
    void countsTheEventsThatTheMockWasAskedFor() throws IOException {
        try (Running running = new Running(Path.of("."))) {
            StreamLoad.Result result =
                    StreamLoad.run(running.mock(), "key", 100, 20, 0.2, 1, () -> {});
            assertEquals(0, result.errors(), result.firstError());
            assertEquals(0, result.silent());
            assertEquals(2000, result.eventsPerSecond(), 1500);
            assertTrue(result.delayP50Micros() <= result.delayP99Micros());
        }
    }

    @Test
    void aStreamThatEndsIsAnError() throws Exception {
        String answer =
                new String(Events.streamHead(), StandardCharsets.US_ASCII) + "1\r\nx\r\n0\r\n\r\n";
        assertEquals("the stream ended with its last chunk", firstError(answer));
        assertEquals("HTTP/1.1 503 No", firstError("HTTP/1.1 503 No\r\nx: y\r\n\r\n"));
    }

    private static String firstError(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try (Socket socket = server.accept()) {
                                            byte[] bytes =
                                                    answer.getBytes(StandardCharsets.US_ASCII);
                                            socket.getOutputStream().write(bytes);
                                            // Until the client leaves.
                                            socket.getInputStream().readAllBytes();
                                        } catch (IOException e) {
                                            // The client left with a reset.
                                            assertTrue(server.isBound());
                                        }
                                    });
            StreamLoad.Result result =
                    StreamLoad.run(server.getLocalPort(), "key", 1, 1, 0.01, 0.01, () -> {});
            thread.join();
            assertEquals(1, result.errors());
            return result.firstError();
        }
    }
}
