package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What is read of a request: for each field one that has it and one that nearly has it.
final class OpenAiRequestTest {
    private static OpenAiRequest chat(String fields) throws BadRequest {
        return read(
                Endpoint.CHAT,
                """
                {"model": "gpt", "messages": [{"role": "user", "content": "Hi"}], %s}"""
                        .formatted(fields));
    }

    private static OpenAiRequest messages(String messages) throws BadRequest {
        return read(Endpoint.CHAT, "{\"model\": \"gpt\", \"messages\": [" + messages + "]}");
    }

    static OpenAiRequest read(Endpoint endpoint, String json) throws BadRequest {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return OpenAiRequest.read(endpoint, body, body.length);
    }

    @Test
    void model() throws BadRequest {
        assertEquals("gpt", chat("\"x\": 1").model());
        assertEquals(
                "a/b",
                read(
                                Endpoint.COMPLETIONS,
                                "{\"nested\":{\"model\":\"c\"},\"mod\\u0065l\":\"a\\/b\"}")
                        .model());
    }

    @Test
    void stream() throws BadRequest {
        assertTrue(chat("\"stream\": true").stream());
        assertFalse(chat("\"stream\": false").stream());
        assertFalse(chat("\"stream\": null").stream());
        assertFalse(chat("\"streams\": true").stream());
        assertFalse(chat("\"x\": {\"stream\": true}").stream());
    }

    @Test
    void includeUsage() throws BadRequest {
        assertTrue(chat("\"stream_options\": {\"include_usage\": true}").includeUsage());
        assertFalse(chat("\"stream_options\": {\"include_usage\": false}").includeUsage());
        assertFalse(chat("\"stream_options\": {\"x\": {\"include_usage\": true}}").includeUsage());
        assertFalse(chat("\"stream_options\": null").includeUsage());
        assertFalse(chat("\"include_usage\": true").includeUsage());
    }

    @Test
    void maxTokens() throws BadRequest {
        assertEquals(5, chat("\"max_tokens\": 5").maxTokens());
        assertEquals(6, chat("\"max_completion_tokens\": 6").maxTokens());
        assertEquals(7, chat("\"max_tokens\": 7, \"max_completion_tokens\": 7").maxTokens());
        assertEquals(8, chat("\"max_tokens\": null, \"max_completion_tokens\": 8").maxTokens());
        assertEquals(OpenAiRequest.ABSENT, chat("\"max_token\": 5").maxTokens());
    }

    @Test
    void numbers() throws BadRequest {
        assertEquals(700_000, chat("\"temperature\": 0.7").temperatureMicros());
        assertEquals(2_000_000, chat("\"temperature\": 2").temperatureMicros());
        assertEquals(OpenAiRequest.ABSENT, chat("\"top_p\": 0.7").temperatureMicros());
        assertEquals(950_000, chat("\"top_p\": 95e-2").topPMicros());
        assertEquals(OpenAiRequest.ABSENT, chat("\"top_k\": 1").topPMicros());
        assertEquals(2, chat("\"n\": 2").n());
        assertEquals(OpenAiRequest.ABSENT, chat("\"N\": 2").n());
        assertEquals(-9, chat("\"seed\": -9").seed());
        assertEquals(Long.MAX_VALUE, chat("\"seed\": 9223372036854775807").seed());
        assertEquals(OpenAiRequest.ABSENT, chat("\"x\": 2").seed());
    }

    @Test
    void counts() throws BadRequest {
        OpenAiRequest request =
                messages(
                        """
                        {"role": "system", "content": "Be brief."},
                        {"role": "user", "content": [
                          {"type": "text", "text": "What is this?"},
                          {"type": "image_url", "image_url": {"url": "data:,"}},
                          {"image_url": {"url": "data:,"}},
                          {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}]}\
                        """);
        assertEquals(2, request.messageCount());
        assertEquals(2, request.imageCount());
        assertEquals(0, request.toolCount());
        assertFalse(request.hasTools());
        assertEquals("Be brief.\nWhat is this?", request.promptText());
        assertEquals(23, request.textBytes());
        OpenAiRequest tools = chat("\"tools\": [{\"type\": \"function\"}], \"functions\": [{}]");
        assertEquals(2, tools.toolCount());
        assertTrue(tools.hasTools());
        assertFalse(chat("\"tools\": []").hasTools());
        assertEquals(0, tools.imageCount());
    }

    @Test
    void texts() throws BadRequest {
        OpenAiRequest request =
                chat(
                        """
                        "reasoning_effort": "low", "service_tier": "flex", "user": "u\\u0031",
                        "response_format": {"type": "json_schema", "json_schema": {}},
                        "metadata": {"ticket": "T-1", "empty": ""}""");
        assertEquals("low", request.reasoningEffort());
        assertEquals("flex", request.serviceTier());
        assertEquals("u1", request.user());
        assertEquals("json_schema", request.responseFormat());
        assertEquals("T-1", request.metadata("ticket"));
        assertEquals("", request.metadata("empty"));
        assertNull(request.metadata("Ticket"));
        OpenAiRequest without = chat("\"response_format\": null, \"user\": null");
        assertNull(without.reasoningEffort());
        assertNull(without.serviceTier());
        assertNull(without.user());
        assertNull(without.responseFormat());
        assertNull(without.metadata("ticket"));
    }

