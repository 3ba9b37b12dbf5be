package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What providers get of bounds and messages of a policy.
final class RequestChangesTest {
    @TempDir Path temp;

    private static String policy(ScriptedProvider provider) {
        return TestGateway.policy(provider.url())
                + """

                rule house on request {
                  clamp request.max_tokens to 4k
                  clamp request.temperature to 0..0.5
                  prepend system "You work for {team}, \\"the best\\"."
                  append user "Be brief."
                }
                """;
    }

    @Test
    void aChatIsSentWithBoundsAndMessages() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, policy(provider))) {
            gateway.post(
                    "/v1/chat/completions",
                    "{\"model\":\"chat\",\"temperature\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
            String body = provider.asked().getFirst().body();
            assertTrue(body.contains("\"temperature\":0.5"), body);
            assertTrue(body.contains("tokens\":4000"), body);
            assertTrue(
                    body.contains(
                            "[{\"role\":\"system\",\"content\":\"You work for dev, \\\"the best\\\".\"},"
                                    + "{\"role\":\"user\",\"content\":\"Hello\"},"
                                    + "{\"role\":\"user\",\"content\":\"Be brief.\"}]"),
                    body);
        }
    }

    @Test
    void completionsThatCannotCarryMessagesAreRefused() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, policy(provider))) {
            HttpResponse<String> answer =
                    gateway.post("/v1/completions", "{\"model\":\"chat\",\"prompt\":\"Hello\"}");
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("adds messages"), answer.body());
            assertTrue(provider.asked().isEmpty());
        }
    }

    @Test
    void embeddingsGetNeitherBoundsNorMessages() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, policy(provider))) {
            gateway.post("/v1/embeddings", "{\"model\":\"chat\",\"input\":\"Hello\"}");
            String body = provider.asked().getFirst().body();
            assertFalse(body.contains("temperature"), body);
            assertFalse(body.contains("tokens"), body);
            assertFalse(body.contains("brief"), body);
        }
    }
}
