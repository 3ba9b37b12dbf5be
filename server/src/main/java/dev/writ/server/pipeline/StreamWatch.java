package dev.writ.server.pipeline;

import dev.writ.providers.openai.EventScanner;
import dev.writ.providers.openai.Usage;
import dev.writ.server.upstream.ChunkObserver;
import dev.writ.server.upstream.UpstreamFault;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Looks at a stream as it passes: what it used, and whether it ended as it should. A stream that
/// breaks ends with an error event, so that no client takes a half answer for a whole one.
final class StreamWatch implements ChunkObserver {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final EventScanner scanner = new EventScanner();

    @Override
    public ByteBuffer onChunk(ByteBuffer chunk) {
        scanner.scan(chunk);
        return chunk;
    }

    @Override
    public ByteBuffer onEnd() {
        return NOTHING;
    }

    @Override
    public ByteBuffer onBroken(UpstreamFault fault) {
        return ByteBuffer.wrap(
                ErrorBodies.event(new Fault.StreamBroken().terms(), !scanner.atBorder()));
    }

    /// Returns what the provider reported; null if nothing.
    @Nullable Usage usage() {
        return scanner.usage();
    }
}