    @Test
    void sizes() throws BadRequest {
        byte[] body = "{\"model\":\"m\",\"input\":\"\u00e9\"}  ".getBytes(StandardCharsets.UTF_8);
        OpenAiRequest request = OpenAiRequest.read(Endpoint.EMBEDDINGS, body, body.length - 1);
        assertEquals(body.length - 1, request.length());
        assertEquals(Endpoint.EMBEDDINGS, request.endpoint());
        assertEquals(2, request.textBytes());
        assertEquals("EMBEDDINGS, 27 bytes", request.toString());
    }

    @Test
    void allTextsOfMessages() throws BadRequest {
        OpenAiRequest request =
                messages(
                        """
                        {"role": "user", "name": "not a text", "x": "nor this", "content": "plain"},
                        {"role": "user", "content": [
                          {"type": "text", "text": "part"}, "bare", {"type": "refusal", "refusal": "refused"},
                          {"type": "x", "title": "not a text"}, {"type": "text", "text": null}]},
                        {"role": "assistant", "content": null, "refusal": "no", "reasoning_content": "why",
                          "tool_calls": [
                            {"id": "not a text", "type": "function", "function": {"name": "not a text", "arguments": "{\\"a\\":1}"}},
                            {"custom": {"name": "not a text", "input": "raw"}},
                            {"function": {"arguments": {"as": ["they", "are"]}}}],
                          "function_call": {"name": "not a text", "arguments": "older"}},
                        {"role": "tool", "tool_call_id": "not a text", "content": "result"},
                        {"role": "assistant", "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "deep"}]}]}\
                        """);
        String texts =
                """
                plain
                part
                bare
                refused
                no
                why
                {"a":1}
                raw
                {"as": ["they", "are"]}
                older
                result
                deep""";
        assertEquals(texts, request.promptText());
        assertEquals(texts.length(), request.textBytes());
    }

    @Test
    void textsOfOtherEndpoints() throws BadRequest {
        assertEquals(
                "a\nb\nc",
                read(
                                Endpoint.COMPLETIONS,
                                "{\"model\":\"m\",\"prompt\":[\"a\",\"b\"],\"suffix\":\"c\"}")
                        .promptText());
        assertEquals(
                "a", read(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"a\"}").promptText());
        assertEquals(
                "", read(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":[1,2]}").promptText());
        assertEquals("", read(Endpoint.COMPLETIONS, "{\"model\":\"m\"}").promptText());
    }

    /// Some servers read fields that OpenAI has elsewhere: no guard is passed by so.
    @Test
    void textsInFieldsOfOtherEndpointsAreThereToo() throws BadRequest {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hidden\"}]";
        assertEquals(
                "a\nhidden",
                read(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"a\"," + messages + "}")
                        .promptText());
        assertEquals(
                "hidden\nb",
                read(
                                Endpoint.CHAT,
                                "{\"model\":\"m\","
                                        + messages
                                        + ",\"prompt\":[\"b\",{\"any\":[1]}],\"input\":{\"any\":1}}")
                        .promptText());
    }

    @Test
    void imagesAreFoundInAnyShape() throws BadRequest {
        String parts =
                """
                {"type": "image_url", "image_url": "https://a"}, {"image_url": {"url": "https://a"}},
                {"type": "input_image"}, {"image": "x", "type": "text", "text": "a"}""";
        assertEquals(4, messages("{\"role\":\"user\",\"content\":[" + parts + "]}").imageCount());
        assertEquals(
                0,
                messages(
                                """
                                {"role": "user", "content": [{"type": "text", "text": "image_url"}, {"type": 1}, {"x": {"image_url": 1}}]}""")
                        .imageCount());
    }

    @Test
    void escapesMeanWhatJsonSays() throws BadRequest {
        String json =
                "\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00E9\\u20ac\\uD83D\\ude00\\ude00\\ud83dx\\ud83d\\ud83d\\ude00";
        String meant = "\"\\/\b\f\n\r\t\0é€😀\ufffd\ufffdx\ufffd😀";
        OpenAiRequest request = messages("{\"role\":\"user\",\"content\":\"" + json + "\"}");
        assertEquals(meant, request.promptText());
        assertEquals(meant.getBytes(StandardCharsets.UTF_8).length, request.textBytes());
    }

    @Test
    void unknownFieldsOfAnyShapePass() throws BadRequest {
        OpenAiRequest request =
                chat(
                        """
                        "a": null, "b": [[], {}, [{"c": [1e400, -0, "\\u0000"]}]], "": {"": {"": []}},
                        "tool_choice": 7, "stop": {"x": 1}, "logit_bias": "any", "Model": 1""");
        assertEquals("gpt", request.model());
        assertEquals(0, request.toolCount());
    }
}
