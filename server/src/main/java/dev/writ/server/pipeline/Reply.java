package dev.writ.server.pipeline;

import java.nio.ByteBuffer;

/// What the gateway answers by itself, without an answer of a provider.
public sealed interface Reply {
    /// The request is not served, and why.
    record Refusal(Fault fault) implements Reply {}

    /// JSON with status 200.
    ///
    /// @param body sent from position to limit
    record Json(ByteBuffer body) implements Reply {}

    /// Nobody is left to answer: the client has gone.
    record Nothing() implements Reply {}
}
