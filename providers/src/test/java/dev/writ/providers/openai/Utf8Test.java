package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class Utf8Test {
    /// The JDK's decoder says what is UTF-8.
    private static void agree(byte[] bytes, int from, int to) {
        boolean decodes = true;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
        } catch (CharacterCodingException _) {
            decodes = false;
        }
        assertEquals(decodes, Utf8.isWellFormed(bytes, from, to));
    }

    @Test
    void anyTwoBytesAndAnyHeadWithTailsAgreeWithTheJdk() {
        byte[] tails = {
            0x00,
            0x7f,
            (byte) 0x80,
            (byte) 0x8f,
            (byte) 0x90,
            (byte) 0x9f,
            (byte) 0xa0,
            (byte) 0xbf,
            (byte) 0xc0
        };
        for (int head = 0; head < 256; head++) {
            for (int second = 0; second < 256; second++) {
                agree(new byte[] {(byte) head, (byte) second}, 0, 2);
                for (byte third : tails) {
                    if (head >= 0xe0 && second >= 0x78) {
                        agree(new byte[] {(byte) head, (byte) second, third}, 0, 3);
                        agree(new byte[] {(byte) head, (byte) second, third, (byte) 0xbf}, 0, 4);
                        agree(new byte[] {(byte) head, (byte) second, third, 'a'}, 0, 4);
                    }
                }
            }
        }
    }

    @Test
    void anyTextsCutAnywhereAgreeWithTheJdk() {
        for (int seed = 0; seed < 150; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.appendCodePoint(random.nextInt(4) == 0 ? random.nextInt(0x110000) : 'a');
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(3) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            for (int to = 0; to <= bytes.length; to++) {
                agree(bytes, Math.min(to, 1), to);
            }
        }
    }
}
