package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RewritingTest {
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";

    private static String rewritten(Endpoint endpoint, String json, Edits edits) throws BadRequest {
        return joined(OpenAiRequestTest.read(endpoint, json).rewritten(edits));
    }

    private static String chat(String fields, Edits edits) throws BadRequest {
        return rewritten(Endpoint.CHAT, "{\"model\":\"m\"," + MESSAGES + "," + fields + "}", edits);
    }

    /// Returns a chat with these fields, as [#chat] writes them.
    private static String with(String front, String fields) {
        return "{" + front + "\"model\":\"m\"," + MESSAGES + fields + "}";
    }

    private static String joined(List<ByteBuffer> pieces) {
        return new String(FuzzRequest.joined(pieces), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void anyEditsOfAnyRequestAreWhatTheyMean(int part) throws BadRequest, IOException {
        for (int i = 0; i < 1_000; i++) {
            int seed = 1_000 * part + i;
            String json = RandomRequest.chat(new Random(seed));
            PlainEdits plain = RandomEdits.any(new SplittableRandom(seed));
            String edited = rewritten(Endpoint.CHAT, json, plain.edits);
            Map<?, ?> expected =
                    plain.applyTo(
                            FuzzRequest.tree(json.getBytes(StandardCharsets.UTF_8)), Endpoint.CHAT);
            assertEquals(
                    expected,
                    Tree.read(edited),
                    () -> "seed %d: %s%nbecame %s".formatted(seed, json, edited));
        }
    }

    @Test
    void whatNoEditNamesStaysByteForByte() throws BadRequest {
        String before = "{ \"z\" : [1, 2.50 ,{}] ,\n \"model\":\"m\" ";
        String behind = ", " + MESSAGES + " ,\t\"y\" : 1E2}\n";
        assertEquals(
                before.replace("\"m\"", "\"other\"") + behind,
                rewritten(Endpoint.CHAT, before + behind, new Edits().model("other")));
    }

    @Test
    void messagesAreAddedBeforeAndBehindThoseOfTheClient() throws BadRequest {
        Edits edits =
                new Edits()
                        .message(true, "system", "one")
                        .message(false, "user", "\"last\"")
                        .message(true, "developer", "two");
        assertEquals(
                "{\"model\":\"m\",\"messages\":[ "
                        + "{\"role\":\"system\",\"content\":\"one\"},"
                        + "{\"role\":\"developer\",\"content\":\"two\"},"
                        + "{\"role\":\"user\",\"content\":\"a\"} ,"
                        + "{\"role\":\"user\",\"content\":\"\\\"last\\\"\"}]}",
                rewritten(
                                Endpoint.CHAT,
                                "{\"model\":\"m\",\"messages\":["
                                        + " {\"role\":\"user\",\"content\":\"a\"} ]}",
                                edits)
                        .replace("[{\"role\":\"system\"", "[ {\"role\":\"system\"")
                        .replace("}, {\"role\":\"user\"", "},{\"role\":\"user\""));
    }

    @Test
    void nothingIsCopied() throws BadRequest {
        byte[] body =
                ("{" + MESSAGES + ",\"model\":\"m\",\"stream\":true}")
                        .getBytes(StandardCharsets.UTF_8);
        OpenAiRequest request = OpenAiRequest.read(Endpoint.CHAT, body, body.length);
        List<ByteBuffer> same = request.rewritten(new Edits());
        assertEquals(1, same.size());
        assertSame(body, same.getFirst().array());
        List<ByteBuffer> edited = request.rewritten(new Edits().model("other"));
        assertEquals(4, edited.size(), "the brace, what is before the model, the model, the rest");
        assertSame(body, edited.get(1).array());
        assertSame(body, edited.getLast().array());
    }

    @Test
    void aLengthBelowTheArraysIsKept() throws BadRequest {
        byte[] body =
                ("{" + MESSAGES + ",\"model\":\"m\"}   garbage").getBytes(StandardCharsets.UTF_8);
        int length = body.length - "   garbage".length();
        OpenAiRequest request = OpenAiRequest.read(Endpoint.CHAT, body, length);
        assertEquals(
                "{" + MESSAGES + ",\"model\":\"n\"}",
                joined(request.rewritten(new Edits().model("n"))));
    }

    @Test
    void aByteOrderMarkIsNotSentOn() throws BadRequest {
        String json = "{" + MESSAGES + ",\"model\":\"m\"}";
        assertEquals(json, rewritten(Endpoint.CHAT, "\ufeff" + json, new Edits()));
        assertEquals(
                json.replace("\"m\"", "\"n\""),
                rewritten(Endpoint.CHAT, "\ufeff" + json, new Edits().model("n")));
    }

    @Test
    void replacesInsertsAndRemoves() throws BadRequest {
        Edits edits =
                new Edits()
                        .model("b\"")
                        .decimalMicros("temperature", 700_000)
                        .number("seed", -1)
                        .text("user", "u")
                        .flag("store", false)
                        .remove("x")
                        .remove("y");
        assertEquals(
                "{\"seed\":-1,\"store\":false,"
                        + MESSAGES
                        + ",\"model\":\"b\\\"\",\"temperature\":0.7,\"user\":\"u\"}",
                rewritten(
                        Endpoint.CHAT,
                        "{\"x\":1,"
                                + MESSAGES
                                + ",\"model\":\"b\",\"temperature\":1,\"user\":null,\"x2\":0}"
                                        .replace(",\"x2\":0", ",\"y\":[]"),
                        edits));
    }

    @Test
    void theLastEditOfAFieldCounts() throws BadRequest {
        assertEquals(
                with("\"seed\":2,", ",\"a\":0"),
                chat("\"a\":0", new Edits().number("seed", 1).remove("seed").number("seed", 2)));
    }

    @Test
    void removesFieldsWhereverTheyStand() throws BadRequest {
        Edits edits = new Edits().remove("a").remove("b").remove("c");
        assertEquals(with("", ""), chat("\"a\":1,\"b\":2 , \"c\":3 ", edits).replace(" ", ""));
        assertEquals(with("", ",\"d\":4"), chat("\"a\":1,\"b\":2,\"d\":4", edits));
        assertEquals(with("", ",\"d\":4"), chat("\"d\":4,\"b\":2,\"a\":1", edits));
        assertEquals(
                "{\"model\":\"m\"," + MESSAGES + "}",
                rewritten(
                        Endpoint.CHAT,
                        "{\"a\":1,\"b\":2,\"model\":\"m\"," + MESSAGES + "}",
                        edits));
    }

    @Test
    void theBoundIsReplacedUnderTheNameThatTheClientUsed() throws BadRequest {
        Edits edits = new Edits().maxTokens(5, TokenField.MAX_COMPLETION_TOKENS);
        assertEquals(with("", ",\"max_tokens\":5"), chat("\"max_tokens\":9", edits));
        assertEquals(
                with("", ",\"max_completion_tokens\":5"),
                chat("\"max_completion_tokens\":9", edits));
        assertEquals(
                with("", ",\"max_completion_tokens\":5,\"max_tokens\":5"),
                chat("\"max_completion_tokens\":9,\"max_tokens\":9", edits));
        assertEquals(
                with("", ",\"max_tokens\":null,\"max_completion_tokens\":5"),
                chat("\"max_tokens\":null,\"max_completion_tokens\":9", edits));
    }

    @Test
    void aBoundThatIsMissingIsInserted() throws BadRequest {
        Edits newer = new Edits().maxTokens(5, TokenField.MAX_COMPLETION_TOKENS);
        Edits older = new Edits().maxTokens(5, TokenField.MAX_TOKENS);
        assertEquals(with("\"max_completion_tokens\":5,", ",\"a\":0"), chat("\"a\":0", newer));
        assertEquals(with("\"max_tokens\":5,", ",\"a\":0"), chat("\"a\":0", older));
        assertEquals(
                "{\"max_tokens\":5,\"model\":\"m\"}",
                rewritten(Endpoint.COMPLETIONS, "{\"model\":\"m\"}", newer));
        assertEquals(
                "{\"model\":\"m\",\"input\":\"a\"}",
                rewritten(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"a\"}", newer));
    }

    @Test
    void theBoundCanHaveOneNameOnly() throws BadRequest {
        Edits older = new Edits().maxTokensOnlyAs(TokenField.MAX_TOKENS);
        assertEquals(with("", ",\"max_tokens\":9"), chat("\"max_completion_tokens\":9", older));
        assertEquals(with("", ",\"max_tokens\":1e1"), chat("\"max_tokens\":1e1", older));
        assertEquals(
                with("", ",\"max_tokens\":9"),
                chat("\"max_tokens\":null,\"max_completion_tokens\":9", older));
        assertEquals(with("", ",\"a\":0"), chat("\"max_completion_tokens\":null,\"a\":0", older));
        assertEquals(with("", ",\"a\":0"), chat("\"a\":0", older));
        older.maxTokens(5, TokenField.MAX_COMPLETION_TOKENS);
        assertEquals(with("", ",\"max_tokens\":5"), chat("\"max_completion_tokens\":9", older));
        assertEquals(with("\"max_tokens\":5,", ",\"a\":0"), chat("\"a\":0", older));
    }

    @Test
    void usageIsAskedForBesideOtherOptions() throws BadRequest {
        Edits edits = new Edits().includeUsage();
        String asked = "\"stream_options\":{\"include_usage\":true";
        assertEquals(with(asked + "},", ",\"a\":0"), chat("\"a\":0", edits));
        assertEquals(with("", "," + asked + "}"), chat("\"stream_options\":null", edits));
        assertEquals(with("", "," + asked + " }"), chat("\"stream_options\":{ }", edits));
        assertEquals(
                with("", "," + asked + ",\"x\":1}"), chat("\"stream_options\":{\"x\":1}", edits));
        for (String not : List.of("false", "null", "true")) {
            assertEquals(
                    with("", "," + asked + "}"),
                    chat("\"stream_options\":{\"include_usage\":" + not + "}", edits));
        }
    }

    @Test
    void editsThatCannotBeAreRefused() {
        Edits edits = new Edits();
        assertThrows(IllegalArgumentException.class, () -> edits.remove("model"));
        assertThrows(IllegalArgumentException.class, () -> edits.number("max_tokens", 1));
        assertThrows(IllegalArgumentException.class, () -> edits.remove("max_completion_tokens"));
        assertThrows(IllegalArgumentException.class, () -> edits.text("stream_options", "x"));
        assertEquals(true, edits.isEmpty());
    }

    @Test
    void clearedEditsAreNone() throws BadRequest {
        Edits edits =
                new Edits()
                        .model("n")
                        .maxTokens(1, TokenField.MAX_TOKENS)
                        .maxTokensOnlyAs(TokenField.MAX_TOKENS)
                        .includeUsage();
        assertEquals(false, edits.isEmpty());
        edits.clear();
        assertEquals(true, edits.isEmpty());
        assertEquals(with("", ",\"a\":0"), chat("\"a\":0", edits));
    }
}
