package dev.writ.server.upstream;

import io.undertow.util.HeaderMap;

/// Status and headers of an upstream's answer.
///
/// @param status 200 to 299 or 400 to 599: interim answers are swallowed, redirects are faults
/// @param headers without those that concern only the connection (`connection`, `keep-alive`,
///     `transfer-encoding`, …) and without `content-length`; the caller's from now on
public record UpstreamHead(int status, HeaderMap headers) {
    /// Returns the status alone; headers belong in no log.
    @Override
    public String toString() {
        return "status " + status;
    }
}
