package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Observers and sinks of tests.
final class Observers {
    private Observers() {}

    /// Passes all on, and tells how much it was.
    record Passing(Consumer<Integer> seen) implements ChunkObserver {
        @Override
        public ByteBuffer onChunk(ByteBuffer chunk) {
            seen.accept(chunk.remaining());
            return chunk;
        }

        @Override
        public ByteBuffer onEnd() {
            return ByteBuffer.allocate(0);
        }

        @Override
        public ByteBuffer onBroken(UpstreamFault fault) {
            return ByteBuffer.allocate(0);
        }
    }

    /// Writes what a function makes of each chunk, and last words.
    record Rewriting(UnaryOperator<String> chunk, String end, String broken)
            implements ChunkObserver {
        @Override
        public ByteBuffer onChunk(ByteBuffer bytes) {
            return bytes(chunk.apply(CallBench.text(bytes)));
        }

        @Override
        public ByteBuffer onEnd() {
            return bytes(end);
        }

        @Override
        public ByteBuffer onBroken(UpstreamFault fault) {
            return bytes(broken);
        }
    }

    static ByteBuffer bytes(String latin1) {
        return ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A sink without a client.
    record Sink(UpstreamCall call, ChunkObserver observer, CompletableFuture<CallBench.Ended> end)
            implements BodySink {
        @Override
        public boolean take(ByteBuffer bytes) {
            observer.onChunk(bytes);
            return true;
        }

        @Override
        public void ended() {
            end.complete(
                    new CallBench.Answer(
                            0, new io.undertow.util.HeaderMap(), "" + call.bytesRead()));
        }

        @Override
        public void failed(UpstreamFault fault) {
            end.complete(new CallBench.Failed(fault));
        }

        @Override
        public void cancelled() {
            end.cancel(false);
        }
    }
}
