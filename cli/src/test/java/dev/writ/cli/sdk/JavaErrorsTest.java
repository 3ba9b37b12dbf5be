package dev.writ.cli.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonField;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.errors.UnprocessableEntityException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What OpenAI's Java SDK makes of requests that are not served.
final class JavaErrorsTest {
    private static SdkGateway gateway;

    @BeforeAll
    static void start(@TempDir Path temp) throws Exception {
        gateway = SdkGateway.start(temp);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static <E extends OpenAIServiceException> E assertFails(
            Class<E> kind, int status, String code, Runnable call) {
        E error = assertThrows(kind, call::run);
        assertEquals(status, error.statusCode());
        assertEquals(Optional.of(code), error.code());
        assertTrue(error.type().isPresent());
        String requestId = error.headers().values("x-request-id").getFirst();
        assertTrue(requestId.matches("req_[0-9a-f]{32}"), requestId);
        return error;
    }

    private static Runnable chat(OpenAIClient client, ChatCompletionCreateParams params) {
        return () -> client.chat().completions().create(params);
    }

    private static Runnable chat(String model) {
        return chat(gateway.client(), JavaChatTest.hello(model).build());
    }

    private static Runnable refused(int status) {
        return chat(
                gateway.client(),
                JavaChatTest.hello("chat")
                        .putAdditionalHeader("x-refuse", Integer.toString(status))
                        .build());
    }

    @Test
    void anUnknownKey() {
        OpenAIClient stranger = gateway.client("wrong", 0);
        assertFails(
                UnauthorizedException.class,
                401,
                "invalid_api_key",
                chat(stranger, JavaChatTest.hello("chat").build()));
        stranger.close();
    }

    @Test
    void whatTheCallerMayNot() {
        OpenAIServiceException error =
                assertFails(
                        PermissionDeniedException.class, 403, "route_not_granted", chat("closed"));
        assertEquals(Optional.of("model"), error.param());
    }

    @Test
    void whatThePolicyDenies() {
        assertFails(BadRequestException.class, 400, "policy_denied", refused(400));
        assertFails(PermissionDeniedException.class, 403, "policy_denied", refused(403));
        assertFails(UnexpectedStatusCodeException.class, 413, "policy_denied", refused(413));
        RateLimitException error =
                assertFails(RateLimitException.class, 429, "policy_denied", refused(429));
        assertTrue(String.valueOf(error.getMessage()).contains("Not now."), error.getMessage());
    }

    @Test
    void whatIsNotThere() {
        assertFails(NotFoundException.class, 404, "model_not_found", chat("gpt-9"));
        assertFails(
                NotFoundException.class,
                404,
                "model_not_found",
                () -> gateway.client().models().retrieve("closed"));
        assertFails(
                NotFoundException.class,
                404,
                "path_not_found",
                () -> gateway.client().files().list());
    }

    @Test
    void whatIsNotARequest() {
        assertFails(
                BadRequestException.class,
                400,
                "invalid_request",
                chat(
                        gateway.client(),
                        JavaChatTest.hello("chat")
                                .messages(JsonField.ofNullable(null))
                                .putAdditionalBodyProperty("messages", JsonValue.from("Hello"))
                                .build()));
    }

    @Test
    void aBodyThatIsTooLarge() {
        assertFails(
                UnexpectedStatusCodeException.class,
                413,
                "body_too_large",
                chat(
                        gateway.client(),
                        ChatCompletionCreateParams.builder()
                                .model("chat")
                                .addUserMessage("x".repeat(33 * 1024 * 1024))
                                .build()));
        chat("chat").run();
    }

    @Test
    void errorsOfTheProviderThatAreTheClients() {
        OpenAIServiceException error =
                assertFails(
                        BadRequestException.class,
                        400,
                        "context_length_exceeded",
                        chat("bad-request"));
        assertEquals(Optional.of("messages"), error.param());
        assertFails(UnprocessableEntityException.class, 422, "invalid_file", chat("unprocessable"));
    }

    @Test
    void aProviderThatLimitsTheGateway() {
        RateLimitException error =
                assertFails(
                        RateLimitException.class,
                        429,
                        "upstream_rate_limited",
                        chat("rate-limited"));
        assertEquals(List.of("7"), error.headers().values("retry-after"));
        assertFalse(error.body().toString().contains("org-provider"), error.body().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "server-error, 502, upstream_error",
        "broken-answer, 502, upstream_error",
        "unauthorized, 502, upstream_unauthorized",
        "unreachable, 502, upstream_unreachable",
        "overloaded, 503, upstream_overloaded",
        "down, 503, upstream_overloaded",
        "breaks, 502, upstream_error",
        "impatient, 504, upstream_timeout"
    })
    void errorsOfTheProviderThatAreItsOwn(String model, int status, String code) {
        assertFails(InternalServerException.class, status, code, chat(model));
    }

    @Test
    void aStreamThatDoesNotBegin() {
        assertFails(
                InternalServerException.class,
                502,
                "upstream_error",
                () -> {
                    try (StreamResponse<ChatCompletionChunk> stream =
                            gateway.client()
                                    .chat()
                                    .completions()
                                    .createStreaming(JavaChatTest.hello("server-error").build())) {
                        stream.stream().forEach(_ -> {});
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"rate-limited-once", "overloaded-once"})
    void retriesComeWhenTheProviderWants(String recording) {
        OpenAIClient patient = gateway.client(SdkPolicy.KEY, 2);
        assertEquals(
                Optional.of("Here I am again."),
                patient.chat()
                        .completions()
                        .create(JavaChatTest.hello(recording).build())
                        .choices()
                        .getFirst()
                        .message()
                        .content());
        patient.close();
        List<ReplayedProvider.Call> calls = gateway.provider().asked(recording);
        assertEquals(2, calls.size());
        // By itself the SDK would come again after half a second at most.
        assertTrue(
                calls.getLast().atMillis() - calls.getFirst().atMillis() >= 950, calls.toString());
    }
}
