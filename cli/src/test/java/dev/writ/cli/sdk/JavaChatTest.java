package dev.writ.cli.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Words, numbers and lists, with OpenAI's Java SDK.
final class JavaChatTest {
    private static SdkGateway gateway;
    private static OpenAIClient client;

    @BeforeAll
    static void start(@TempDir Path temp) throws Exception {
        gateway = SdkGateway.start(temp);
        client = gateway.client();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    static ChatCompletionCreateParams.Builder hello(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hello, Writ");
    }

    private static List<ChatCompletionChunk> stream(ChatCompletionCreateParams params) {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            return stream.stream().toList();
        }
    }

    static String joined(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta().content().orElse(""))
                .collect(Collectors.joining());
    }

    private static ChatCompletionCreateParams.Builder withUsage(
            ChatCompletionCreateParams.Builder params) {
        return params.streamOptions(
                ChatCompletionStreamOptions.builder().includeUsage(true).build());
    }

    @Test
    void aWholeAnswerHasWordsAnEndAndUsage() {
        ChatCompletion completion =
                client.chat().completions().create(hello("chat").build()).validate();
        ChatCompletion.Choice choice = completion.choices().getFirst();
        String text = choice.message().content().orElseThrow();
        assertTrue(text.endsWith("You wrote: Hello, Writ"), text);
        assertEquals(ChatCompletion.Choice.FinishReason.STOP, choice.finishReason());
        CompletionUsage usage = completion.usage().orElseThrow();
        assertTrue(usage.promptTokens() > 0);
        assertEquals(usage.promptTokens() + usage.completionTokens(), usage.totalTokens());
    }

    @Test
    void anAnswerTellsHowItCameAbout() {
        try (HttpResponseFor<ChatCompletion> raw =
                client.chat()
                        .completions()
                        .withRawResponse()
                        .create(hello("gpt-4.1-mini").build())) {
            assertEquals(List.of("chat/only"), raw.headers().values("x-writ-route"));
            assertEquals(List.of("words"), raw.headers().values("x-writ-model"));
            String requestId = raw.requestId().orElseThrow();
            assertTrue(requestId.matches("req_[0-9a-f]{32}"), requestId);
            assertEquals(1, raw.parse().choices().size());
        }
    }

    @Test
    void anAnswerEndsWhereTheClientWants() {
        ChatCompletion completion =
                client.chat()
                        .completions()
                        .create(hello("chat").maxCompletionTokens(3).n(2).build());
        assertEquals(
                List.of(
                        ChatCompletion.Choice.FinishReason.LENGTH,
                        ChatCompletion.Choice.FinishReason.LENGTH),
                completion.choices().stream().map(ChatCompletion.Choice::finishReason).toList());
    }

    @Test
    void deltasMakeTheWholeText() {
        ChatCompletion whole = client.chat().completions().create(hello("chat").build());
        List<ChatCompletionChunk> chunks = stream(hello("chat").build());
        assertEquals(whole.choices().getFirst().message().content().orElseThrow(), joined(chunks));
        assertTrue(chunks.size() > 5, chunks.toString());
        chunks.forEach(ChatCompletionChunk::validate);
        assertEquals(
                List.of(ChatCompletionChunk.Choice.FinishReason.STOP),
                chunks.stream()
                        .flatMap(chunk -> chunk.choices().getFirst().finishReason().stream())
                        .toList());
        assertEquals(List.of(), chunks.stream().flatMap(chunk -> chunk.usage().stream()).toList());
    }

    @Test
    void usageComesLastIfItIsAskedFor() {
        ChatCompletion whole = client.chat().completions().create(hello("chat").build());
        List<ChatCompletionChunk> chunks = stream(withUsage(hello("chat")).build());
        assertEquals(List.of(), chunks.getLast().choices());
        assertEquals(whole.usage(), chunks.getLast().usage());
        assertEquals(1, chunks.stream().filter(chunk -> chunk.usage().isPresent()).count());
    }

    @Test
    void charactersComeThroughWhole() {
        List<ChatCompletionChunk> chunks = stream(withUsage(hello("text-stream")).build());
        assertEquals("Grüße aus Köln: 你好, 🎉!", joined(chunks));
        assertEquals(27, chunks.getLast().usage().orElseThrow().totalTokens());
    }

    @Test
    void tokensHaveProbabilities() {
        ChatCompletion whole =
                client.chat()
                        .completions()
                        .create(hello("logprobs").logprobs(true).topLogprobs(2).build());
        ChatCompletionAccumulator accumulated = ChatCompletionAccumulator.create();
        stream(hello("logprobs-stream").logprobs(true).build()).forEach(accumulated::accumulate);
        for (ChatCompletion completion : List.of(whole, accumulated.chatCompletion())) {
            ChatCompletion.Choice choice = completion.choices().getFirst();
            assertEquals(Optional.of("Hello!…"), choice.message().content());
            List<ChatCompletionTokenLogprob> tokens =
                    choice.logprobs().orElseThrow().content().orElseThrow();
            assertEquals(
                    List.of("Hello", "!", "…"),
                    tokens.stream().map(ChatCompletionTokenLogprob::token).toList());
            assertEquals(-0.31725305, tokens.getFirst().logprob());
        }
    }

    @Test
    void olderCompletionsAnswer() {
        String text =
                client.completions()
                        .create(
                                CompletionCreateParams.builder()
                                        .model("chat")
                                        .prompt("Once upon a time")
                                        .build())
                        .choices()
                        .getFirst()
                        .text();
        assertTrue(text.endsWith("Once upon a time"), text);
    }

    @Test
    void picturesReachTheProvider() {
        ChatCompletion completion =
                client.chat()
                        .completions()
                        .create(
                                ChatCompletionCreateParams.builder()
                                        .model("vision")
                                        .addUserMessageOfArrayOfContentParts(
                                                List.of(
                                                        ChatCompletionContentPart.ofText(
                                                                ChatCompletionContentPartText
                                                                        .builder()
                                                                        .text("What is this?")
                                                                        .build()),
                                                        ChatCompletionContentPart.ofImageUrl(
                                                                image(
                                                                        "data:image/png;base64,AAAA"))))
                                        .build());
        assertEquals(
                Optional.of("A red dot on white."),
                completion.choices().getFirst().message().content());
        assertEquals(
                """
                {"messages":[{"content":[{"text":"What is this?","type":"text"},\
                {"image_url":{"url":"data:image/png;base64,AAAA","detail":"high"},\
                "type":"image_url"}],"role":"user"}],"model":"vision-model"}""",
                gateway.provider().lastAsked("vision").body());
    }

    private static ChatCompletionContentPartImage image(String url) {
        return ChatCompletionContentPartImage.builder()
                .imageUrl(
                        ChatCompletionContentPartImage.ImageUrl.builder()
                                .url(url)
                                .detail(ChatCompletionContentPartImage.ImageUrl.Detail.HIGH)
                                .build())
                .build();
    }

    @Test
    void fieldsThatNobodyKnowsYetPassThrough() {
        ChatCompletion completion =
                client.chat()
                        .completions()
                        .create(
                                hello("new-fields")
                                        .putAdditionalBodyProperty(
                                                "x_new",
                                                JsonValue.from(
                                                        Map.of("deep", List.of(1, 2.5, "é"))))
                                        .build());
        assertEquals(
                JsonValue.from(Map.of("grams", 0.25, "region", "eu")),
                completion._allProperties().get("x_carbon"));
        String body = gateway.provider().lastAsked("new-fields").body();
        assertTrue(body.contains("\"x_new\":{\"deep\":[1,2.5,\"é\"]}"), body);
    }

    @Test
    void noKeyAndNoHeaderOfTheClientReachesTheProvider() {
        client.chat()
                .completions()
                .create(hello("new-fields").putAdditionalHeader("x-secret", "s3cret").build());
        Map<String, String> headers = gateway.provider().lastAsked("new-fields").headers();
        assertEquals("Bearer " + SdkPolicy.PROVIDER_KEY, headers.get("authorization"));
        for (String secret : List.of(SdkPolicy.KEY, "s3cret", "stainless", "OpenAI/Java")) {
            assertFalse(headers.toString().contains(secret), headers.toString());
        }
    }

    @Test
    void manyAtOnceDoNotMix() {
        List<CompletableFuture<String>> answers =
                IntStream.range(0, 40)
                        .mapToObj(
                                number ->
                                        client.async()
                                                .chat()
                                                .completions()
                                                .create(
                                                        ChatCompletionCreateParams.builder()
                                                                .model("chat")
                                                                .addUserMessage("I am " + number)
                                                                .build())
                                                .thenApply(
                                                        answer ->
                                                                answer.choices()
                                                                        .getFirst()
                                                                        .message()
                                                                        .content()
                                                                        .orElseThrow()))
                        .toList();
        for (int number = 0; number < answers.size(); number++) {
            String text = answers.get(number).join();
            assertTrue(text.endsWith("You wrote: I am " + number), text);
        }
    }

    @Test
    void embeddingsAreTheSameInBothEncodings() {
        CreateEmbeddingResponse plain = embed(EmbeddingCreateParams.EncodingFormat.FLOAT);
        CreateEmbeddingResponse packed = embed(EmbeddingCreateParams.EncodingFormat.BASE64);
        assertEquals(3, plain.data().size());
        for (int i = 0; i < 3; i++) {
            List<Float> one = plain.data().get(i).embedding();
            assertEquals(64, one.size());
            List<Float> other = packed.data().get(i).embedding();
            assertEquals(one.size(), other.size());
            double square = 0;
            for (int x = 0; x < one.size(); x++) {
                assertEquals(one.get(x), other.get(x), 1e-6);
                square += one.get(x) * one.get(x);
            }
            assertEquals(1, square, 1e-4);
        }
        assertEquals(plain.usage(), packed.usage());
    }

    private static CreateEmbeddingResponse embed(EmbeddingCreateParams.EncodingFormat format) {
        return client.embeddings()
                .create(
                        EmbeddingCreateParams.builder()
                                .model("text-embedding-3-small")
                                .inputOfArrayOfStrings(
                                        List.of("a red apple", "a green apple", "a report"))
                                .dimensions(64)
                                .encodingFormat(format)
                                .build());
    }

    @Test
    void modelsAreWhatTheKeyMayUse() {
        List<String> names = new ArrayList<>();
        for (Model model : client.models().list().autoPager()) {
            names.add(model.validate().id());
        }
        assertTrue(names.containsAll(List.of("chat", "gpt-4.1-mini", "silent")), names.toString());
        assertFalse(names.contains("closed"), names.toString());
        assertEquals("gpt-4.1-mini", client.models().retrieve("gpt-4.1-mini").id());
    }
}
