package dev.writ.cli.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.chat.completions.StructuredChatCompletionMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tools and structured outputs, with OpenAI's Java SDK.
final class JavaToolsTest {
    private static SdkGateway gateway;
    private static OpenAIClient client;

    /// A tool, as the SDK reads it from a class.
    public static final class GetWeather {
        public String city = "";
        public Unit unit = Unit.CELSIUS;

        /// How degrees are counted.
        public enum Unit {
            CELSIUS,
            FAHRENHEIT
        }
    }

    /// What a model is asked to fill.
    public static final class Machine {
        public String title = "";
        public List<Part> parts = List.of();
        public boolean works;

        /// A part of it.
        public static final class Part {
            public String name = "";
            public double weight;
        }
    }

    @BeforeAll
    static void start(@TempDir Path temp) throws Exception {
        gateway = SdkGateway.start(temp);
        client = gateway.client();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static ChatCompletionCreateParams.Builder weather(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("How is Paris?")
                .addTool(GetWeather.class);
    }

    private static ChatCompletionCreateParams forced() {
        return weather("chat")
                .toolChoice(
                        ChatCompletionNamedToolChoice.builder()
                                .function(
                                        ChatCompletionNamedToolChoice.Function.builder()
                                                .name("GetWeather")
                                                .build())
                                .build())
                .build();
    }

    private static ChatCompletionAccumulator accumulate(ChatCompletionCreateParams params) {
        ChatCompletionAccumulator accumulated = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(accumulated::accumulate);
        }
        return accumulated;
    }

    private static List<ChatCompletionMessageFunctionToolCall.Function> calls(
            ChatCompletion completion) {
        ChatCompletion.Choice choice = completion.choices().getFirst();
        assertEquals(ChatCompletion.Choice.FinishReason.TOOL_CALLS, choice.finishReason());
        assertEquals(Optional.empty(), choice.message().content());
        return choice.message().toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction().function())
                .toList();
    }

    @Test
    void aForcedCallComesWholeAndInFragments() {
        for (ChatCompletion completion :
                List.of(
                        client.chat().completions().create(forced()),
                        accumulate(forced()).chatCompletion())) {
            ChatCompletionMessageFunctionToolCall.Function call = calls(completion).getFirst();
            assertEquals("GetWeather", call.name());
            // Throws if a field is missing or the enum has no such value.
            GetWeather arguments = call.arguments(GetWeather.class);
            assertFalse(arguments.city.isEmpty(), call.arguments());
        }
    }

    @Test
    void twoCallsAtOnceComeWholeAndInFragments() {
        for (ChatCompletion completion :
                List.of(
                        client.chat().completions().create(weather("parallel-tools").build()),
                        accumulate(weather("parallel-tools-stream").build()).chatCompletion())) {
            List<ChatCompletionMessageFunctionToolCall.Function> calls = calls(completion);
            assertEquals(2, calls.size());
            assertEquals("get_weather", calls.getFirst().name());
            assertEquals("{\"city\":\"Paris\",\"unit\":\"celsius\"}", calls.getFirst().arguments());
            assertEquals("get_time", calls.getLast().name());
            assertEquals("{\"zone\": \"Europe/Paris\"}", calls.getLast().arguments());
            assertEquals(116, completion.usage().orElseThrow().totalTokens());
        }
    }

    @Test
    void resultsOfToolsAreSentBack() {
        ChatCompletionMessage asking =
                client.chat()
                        .completions()
                        .create(weather("parallel-tools").build())
                        .choices()
                        .getFirst()
                        .message();
        ChatCompletionCreateParams.Builder next = weather("after-tools").addMessage(asking);
        for (ChatCompletionMessageToolCall call : asking.toolCalls().orElseThrow()) {
            next.addMessage(
                    ChatCompletionToolMessageParam.builder()
                            .toolCallId(call.asFunction().id())
                            .content("18 degrees")
                            .build());
        }
        assertEquals(
                Optional.of("It is 18 degrees in Paris, at 10:30."),
                client.chat()
                        .completions()
                        .create(next.build())
                        .choices()
                        .getFirst()
                        .message()
                        .content());
        String body = gateway.provider().lastAsked("after-tools").body();
        String result =
                "{\"content\":\"18 degrees\",\"role\":\"tool\",\"tool_call_id\":\"call_abc123LmNoPqRsTuVwXyZ456\"}";
        assertTrue(body.contains(result), body);
        String sent = "\"arguments\":\"{\\\"zone\\\": \\\"Europe/Paris\\\"}\"";
        assertTrue(body.contains(sent), body);
    }

    @Test
    void aModelFillsASchema() {
        StructuredChatCompletion<Machine> whole =
                client.chat()
                        .completions()
                        .create(JavaChatTest.hello("chat").responseFormat(Machine.class).build());
        Machine machine = whole.choices().getFirst().message().content().orElseThrow();
        assertFalse(machine.title.isEmpty());

        Machine streamed =
                accumulate(
                                JavaChatTest.hello("chat")
                                        .responseFormat(Machine.class)
                                        .build()
                                        .rawParams())
                        .chatCompletion(Machine.class)
                        .choices()
                        .getFirst()
                        .message()
                        .content()
                        .orElseThrow();
        assertEquals(machine.title, streamed.title);
        assertEquals(machine.parts.size(), streamed.parts.size());
    }

    @Test
    void aModelRefuses() {
        StructuredChatCompletionMessage<Machine> message =
                client.chat()
                        .completions()
                        .create(JavaChatTest.hello("refusal").responseFormat(Machine.class).build())
                        .choices()
                        .getFirst()
                        .message();
        assertEquals(
                Optional.of("I'm sorry, I cannot assist with that request."), message.refusal());
        String body = gateway.provider().lastAsked("refusal").body();
        assertTrue(body.contains("\"strict\":true"), body);
        assertEquals(
                message.refusal(),
                accumulate(JavaChatTest.hello("refusal-stream").build())
                        .chatCompletion()
                        .choices()
                        .getFirst()
                        .message()
                        .refusal());
    }
}
