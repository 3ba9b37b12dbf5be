package dev.writ.server.upstream;

import java.nio.ByteBuffer;

/// Sees the bytes of a stream before the client does, and may change them. Called on the I/O thread
/// of the stream, never two at once; must not block and should not allocate.
public interface ChunkObserver {
    /// Sees what was read at once (up to 16 KiB; borders of events and HTTP chunks fall anywhere)
    /// and returns what to write now: `chunk` itself, whole or narrowed, or another buffer, or an
    /// empty one to withhold all.
    ///
    /// @param chunk may be changed, but is not the observer's after it returned: what is withheld
    ///     must be copied
    /// @return must stay as it is until the next call
    ByteBuffer onChunk(ByteBuffer chunk);

    /// Returns the last bytes, after the upstream's clean end: what was withheld, or an empty
    /// buffer.
    ByteBuffer onEnd();

    /// Returns the last bytes, after the stream broke, for example what was withheld and an error
    /// event. The client's answer ends properly behind them.
    ByteBuffer onBroken(UpstreamFault fault);

    /// Passes everything on unseen; a broken stream just ends.
    ChunkObserver NONE =
            new ChunkObserver() {
                private final ByteBuffer nothing = ByteBuffer.allocate(0);

                @Override
                public ByteBuffer onChunk(ByteBuffer chunk) {
                    return chunk;
                }

                @Override
                public ByteBuffer onEnd() {
                    return nothing;
                }

                @Override
                public ByteBuffer onBroken(UpstreamFault fault) {
                    return nothing;
                }
            };
}
