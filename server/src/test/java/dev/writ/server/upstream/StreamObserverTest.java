package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// An observer sees the bytes of a stream first, and decides what the client sees.
final class StreamObserverTest {
    private static final String CHUNKED = crlf("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
    private static final String HELLO = CHUNKED + crlf("5\nhello\n6\n world\n0\n\n");

    private final HttpClient http = HttpClient.newHttpClient();

    private record Seen(String body, StreamOutcome outcome) {}

    private Seen stream(
            ScriptedUpstream.Script script, Function<UpstreamCall, ChunkObserver> observer)
            throws Exception {
        try (var upstream = ScriptedUpstream.start(script);
                var gateway =
                        TestGateway.streaming(
                                upstream,
                                UpstreamLimits.DEFAULT,
                                CallBench.PATIENT,
                                System::nanoTime,
                                observer)) {
            var first = http.send(gateway.request(), BodyHandlers.ofString());
            StreamOutcome outcome = TestGateway.next(gateway.outcomes);
            // The client's connection is as good as before.
            var second = http.send(gateway.request(), BodyHandlers.ofString());
            assertEquals(first.body(), second.body());
            assertEquals(outcome, TestGateway.next(gateway.outcomes));
            return new Seen(first.body(), outcome);
        }
    }

    private static ScriptedUpstream.Script cut(String sent) {
        return wire -> {
            wire.readRequest();
            wire.send(sent);
        };
    }

    @Test
    void replacesAndAppends() throws Exception {
        var seen =
                stream(
                        ScriptedUpstream.always(HELLO),
                        _ ->
                                new Observers.Rewriting(
                                        text -> text.toUpperCase(Locale.ROOT), "!", "?"));
        assertEquals(new Seen("HELLO WORLD!", new StreamOutcome.Completed(11)), seen);
    }

    @Test
    void withholdsAndGivesItAtTheEnd() throws Exception {
        var seen =
                stream(
                        ScriptedUpstream.always(HELLO),
                        _ ->
                                new ChunkObserver() {
                                    private final StringBuilder held = new StringBuilder();

                                    @Override
                                    public ByteBuffer onChunk(ByteBuffer chunk) {
                                        held.append(CallBench.text(chunk));
                                        return ByteBuffer.allocate(0);
                                    }

                                    @Override
                                    public ByteBuffer onEnd() {
                                        return Observers.bytes("all: " + held);
                                    }

                                    @Override
                                    public ByteBuffer onBroken(UpstreamFault fault) {
                                        throw new AssertionError();
                                    }
                                });
        assertEquals("all: hello world", seen.body());
    }

    @Test
    void narrowsWhatItWasGiven() throws Exception {
        var seen =
                stream(
                        ScriptedUpstream.always(HELLO),
                        _ ->
                                new ChunkObserver() {
                                    @Override
                                    public ByteBuffer onChunk(ByteBuffer chunk) {
                                        chunk.put(chunk.position(), (byte) 'j');
                                        return chunk.slice(chunk.position(), 1);
                                    }

                                    @Override
                                    public ByteBuffer onEnd() {
                                        return ByteBuffer.allocate(0);
                                    }

                                    @Override
                                    public ByteBuffer onBroken(UpstreamFault fault) {
                                        throw new AssertionError();
                                    }
                                });
        assertEquals('j', seen.body().charAt(0));
    }

    @Test
    void hasTheLastWordWhenTheStreamBreaks() throws Exception {
        var seen =
                stream(
                        cut(CHUNKED + crlf("5\nhello\n5\nwo")),
                        _ -> new Observers.Rewriting(text -> text, "end", " and then it broke"));
        assertEquals(
                new Seen(
                        "hellowo and then it broke",
                        new StreamOutcome.Broken(7, new UpstreamFault.ClosedEarly(7))),
                seen);
    }

    @Test
    void hasTheLastWordWhenThereIsAFlaw() throws Exception {
        var seen =
                stream(
                        cut(CHUNKED + crlf("5\nhello\nHTTP/1.1 502 Bad Gateway\nServer: x\n\n")),
                        _ -> new Observers.Rewriting(text -> text, "end", "; broken"));
        assertEquals(
                new Seen(
                        "hello; broken",
                        new StreamOutcome.Broken(
                                5,
                                new UpstreamFault.BadAnswer(
                                        "the size of a chunk is not a number"))),
                seen);
    }

    @Test
    void cutsByCancellingTheCallAndItsLastBytesAreWritten() throws Exception {
        var seen =
                stream(
                        wire -> {
                            wire.readRequest();
                            wire.send(CHUNKED + crlf("5\nhello\n"));
                            wire.awaitClose();
                        },
                        call ->
                                new Observers.Rewriting(
                                        text -> {
                                            call.cancel();
                                            return text + " [cut]";
                                        },
                                        "end",
                                        "broken"));
        assertEquals(new Seen("hello [cut]", new StreamOutcome.Cut(5)), seen);
    }

    @Test
    void mayCancelWhenAllIsOver() throws Exception {
        var seen =
                stream(
                        ScriptedUpstream.always(HELLO),
                        call ->
                                new ChunkObserver() {
                                    @Override
                                    public ByteBuffer onChunk(ByteBuffer chunk) {
                                        return chunk;
                                    }

                                    @Override
                                    public ByteBuffer onEnd() {
                                        call.cancel();
                                        return Observers.bytes("!");
                                    }

                                    @Override
                                    public ByteBuffer onBroken(UpstreamFault fault) {
                                        throw new AssertionError();
                                    }
                                });
        assertEquals(new Seen("hello world!", new StreamOutcome.Completed(11)), seen);
    }

    @Test
    void aFailureOfTheObserverEndsTheStream() throws Exception {
        var seen =
                stream(
                        wire -> {
                            wire.readRequest();
                            wire.send(CHUNKED + crlf("5\nhello\n"));
                            wire.awaitClose();
                        },
                        _ ->
                                new Observers.Rewriting(
                                        _ -> {
                                            throw new IllegalStateException("a bug of the test");
                                        },
                                        "end",
                                        "broken"));
        assertEquals("broken", seen.body());
        assertInstanceOf(StreamOutcome.Broken.class, seen.outcome());
    }

    @Test
    void anAnswerWithoutABodyIsAStreamToo() throws Exception {
        var seen =
                stream(
                        ScriptedUpstream.always(crlf("HTTP/1.1 200 OK\nContent-Length: 0\n\n")),
                        _ -> new Observers.Rewriting(text -> text, "nothing", "broken"));
        assertEquals(new Seen("nothing", new StreamOutcome.Completed(0)), seen);
    }
}
