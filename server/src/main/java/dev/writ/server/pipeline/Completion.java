package dev.writ.server.pipeline;

import dev.writ.server.upstream.UpstreamCall;
import dev.writ.server.upstream.UpstreamHead;
import java.nio.ByteBuffer;

/// The answer of a provider.
public sealed interface Completion {
    UpstreamHead head();

    /// An answer that is there as a whole.
    ///
    /// @param body backed by an array
    record Whole(UpstreamHead head, ByteBuffer body) implements Completion {}

    /// A stream of events that has begun.
    record Streamed(UpstreamHead head, UpstreamCall call) implements Completion {}
}
