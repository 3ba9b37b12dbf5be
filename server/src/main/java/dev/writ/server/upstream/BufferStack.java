package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Buffers of one I/O thread. One is taken when there is something to read and given back when all
/// of it is written, so that an idle stream holds none.
final class BufferStack {
    /// How much is read at once, and so how long one stream may keep the others waiting.
    static final int BUFFER_BYTES = 16 * 1024;

    private static final int KEPT_MAX = 256;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    /// Returns an empty buffer, to be written to.
    ByteBuffer take() {
        ByteBuffer buffer = free.pollLast();
        return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer.clear();
    }

    /// Takes a buffer back, which nobody may use any more.
    void give(ByteBuffer buffer) {
        if (free.size() < KEPT_MAX) {
            free.addLast(buffer);
        }
    }
}
