package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RewritingTest {
    static String joined(List<ByteBuffer> pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuffer piece : pieces) {
            bytes.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void replacesInsertsAndRemoves() throws BadRequest {
        OpenAiRequest request =
                OpenAiRequestTest.read(
                        Endpoint.CHAT,
                        "{ \"messages\" : [{\"role\":\"user\"}], \"user\":\"a\" , \"model\":\"a\", \"max_tokens\":9,\"x\":[]}");
        Edits edits =
                new Edits()
                        .model("b\"")
                        .maxTokens(5, TokenField.MAX_COMPLETION_TOKENS)
                        .decimalMicros("temperature", 700_000)
                        .remove("user")
                        .remove("x")
                        .includeUsage();
        assertEquals(
                "{\"temperature\":0.7,\"stream_options\":{\"include_usage\":true}, \"messages\" : [{\"role\":\"user\"}], \"model\":\"b\\\"\", \"max_tokens\":5}",
                joined(request.rewritten(edits)));
    }
}
