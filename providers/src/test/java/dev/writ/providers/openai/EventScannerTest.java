package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class EventScannerTest {
    @Test
    void seesContentUsageAndEnd() {
        EventScanner scanner = new EventScanner();
        scanner.scan(
                ByteBuffer.wrap(
                        """
                        data: {"choices":[{"index":0,"delta":{"content":"Hi"}}],"usage":null}

                        data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}

                        data: [DONE]

                        """
                                .getBytes(StandardCharsets.UTF_8)));
        assertEquals(new Usage(3, 1, 0, 0), scanner.usage());
        assertEquals(2, scanner.events());
        assertTrue(scanner.done());
        assertTrue(scanner.atBorder());
        assertTrue(scanner.sawContent());
    }
}
