package dev.writ.providers.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.providers.openai.BadRequest;
import dev.writ.providers.openai.Edits;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.providers.openai.TokenField;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProviderKindTest {
    private static String azure(String base, Endpoint endpoint, String model) {
        return ProviderKind.AZURE_OPENAI.path(base, endpoint, model, null);
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsWord(ProviderKind kind) {
        assertSame(kind, ProviderKind.of(kind.word()));
        assertNull(ProviderKind.of(kind.word() + "x"));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatItNeeds(ProviderKind kind) {
        assertFalse(kind.needsUrl() && kind.defaultUrl() != null);
        assertTrue(kind.needsUrl() || kind.defaultUrl() != null || kind.simulated());
        assertTrue(kind.endpoints().contains(Endpoint.CHAT));
    }

    /// What a policy author writes works with and without a slash at the end.
    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/v1/", "/v1//"})
    void joinsThePathOfTheUrl(String base) {
        assertEquals(
                "/v1/chat/completions", ProviderKind.OPENAI.path(base, Endpoint.CHAT, "m", null));
        assertEquals(
                "/v1/completions",
                ProviderKind.VLLM.path(base, Endpoint.COMPLETIONS, "m", "ignored"));
        assertEquals(
                "/v1/embeddings", ProviderKind.OLLAMA.path(base, Endpoint.EMBEDDINGS, "m", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void joinsAnEmptyPath(String base) {
        assertEquals(
                "/chat/completions",
                ProviderKind.OPENAI_COMPATIBLE.path(base, Endpoint.CHAT, "m", null));
    }

    @Test
    void azureHasTheDeploymentInThePathAndAVersion() {
        assertEquals(
                "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
                azure("", Endpoint.CHAT, "gpt-4o"));
        assertEquals(
                "/openai/deployments/emb/embeddings?api-version=2024-10-21",
                azure("/", Endpoint.EMBEDDINGS, "emb"));
        assertEquals(
                "/openai/deployments/a/completions?api-version=2025-01-01-preview%26x%3D1",
                ProviderKind.AZURE_OPENAI.path(
                        "", Endpoint.COMPLETIONS, "a", "2025-01-01-preview&x=1"));
        assertEquals("api-key", ProviderKind.AZURE_OPENAI.keyHeader().header());
        assertEquals("k", ProviderKind.AZURE_OPENAI.keyHeader().value("k"));
        assertEquals("authorization", ProviderKind.OPENAI.keyHeader().header());
        assertEquals("Bearer k", ProviderKind.OPENAI.keyHeader().value("k"));
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a%2Fb",
        "../x, ..%2Fx",
        "..%2f, ..%252f",
        ".., _",
        "., _",
        "'', _",
        "a?b#c, a%3Fb%23c",
        "a b, a%20b",
        "\u00e4\u20ac, %C3%A4%E2%82%AC",
        "'a\r\nb', a%0D%0Ab",
        "a;b=c, a%3Bb%3Dc",
        "a\\b, a%5Cb",
        "gpt-4.1_mini~x, gpt-4.1_mini~x"
    })
    void aModelIsOneSegmentWhateverItHolds(String model, String segment) {
        assertEquals(
                "/openai/deployments/" + segment + "/chat/completions?api-version=2024-10-21",
                azure("", Endpoint.CHAT, model));
        assertEquals(
                "/v1/chat/completions", ProviderKind.GROQ.path("/v1", Endpoint.CHAT, model, null));
    }

    @ParameterizedTest
    @EnumSource
    void everyPathCanStandInARequest(ProviderKind kind) {
        for (Endpoint endpoint : Endpoint.values()) {
            for (String base : List.of("", "/v1/", "/\u00e4/%20", "/a b\n")) {
                String path = kind.path(base, endpoint, "m\u00f6 \ud800\n/..", "v 1");
                assertTrue(path.matches("/[!-~]+"), path);
                assertEquals(path, URI.create("http://host" + path).toASCIIString().substring(11));
            }
        }
        String url = kind.defaultUrl();
        if (url != null) {
            assertNotNull(URI.create(url).getHost());
            assertTrue(url.startsWith("https://") || url.contains("//localhost"), url);
        }
    }

    @Test
    void fitsARequestToWhatTheKindKnows() throws BadRequest {
        String request =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_completion_tokens\":5}";
        assertEquals(
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stream\":true,\"max_tokens\":5}",
                fitted(ProviderKind.MISTRAL, request));
        assertEquals(
                request.replace("max_completion_tokens", "max_tokens"),
                fitted(ProviderKind.OLLAMA, request));
        assertEquals(request, fitted(ProviderKind.OPENAI, request));
        assertEquals(request, fitted(ProviderKind.OPENAI_COMPATIBLE, request));
        assertEquals(TokenField.MAX_COMPLETION_TOKENS, ProviderKind.OPENAI.tokenField());
        assertEquals(TokenField.MAX_TOKENS, ProviderKind.OPENAI_COMPATIBLE.tokenField());
    }

    private static String fitted(ProviderKind kind, String json) throws BadRequest {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        Edits edits = new Edits();
        kind.fit(edits);
        StringBuilder fitted = new StringBuilder();
        for (ByteBuffer piece :
                OpenAiRequest.read(Endpoint.CHAT, body, body.length).rewritten(edits)) {
            fitted.append(StandardCharsets.UTF_8.decode(piece));
        }
        return fitted.toString();
    }
}
