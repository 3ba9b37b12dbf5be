package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// Each limit at its edge: what is just allowed, and one more.
final class RequestLimitsTest {
    private static final String OK = "\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]";

    private static OpenAiRequest chat(String json) throws BadRequest {
        return OpenAiRequestTest.read(Endpoint.CHAT, json);
    }

    private static String field(String field) {
        return "{" + OK + "," + field + "}";
    }

    /// Checks that `body` of `max` is taken and of one more is refused.
    private static void edge(Endpoint endpoint, long max, IntFunction<String> body, String sentence)
            throws BadRequest {
        OpenAiRequestTest.read(endpoint, body.apply((int) max));
        String tooMuch = body.apply((int) max + 1);
        BadRequest refused =
                assertThrows(BadRequest.class, () -> OpenAiRequestTest.read(endpoint, tooMuch));
        assertEquals(sentence, refused.sentence());
    }

    private static void edge(long max, IntFunction<String> body, String sentence)
            throws BadRequest {
        edge(Endpoint.CHAT, max, body, sentence);
    }

    private static String repeated(int times, String element) {
        return (element + ",").repeat(times - 1) + element;
    }

    private static String numbered(int count, String before, String behind) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(i == 0 ? "" : ",").append(before).append(i).append(behind);
        }
        return all.toString();
    }

    @Test
    void depth() throws BadRequest {
        String sentence = "The body nests deeper than 100.";
        // The body itself is one.
        edge(
                RequestLimits.DEPTH_MAX,
                n -> field("\"a\":" + "[".repeat(n - 1) + "]".repeat(n - 1)),
                sentence);
        edge(
                RequestLimits.DEPTH_MAX,
                n -> field("\"a\":" + "{\"a\":".repeat(n - 1) + "1" + "}".repeat(n - 1)),
                sentence);
        edge(
                RequestLimits.DEPTH_MAX,
                n -> field("\"tools\":[{\"a\":" + "[".repeat(n - 3) + "]".repeat(n - 3) + "}]"),
                sentence);
    }

    @Test
    void depthFarAboveTheLimitOverflowsNoStack() {
        for (String open : new String[] {"[", "{\"a\":"}) {
            assertThrows(BadRequest.class, () -> chat(field("\"a\":" + open.repeat(1_000_000))));
        }
        assertThrows(
                BadRequest.class,
                () ->
                        chat(
                                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
                                        + "[{\"content\":".repeat(500_000)));
    }

    @Test
    void fields() throws BadRequest {
        edge(
                RequestLimits.FIELDS_MAX,
                n -> field(numbered(n - 2, "\"x", "\":0")),
                "The body has more than 256 fields.");
    }

    @Test
    void openFields() throws BadRequest {
        edge(
                RequestLimits.OPEN_FIELDS_MAX,
                n -> field("\"a\":{" + numbered(n - 3, "\"x", "\":0") + "}"),
                "The body has more than 20000 fields in objects inside of one another.");
        // Closed ones do not count.
        String closed = "{" + numbered(15_000, "\"x", "\":0") + "}";
        chat(field("\"a\":[" + repeated(3, closed) + "]"));
    }

    @Test
    void namesAndNumbers() throws BadRequest {
        String sentence = "The body has a name of more than 512 characters.";
        edge(RequestLimits.NAME_LENGTH_MAX, n -> field("\"" + "x".repeat(n) + "\":0"), sentence);
        edge(
                RequestLimits.NAME_LENGTH_MAX,
                n -> field("\"a\":{\"" + "\u20ac".repeat(n) + "\":0}"),
                sentence);
        assertThrows(BadRequest.class, () -> chat(field("\"" + "x".repeat(1_000_000) + "\":0")));
        edge(
                RequestLimits.NUMBER_CHARS_MAX,
                n -> field("\"temperature\":0." + "1".repeat(n - 2)),
                "`temperature` is longer than 100 characters.");
        edge(
                RequestLimits.NUMBER_CHARS_MAX,
                n -> field("\"n\":1." + "0".repeat(n - 2)),
                "`n` is longer than 100 characters.");
        chat(field("\"a\":" + "1".repeat(1_000_000)));
    }

    @Test
    void messages() throws BadRequest {
        edge(
                RequestLimits.MESSAGES_MAX,
                n -> "{\"model\":\"m\",\"messages\":[" + repeated(n, "{\"role\":\"u\"}") + "]}",
                "`messages` has more than 20000 entries.");
        String many = repeated(10_000, "{\"role\":\"user\",\"content\":\"a\"}");
        OpenAiRequest request = chat("{\"model\":\"m\",\"messages\":[" + many + "]}");
        assertEquals(10_000, request.messageCount());
        assertEquals(10_000 + 9_999, request.textBytes());
    }

    @Test
    void texts() throws BadRequest {
        edge(
                RequestLimits.TEXTS_MAX,
                n ->
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"u\",\"content\":["
                                + repeated(n, "\"\"")
                                + "]}]}",
                "The body has more than 100000 texts.");
    }

    @Test
    void inputs() throws BadRequest {
        edge(
                Endpoint.EMBEDDINGS,
                RequestLimits.INPUTS_MAX,
                n -> "{\"model\":\"m\",\"input\":[" + repeated(n, "\"a\"") + "]}",
                "`input` has more than 2048 entries.");
        edge(
                Endpoint.COMPLETIONS,
                RequestLimits.INPUTS_MAX,
                n -> "{\"model\":\"m\",\"prompt\":[" + repeated(n, "[1]") + "]}",
                "`prompt` has more than 2048 entries.");
        OpenAiRequest tokens =
                OpenAiRequestTest.read(
                        Endpoint.EMBEDDINGS,
                        "{\"model\":\"m\",\"input\":[" + repeated(5_000, "1") + "]}");
        assertEquals(5_000, tokens.promptTokens());
    }

    @Test
    void lengthsOfTexts() throws BadRequest {
        edge(
                RequestLimits.MODEL_LENGTH_MAX,
                n -> "{\"model\":\"%s\",\"messages\":[{\"role\":\"u\"}]}".formatted("m".repeat(n)),
                "`model` is longer than 256 characters.");
        edge(
                RequestLimits.WORD_LENGTH_MAX,
                n -> "{\"model\":\"m\",\"messages\":[{\"role\":\"%s\"}]}".formatted("r".repeat(n)),
                "`role` must have 1 to 64 characters.");
        for (String word : new String[] {"service_tier", "reasoning_effort"}) {
            edge(
                    RequestLimits.WORD_LENGTH_MAX,
                    n -> field("\"%s\":\"%s\"".formatted(word, "w".repeat(n))),
                    "`%s` is longer than 64 characters.".formatted(word));
        }
        edge(
                RequestLimits.WORD_LENGTH_MAX,
                n -> field("\"response_format\":{\"type\":\"%s\"}".formatted("w".repeat(n))),
                "`response_format.type` is longer than 64 characters.");
        edge(
                RequestLimits.USER_LENGTH_MAX,
                n -> field("\"user\":\"%s\"".formatted("u".repeat(n))),
                "`user` is longer than 1024 characters.");
    }

    @Test
    void metadata() throws BadRequest {
        edge(
                RequestLimits.METADATA_MAX,
                n -> field("\"metadata\":{" + numbered(n, "\"k", "\":\"v\"") + "}"),
                "`metadata` has more than 16 entries.");
        edge(
                RequestLimits.METADATA_KEY_LENGTH_MAX,
                n -> field("\"metadata\":{\"%s\":\"v\"}".formatted("k".repeat(n))),
                "A key of `metadata` is longer than 64 characters.");
        edge(
                RequestLimits.METADATA_VALUE_LENGTH_MAX,
                n -> field("\"metadata\":{\"k\":\"%s\"}".formatted("v".repeat(n))),
                "A value of `metadata` is longer than 512 characters.");
    }

    @Test
    void numbers() throws BadRequest {
        edge(
                RequestLimits.TOKENS_MAX,
                n -> field("\"max_tokens\":" + n),
                "`max_tokens` must be a whole number from 1 to 1000000000.");
        edge(
                RequestLimits.ANSWERS_MAX,
                n -> field("\"n\":" + n),
                "`n` must be a whole number from 1 to 128.");
        edge(
                RequestLimits.TEMPERATURE_MICROS_MAX,
                n -> field("\"temperature\":%de-6".formatted(n)),
                "`temperature` must be from 0 to 100.");
        edge(
                RequestLimits.TOP_P_MICROS_MAX,
                n -> field("\"top_p\":%de-6".formatted(n)),
                "`top_p` must be from 0 to 1.");
        assertEquals(
                RequestLimits.SEED_MIN, chat(field("\"seed\":" + RequestLimits.SEED_MIN)).seed());
        assertThrows(BadRequest.class, () -> chat(field("\"seed\":" + Long.MIN_VALUE)));
    }
}
