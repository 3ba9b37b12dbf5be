package dev.writ.server.upstream;

import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.List;

/// One request to an upstream.
///
/// The client itself sets `host`, `content-length`, `accept-encoding: identity` and what concerns
/// the connection; such headers in `headers` are not sent.
///
/// @param path begins with `/`, may have a query, is escaped already
/// @param headers those of one name in the order to send
/// @param body sent one after the other, from position to limit; neither is changed, so that the
///     same request can be sent again. The bytes must stay as they are until the call has ended.
public record UpstreamRequest(
        UpstreamEndpoint endpoint,
        HttpString method,
        String path,
        List<UpstreamHeader> headers,
        List<ByteBuffer> body,
        UpstreamTimeouts timeouts) {
    /// @throws IllegalArgumentException if `path` could not stand in a request line
    public UpstreamRequest {
        headers = List.copyOf(headers);
        body = List.copyOf(body);
        if (path.isEmpty() || path.charAt(0) != '/') {
            throw new IllegalArgumentException("a path begins with /");
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) > '~') {
                throw new IllegalArgumentException("a path has only visible ASCII characters");
            }
        }
    }

    /// Returns the number of bytes of the body.
    public long bodyBytes() {
        long bytes = 0;
        for (int i = 0; i < body.size(); i++) {
            bytes += body.get(i).remaining();
        }
        return bytes;
    }

    /// Returns method and endpoint; path, headers and body may hold what belongs in no log.
    @Override
    public String toString() {
        return method + " " + endpoint;
    }
}
