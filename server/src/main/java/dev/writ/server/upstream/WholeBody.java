package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/// Collects a body.
final class WholeBody implements BodySink {
    /// What is allocated on an upstream's word.
    private static final int PROMISED_BYTES_MAX = 1024 * 1024;

    private static final int FIRST_BYTES = 8 * 1024;

    private final UpstreamCall call;
    private final int bytesMax;
    private final Consumer<ByteBuffer> whenWhole;
    private boolean tooLong;
    private byte[] collected;
    private int size;

    /// @param length of the body, or -1
    WholeBody(UpstreamCall call, long length, int bytesMax, Consumer<ByteBuffer> whenWhole) {
        this.call = call;
        this.bytesMax = bytesMax;
        this.whenWhole = whenWhole;
        this.tooLong = length > bytesMax;
        long first = length < 0 ? FIRST_BYTES : Math.min(length, PROMISED_BYTES_MAX);
        this.collected = new byte[tooLong ? 0 : (int) Math.min(first, bytesMax)];
    }

    @Override
    public boolean take(ByteBuffer bytes) {
        int more = bytes.remaining();
        if (tooLong || more > bytesMax - size) {
            tooLong = true;
            call.fail(tooLarge());
            return true;
        }
        if (size + more > collected.length) {
            long doubled = Math.max(2L * collected.length, size + more);
            collected = Arrays.copyOf(collected, (int) Math.min(doubled, bytesMax));
        }
        bytes.get(collected, size, more);
        size += more;
        return true;
    }

    @Override
    public void ended() {
        if (tooLong) {
            call.tellFault(tooLarge());
            return;
        }
        UpstreamLane.guarded(() -> whenWhole.accept(ByteBuffer.wrap(collected, 0, size)));
    }

    @Override
    public void failed(UpstreamFault fault) {
        call.tellFault(fault);
    }

    @Override
    public void cancelled() {}

    private UpstreamFault tooLarge() {
        return new UpstreamFault.TooLarge("body", bytesMax);
    }
}
