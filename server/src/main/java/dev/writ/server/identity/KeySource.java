package dev.writ.server.identity;

/// Where the keys of an issuer come from.
@FunctionalInterface
interface KeySource {
    /// Fetches them; may block.
    KeySet fetch() throws KeysUnavailable, InterruptedException;
}
