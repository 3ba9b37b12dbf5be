package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.ClientExchange;
import io.undertow.client.ClientRequest;
import io.undertow.client.ClientResponse;
import io.undertow.client.UndertowClient;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.xnio.ChannelListener;
import org.xnio.OptionMap;
import org.xnio.channels.StreamSourceChannel;

/// What Undertow's own client does where [AnswerGuard] steps in. When one of these fails, Undertow
/// has become stricter, and that part of the guard can go.
final class UndertowClientTest {
    private record Seen(int status, int headerChars, String body) {}

    private static Seen see(String sent) throws Exception {
        try (var upstream =
                        ScriptedUpstream.start(
                                wire -> {
                                    wire.readRequest();
                                    wire.send(crlf(sent));
                                    wire.awaitClose();
                                });
                var bench = CallBench.start()) {
            CompletableFuture<Seen> seen = new CompletableFuture<>();
            bench.ioThread.execute(
                    () ->
                            UndertowClient.getInstance()
                                    .connect(
                                            then(seen, wire -> ask(wire, seen)),
                                            URI.create("http://127.0.0.1:" + upstream.port()),
                                            bench.ioThread,
                                            new BufferStack(),
                                            OptionMap.EMPTY));
            return TestGateway.get(seen);
        }
    }

    private interface Step<T> {
        void with(T value) throws IOException;
    }

    private static <T> ClientCallback<T> then(CompletableFuture<Seen> seen, Step<T> step) {
        return new ClientCallback<>() {
            @Override
            public void completed(T value) {
                try {
                    step.with(value);
                } catch (IOException e) {
                    failed(e);
                }
            }

            @Override
            public void failed(IOException e) {
                seen.completeExceptionally(e);
            }
        };
    }

    private static void ask(ClientConnection wire, CompletableFuture<Seen> seen) {
        wire.sendRequest(
                new ClientRequest(),
                then(
                        seen,
                        (ClientExchange exchange) ->
                                exchange.setResponseListener(
                                        then(seen, answered -> read(answered, seen)))));
    }

    private static void read(ClientExchange exchange, CompletableFuture<Seen> seen)
            throws IOException {
        ClientResponse response = exchange.getResponse();
        String header = response.getResponseHeaders().getFirst("x");
        StringBuilder body = new StringBuilder();
        StreamSourceChannel channel = exchange.getResponseChannel();
        ChannelListener<StreamSourceChannel> listener =
                source -> {
                    ByteBuffer buffer = ByteBuffer.allocate(1024);
                    try {
                        int got = source.read(buffer);
                        while (got > 0) {
                            body.append(CallBench.text(buffer.flip()));
                            buffer.clear();
                            got = source.read(buffer);
                        }
                        if (got < 0) {
                            seen.complete(
                                    new Seen(
                                            response.getResponseCode(),
                                            header == null ? 0 : header.length(),
                                            body.toString()));
                        }
                    } catch (IOException e) {
                        seen.completeExceptionally(e);
                    }
                };
        channel.getReadSetter().set(listener);
        channel.resumeReads();
        listener.handleEvent(channel);
    }

    @Test
    void takesAnErrorPageInTheMiddleOfAStreamForItsEnd() throws Exception {
        String chunked = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n";
        assertEquals(
                new Seen(200, 0, "hello"),
                see(chunked + "HTTP/1.1 502 Bad Gateway\nServer: x\n\n<html>"));
        assertEquals(new Seen(200, 0, "hello"), see(chunked + "zz\n\n"));
    }

    @Test
    void skipsWhatIsTooMuchInAChunk() throws Exception {
        assertEquals(
                new Seen(200, 0, "hello"),
                see("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhelloXX\n0\n\n"));
    }

    @Test
    void takesAnInterimAnswerForTheAnswer() throws Exception {
        assertEquals(
                new Seen(103, 1, ""),
                see("HTTP/1.1 103 Early Hints\nx: y\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n"));
    }

    @Test
    void hasNoLimitForAHead() throws Exception {
        int chars = 4 * 1024 * 1024;
        assertEquals(
                new Seen(200, chars, ""),
                see("HTTP/1.1 200 OK\nContent-Length: 0\nx: " + "y".repeat(chars) + "\n\n"));
    }
}
