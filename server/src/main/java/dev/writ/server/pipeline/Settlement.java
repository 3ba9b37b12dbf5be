package dev.writ.server.pipeline;

/// Is told of every request when it has ended, on its I/O thread; must not block.
@FunctionalInterface
public interface Settlement {
    /// The exchange is not to be kept: what it holds is reused.
    void settled(Exchange exchange);

    /// A copy of a request at another model has ended.
    default void mirrored(Mirror mirror) {}
}
