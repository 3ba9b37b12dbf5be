package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OpenAiJsonTest {
    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void errors() {
        assertEquals(
                "{\"error\":{\"message\":\"No.\",\"type\":\"permission_error\",\"param\":\"model\",\"code\":\"policy_denied\"}}",
                utf8(OpenAiJson.error("No.", "permission_error", "model", "policy_denied")));
        assertEquals(
                "{\"error\":{\"message\":\"a\\n\\\"b\\\" \u00fc\",\"type\":\"t\",\"param\":null,\"code\":null}}",
                utf8(OpenAiJson.error("a\n\"b\" \u00fc", "t", null, null)));
    }

    @Test
    void anErrorEventIsOneEventThatScannersSee() {
        byte[] event =
                OpenAiJson.errorEvent("line\nbreak\r", "server_error", null, "stream_broken");
        EventScanner scanner = new EventScanner();
        scanner.scan(ByteBuffer.wrap(event));
        assertEquals(1, scanner.events());
        assertEquals(true, scanner.sawError());
        assertEquals(true, scanner.atBorder());
        assertEquals(false, scanner.done());
    }

    @Test
    void models() {
        OpenAiJson.Model fast = new OpenAiJson.Model("fast", 1_700_000_000, "writ");
        OpenAiJson.Model odd = new OpenAiJson.Model("a\"b", 0, "acme");
        assertEquals(
                "{\"id\":\"fast\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"writ\"}",
                utf8(OpenAiJson.model(fast)));
        assertEquals(
                "{\"object\":\"list\",\"data\":["
                        + "{\"id\":\"fast\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"writ\"},"
                        + "{\"id\":\"a\\\"b\",\"object\":\"model\",\"created\":0,\"owned_by\":\"acme\"}]}",
                utf8(OpenAiJson.models(List.of(fast, odd))));
        assertEquals("{\"object\":\"list\",\"data\":[]}", utf8(OpenAiJson.models(List.of())));
    }

    @Test
    void anyTextIsWrittenAsItIs() throws IOException {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
            }
            String written = utf8(OpenAiJson.error(text.toString(), "t", null, null));
            int at = seed;
            assertEquals(
                    text.toString(),
                    Tree.member(Tree.member(Tree.read(written), "error"), "message"),
                    () -> "seed " + at);
        }
    }
}
