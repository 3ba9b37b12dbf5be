package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.server.upstream.CallBench.Answer;
import dev.writ.server.upstream.CallBench.Failed;
import dev.writ.server.upstream.UpstreamFault.BadAnswer;
import dev.writ.server.upstream.UpstreamFault.ClosedEarly;
import dev.writ.server.upstream.UpstreamFault.Redirected;
import dev.writ.server.upstream.UpstreamFault.TooLarge;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// An answer that is not what it should be becomes a fault that says so, and its connection is not
/// used again.
final class BadAnswerTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n";
    private static final int HEAD_BYTES_MAX = UpstreamLimits.DEFAULT.headBytesMax();

    private CallBench bench;

    @BeforeEach
    void start() throws IOException {
        bench = CallBench.start();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    static Stream<Arguments> answers() {
        BadAnswer noAnswer = new BadAnswer("it does not begin as an answer of HTTP/1.1");
        BadAnswer noNumber = new BadAnswer("the size of a chunk is not a number");
        return Stream.of(
                Arguments.of("", new ClosedEarly(0)),
                Arguments.of("HTTP/1.1 200 OK\nContent-Le", new ClosedEarly(0)),
                Arguments.of("HTTP/1.1 100 Continue\n\n", new ClosedEarly(0)),
                Arguments.of("HTTP/1.1 200 OK\nContent-Length: 9\n\nabc", new ClosedEarly(3)),
                Arguments.of(CHUNKED + "5\nhel", new ClosedEarly(3)),
                Arguments.of(CHUNKED + "5\nhello\n", new ClosedEarly(5)),
                Arguments.of(CHUNKED + "5\nhello\n0\n", new ClosedEarly(5)),
                Arguments.of("nonsense\n\n", noAnswer),
                Arguments.of("HTTP/1.1 abc OK\n\n", noAnswer),
                Arguments.of("HTTP/1.1 200 OK\nno name\n\n", noAnswer),
                Arguments.of("HTTP/1.1 200 OK\nContent-Length: -5\n\n", noAnswer),
                Arguments.of("HTTP/1.1 200 OK\nContent-Length: 5x\n\nhello", noAnswer),
                Arguments.of(
                        "HTTP/1.1 200 OK\nContent-Length: +5\n\nhello",
                        new BadAnswer("its content-length is not a number")),
                Arguments.of(
                        "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 3\n\nhello",
                        new BadAnswer("it has two content-lengths")),
                Arguments.of(
                        "HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: chunked\n\n",
                        new BadAnswer("it has both a content-length and a transfer-encoding")),
                Arguments.of(
                        "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n",
                        new BadAnswer("its transfer-encoding is not chunked")),
                Arguments.of(
                        "HTTP/1.1 101 Switching\nUpgrade: x\n\n",
                        new BadAnswer("it changes the protocol, which was not asked for")),
                Arguments.of(
                        "HTTP/1.1 100 Continue\n\nHTTP/2.0 200 OK\n\n",
                        new BadAnswer("an interim answer is not followed by one of HTTP/1.1")),
                Arguments.of(
                        "HTTP/1.1 600 Odd\nContent-Length: 0\n\n",
                        new BadAnswer("its status is not in 200..599")),
                Arguments.of(
                        "HTTP/1.1 302 Found\nLocation: http://x/\nContent-Length: 0\n\n",
                        new Redirected(302)),
                Arguments.of("HTTP/1.1 304 Not Modified\n\n", new Redirected(304)),
                Arguments.of(CHUNKED + "zz\nhello\n0\n\n", noNumber),
                Arguments.of(CHUNKED + "zz\n\n", noNumber),
                Arguments.of(CHUNKED + "\n0\n\n", noNumber),
                Arguments.of(CHUNKED + "-1\n\n", noNumber),
                Arguments.of(CHUNKED + "5\nhello\n<html>\n\n", noNumber),
                Arguments.of(
                        CHUNKED + "5\nhello\nHTTP/1.1 502 Bad Gateway\nServer: x\n\n<html>",
                        noNumber),
                Arguments.of(
                        CHUNKED + "0000000000000005\nhello\n0\n\n",
                        new BadAnswer("the size of a chunk is too large")),
                Arguments.of(
                        CHUNKED + "5\nhelloXX\n0\n\n",
                        new BadAnswer("a chunk does not end where its size says")),
                Arguments.of(
                        CHUNKED + "5;x" + "x".repeat(HEAD_BYTES_MAX) + "\nhello\n0\n\n",
                        new TooLarge("headers", HEAD_BYTES_MAX)),
                Arguments.of(
                        CHUNKED + "0\nx: " + "x".repeat(HEAD_BYTES_MAX) + "\n\n",
                        new TooLarge("headers", HEAD_BYTES_MAX)),
                Arguments.of(
                        "HTTP/1.1 200 OK\nx: " + "x".repeat(HEAD_BYTES_MAX) + "\n\n",
                        new TooLarge("headers", HEAD_BYTES_MAX)),
                Arguments.of(
                        "HTTP/1.1 103 Hints\nx: y\n\n".repeat(HEAD_BYTES_MAX / 16),
                        new TooLarge("headers", HEAD_BYTES_MAX)));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void becomesAFault(String sent, UpstreamFault fault) throws Exception {
        try (var upstream =
                ScriptedUpstream.start(
                        wire -> {
                            wire.readRequest();
                            wire.send(crlf(sent));
                            wire.socket().shutdownOutput();
                            wire.awaitClose();
                        })) {
            var request = CallBench.post(upstream.endpoint(), "{}");
            assertEquals(new Failed(fault), bench.call(request));
            upstream.awaitEnd();
            assertEquals(new Failed(fault), bench.call(request));
            upstream.awaitEnd();
            assertEquals(2, upstream.wires().size());
        }
    }

    @Test
    void aHeadAtTheLimitIsRead() throws Exception {
        String begin = crlf("HTTP/1.1 200 OK\nContent-Length: 2\nx: ");
        String fill = "x".repeat(HEAD_BYTES_MAX - begin.length() - 4);
        try (var upstream =
                ScriptedUpstream.start(ScriptedUpstream.always(begin + fill + crlf("\n\nok")))) {
            var answer = (Answer) bench.call(CallBench.post(upstream.endpoint(), "{}"));
            assertEquals("ok", answer.body());
            assertEquals(fill, answer.headers().getFirst("x"));
        }
    }
}
