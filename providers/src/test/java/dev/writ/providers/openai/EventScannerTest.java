package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.writ.providers.openai.FuzzStream.Seen;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventScannerTest {
    private static final Usage OPENAI = new Usage(19, 10, 4, 6);
    private static final String USAGE =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";

    /// Streams in the forms that providers document, and what is to be seen in them.
    static final Arguments[] STREAMS = {
        Arguments.of("openai.sse", new Seen(5, true, true, false, true, OPENAI)),
        Arguments.of("openai-tool.sse", new Seen(3, true, true, false, true, null)),
        Arguments.of("azure.sse", new Seen(5, true, true, false, true, OPENAI)),
        Arguments.of(
                "vllm-continuous.sse", new Seen(4, true, true, false, true, new Usage(5, 2, 0, 0))),
        Arguments.of("vllm-error.sse", new Seen(2, true, true, true, true, new Usage(5, 1, 0, 0))),
        Arguments.of("groq.sse", new Seen(3, true, true, false, true, new Usage(12, 3, 0, 0))),
        Arguments.of("groq-error.sse", new Seen(2, false, true, true, false, null)),
        Arguments.of(
                "deepseek-reasoning.sse",
                new Seen(4, true, true, false, true, new Usage(10, 20, 8, 15))),
        Arguments.of("completions.sse", new Seen(2, true, true, false, true, null)),
        Arguments.of("crlf-comments.sse", new Seen(1, true, true, false, true, null)),
        Arguments.of("cr-only.sse", new Seen(2, true, true, false, true, OPENAI)),
        Arguments.of(
                "lines-of-data.sse", new Seen(1, true, false, false, false, new Usage(1, 2, 0, 0))),
        Arguments.of("cut.sse", new Seen(1, false, false, false, true, null)),
    };

    private static EventScanner scanned(String stream) {
        EventScanner scanner = new EventScanner();
        scanner.scan(ByteBuffer.wrap(stream.getBytes(StandardCharsets.UTF_8)));
        return scanner;
    }

    private static EventScanner event(String json) {
        return scanned("data: " + json + "\n\n");
    }

    @ParameterizedTest
    @FieldSource("STREAMS")
    void isSeenAlikeHoweverItIsSplit(String file, Seen expected) throws IOException {
        byte[] stream = Seeds.seed("stream", file);
        assertEquals(expected, FuzzStream.whole(stream));
        for (int at = 0; at <= stream.length; at++) {
            int split = at;
            assertEquals(expected, FuzzStream.split(stream, at), () -> "split at " + split);
        }
        for (int bytes = 1; bytes < 20; bytes++) {
            assertEquals(expected, FuzzStream.inPieces(stream, bytes), "in pieces of " + bytes);
        }
        FuzzStream.comparePlain(stream, expected);
        for (int bytes = 1; bytes < 50; bytes++) {
            assertEquals(expected, FuzzStream.eventByEvent(stream, bytes), "pieces of " + bytes);
        }
    }

    @Test
    void anEventIsReadAsFarAsTheLimitThatIsAskedFor() {
        for (int more : new int[] {0, 1}) {
            String data = "{\"id\":\"%s\"}";
            String event =
                    "data: " + data.formatted("x".repeat(100_002 - data.length() + more)) + "\n\n";
            byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
            EventScanner scanner = new EventScanner(1, 100_000);
            assertEquals(bytes.length, scanner.scanEvent(bytes, 0, bytes.length));
            assertEquals(
                    more == 0 ? EventScanner.Ended.WITH_DATA : EventScanner.Ended.TOO_LARGE,
                    scanner.ended());
        }
    }

    @Test
    void tellsHowAnEventEnded() {
        byte[] bytes =
                ": hello\n\ndata: {}\n\ndata: [DONE]\n\ndata".getBytes(StandardCharsets.UTF_8);
        EventScanner scanner = new EventScanner();
        StringBuilder ended = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            at = scanner.scanEvent(bytes, at, bytes.length);
            ended.append(at).append(' ').append(scanner.ended()).append(' ');
        }
        assertEquals("9 WITHOUT_DATA 19 WITH_DATA 33 DONE 37 NOT ", ended.toString());
    }

    @Test
    void theBufferDoesNotChange() {
        byte[] bytes =
                ("xx" + "data: " + USAGE + "\n\n" + "data: no").getBytes(StandardCharsets.UTF_8);
        ByteBuffer chunk = ByteBuffer.wrap(bytes, 2, bytes.length - 10).asReadOnlyBuffer();
        EventScanner scanner = new EventScanner();
        scanner.scan(chunk);
        assertEquals(2, chunk.position());
        assertEquals(bytes.length - 8, chunk.limit());
        assertEquals(1, scanner.events());
        assertTrue(scanner.atBorder());
        EventScanner sliced = new EventScanner();
        sliced.scan(ByteBuffer.wrap(bytes, 2, bytes.length - 10).slice());
        assertEquals(Seen.of(scanner), Seen.of(sliced));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: {}\n\n",
                ": comment\n",
                "data: {}\r\n\r\n",
                "\n",
                "\r",
                "data: {}\n\n: c\n\n"
            })
    void isAtABorder(String stream) {
        assertTrue(scanned(stream).atBorder());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d",
                "data: {}",
                "data: {}\n",
                "data: {}\r",
                "data: {}\r\n",
                ": comment",
                "event: x\n",
                "data: {}\n: c\n",
                "\u00ef",
                "data: {}\n\nd",
                "id\n"
            })
    void isInsideOfAnEvent(String stream) {
        EventScanner scanner = new EventScanner();
        scanner.scan(ByteBuffer.wrap(stream.getBytes(StandardCharsets.ISO_8859_1)));
        assertFalse(scanner.atBorder());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: [DONE]\n",
                "data:[DONE]\r",
                "data: [DONE] \n",
                "data: {}\n\ndata: [DONE]\n\n"
            })
    void isDone(String stream) {
        assertTrue(scanned(stream).done());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: [DONE]",
                "data:  [DONE]\n",
                "data: [DONE]x\n\n",
                "data: \"[DONE]\"\n\n",
                "id: [DONE]\n\n",
                "data: {}\ndata: [DONE]\n\n",
                ": data: [DONE]\n\n",
                "DATA: [DONE]\n\n",
                "data : [DONE]\n\n"
            })
    void isNotDone(String stream) {
        assertFalse(scanned(stream).done());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"no\"}}",
                "{\"error\":\"no\"}",
                "{\"a\":[{}],\"error\" : true}"
            })
    void isAnError(String json) {
        assertTrue(event(json).sawError());
        assertTrue(
                scanned("data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: " + json + "\n\n")
                        .sawError());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":null}",
                "{\"errors\":1}",
                "{\"a\":{\"error\":1}}",
                "{\"choices\":[{\"text\":\"error\"}]}",
                "{\"error\":1",
                "\"error\"",
                "{\"choices\":[{\"delta\":{\"content\":\"\\\"error\\\":1\"}}]}"
            })
    void isNoError(String json) {
        assertFalse(event(json).sawError());
        assertFalse(
                scanned("data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: " + json + "\n\n")
                        .sawError());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}",
                "{\"choices\":[{\"text\":\" \"}]}",
                "{\"choices\":[{\"delta\":{}},{\"delta\":{\"refusal\":\"no\"}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\"}]}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}",
                "{\"choices\":[{\"delta\":{\"audio\":{\"data\":\"\"}}}]}"
            })
    void isContent(String json) {
        assertTrue(event(json).sawContent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":null,\"tool_calls\":[ ]}}]}",
                "{\"choices\":[]}",
                "{\"choices\":null}",
                "{\"choices\":[null,1]}",
                "{\"content\":\"a\"}",
                "{\"choices\":[{\"content\":\"a\"}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]",
                "[1]",
                "a"
            })
    void isNoContent(String json) {
        assertFalse(event(json).sawContent());
    }

    @Test
    void theLastUsageCounts() {
        String more = USAGE.replace("3", "4");
        assertEquals(
                new Usage(4, 1, 0, 0),
                scanned("data: " + USAGE + "\n\ndata: " + more + "\n\ndata: {\"usage\":null}\n\n")
                        .usage());
    }

    @Test
    void usageOfAnEventThatDoesNotEndIsNotSeen() {
        assertNull(scanned("data: " + USAGE + "\n").usage());
    }

    @Test
    void largerEventsAreContentAndTheNextIsReadAgain() {
        String text =
                "{\"choices\":[{\"text\":\"\"}],\"usage\":{\"prompt_tokens\":1},\"x\":\"%s\"}";
        int rest = EventScanner.EVENT_BYTES_MAX - text.length() + 2;
        EventScanner just = event(text.formatted("x".repeat(rest)));
        assertEquals(new Usage(1, 0, 0, 0), just.usage());
        assertFalse(just.sawContent());
        EventScanner larger = event(text.formatted("x".repeat(rest + 1)));
        assertNull(larger.usage());
        assertTrue(larger.sawContent());
        assertEquals(1, larger.events());
        larger.scan(ByteBuffer.wrap(("data: " + USAGE + "\n\n").getBytes(StandardCharsets.UTF_8)));
        assertEquals(new Usage(3, 1, 0, 0), larger.usage());
        assertEquals(2, larger.events());
    }

    @Test
    void countsEventsWithContentAsFarAsAskedFor() {
        String said = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
        String silent = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n";
        String stream = silent + said + ": ping\n\n" + silent + said + said + "data: [DONE]\n\n";
        for (int asked = 1; asked <= 4; asked++) {
            EventScanner scanner = new EventScanner(asked);
            scanner.scan(ByteBuffer.wrap(stream.getBytes(StandardCharsets.UTF_8)));
            assertEquals(Math.min(3, asked), scanner.contents());
        }
    }

    @Test
    void anEndlessEventKeepsNoMore() {
        EventScanner scanner = new EventScanner();
        ByteBuffer start = ByteBuffer.wrap("data: [DONE]".getBytes(StandardCharsets.UTF_8));
        ByteBuffer more = ByteBuffer.wrap(new byte[1024 * 1024]);
        scanner.scan(start);
        long before = allocated();
        for (int i = 0; i < 100; i++) {
            scanner.scan(more);
        }
        assertTrue(allocated() - before < 4L * EventScanner.EVENT_BYTES_MAX);
        assertFalse(scanner.done());
        assertFalse(scanner.atBorder());
    }

    @Test
    void eventsAllocateNothing() throws IOException {
        byte[] stream = Seeds.seed("stream", "vllm-continuous.sse");
        ByteBuffer chunk = ByteBuffer.wrap(stream);
        EventScanner scanner = new EventScanner();
        scanner.scan(chunk);
        long before = allocated();
        for (int i = 0; i < 10_000; i++) {
            scanner.scan(chunk);
        }
        assertTrue(allocated() - before < 40_000, "a byte an event");
        assertEquals(4 * 10_001, scanner.events());
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().threadId());
    }
}
