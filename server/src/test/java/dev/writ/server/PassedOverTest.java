package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Requests go only to models that can take them.
final class PassedOverTest {
    private static final String PROVIDERS =
            """
            policy "able" language 1
            provider one { kind simulated  reply "Hi." }
            provider two { kind simulated  reply "Hi." }
            provider talks { kind groq  url "http://127.0.0.1:1/v1"  key NONE }
            secret NONE from env "OPENAI_KEY"
            model plain on one "plain" { context 60 tokens  can embeddings }
            model able on two "able" { context 1M tokens  can tools, vision, json, streaming }
            model chats on talks "chats" { }
            pool both { first plain  then able on overloaded }
            pool vectors { first chats  then plain }
            rule all on request audit metadata
            """;

    @TempDir Path temp;

    private TestGateway gateway(String target) throws Exception {
        return TestGateway.start(
                temp,
                PROVIDERS
                        + "route chat { vectors when request.endpoint is embeddings -> pool vectors"
                        + "  one when request.user present -> plain"
                        + "  rest otherwise -> %s }\n".formatted(target)
                        + TestGateway.TEAM);
    }

    private static String body(String content, String more) {
        return "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":%s}]%s}"
                .formatted(content, more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    no tools     | "Hi" | ,"tools":[{"type":"function","function":{"name":"f"}}]
                    no vision    | [{"type":"image_url","image_url":{"url":"data:,"}}] |
                    no json      | "Hi" | ,"response_format":{"type":"json_object"}
                    no streaming | "Hi" | ,"stream":true
                    """)
    void theNextModelTakesWhatTheFirstCannot(String why, String content, String more)
            throws Exception {
        try (TestGateway gateway = gateway("pool both")) {
            HttpResponse<String> answer = gateway.chat(body(content, more == null ? "" : more));
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("able", TestGateway.writHeaders(answer).get("x-writ-model"));
            String record = gateway.records().getFirst();
            assertTrue(
                    record.contains(
                            "\"passed_over\":[{\"model\":\"plain\",\"why\":\"%s\"}]"
                                    .formatted(why)),
                    record);
        }
    }

    @Test
    void whereNoModelCanTheClientIsToldWhatIsMissing() throws Exception {
        try (TestGateway gateway = gateway("plain")) {
            HttpResponse<String> answer =
                    gateway.chat(
                            body(
                                    "\"Hi\"",
                                    ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"));
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("\"code\":\"model_cannot\""), answer.body());
            assertTrue(answer.body().contains("what it needs: tools."), answer.body());
            assertTrue(answer.body().contains("\"param\":\"tools\""), answer.body());
            assertNull(TestGateway.writHeaders(answer).get("x-writ-model"));
        }
    }

    @Test
    void aPromptGoesOnlyWhereItFits() throws Exception {
        try (TestGateway gateway = gateway("pool both")) {
            String fits = body("\"%s\"".formatted("word ".repeat(40)), "");
            assertTrue(fits.length() > 60, "the size must be counted, not bounded");
            assertEquals("plain", TestGateway.writHeaders(gateway.chat(fits)).get("x-writ-model"));
            String large = "\"%s\"".formatted("word ".repeat(80));
            HttpResponse<String> answer = gateway.chat(body(large, ""));
            assertEquals("able", TestGateway.writHeaders(answer).get("x-writ-model"));
            HttpResponse<String> refused = gateway.chat(body(large, ",\"user\":\"x\""));
            assertEquals(400, refused.statusCode());
            assertTrue(
                    refused.body().contains("\"code\":\"context_length_exceeded\""),
                    refused.body());
            assertTrue(refused.body().contains("takes 60."), refused.body());
        }
    }

    @Test
    void aProviderWithoutTheEndpointIsPassedOver() throws Exception {
        try (TestGateway gateway = gateway("chats")) {
            HttpResponse<String> answer =
                    gateway.post("/v1/embeddings", "{\"model\":\"chat\",\"input\":\"a\"}");
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("plain", TestGateway.writHeaders(answer).get("x-writ-model"));
            HttpResponse<String> none =
                    gateway.post("/v1/completions", "{\"model\":\"chat\",\"prompt\":\"a\"}");
            assertEquals(400, none.statusCode());
            assertTrue(none.body().contains("does not take this kind"), none.body());
        }
    }
}
