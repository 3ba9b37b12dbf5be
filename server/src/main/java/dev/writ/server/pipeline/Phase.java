package dev.writ.server.pipeline;

import java.util.Set;

/// One step in the life of a request. Shared by all requests and threads: what belongs to a request
/// lies in its [Exchange].
///
/// A phase knows no other phase. It runs on the request's I/O thread and does not block.
interface Phase {
    /// Does its part.
    Step run(Exchange exchange);

    /// Returns what it needs; an earlier phase of the list must have written it.
    default Set<Slot> reads() {
        return Set.of();
    }

    /// Returns what it has filled when it proceeds.
    default Set<Slot> writes() {
        return Set.of();
    }

    /// Tells whether it runs after a request was answered, too.
    default boolean always() {
        return false;
    }
}
