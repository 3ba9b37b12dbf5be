package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What must hold for any bytes that come as the body of a request. `./fuzz request` looks for
/// bytes for which it does not.
public final class FuzzRequest {
    /// Longer texts make the search slow and find nothing new.
    private static final int COUNTED_BYTES_MAX = 512;

    private FuzzRequest() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] body) {
        for (Endpoint endpoint : Endpoint.values()) {
            check(endpoint, body);
        }
    }

    /// Checks that `body` is refused by a sentence, or is JSON and is rewritten as its edits say.
    static void check(Endpoint endpoint, byte[] body) {
        byte[] before = body.clone();
        OpenAiRequest request;
        try {
            request = OpenAiRequest.read(endpoint, body, body.length);
        } catch (BadRequest e) {
            assertTrue(e.sentence().endsWith("."), e.sentence());
            return;
        }
        Map<?, ?> tree = tree(withoutMark(body));
        assertEquals(tree.get("model"), request.model());
        String text = request.promptText();
        assertEquals(text.getBytes(StandardCharsets.UTF_8).length, request.textBytes());
        if (request.textBytes() <= COUNTED_BYTES_MAX) {
            long tokens = request.promptTokens();
            assertTrue(tokens >= 0 && tokens <= request.promptTokensMax());
        }
        int seed = Arrays.hashCode(body);
        PlainEdits plain = RandomEdits.any(new SplittableRandom(seed));
        byte[] rewritten = joined(request.rewritten(plain.edits));
        assertEquals(plain.applyTo(tree, endpoint), tree(rewritten), () -> "edits of seed " + seed);
        assertEquals(tree, tree(joined(request.rewritten(new Edits()))));
        assertTrue(Arrays.equals(before, body), "the body has changed");
    }

    static byte[] joined(List<ByteBuffer> pieces) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuffer piece : pieces) {
            bytes.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
        return bytes.toByteArray();
    }

    private static byte[] withoutMark(byte[] body) {
        return body[0] == (byte) 0xef ? Arrays.copyOfRange(body, 3, body.length) : body;
    }

    static Map<?, ?> tree(byte[] json) {
        try {
            if (Tree.read(json) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + new String(json, StandardCharsets.UTF_8), e);
        }
        throw new AssertionError("not an object");
    }
}
