package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Counts of tokens, against those that OpenAI publishes.
final class PromptTokensTest {
    private static long chat(String messages, String fields) throws BadRequest {
        return OpenAiRequestTest.read(
                        Endpoint.CHAT,
                        "{\"model\":\"m\",\"messages\":[" + messages + "]" + fields + "}")
                .promptTokens();
    }

    private static long embeddings(String input) throws BadRequest {
        return OpenAiRequestTest.read(
                        Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":" + input + "}")
                .promptTokens();
    }

    /// The examples of OpenAI's cookbook for `o200k_base`.
    @ParameterizedTest
    @CsvSource({
        "antidisestablishmentarianism, 6",
        "2 + 2 = 4, 7",
        "\u304a\u8a95\u751f\u65e5\u304a\u3081\u3067\u3068\u3046, 8"
    })
    void textsCountAsOpenAiPublishes(String text, long tokens) throws BadRequest {
        assertEquals(tokens, embeddings("\"" + text + "\""));
    }

    /// The conversation of OpenAI's cookbook, for which its API reports 124 tokens with GPT-4o.
    @Test
    void aConversationCountsAsTheApiReports() throws BadRequest {
        String messages =
                """
                {"role": "system", "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
                {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
                {"role": "system", "name": "example_assistant", "content": "Things working well together will increase revenue."},
                {"role": "system", "name": "example_user", "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
                {"role": "system", "name": "example_assistant", "content": "Let's talk later when we're less busy about how to do better."},
                {"role": "user", "content": "This late pivot means we don't have time to boil the ocean for the client deliverable."}
                """;
        assertEquals(124, chat(messages, ""));
    }

    @Test
    void partsAndEscapesCountAsTheTextThatTheyAre() throws BadRequest {
        long plain = chat("{\"role\":\"user\",\"content\":\"one two\"}", "");
        assertEquals(3 + 1 + 2 + 3, plain);
        assertEquals(plain, chat("{\"role\":\"user\",\"content\":\"\\u006fne\\u0020two\"}", ""));
        assertEquals(
                plain,
                chat(
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"one two\"}]}",
                        ""));
    }

    @Test
    void imagesCountFlat() throws BadRequest {
        long none = chat("{\"role\":\"user\",\"content\":[]}", "");
        String image =
                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"%s}}]}";
        assertEquals(none + 1_445, chat(image.formatted(""), ""));
        assertEquals(none + 1_445, chat(image.formatted(",\"detail\":\"high\""), ""));
        assertEquals(none + 85, chat(image.formatted(",\"detail\":\"low\""), ""));
    }

    @Test
    void soundAndFilesAreNotCounted() throws BadRequest {
        long none = chat("{\"role\":\"user\",\"content\":[]}", "");
        String part =
                "{\"role\":\"user\",\"content\":[{\"type\":\"%s\",\"%s\":{\"%s\":\"AAAA\"}}]}";
        assertEquals(none, chat(part.formatted("input_audio", "input_audio", "data"), ""));
        assertEquals(none, chat(part.formatted("file", "file", "file_data"), ""));
    }

    @Test
    void toolsAndSchemasCountAsTheirJson() throws BadRequest {
        String message = "{\"role\":\"user\",\"content\":\"a\"}";
        long without = chat(message, "");
        String tools = "[{\"type\":\"function\",\"function\":{\"name\":\"look\"}}]";
        long json = embeddings("\"" + tools.replace("\"", "\\\"") + "\"");
        assertEquals(without + json, chat(message, ",\"tools\":" + tools));
        assertEquals(without + json, chat(message, ",\"functions\":" + tools));
        String schema = "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\"}}";
        assertTrue(chat(message, ",\"response_format\":" + schema) > without);
        assertEquals(without, chat(message, ",\"response_format\":{\"type\":\"text\"}"));
        assertEquals(without, chat(message, ",\"tools\":null,\"x\":" + tools));
    }

    @Test
    void callsCountTheirNamesAndArguments() throws BadRequest {
        String call =
                "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"look\",\"arguments\":\"one two\"}}]}";
        assertEquals(3 + 1 + 1 + 2 + 3, chat(call, ""));
    }

    @Test
    void arraysOfTokensCountAsLongAsTheyAre() throws BadRequest {
        assertEquals(3, embeddings("[1,2,3]"));
        assertEquals(3, embeddings("[[1,2],[3]]"));
        assertEquals(4, embeddings("[\"one two\",\"one two\"]"));
        assertEquals(
                3,
                OpenAiRequestTest.read(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[1,2,3]}")
                        .promptTokens());
        assertEquals(
                0,
                OpenAiRequestTest.read(Endpoint.COMPLETIONS, "{\"model\":\"m\"}").promptTokens());
    }

    @Test
    void wordsThatMeanSomethingToTokenizersAreTexts() throws BadRequest {
        assertTrue(embeddings("\"<|endoftext|>\"") > 1);
    }

    @Test
    void textsAboveTheLimitCountEachByte() throws BadRequest {
        int max = PromptTokens.ENCODED_BYTES_MAX;
        assertEquals(max + 1, embeddings("\"" + " ".repeat(max + 1) + "\""));
    }

    @Test
    void countsAreKept() throws BadRequest {
        OpenAiRequest request =
                OpenAiRequestTest.read(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"one\"}");
        OpenAiRequest.prepareTokenizer();
        assertEquals(1, request.promptTokens());
        assertEquals(1, request.promptTokens());
    }
}
