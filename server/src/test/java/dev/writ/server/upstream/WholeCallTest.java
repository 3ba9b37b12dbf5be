package dev.writ.server.upstream;

import static dev.writ.server.upstream.ScriptedUpstream.crlf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.writ.server.upstream.CallBench.Answer;
import dev.writ.server.upstream.CallBench.Failed;
import io.undertow.util.Methods;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A request goes out and its whole answer comes back.
final class WholeCallTest {
    private CallBench bench;

    @BeforeEach
    void start() throws IOException {
        bench = CallBench.start();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void sendsTheRequestWithItsOwnHeadersAndReadsABodyOfKnownLength() throws Exception {
        try (var upstream =
                ScriptedUpstream.start(
                        ScriptedUpstream.always(
                                crlf(
                                        """
                    HTTP/1.1 200 OK
                    Content-Type: text/plain
                    Content-Length: 5
                    Keep-Alive: timeout=5
                    Connection: keep-alive, X-Hop
                    X-Hop: 1

                    hello\
                    """)))) {
            var answer = (Answer) bench.call(CallBench.post(upstream.endpoint(), "{\"a\":1}"));
            assertEquals(200, answer.status());
            assertEquals("hello", answer.body());
            assertEquals("text/plain", answer.headers().getFirst("content-type"));
            assertEquals(1, answer.headers().size(), answer.headers().toString());
            String sent = upstream.wires().getFirst().requests().getFirst();
            assertEquals(
                    List.of(
                            "POST /v1/x?y=z HTTP/1.1",
                            "accept-encoding: identity",
                            "authorization: bearer sk-hidden",
                            "content-length: 7",
                            "host: 127.0.0.1:" + upstream.port()),
                    ScriptedUpstream.head(sent));
            assertEquals("{\"a\":1}", ScriptedUpstream.body(sent));
        }
    }

    @Test
    void readsABodyInChunksWithExtensionsAndTrailers() throws Exception {
        try (var upstream =
                ScriptedUpstream.start(
                        ScriptedUpstream.always(
                                crlf(
                                        """
                    HTTP/1.1 404 Not Found
                    Transfer-Encoding: chunked

                    5
                    hello
                    A ;a="b"
                    , streamed
                    06
                    _world
                    0
                    X-Sum: 1

                    """)))) {
            for (int i = 0; i < 3; i++) {
                var answer = (Answer) bench.call(CallBench.post(upstream.endpoint(), ""));
                assertEquals(404, answer.status());
                assertEquals("hello, streamed_world", answer.body());
            }
            assertEquals(1, upstream.wires().size());
        }
    }

    @Test
    void readsABodyThatEndsWithTheConnection() throws Exception {
        try (var upstream =
                ScriptedUpstream.start(
                        wire -> {
                            wire.readRequest();
                            wire.send("HTTP/1.1 200 OK\r\n\r\nall ");
                            wire.send("of it");
                        })) {
            var answer = (Answer) bench.call(CallBench.post(upstream.endpoint(), "x"));
            assertEquals("all of it", answer.body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 \nTransfer-Encoding: chunked\n\n0\n\n",
                """
                HTTP/1.1 100 Continue

                HTTP/1.1 103 Early Hints
                Link: x

                HTTP/1.1 200 OK
                Content-Length: 0

                """
            })
    void readsAnAnswerWithoutBody(String sent) throws Exception {
        try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(crlf(sent)))) {
            for (int i = 0; i < 2; i++) {
                var answer = (Answer) bench.call(CallBench.post(upstream.endpoint(), "x"));
                assertEquals("", answer.body());
                assertNull(answer.headers().getFirst("link"));
            }
            assertEquals(1, upstream.wires().size());
        }
    }

    @Test
    void readsAnAnswerThatComesByteByByte() throws Exception {
        String answer =
                crlf(
                        """
                    HTTP/1.1 100 Continue

                    HTTP/1.1 200 OK
                    Transfer-Encoding: chunked

                    3
                    abc
                    1
                    d
                    0

                    """);
        try (var upstream =
                ScriptedUpstream.start(
                        wire -> {
                            while (wire.readRequest() != null) {
                                for (int i = 0; i < answer.length(); i++) {
                                    wire.send(answer.substring(i, i + 1));
                                }
                            }
                        })) {
            for (int i = 0; i < 3; i++) {
                var whole = (Answer) bench.call(CallBench.post(upstream.endpoint(), "x"));
                assertEquals("abcd", whole.body());
            }
        }
    }

    @Test
    void sendsALargeRequestToAnUpstreamThatReadsSlowly() throws Exception {
        String large = "0123456789abcdef".repeat(512 * 1024);
        try (var upstream =
                ScriptedUpstream.start(
                        ScriptedUpstream.always(
                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
            var answer = (Answer) bench.call(CallBench.post(upstream.endpoint(), large));
            assertEquals("ok", answer.body());
            String request = upstream.wires().getFirst().requests().getFirst();
            assertEquals(large, request.substring(request.indexOf("\r\n\r\n") + 4));
        }
    }

    @Test
    void asksWithoutABody() throws Exception {
        try (var upstream =
                ScriptedUpstream.start(
                        ScriptedUpstream.always(
                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))) {
            var request =
                    new UpstreamRequest(
                            upstream.endpoint(),
                            Methods.GET,
                            "/v1/models",
                            List.of(
                                    UpstreamHeader.of("Host", "elsewhere"),
                                    UpstreamHeader.of("Transfer-Encoding", "chunked"),
                                    UpstreamHeader.of("Accept-Encoding", "gzip")),
                            List.of(),
                            CallBench.PATIENT);
            assertEquals("ok", ((Answer) bench.call(request)).body());
            assertEquals(
                    List.of(
                            "GET /v1/models HTTP/1.1",
                            "accept-encoding: identity",
                            "host: 127.0.0.1:" + upstream.port()),
                    ScriptedUpstream.head(upstream.wires().getFirst().requests().getFirst()));
        }
    }

    @Test
    void aBodyAboveTheLimitIsAFault() throws Exception {
        String ten = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";
        String chunks =
                crlf(
                        """
                    HTTP/1.1 200 OK
                    Transfer-Encoding: chunked

                    8
                    01234567
                    2
                    89
                    0

                    """);
        for (String sent : List.of(ten, chunks)) {
            try (var upstream = ScriptedUpstream.start(ScriptedUpstream.always(sent))) {
                var request = CallBench.post(upstream.endpoint(), "x");
                var fits = (Answer) bench.begin(request, 10).get();
                assertEquals("0123456789", fits.body());
                assertEquals(
                        new Failed(new UpstreamFault.TooLarge("body", 9)),
                        bench.begin(request, 9).get());
            }
        }
    }
}
