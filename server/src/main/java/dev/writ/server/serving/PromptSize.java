package dev.writ.server.serving;

import dev.writ.engine.PolicySnapshot;
import dev.writ.providers.openai.BadRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import java.nio.charset.StandardCharsets;

/// How large a prompt is to a policy: counted as the gateway counts the one message of a chat.
///
/// Where the exact size makes no difference to any decision it is an upper bound, so that the
/// tokenizer, which takes a second to load, is loaded only for tests that need it.
public final class PromptSize {
    private final PolicySnapshot snapshot;

    public PromptSize(PolicySnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /// Returns the size in tokens.
    public long tokens(String prompt) {
        byte[] body = body(prompt);
        try {
            OpenAiRequest request = OpenAiRequest.read(Endpoint.CHAT, body, body.length);
            return request.promptTokensMax() < snapshot.promptTokensExactFrom()
                    ? request.promptTokensMax()
                    : request.promptTokens();
        } catch (BadRequest e) {
            throw new IllegalStateException("a prompt of a test must be readable", e);
        }
    }

    private static byte[] body(String prompt) {
        StringBuilder json =
                new StringBuilder(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"");
        for (int i = 0; i < prompt.length(); i++) {
            char c = prompt.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append("\"}]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
