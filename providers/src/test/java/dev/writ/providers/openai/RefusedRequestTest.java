package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/// Bodies that are refused, by which sentence, and which field is named.
final class RefusedRequestTest {
    private static final String OK = "\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]";

    static final Arguments[] CHATS = {
        chat("", "The body is empty.", null),
        chat("  \n", "The body is empty.", null),
        chat("\ufeff", "The body is empty.", null),
        chat("zebra", "The body is not JSON.", null),
        chat("{" + OK + ",}", "The body is not JSON.", null),
        chat("{" + OK + ",\"a\":01}", "The body is not JSON.", null),
        chat("{" + OK + ",\"a\":NaN}", "The body is not JSON.", null),
        chat("{" + OK + ",\"a\":'zebra'}", "The body is not JSON.", null),
        chat("{" + OK + ",\"a\":\"zebra\n\"}", "The body is not JSON.", null),
        chat("{" + OK + ",\"a\":\"\\x\"}", "The body is not JSON.", null),
        chat("{" + OK + ",\"a\":\"\\u12g4\"}", "The body is not JSON.", null),
        chat("{" + OK + ",\"a\":[1}", "The body is not JSON.", null),
        chat("{" + OK + "/**/}", "The body is not JSON.", null),
        chat("{" + OK + "\u00a0}", "The body is not JSON.", null),
        chat("\ufeff\ufeff{" + OK + "}", "The body is not JSON.", null),
        chat("{" + OK, "The body ends in the middle of its JSON.", null),
        chat("{" + OK + ",\"a\":\"zebra", "The body ends in the middle of its JSON.", null),
        chat("{" + OK + ",\"a\":tr", "The body is not JSON.", null),
        chat("{" + OK + "} zebra", "The body is not JSON.", null),
        chat("{" + OK + "} {}", "The body goes on behind its JSON object.", null),
        chat("{" + OK + "},", "The body is not JSON.", null),
        chat("[]", "The body must be a JSON object.", null),
        chat("\"zebra\"", "The body must be a JSON object.", null),
        chat("{\"zebra\u0000\":1," + OK + "}", "The body is not JSON.", null),
        chat("{\u0000}", "The body is not UTF-8.", null),
        chat("{\"messages\":[{\"role\":\"user\"}]}", "`model` is missing.", "model"),
        chat(model("null"), "`model` must not be empty.", "model"),
        chat(model("\"\""), "`model` must not be empty.", "model"),
        chat(model("1"), "`model` must be a text.", "model"),
        chat(model("[\"zebra\"]"), "`model` must be a text.", "model"),
        chat("{\"model\":\"m\"}", "`messages` is missing or empty.", "messages"),
        chat(messages("[]"), "`messages` is missing or empty.", "messages"),
        chat(messages("null"), "`messages` must be an array.", "messages"),
        chat(messages("\"zebra\""), "`messages` must be an array.", "messages"),
        chat(messages("{}"), "`messages` must be an array.", "messages"),
        chat(messages("[\"zebra\"]"), "A message must be an object.", "messages[0]"),
        chat(messages("[{\"role\":\"user\"},[]]"), "A message must be an object.", "messages[1]"),
        chat(messages("[{\"content\":\"zebra\"}]"), "A message has no `role`.", "messages[0].role"),
        chat(messages("[{\"role\":1}]"), "`role` must be a text.", "messages[0].role"),
        chat(messages("[{\"role\":null}]"), "`role` must be a text.", "messages[0].role"),
        chat(
                messages("[{\"role\":\"\"}]"),
                "`role` must have 1 to 64 characters.",
                "messages[0].role"),
        chat(
                messages("[{\"role\":\"user\",\"content\":1}]"),
                "`content` must be a text or an array of parts.",
                "messages[0].content"),
        chat(
                messages("[{\"role\":\"user\",\"content\":{\"zebra\":1}}]"),
                "`content` must be a text or an array of parts.",
                "messages[0].content"),
        chat(
                messages("[{\"role\":\"user\",\"content\":[1]}]"),
                "A part of `content` must be an object.",
                "messages[0].content"),
        chat(
                messages(
                        "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":[\"zebra\"]}]}]"),
                "`text` of a part must be a text.",
                "messages[0].content"),
        chat(
                messages("[{\"role\":\"user\",\"tool_calls\":{}}]"),
                "`tool_calls` must be an array.",
                "messages[0].tool_calls"),
        chat(
                messages("[{\"role\":\"user\",\"tool_calls\":[\"zebra\"]}]"),
                "A tool call must be an object.",
                "messages[0].tool_calls"),
        field("\"stream\":\"zebra\"", "`stream` must be true or false.", "stream"),
        field("\"stream\":1", "`stream` must be true or false.", "stream"),
        field("\"stream_options\":true", "`stream_options` must be an object.", "stream_options"),
        field(
                "\"stream_options\":{\"include_usage\":\"zebra\"}",
                "`stream_options.include_usage` must be true or false.",
                "stream_options.include_usage"),
        field("\"max_tokens\":\"5\"", "`max_tokens` must be a number.", "max_tokens"),
        field(
                "\"max_tokens\":0",
                "`max_tokens` must be a whole number from 1 to 1000000000.",
                "max_tokens"),
        field(
                "\"max_tokens\":-5",
                "`max_tokens` must be a whole number from 1 to 1000000000.",
                "max_tokens"),
        field(
                "\"max_completion_tokens\":1e99",
                "`max_completion_tokens` must be a whole number from 1 to 1000000000.",
                "max_completion_tokens"),
        field(
                "\"max_completion_tokens\":1e999999999999",
                "`max_completion_tokens` must be a whole number from 1 to 1000000000.",
                "max_completion_tokens"),
        field(
                "\"max_tokens\":1.5",
                "`max_tokens` must be a whole number from 1 to 1000000000.",
                "max_tokens"),
        field(
                "\"max_tokens\":1,\"max_completion_tokens\":2",
                "`max_tokens` and `max_completion_tokens` differ; send one of them.",
                "max_completion_tokens"),
        field("\"temperature\":true", "`temperature` must be a number.", "temperature"),
        field("\"temperature\":-0.1", "`temperature` must be from 0 to 100.", "temperature"),
        field("\"top_p\":1.1", "`top_p` must be from 0 to 1.", "top_p"),
        field("\"n\":0", "`n` must be a whole number from 1 to 128.", "n"),
        field("\"n\":1.2", "`n` must be a whole number from 1 to 128.", "n"),
        field(
                "\"seed\":9223372036854775808",
                "`seed` must be a whole number from -9223372036854775807 to 9223372036854775807.",
                "seed"),
        field("\"user\":5", "`user` must be a text.", "user"),
        field("\"service_tier\":[]", "`service_tier` must be a text.", "service_tier"),
        field("\"reasoning_effort\":{}", "`reasoning_effort` must be a text.", "reasoning_effort"),
        field(
                "\"response_format\":\"zebra\"",
                "`response_format` must be an object.",
                "response_format"),
        field(
                "\"response_format\":{\"zebra\":1}",
                "`response_format.type` is missing.",
                "response_format.type"),
        field(
                "\"response_format\":{\"type\":1}",
                "`response_format.type` must be a text.",
                "response_format.type"),
        field("\"metadata\":[]", "`metadata` must be an object.", "metadata"),
        field("\"metadata\":{\"zebra\":1}", "A value of `metadata` is not a text.", "metadata"),
        field("\"tools\":{}", "`tools` must be an array of objects.", "tools"),
        field("\"tools\":[\"zebra\"]", "`tools` must be an array of objects.", "tools"),
        field("\"functions\":1", "`functions` must be an array of objects.", "functions"),
        field("\"model\":\"zebra\"", "A field stands twice in one object.", null),
        field("\"zebra\":1,\"zebra\":1", "A field stands twice in one object.", null),
        field("\"zebra\":1,\"zebr\\u0061\":1", "A field stands twice in one object.", null),
        field(
                "\"a\":[{\"b\":{\"zebra\":1,\"zebra\":2}}]",
                "A field stands twice in one object.",
                null),
        field(
                "\"metadata\":{\"zebra\":\"1\",\"zebra\":\"2\"}",
                "A field stands twice in one object.",
                "metadata"),
        chat(
                messages("[{\"role\":\"user\",\"content\":\"zebra\",\"content\":\"a\"}]"),
                "A field stands twice in one object.",
                "messages"),
    };

    static final Arguments[] OTHERS = {
        Arguments.of(
                Endpoint.EMBEDDINGS, "{\"model\":\"m\"}", "`input` is missing or empty.", "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("[]"), "`input` is missing or empty.", "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("null"), "`input` is missing or empty.", "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("{}"), shape("input"), "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("7"), shape("input"), "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("[1.5]"), shape("input"), "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("[null]"), shape("input"), "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("[\"zebra\",1]"), shape("input"), "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("[[1],2]"), shape("input"), "input"),
        Arguments.of(Endpoint.EMBEDDINGS, input("[[\"zebra\"]]"), shape("input"), "input"),
        Arguments.of(
                Endpoint.COMPLETIONS,
                "{\"model\":\"m\",\"prompt\":true}",
                shape("prompt"),
                "prompt"),
        Arguments.of(
                Endpoint.COMPLETIONS,
                "{\"model\":\"m\",\"prompt\":[{\"zebra\":1}]}",
                shape("prompt"),
                "prompt"),
    };

    private static Arguments chat(String body, String sentence, @Nullable String param) {
        return Arguments.of(Endpoint.CHAT, body, sentence, param);
    }

    private static Arguments field(String field, String sentence, @Nullable String param) {
        return chat("{" + OK + "," + field + "}", sentence, param);
    }

    private static String model(String model) {
        return "{\"model\":" + model + ",\"messages\":[{\"role\":\"user\"}]}";
    }

    private static String messages(String messages) {
        return "{\"model\":\"m\",\"messages\":" + messages + "}";
    }

    private static String input(String input) {
        return "{\"model\":\"m\",\"input\":" + input + "}";
    }

    private static String shape(String field) {
        return "`%s` must be a text, an array of texts, an array of tokens or an array of such arrays."
                .formatted(field);
    }

    @ParameterizedTest
    @FieldSource({"CHATS", "OTHERS"})
    void isRefused(Endpoint endpoint, String body, String sentence, @Nullable String param) {
        BadRequest refused =
                assertThrows(BadRequest.class, () -> OpenAiRequestTest.read(endpoint, body));
        assertEquals(sentence, refused.sentence());
        assertEquals(param, refused.param());
        assertFalse(refused.sentence().contains("zebra"), "repeats the client's words");
        assertEquals(0, refused.getStackTrace().length);
    }

    @Test
    void everyPrefixOfARequestIsRefused() throws Exception {
        byte[] whole = Seeds.seed("request", "chat-full.json");
        int end = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf('}');
        for (int length = 0; length <= end; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(
                    BadRequest.class,
                    () -> OpenAiRequest.read(Endpoint.CHAT, cut, cut.length),
                    "the first " + length + " bytes");
        }
        OpenAiRequest.read(Endpoint.CHAT, whole, end + 1);
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedWhereverTheyStand() {
        String[] places = {
            "{" + OK + ",\"a\":\"?\"}",
            "{" + OK + ",\"?\":1}",
            "{" + OK + ",\"a\":[{\"b\":\"?\"}]}",
            "{\"model\":\"?\",\"messages\":[{\"role\":\"user\"}]}",
            messages("[{\"role\":\"user\",\"content\":\"?\"}]"),
            messages("[{\"role\":\"user\",\"x\":\"?\"}]"),
        };
        byte[][] wrong = {
            {(byte) 0xff}, // never
            {(byte) 0x80}, // a tail alone
            {(byte) 0xc3}, // a head alone
            {(byte) 0xc0, (byte) 0xaf}, // overlong
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half of a surrogate pair
            {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // above U+10FFFF
        };
        for (String place : places) {
            for (byte[] bytes : wrong) {
                byte[] body =
                        place.replace("?", new String(bytes, StandardCharsets.ISO_8859_1))
                                .getBytes(StandardCharsets.ISO_8859_1);
                BadRequest refused =
                        assertThrows(
                                BadRequest.class,
                                () -> OpenAiRequest.read(Endpoint.CHAT, body, body.length));
                assertEquals("The body is not UTF-8.", refused.sentence());
            }
        }
    }

    @Test
    void otherEncodingsAreRefused() {
        String body = "{" + OK + "}";
        for (Charset charset :
                new Charset[] {
                    StandardCharsets.UTF_16BE,
                    StandardCharsets.UTF_16LE,
                    StandardCharsets.UTF_16,
                    StandardCharsets.UTF_32BE,
                    StandardCharsets.UTF_32LE
                }) {
            byte[] bytes = body.getBytes(charset);
            BadRequest refused =
                    assertThrows(
                            BadRequest.class,
                            () -> OpenAiRequest.read(Endpoint.CHAT, bytes, bytes.length));
            assertEquals("The body is not UTF-8.", refused.sentence());
        }
    }
}
