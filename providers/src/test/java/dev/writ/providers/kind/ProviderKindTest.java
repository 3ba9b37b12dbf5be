package dev.writ.providers.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.providers.openai.Endpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProviderKindTest {
    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/v1/", "/v1//"})
    void joinsThePathOfTheUrlWithAndWithoutASlash(String base) {
        assertEquals(
                "/v1/chat/completions", ProviderKind.OPENAI.path(base, Endpoint.CHAT, "gpt", null));
    }
}
