package dev.writ.server.pipeline;

import dev.writ.server.upstream.HeldStream;
import dev.writ.server.upstream.UpstreamCall;
import dev.writ.server.upstream.UpstreamHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The answer of a provider.
sealed interface Completion {
    UpstreamHead head();

    /// An answer that is there as a whole.
    ///
    /// @param body backed by an array
    record Whole(UpstreamHead head, ByteBuffer body) implements Completion {}

    /// A stream of events that has begun.
    ///
    /// @param watch looks at it, from its first byte on
    /// @param held its beginning, where that was held back; null where nothing was read yet
    record Streamed(
            UpstreamHead head, UpstreamCall call, StreamWatch watch, @Nullable HeldStream held)
            implements Completion {}
}
