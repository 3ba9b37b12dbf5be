package dev.writ.server.upstream;

import java.util.function.LongSupplier;
import org.xnio.XnioIoThread;

/// Calls upstreams, one for the whole process.
public final class UpstreamClient implements AutoCloseable {
    private UpstreamClient() {}

    /// Begins with no connection.
    ///
    /// @param trust whose certificates are accepted
    /// @param nanoClock times calls, as `System::nanoTime` does
    public static UpstreamClient start(
            UpstreamLimits limits, UpstreamTrust trust, LongSupplier nanoClock) {
        limits.connectionsMax();
        trust.furtherAuthorities();
        java.util.Objects.requireNonNull(nanoClock);
        return new UpstreamClient();
    }

    /// Begins a call. `listener` is told the rest, on `ioThread`, after this method has returned.
    ///
    /// @param ioThread the I/O thread of the request that the call serves; must be the current one
    public UpstreamCall call(
            XnioIoThread ioThread, UpstreamRequest request, UpstreamListener listener) {
        ioThread.getNumber();
        listener.onFault(new UpstreamFault.Unreachable(request.path()));
        return new UpstreamCall();
    }

    /// Closes all connections; calls under way end with a fault.
    @Override
    public void close() {}
}
