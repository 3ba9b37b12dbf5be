package dev.writ.server.upstream;

import java.nio.ByteBuffer;

/// Where the body of an answer goes. Told on the I/O thread of the call; may cancel the call at any
/// time, and is then told nothing more but [#cancelled].
interface BodySink {
    /// Takes bytes of the body.
    ///
    /// @param bytes at least one; lies in a buffer of the [BufferStack]
    /// @return false to keep `bytes` and be told nothing of the body until
    ///     [UpstreamCall#resumeBody]; the sink then gives the buffer back itself
    boolean take(ByteBuffer bytes);

    /// The body has ended well; the call is over.
    void ended();

    /// The call has failed and is over.
    void failed(UpstreamFault fault);

    /// The call was cancelled from outside and is over.
    void cancelled();
}
