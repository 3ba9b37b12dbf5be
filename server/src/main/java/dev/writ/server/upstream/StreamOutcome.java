package dev.writ.server.upstream;

/// How a stream to a client ended; told once, when neither side is in use any more.
public sealed interface StreamOutcome {
    /// Returns how many bytes of the upstream's body were read.
    long bytesRead();

    /// All was written, and the upstream's end was clean.
    record Completed(long bytesRead) implements StreamOutcome {}

    /// The upstream broke; what [ChunkObserver#onBroken] gave was written and the answer ended.
    record Broken(long bytesRead, UpstreamFault fault) implements StreamOutcome {}

    /// [UpstreamCall#cancel] was called, for example by the observer; what was on its way to the
    /// client was written and the answer ended. The observer is asked for no last bytes.
    record Cut(long bytesRead) implements StreamOutcome {}

    /// The client left, and the upstream call was cancelled.
    record ClientGone(long bytesRead) implements StreamOutcome {}

    /// The client read nothing for too long; both sides were closed.
    record ClientStalled(long bytesRead) implements StreamOutcome {}
}
