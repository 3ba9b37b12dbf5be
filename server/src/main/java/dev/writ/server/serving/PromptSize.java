package dev.writ.server.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.engine.PolicySnapshot;
import dev.writ.providers.openai.BadRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// How large a prompt is to a policy, in tokens.
///
/// Where the exact size makes no difference to any decision it is an upper bound, so that the
/// tokenizer, which takes a second to load and time with each prompt, is asked only if it must be.
public final class PromptSize {
    private static final JsonFactory JSON = new JsonFactory();

    private PromptSize() {}

    /// Tells whether a decision may depend on the exact size of the prompt.
    public static boolean mustCount(PolicySnapshot snapshot, OpenAiRequest request) {
        return request.promptTokensMax() >= snapshot.promptTokensExactFrom();
    }

    /// Tells whether a decision, or the choice of a model, may depend on the exact size of the
    /// prompt.
    public static boolean mayMatter(PolicySnapshot snapshot, OpenAiRequest request) {
        return mustCount(snapshot, request)
                || request.promptTokensMax() > snapshot.smallestContext();
    }

    /// Tells whether prompts can be counted without waiting for the tokenizer; if not, it is loaded
    /// from now on.
    public static boolean isReadyToCount() {
        Tokenizer.prepare();
        return Tokenizer.isReady();
    }

    /// Returns the size of a request's prompt.
    public static long of(PolicySnapshot snapshot, OpenAiRequest request) {
        return mustCount(snapshot, request) ? request.promptTokens() : request.promptTokensMax();
    }

    /// Returns the size of the one message of a chat: exact also where the choice of a model may
    /// depend on it.
    public static long of(PolicySnapshot snapshot, String message) {
        byte[] body = chat(message);
        try {
            OpenAiRequest request = OpenAiRequest.read(Endpoint.CHAT, body, body.length);
            return mayMatter(snapshot, request)
                    ? request.promptTokens()
                    : request.promptTokensMax();
        } catch (BadRequest e) {
            throw new IllegalStateException("a prompt of a test must be readable", e);
        }
    }

    private static byte[] chat(String message) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("model", "m");
            json.writeArrayFieldStart("messages");
            json.writeStartObject();
            json.writeStringField("role", "user");
            json.writeStringField("content", message);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
