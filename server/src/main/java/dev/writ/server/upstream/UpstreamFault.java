package dev.writ.server.upstream;

/// Why a call to an upstream failed. Holds no header, no key and nothing of a body.
public sealed interface UpstreamFault {
    /// No connection within the connect timeout: name lookup, TCP or TLS took too long.
    record ConnectTimeout() implements UpstreamFault {}

    /// No connection: the name is unknown, the port refuses, the network has no way.
    ///
    /// @param what a clause such as `api.example.com:443 refuses connections`
    record Unreachable(String what) implements UpstreamFault {}

    /// So many connections to the endpoint are in use on this I/O thread that no other is opened.
    /// Comes at once: nothing waits in a queue.
    record Crowded(int connectionsMax) implements UpstreamFault {}

    /// No TLS, or a certificate that is not accepted.
    ///
    /// @param reason a clause such as `the certificate is not for api.example.com`
    record TlsRefused(String reason) implements UpstreamFault {}

    /// No headers of an answer within the first-byte timeout.
    record FirstByteTimeout() implements UpstreamFault {}

    /// The body paused for longer than the idle timeout.
    ///
    /// @param bytes how many bytes of the body had come
    record IdleTimeout(long bytes) implements UpstreamFault {}

    /// The call did not end within the total timeout.
    ///
    /// @param bytes how many bytes of the body had come
    record TotalTimeout(long bytes) implements UpstreamFault {}

    /// The upstream closed the connection before the answer's end.
    ///
    /// @param bytes how many bytes of the body had come
    record ClosedEarly(long bytes) implements UpstreamFault {}

    /// The answer is larger than is accepted.
    ///
    /// @param what `headers` or `body`
    /// @param bytesMax the limit
    record TooLarge(String what, long bytesMax) implements UpstreamFault {}

    /// The answer is not HTTP/1.1 as we read it.
    ///
    /// @param what a clause such as `the size of a chunk is not a number`
    record BadAnswer(String what) implements UpstreamFault {}

    /// The upstream sent a redirect; none is followed, so that a key is sent only where the policy
    /// says.
    record Redirected(int status) implements UpstreamFault {}

    /// Returns one clause for people.
    default String text() {
        return switch (this) {
            case ConnectTimeout _ -> "no connection in time";
            case Unreachable unreachable -> unreachable.what();
            case Crowded crowded ->
                    "all %d connections are in use".formatted(crowded.connectionsMax());
            case TlsRefused refused -> refused.reason();
            case FirstByteTimeout _ -> "no answer in time";
            case IdleTimeout idle ->
                    "the answer paused too long after %d bytes".formatted(idle.bytes());
            case TotalTimeout total -> "the answer was not done in time";
            case ClosedEarly closed ->
                    "the connection was closed after %d bytes of the answer"
                            .formatted(closed.bytes());
            case TooLarge large ->
                    "the %s of the answer are above %d bytes"
                            .formatted(large.what(), large.bytesMax());
            case BadAnswer bad -> bad.what();
            case Redirected redirected ->
                    "it answered with redirect %d, which is not followed"
                            .formatted(redirected.status());
        };
    }
}
