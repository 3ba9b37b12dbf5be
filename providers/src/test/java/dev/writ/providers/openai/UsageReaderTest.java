package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UsageReaderTest {
    private static @Nullable Usage read(String answer) {
        return UsageReader.read(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsWhatOpenAiAnswers() {
        String answer =
                """
                {
                  "id": "chatcmpl-1", "object": "chat.completion", "created": 1741570283, "model": "gpt-4.1",
                  "choices": [{"index": 0, "message": {"role": "assistant", "content": "\\"usage\\": {\\"prompt_tokens\\": 9}"}, "finish_reason": "stop"}],
                  "usage": {
                    "prompt_tokens": 1117, "completion_tokens": 46, "total_tokens": 1163,
                    "prompt_tokens_details": {"cached_tokens": 1024, "audio_tokens": 0},
                    "completion_tokens_details": {"reasoning_tokens": 12, "audio_tokens": 0}
                  },
                  "service_tier": "default"
                }
                """;
        assertEquals(new Usage(1117, 46, 1024, 12), read(answer));
    }

    @Test
    void readsOtherAnswers() {
        assertEquals(
                new Usage(8, 0, 0, 0),
                read(
                        "{\"data\":[{\"embedding\":[0.1,-2e-3]}],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}"));
        assertEquals(
                new Usage(10, 2, 8, 0),
                read(
                        "{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"prompt_cache_hit_tokens\":8}}"));
        assertEquals(
                new Usage(10, 2, 0, 0),
                read(
                        "{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"prompt_tokens_details\":null,\"completion_tokens_details\":{\"reasoning_tokens\":null}}}"));
        assertEquals(
                new Usage(1, 2, 0, 0),
                read(
                        "{\"x_groq\":{\"id\":\"r\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"usage\":null}",
                "{\"usage\":[]}",
                "{\"usage\":{}}",
                "{\"usage\":{\"completion_tokens\":1}}",
                "{\"usage\":{\"prompt_tokens\":-1}}",
                "{\"usage\":{\"prompt_tokens\":1.5}}",
                "{\"usage\":{\"prompt_tokens\":\"1\"}}",
                "{\"usage\":{\"prompt_tokens\":1e3}}",
                "{\"usage\":{\"prompt_tokens\":99999999999999999999}}",
                "{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":true}}",
                "{\"usage\":{\"prompt_tokens\":1,\"prompt_tokens_details\":7}}",
                "{\"usage\":{\"prompt_tokens\":1,\"completion_tokens_details\":{\"reasoning_tokens\":-7}}}",
                "{\"a\":{\"usage\":{\"prompt_tokens\":1}}}",
                "{\"usage\":{\"prompt_tokens\":1}",
                "{\"usage\":{\"prompt_tokens\":1},\"a\":\"",
                "{\"usage\":{\"prompt_tokens\":1},}",
                "{\"usage\" {\"prompt_tokens\":1}}",
                "{usage:{\"prompt_tokens\":1}}"
            })
    void whatIsNotAsDocumentedGivesNone(String answer) {
        assertNull(read(answer));
    }

    @Test
    void readsFromAnyMemoryAndLeavesThePosition() {
        byte[] bytes = "xx{\"usage\":{\"prompt_tokens\":1}}yy".getBytes(StandardCharsets.UTF_8);
        ByteBuffer heap = ByteBuffer.wrap(bytes, 2, bytes.length - 4);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        direct.position(2).limit(bytes.length - 2);
        for (ByteBuffer answer :
                new ByteBuffer[] {heap, heap.slice(), heap.asReadOnlyBuffer(), direct}) {
            int position = answer.position();
            assertEquals(new Usage(1, 0, 0, 0), UsageReader.read(answer));
            assertEquals(position, answer.position());
        }
    }

    @Test
    void largeAndDeepAnswersAreSteppedOver() {
        String deep = "[".repeat(2_000_000) + "]".repeat(2_000_000);
        assertEquals(
                new Usage(1, 0, 0, 0),
                read("{\"a\":" + deep + ",\"usage\":{\"prompt_tokens\":1}}"));
        assertNull(read("{\"a\":" + "{\"a\":".repeat(1_000_000)));
    }

    @Test
    void usageIsNeverNegative() {
        assertThrows(IllegalArgumentException.class, () -> new Usage(0, 0, -1, 0));
    }
}
