package dev.writ.server.simulated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Simulated providers over real sockets, as the gateway and any client would call them.
class SimulatedProvidersTest {
    private static final Span SPAN = new Span(new Source("test.writ", "x"), 0, 1);
    private static final String HELLO =
            """
            {"model":"small","messages":[{"role":"user","content":"Hello there"}]}""";

    private final SimulatedProviders simulated =
            SimulatedProviders.start(() -> Instant.ofEpochSecond(1_800_000_000), System::nanoTime);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
        simulated.close();
    }

    @Test
    void refusesWhoDoesNotKnowTheToken() throws Exception {
        plain();
        for (String shown : List.of("Bearer ", "Bearer wrong", simulated.token())) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(simulated.url("demo") + "/models"))
                            .header("authorization", shown)
                            .build();
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(401, answer.statusCode());
            assertEquals("invalid_api_key", Json.text(error(answer.body()), "code", ""));
        }
    }

    @Test
    void saysThatItIsSimulatedAndRepeatsTheLastMessage() throws Exception {
        plain();
        Object answer = read(post("/chat/completions", HELLO, "id-1").body());
        assertEquals("chat.completion", Json.text(answer, "object", ""));
        Object choice = Json.list(Json.member(answer, "choices")).getFirst();
        assertEquals(
                "This answer is simulated: model small of provider demo was not really called. You"
                        + " wrote: Hello there",
                Json.text(Json.member(choice, "message"), "content", ""));
        assertEquals("stop", Json.text(choice, "finish_reason", ""));
        Object usage = Json.member(answer, "usage");
        assertEquals(6, Json.number(usage, "prompt_tokens", 0));
        assertEquals(
                Json.number(usage, "prompt_tokens", 0) + Json.number(usage, "completion_tokens", 0),
                Json.number(usage, "total_tokens", 0));
        assertEquals(
                post("/chat/completions", HELLO, "id-1").body(),
                post("/chat/completions", HELLO, "id-1").body());
    }

    @Test
    void streamsTheSameAsItAnswersWhole() throws Exception {
        plain();
        String streamed =
                HELLO.replace(
                        "{\"model\"",
                        "{\"stream\":true,\"n\":2,\"stream_options\":{\"include_usage\":true},\"model\"");
        Object whole = read(post("/chat/completions", HELLO, "id-1").body());
        HttpResponse<String> answer = post("/chat/completions", streamed, "id-1");
        assertEquals("text/event-stream", answer.headers().firstValue("content-type").orElse(""));
        List<Object> events = events(answer.body());
        assertTrue(answer.body().endsWith("data: [DONE]\n\n"));
        Object content =
                Json.member(
                        Json.member(Json.list(Json.member(whole, "choices")).getFirst(), "message"),
                        "content");
        for (int choice = 0; choice < 2; choice++) {
            assertEquals(content, joined(events, choice, "content"));
        }
        Object usage = Json.member(events.getLast(), "usage");
        assertEquals(
                2 * Json.number(Json.member(whole, "usage"), "completion_tokens", 0),
                Json.number(usage, "completion_tokens", 0));
    }

    @Test
    void obeysStopAndMaxTokens() throws Exception {
        plain();
        String stopped = HELLO.replace("{\"model\"", "{\"stop\":[\"zzz\",\": \"],\"model\"");
        Object choice = choice(post("/chat/completions", stopped, "id").body());
        assertEquals("This answer is simulated", message(choice));
        assertEquals("stop", Json.text(choice, "finish_reason", ""));
        String cut = HELLO.replace("{\"model\"", "{\"max_tokens\":2,\"model\"");
        choice = choice(post("/chat/completions", cut, "id").body());
        assertEquals("This answer", message(choice));
        assertEquals("length", Json.text(choice, "finish_reason", ""));
    }

    @Test
    void callsAToolWhereItIsAskedTo() throws Exception {
        plain();
        String tools =
                """
                {"model":"small","messages":[{"role":"user","content":"%s"}],%s
                 "tools":[{"type":"function","function":{"name":"get_time"}},
                          {"type":"function","function":{"name":"get_weather","parameters":
                 {"type":"object","properties":{"city":{"type":"string"},
                  "unit":{"enum":["celsius"]}},"required":["city","unit"]}}}]}""";
        String arguments = "{\"city\":\"city\",\"unit\":\"celsius\"}";
        String forced =
                """
                "tool_choice":{"type":"function","function":{"name":"get_weather"}},""";
        for (String body :
                List.of(
                        tools.formatted("Please get weather for Rome", ""),
                        tools.formatted("Hello", forced))) {
            Object choice = choice(post("/chat/completions", body, "id").body());
            assertEquals("tool_calls", Json.text(choice, "finish_reason", ""));
            Object call =
                    Json.list(Json.member(Json.member(choice, "message"), "tool_calls")).getFirst();
            Object function = Json.member(call, "function");
            assertEquals("get_weather", Json.text(function, "name", ""));
            assertEquals(arguments, Json.text(function, "arguments", ""));
            String streamed = body.replace("{\"model\"", "{\"stream\":true,\"model\"");
            List<Object> events = events(post("/chat/completions", streamed, "id").body());
            assertEquals(arguments, joined(events, 0, "arguments"));
        }
        Object words = choice(post("/chat/completions", tools.formatted("Hello", ""), "id").body());
        assertEquals("stop", Json.text(words, "finish_reason", ""));
        String none = tools.formatted("get_time", "\"tool_choice\":\"none\",");
        words = choice(post("/chat/completions", none, "id").body());
        assertEquals("stop", Json.text(words, "finish_reason", ""));
        String required = tools.formatted("Hello", "\"tool_choice\":\"required\",");
        Object call = choice(post("/chat/completions", required, "id").body());
        assertEquals("tool_calls", Json.text(call, "finish_reason", ""));
    }

    @Test
    void answersBySchema() throws Exception {
        plain();
        String format =
                """
                {"response_format":{"type":"json_schema","json_schema":{"name":"person","schema":
                {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer",
                "minimum":18}},"required":["name","age"]}}},"model\"""";
        String body = HELLO.replace("{\"model\"", format);
        Object choice = choice(post("/chat/completions", body, "id").body());
        assertEquals("{\"name\":\"name\",\"age\":18}", message(choice));
    }

    @Test
    void completesPrompts() throws Exception {
        plain();
        String body = "{\"model\":\"small\",\"prompt\":\"Once upon\",\"max_tokens\":3%s}";
        Object answer = read(post("/completions", body.formatted(""), "id").body());
        assertEquals("text_completion", Json.text(answer, "object", ""));
        Object choice = Json.list(Json.member(answer, "choices")).getFirst();
        assertEquals("This answer is", Json.text(choice, "text", ""));
        List<Object> events =
                events(post("/completions", body.formatted(",\"stream\":true"), "id").body());
        StringBuilder text = new StringBuilder();
        for (Object event : events) {
            Object part = Json.list(Json.member(event, "choices")).getFirst();
            text.append(Json.text(part, "text", ""));
        }
        assertEquals("This answer is", text.toString());
    }

    @Test
    void embedsAsUnitVectorsInBothEncodings() throws Exception {
        plain();
        String body =
                """
                {"model":"small","input":["the cat sat","the cat sat down","invoice"],
                 "dimensions":256,"encoding_format":"%s"}""";
        List<float[]> floats = vectors(post("/embeddings", body.formatted("float"), "id").body());
        List<float[]> base64 = vectors(post("/embeddings", body.formatted("base64"), "id").body());
        assertEquals(3, floats.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(256, floats.get(i).length);
            assertEquals(1, dot(floats.get(i), floats.get(i)), 1e-5);
            assertArrayEquals(floats.get(i), base64.get(i), 1e-7f);
        }
        assertTrue(dot(floats.get(0), floats.get(1)) > 0.7);
        assertTrue(Math.abs(dot(floats.get(0), floats.get(2))) < 0.5);
    }

    @Test
    void embedsUpToItsLimits() throws Exception {
        plain();
        String body = "{\"model\":\"small\",\"input\":[%s\"x\"],\"dimensions\":%d}";
        String most = "\"x\",".repeat(SimulatedRequest.INPUTS_MAX - 1);
        int dimensions = SimulatedRequest.NUMBERS_MAX / SimulatedRequest.INPUTS_MAX;
        assertEquals(200, post("/embeddings", body.formatted(most, 1), "id").statusCode());
        assertEquals(
                400, post("/embeddings", body.formatted(most + "\"x\",", 1), "id").statusCode());
        assertEquals(
                400, post("/embeddings", body.formatted(most, dimensions + 1), "id").statusCode());
        int max = Embedding.DIMENSIONS_MAX;
        assertEquals(200, post("/embeddings", body.formatted("", max), "id").statusCode());
        assertEquals(400, post("/embeddings", body.formatted("", max + 1), "id").statusCode());
    }

    @Test
    void failsAndBreaksAShareOfTheRequestsAndAlwaysTheSame() throws Exception {
        simulate(new Policy.Simulation(Duration.ZERO, 0, 2000, 429, 3000, 2, "one two three four"));
        String streamed = HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");
        int failed = 0;
        int broken = 0;
        for (int i = 0; i < 300; i++) {
            String id = "request-" + i;
            String outcome = outcome(streamed, id);
            assertEquals(outcome, outcome(streamed, id));
            failed += outcome.equals("429") ? 1 : 0;
            broken += outcome.equals("broken") ? 1 : 0;
            assertEquals(outcome, outcome(HELLO, id), "whole as streamed");
        }
        // Five standard deviations around 60 of 300, and around 30% of the 240 others.
        assertEquals(60, failed, 35);
        assertEquals(72, broken, 36);
    }

    private String outcome(String body, String id) throws InterruptedException {
        try {
            return Integer.toString(post("/chat/completions", body, id).statusCode());
        } catch (IOException e) {
            return "broken";
        }
    }

    @Test
    void anotherAttemptMayFareBetter() throws Exception {
        simulate(new Policy.Simulation(Duration.ZERO, 0, 5000, 503, 0, 0, null));
        Set<Integer> statuses = new HashSet<>();
        for (int attempt = 1; attempt <= 20; attempt++) {
            HttpRequest request =
                    request("/chat/completions", HELLO, "id")
                            .header("x-writ-attempt", Integer.toString(attempt))
                            .build();
            statuses.add(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
        assertEquals(Set.of(200, 503), statuses);
    }

    @Test
    void aBrokenStreamHasItsFirstTokensAndNoEnd() throws Exception {
        simulate(new Policy.Simulation(Duration.ZERO, 0, 0, 503, 10_000, 2, "one two three four"));
        String streamed = HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");
        HttpRequest request = request("/chat/completions", streamed, "id").build();
        InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        StringBuilder text = new StringBuilder();
        assertThrows(
                IOException.class,
                () -> {
                    for (int b = body.read(); b >= 0; b = body.read()) {
                        text.append((char) b);
                    }
                });
        assertEquals("one two", joined(events(text.toString()), 0, "content"));
        assertFalse(text.toString().contains("[DONE]"));
    }

    @Test
    void keepsLatencyAndPace() throws Exception {
        simulate(
                new Policy.Simulation(
                        Duration.ofMillis(100), 100, 0, 503, 0, 0, "a b c d e f g h i j k"));
        long start = System.nanoTime();
        assertEquals(200, post("/chat/completions", HELLO, "id").statusCode());
        long whole = System.nanoTime() - start;
        // Eleven tokens, ten milliseconds each.
        assertTrue(whole >= Duration.ofMillis(200).toNanos(), whole + " ns");
    }

    @Test
    void aThousandSlowStreamsGoOnAtOnce() throws Exception {
        int streams = 1000;
        simulate(new Policy.Simulation(Duration.ofMillis(500), 20, 0, 503, 0, 0, "a b c d e f"));
        String body = HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");
        String request =
                """
                POST /demo/v1/chat/completions HTTP/1.1\r
                host: localhost\r
                authorization: Bearer %s\r
                connection: close\r
                content-length: %d\r
                \r
                %s"""
                        .formatted(simulated.token(), body.length(), body);
        List<Socket> sockets = new ArrayList<>();
        long start = System.nanoTime();
        try {
            for (int i = 0; i < streams; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulated.port());
                sockets.add(socket);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            }
            for (Socket socket : sockets) {
                String answer =
                        new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.contains("data: [DONE]\n\n"), answer);
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        // One after the other they would take more than ten minutes.
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(60).toNanos());
    }

    @Test
    void listsTheModelsOfItsProvider() throws Exception {
        plain();
        Object list = read(get("/models").body());
        assertEquals(1, Json.list(Json.member(list, "data")).size());
        assertEquals("small", Json.text(read(get("/models/small").body()), "id", ""));
        assertEquals(404, get("/models/large").statusCode());
    }

    @Test
    void keepsTheProvidersOfThePolicyBeforeAReload() throws Exception {
        plain();
        simulated.simulate(policy("other", null));
        assertEquals(200, post("/chat/completions", HELLO, "id").statusCode());
        simulated.simulate(policy("another", null));
        assertEquals(404, post("/chat/completions", HELLO, "id").statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":0}",
                "{\"model\":\"m\",\"messages\":[{}],\"n\":129}",
                "{\"model\":\"m\",\"messages\":[{}]} {}"
            })
    void refusesWhatIsNoRequest(String body) throws Exception {
        plain();
        HttpResponse<String> answer = post("/chat/completions", body, "id");
        assertEquals(400, answer.statusCode(), answer.body());
        assertNotEquals("", Json.text(error(answer.body()), "message", ""));
    }

    private void plain() {
        simulated.simulate(policy("demo", null));
    }

    private void simulate(Policy.Simulation simulation) {
        simulated.simulate(policy("demo", simulation));
    }

    private static Policy policy(String name, Policy.@Nullable Simulation simulation) {
        Policy.Provider provider =
                new Policy.Provider(
                        name,
                        SPAN,
                        "simulated",
                        null,
                        "unknown",
                        null,
                        null,
                        Policy.Timeouts.DEFAULT,
                        simulation);
        Policy.Model model = new Policy.Model(0, "m", SPAN, provider, "small", 0, null, Set.of());
        return new Policy(
                "test",
                "0".repeat(64),
                List.of(provider),
                List.of(model),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private HttpRequest.Builder request(String path, String body, String id) {
        return HttpRequest.newBuilder(URI.create(simulated.url("demo") + path))
                .header("authorization", "Bearer " + simulated.token())
                .header("x-request-id", id)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String path, String body, String id)
            throws IOException, InterruptedException {
        return client.send(request(path, body, id).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                request(path, "", "id").GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Object read(String json) throws IOException {
        Object value = Json.read(json.getBytes(StandardCharsets.UTF_8));
        return value == null ? "null" : value;
    }

    private static Object error(String body) throws IOException {
        Object error = Json.member(read(body), "error");
        return error == null ? "none" : error;
    }

    private static Object choice(String body) throws IOException {
        Object choice = Json.list(Json.member(read(body), "choices")).getFirst();
        return choice == null ? "none" : choice;
    }

    private static String message(Object choice) {
        return Json.text(Json.member(choice, "message"), "content", "");
    }

    private static List<Object> events(String body) throws IOException {
        List<Object> events = new ArrayList<>();
        for (String event : body.split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                events.add(read(event.substring(6)));
            }
        }
        return events;
    }

    /// Joins what a choice says, or the arguments of its tool calls.
    private static String joined(List<Object> events, int index, String what) {
        StringBuilder text = new StringBuilder();
        for (Object event : events) {
            for (Object choice : Json.list(Json.member(event, "choices"))) {
                if (Json.number(choice, "index", -1) == index) {
                    Object delta = Json.member(choice, "delta");
                    text.append(Json.text(delta, what, ""));
                    for (Object call : Json.list(Json.member(delta, "tool_calls"))) {
                        text.append(Json.text(Json.member(call, "function"), what, ""));
                    }
                }
            }
        }
        return text.toString();
    }

    private static List<float[]> vectors(String body) throws IOException {
        List<float[]> vectors = new ArrayList<>();
        for (Object data : Json.list(Json.member(read(body), "data"))) {
            Object embedding = Json.member(data, "embedding");
            if (embedding instanceof String base64) {
                ByteBuffer bytes =
                        ByteBuffer.wrap(Base64.getDecoder().decode(base64))
                                .order(ByteOrder.LITTLE_ENDIAN);
                float[] vector = new float[bytes.remaining() / 4];
                bytes.asFloatBuffer().get(vector);
                vectors.add(vector);
            } else {
                List<?> numbers = Json.list(embedding);
                float[] vector = new float[numbers.size()];
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = numbers.get(i) instanceof BigDecimal x ? x.floatValue() : 0;
                }
                vectors.add(vector);
            }
        }
        return vectors;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
