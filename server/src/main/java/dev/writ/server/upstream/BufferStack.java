package dev.writ.server.upstream;

import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Buffers of one I/O thread. One is taken when there is something to read and given back when all
/// of it is written, so that an idle stream holds none.
///
/// Undertow's own pool locks for each buffer; this one belongs to its thread.
final class BufferStack implements ByteBufferPool {
    /// How much is read at once, and so how long one stream may keep the others waiting.
    static final int BUFFER_BYTES = 16 * 1024;

    private static final int KEPT_MAX = 256;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int lent;

    /// Returns an empty buffer, to be written to.
    ByteBuffer take() {
        lent++;
        ByteBuffer buffer = free.pollLast();
        return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer.clear();
    }

    /// Takes a buffer back, which nobody may use any more.
    void give(ByteBuffer buffer) {
        lent--;
        if (free.size() < KEPT_MAX) {
            free.addLast(buffer);
        }
    }

    /// Returns how many are in use.
    int lent() {
        return lent;
    }

    @Override
    public PooledByteBuffer allocate() {
        return new Loan(this);
    }

    @Override
    public ByteBufferPool getArrayBackedPool() {
        throw new UnsupportedOperationException("all buffers are direct");
    }

    @Override
    public int getBufferSize() {
        return BUFFER_BYTES;
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    /// Does nothing: the buffers go with the thread.
    @Override
    public void close() {}

    /// A buffer as Undertow holds it. Undertow closes some twice, so a loan is not used again.
    private static final class Loan implements PooledByteBuffer {
        private final BufferStack from;
        private @Nullable ByteBuffer buffer;

        Loan(BufferStack from) {
            this.from = from;
            this.buffer = from.take();
        }

        @Override
        public ByteBuffer getBuffer() {
            ByteBuffer lent = buffer;
            if (lent == null) {
                // What Undertow expects of a buffer that was given back.
                throw new IllegalStateException("the buffer was given back");
            }
            return lent;
        }

        @Override
        public void close() {
            ByteBuffer lent = buffer;
            buffer = null;
            if (lent != null) {
                from.give(lent);
            }
        }

        @Override
        public boolean isOpen() {
            return buffer != null;
        }
    }
}
