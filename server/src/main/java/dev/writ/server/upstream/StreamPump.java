package dev.writ.server.upstream;

import io.undertow.server.HttpServerExchange;
import java.util.function.Consumer;

/// Forwards the body of an upstream's answer to a client as it comes.
public final class StreamPump {
    private StreamPump() {}

    /// Begins to forward, and flushes status and headers to the client. Must be called on the I/O
    /// thread of both, after [UpstreamListener#onHeaders]; the exchange must be dispatched, its
    /// request read whole, its status and headers set and its response channel not taken. The pump
    /// ends the exchange, and takes over its [ClientWatch].
    ///
    /// @param whenEnded told once, whatever happens, when neither side is in use any more, and not
    ///     from inside this method
    public static void start(
            UpstreamCall call,
            HttpServerExchange client,
            ChunkObserver observer,
            Consumer<StreamOutcome> whenEnded) {
        if (!client.getIoThread().equals(call.lane().ioThread)) {
            throw new IllegalStateException("call and client are of different I/O threads");
        }
        ClientStream.start(call, client, observer, whenEnded);
    }

    /// Begins to forward a stream whose beginning was held, when its [StreamGate] was told that it
    /// is opened; otherwise as [#start(UpstreamCall, HttpServerExchange, ChunkObserver, Consumer)],
    /// with the observer of the held stream.
    public static void start(
            HeldStream held, HttpServerExchange client, Consumer<StreamOutcome> whenEnded) {
        if (!client.getIoThread().equals(held.call().lane().ioThread)) {
            throw new IllegalStateException("call and client are of different I/O threads");
        }
        ClientStream.start(held, client, whenEnded);
    }
}
