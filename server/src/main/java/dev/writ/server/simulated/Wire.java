package dev.writ.server.simulated;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reply in OpenAI's wire format, whole or as the steps of a stream.
///
/// @param id what follows the kind's prefix
/// @param created Unix seconds
record Wire(SimulatedRequest request, SimulatedReply reply, String id, long created) {

    private boolean chat() {
        return request.kind() == SimulatedRequest.Kind.CHAT;
    }

    byte[] whole() {
        return Json.write(
                json -> {
                    begin(json, chat() ? "chat.completion" : "text_completion");
                    json.writeArrayFieldStart("choices");
                    for (int choice = 0; choice < request.choices(); choice++) {
                        json.writeStartObject();
                        json.writeNumberField("index", choice);
                        if (chat()) {
                            json.writeObjectFieldStart("message");
                            json.writeStringField("role", "assistant");
                            if (reply.tool() == null) {
                                json.writeStringField("content", reply.text());
                            } else {
                                json.writeNullField("content");
                                toolCall(json, choice, false, reply.tool().name(), reply.text());
                            }
                            json.writeNullField("refusal");
                            json.writeEndObject();
                        } else {
                            json.writeStringField("text", reply.text());
                        }
                        json.writeNullField("logprobs");
                        json.writeStringField("finish_reason", reply.finishReason());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    usage(json);
                    json.writeEndObject();
                });
    }

    /// Returns how many steps a stream has: the roles, each piece, the end.
    int steps() {
        return reply.pieces().size() + 2;
    }

    /// Returns the events of a step, one for each choice.
    byte[] step(int step) {
        ByteArrayOutputStream events = new ByteArrayOutputStream(512);
        boolean last = step == steps() - 1;
        for (int choice = 0; choice < request.choices(); choice++) {
            if (step == 0) {
                if (chat()) {
                    event(events, opening(choice));
                }
            } else if (last) {
                event(events, chunk(choice, null, reply.finishReason()));
            } else {
                event(events, chunk(choice, reply.pieces().get(step - 1), null));
            }
        }
        if (last) {
            if (request.usageInStream()) {
                event(
                        events,
                        Json.write(
                                json -> {
                                    begin(json, object());
                                    json.writeArrayFieldStart("choices");
                                    json.writeEndArray();
                                    usage(json);
                                    json.writeEndObject();
                                }));
            }
            event(events, "[DONE]".getBytes(StandardCharsets.UTF_8));
        }
        return events.toByteArray();
    }

    private String object() {
        return chat() ? "chat.completion.chunk" : "text_completion";
    }

    private byte[] opening(int choice) {
        return Json.write(
                json -> {
                    beginChunk(json, choice);
                    json.writeObjectFieldStart("delta");
                    json.writeStringField("role", "assistant");
                    if (reply.tool() == null) {
                        json.writeStringField("content", "");
                    } else {
                        json.writeNullField("content");
                        toolCall(json, choice, true, reply.tool().name(), "");
                    }
                    json.writeEndObject();
                    endChunk(json, null);
                });
    }

    private byte[] chunk(int choice, @Nullable String piece, @Nullable String finishReason) {
        return Json.write(
                json -> {
                    beginChunk(json, choice);
                    if (!chat()) {
                        json.writeStringField("text", piece == null ? "" : piece);
                    } else {
                        json.writeObjectFieldStart("delta");
                        if (piece != null && reply.tool() == null) {
                            json.writeStringField("content", piece);
                        } else if (piece != null) {
                            toolCall(json, choice, true, null, piece);
                        }
                        json.writeEndObject();
                    }
                    endChunk(json, finishReason);
                });
    }

    private void beginChunk(JsonGenerator json, int choice) throws IOException {
        begin(json, object());
        json.writeArrayFieldStart("choices");
        json.writeStartObject();
        json.writeNumberField("index", choice);
    }

    private void endChunk(JsonGenerator json, @Nullable String finishReason) throws IOException {
        json.writeNullField("logprobs");
        json.writeStringField("finish_reason", finishReason);
        json.writeEndObject();
        json.writeEndArray();
        if (request.usageInStream()) {
            json.writeNullField("usage");
        }
        json.writeEndObject();
    }

    /// @param name null for a piece of the arguments of a call that was named before
    private void toolCall(
            JsonGenerator json, int choice, boolean chunk, @Nullable String name, String arguments)
            throws IOException {
        json.writeArrayFieldStart("tool_calls");
        json.writeStartObject();
        if (chunk) {
            json.writeNumberField("index", 0);
        }
        if (name != null) {
            json.writeStringField("id", "call_" + id + choice);
            json.writeStringField("type", "function");
        }
        json.writeObjectFieldStart("function");
        if (name != null) {
            json.writeStringField("name", name);
        }
        json.writeStringField("arguments", arguments);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    private void begin(JsonGenerator json, String object) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", (chat() ? "chatcmpl-" : "cmpl-") + id);
        json.writeStringField("object", object);
        json.writeNumberField("created", created);
        json.writeStringField("model", request.model());
        json.writeStringField("system_fingerprint", "fp_simulated");
    }

    private void usage(JsonGenerator json) throws IOException {
        int out = reply.pieces().size() * request.choices();
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", request.promptTokens());
        json.writeNumberField("completion_tokens", out);
        json.writeNumberField("total_tokens", request.promptTokens() + out);
        json.writeEndObject();
    }

    private static void event(ByteArrayOutputStream into, byte[] data) {
        into.writeBytes("data: ".getBytes(StandardCharsets.UTF_8));
        into.writeBytes(data);
        into.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    }

    static byte[] embeddings(SimulatedRequest request) {
        return Json.write(
                json -> {
                    json.writeStartObject();
                    json.writeStringField("object", "list");
                    json.writeArrayFieldStart("data");
                    List<String> inputs = request.inputs();
                    for (int i = 0; i < inputs.size(); i++) {
                        float[] vector = Embedding.of(inputs.get(i), request.dimensions());
                        json.writeStartObject();
                        json.writeStringField("object", "embedding");
                        json.writeNumberField("index", i);
                        if (request.base64()) {
                            json.writeStringField("embedding", Embedding.base64(vector));
                        } else {
                            json.writeArrayFieldStart("embedding");
                            for (float x : vector) {
                                json.writeNumber(x);
                            }
                            json.writeEndArray();
                        }
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    json.writeStringField("model", request.model());
                    json.writeObjectFieldStart("usage");
                    json.writeNumberField("prompt_tokens", request.promptTokens());
                    json.writeNumberField("total_tokens", request.promptTokens());
                    json.writeEndObject();
                    json.writeEndObject();
                });
    }

    static byte[] models(String provider, List<String> models, long created) {
        return Json.write(
                json -> {
                    json.writeStartObject();
                    json.writeStringField("object", "list");
                    json.writeArrayFieldStart("data");
                    for (String model : models) {
                        model(json, provider, model, created);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                });
    }

    static byte[] model(String provider, String model, long created) {
        return Json.write(json -> model(json, provider, model, created));
    }

    private static void model(JsonGenerator json, String provider, String model, long created)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", model);
        json.writeStringField("object", "model");
        json.writeNumberField("created", created);
        json.writeStringField("owned_by", provider);
        json.writeEndObject();
    }

    /// Returns an error as OpenAI words it.
    static byte[] error(int status, String message, String code) {
        String type =
                switch (status) {
                    case 401 -> "authentication_error";
                    case 403 -> "permission_error";
                    case 429 -> "rate_limit_error";
                    default -> status >= 500 ? "server_error" : "invalid_request_error";
                };
        return Json.write(
                json -> {
                    json.writeStartObject();
                    json.writeObjectFieldStart("error");
                    json.writeStringField("message", message);
                    json.writeStringField("type", type);
                    json.writeNullField("param");
                    json.writeStringField("code", code);
                    json.writeEndObject();
                    json.writeEndObject();
                });
    }
}
