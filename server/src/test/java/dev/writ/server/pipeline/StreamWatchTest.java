package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.upstream.UpstreamFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamWatchTest {
    private static final String HI =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n";
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String FAILED = "data: {\"error\":{\"message\":\"Sorry\"}}\n\n";
    private static final String BROKEN =
            """
            data: {"error":{"message":"The provider's answer broke off.","type":"server_error",\
            "param":null,"code":"stream_broken"}}

            """;

    private final StreamWatch watch = new StreamWatch(1, null);

    private String onChunk(String chunk) {
        return text(watch.onChunk(ByteBuffer.wrap(chunk.getBytes(StandardCharsets.UTF_8))));
    }

    private String onEnd() {
        return text(watch.onEnd());
    }

    private String onBroken() {
        return text(watch.onBroken(new UpstreamFault.ClosedEarly(1)));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void passesWholeEventsOnWhereverTheyAreSplit(String lineEnd) {
        String stream = (": hello\n\n" + HI + HI + STOP + USAGE + DONE).replace("\n", lineEnd);
        for (int first = 0; first <= stream.length(); first++) {
            for (int second = first; second <= stream.length(); second += 7) {
                StreamWatch split = new StreamWatch(1, null);
                StringBuilder passed = new StringBuilder();
                for (String chunk :
                        new String[] {
                            stream.substring(0, first),
                            stream.substring(first, second),
                            stream.substring(second)
                        }) {
                    passed.append(
                            text(
                                    split.onChunk(
                                            ByteBuffer.wrap(
                                                    chunk.getBytes(StandardCharsets.UTF_8)))));
                    assertEquals(
                            passed.chars().filter(c -> c == '{').count(),
                            passed.chars().filter(c -> c == '}').count(),
                            "half an event");
                }
                passed.append(text(split.onEnd()));
                assertEquals(stream, passed.toString());
                assertTrue(split.whole());
            }
        }
    }

    @Test
    void putsNoHalfEventInFrontOfTheError() {
        assertEquals(HI, onChunk(HI + HI.substring(0, 40)));
        assertEquals("", onChunk(HI.substring(40, 50)));
        assertEquals(BROKEN, onBroken());
        assertFalse(watch.whole());
    }

    @Test
    void passesAnEventOnThatIsTooLargeToWithhold() {
        String begun = "data: {\"choices\":[{\"delta\":{\"content\":\"";
        String half = "x".repeat(StreamWatch.EVENT_BYTES_MAX - begun.length());
        assertEquals("", onChunk(begun + half));
        assertEquals(begun + half + "y", onChunk("y"));
        assertEquals("z", onChunk("z"));
        assertEquals("\"}}]}\n\n", onChunk("\"}}]}\n\n" + HI.substring(0, 9)));
        assertEquals(HI, onChunk(HI.substring(9)));
        assertEquals(BROKEN, onBroken());
    }

    @Test
    void closesALargeEventBeforeTheError() {
        onChunk("data: " + "x".repeat(StreamWatch.EVENT_BYTES_MAX + 1));
        assertEquals("\n\n" + BROKEN, onBroken());
    }

    @Test
    void passesCommentsOnAtOnce() {
        assertEquals(": still there\n", onChunk(": still there\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {HI + STOP, HI + STOP + USAGE, HI + STOP + USAGE + "data: [DONE]\n"})
    void takesAStreamForWholeThatSaysSoInAnyWay(String stream) {
        assertEquals(stream, onChunk(stream) + onEnd());
        assertTrue(watch.whole());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", HI, HI + ": end\n"})
    void takesAStreamForBrokenThatEndsBeforeTheModelDid(String stream) {
        assertEquals(stream + BROKEN, onChunk(stream) + onEnd());
        assertFalse(watch.whole());
    }

    @Test
    void doesNotRepeatWhatTheProviderToldItself() {
        assertEquals(HI + FAILED, onChunk(HI + FAILED) + onEnd());
        assertFalse(watch.whole());
    }
}
