package dev.writ.server.live;

/// Reads an origin and tells when to read it again. One thread at a time reads; another one
/// waits.
interface OriginReader extends AutoCloseable {
    /// Returns the text of now.
    PolicySources read() throws OriginUnreadable;

    /// Waits until the text may have changed, or until it is time to look anyway.
    void awaitChange() throws InterruptedException;

    @Override
    void close();
}
