package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// A call to an upstream that is under way. Used on its I/O thread only.
public final class UpstreamCall {
    UpstreamCall() {}

    /// Collects the body whole. To be called once, after [UpstreamListener#onHeaders].
    ///
    /// @param bytesMax above it the call fails with [UpstreamFault.TooLarge]
    /// @param whenWhole gets the body when the answer has ended well: backed by an array from
    ///     offset 0, the caller's from then on; otherwise [UpstreamListener#onFault] is told
    public void collectWhole(int bytesMax, Consumer<ByteBuffer> whenWhole) {
        whenWhole.accept(ByteBuffer.allocate(bytesMax));
    }

    /// Closes the connection to the upstream at once; nothing more is told. Does nothing to a call
    /// that has ended.
    public void cancel() {}
}
