package dev.writ.providers.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Whether bytes are UTF-8, all of them: a JSON parser does not look into what it skips.
///
/// Source: The Unicode Standard, table 3-7, well-formed UTF-8 byte sequences.
final class Utf8 {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    /// Tells whether `bytes[from, to)` is well-formed: nothing overlong, no surrogates, nothing
    /// above U+10FFFF, nothing cut off.
    static boolean isWellFormed(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (to - i >= Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
                i += Long.BYTES;
            } else if (bytes[i] >= 0) {
                i++;
            } else {
                int length = sequence(bytes, i, to);
                if (length == 0) {
                    return false;
                }
                i += length;
            }
        }
        return true;
    }

    /// Returns the length of the sequence that begins at `i` with a byte that is not ASCII; 0 if
    /// it is not well-formed.
    private static int sequence(byte[] bytes, int i, int to) {
        int lead = bytes[i] & 0xff;
        if (lead < 0xc2 || lead > 0xf4) {
            return 0;
        }
        if (lead < 0xe0) {
            return i + 1 < to && isTail(bytes[i + 1]) ? 2 : 0;
        }
        if (lead < 0xf0) {
            if (i + 2 >= to || !isTail(bytes[i + 1]) || !isTail(bytes[i + 2])) {
                return 0;
            }
            int second = bytes[i + 1] & 0xff;
            return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 0 : 3;
        }
        if (i + 3 >= to
                || !isTail(bytes[i + 1])
                || !isTail(bytes[i + 2])
                || !isTail(bytes[i + 3])) {
            return 0;
        }
        int second = bytes[i + 1] & 0xff;
        return (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f) ? 0 : 4;
    }

    private static boolean isTail(byte b) {
        return (b & 0xc0) == 0x80;
    }
}
