package dev.writ.cli.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.openai.core.RequestOptions;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.SseException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams that break and calls that are given up, with OpenAI's Java SDK.
final class JavaStreamsTest {
    private static final RequestOptions IMPATIENT =
            RequestOptions.builder().timeout(Duration.ofSeconds(1)).build();

    private static SdkGateway gateway;

    @BeforeAll
    static void start(@TempDir Path temp) throws Exception {
        gateway = SdkGateway.start(temp);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    /// Adds what comes to `seen`.
    private static void read(String model, RequestOptions options, List<ChatCompletionChunk> seen) {
        try (StreamResponse<ChatCompletionChunk> stream =
                gateway.client()
                        .chat()
                        .completions()
                        .createStreaming(JavaChatTest.hello(model).build(), options)) {
            stream.stream().forEach(seen::add);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broken-stream | One, two, three | stream_broken",
                "breaks | This answer is simulated | stream_broken",
                "ended-stream | One, two, three | stream_broken",
                "failed-stream | One |"
            })
    void aBrokenStreamIsAnErrorAndNoShortAnswer(String model, String begins, String code) {
        List<ChatCompletionChunk> seen = new ArrayList<>();
        SseException error =
                assertThrows(SseException.class, () -> read(model, RequestOptions.none(), seen));
        assertEquals(begins, JavaChatTest.joined(seen));
        assertEquals(Optional.ofNullable(code), error.code());
        assertEquals(Optional.of("server_error"), error.type());
    }

    @Test
    void aTimeoutOfTheClientEndsTheCall() throws Exception {
        assertThrows(
                OpenAIIoException.class,
                () ->
                        gateway.client()
                                .chat()
                                .completions()
                                .create(JavaChatTest.hello("silent").build(), IMPATIENT));
        gateway.provider().awaitGone("silent");
    }

    @Test
    void aTimeoutOfTheClientEndsAStreamInItsMiddle() throws Exception {
        List<ChatCompletionChunk> seen = new ArrayList<>();
        assertThrows(OpenAIIoException.class, () -> read("held-stream", IMPATIENT, seen));
        assertEquals("One, two, three", JavaChatTest.joined(seen));
        gateway.provider().awaitGone("held-stream");
    }

    @Test
    void aClosedStreamEndsTheProvidersCall() throws Exception {
        try (StreamResponse<ChatCompletionChunk> stream =
                gateway.client()
                        .chat()
                        .completions()
                        .createStreaming(JavaChatTest.hello("held-stream").build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            assertEquals("One", JavaChatTest.joined(List.of(chunks.next(), chunks.next())));
        }
        gateway.provider().awaitGone("held-stream");
    }
}
