package dev.writ.server.upstream;

import io.undertow.server.HttpServerExchange;
import org.jspecify.annotations.Nullable;

/// Notices that a client leaves while its request is worked on.
public final class ClientWatch {
    @Nullable Runnable task;

    private ClientWatch() {}

    /// Returns the watch of an exchange; the first call begins to watch. The request must have been
    /// read whole. It ends with the exchange.
    public static ClientWatch of(HttpServerExchange exchange) {
        exchange.getRequestURL();
        return new ClientWatch();
    }

    /// Tells `task`, instead of the one named before, on the exchange's I/O thread when the client
    /// leaves. A client that closes only its sending side has left, too.
    public void whenGone(Runnable task) {
        this.task = task;
    }
}
