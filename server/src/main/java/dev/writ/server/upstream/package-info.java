/// Calls to providers by Undertow's client: HTTP/1.1 over keep-alive connections, on the I/O thread
/// of the request that they serve, and the pump that forwards a stream to the client.
///
/// Start reading at [UpstreamClient], then [UpstreamCall] (what may happen to a call), [StreamPump]
/// (from an answer to a client) and [ClientWatch] (a client that leaves). `docs/design/upstream.md`
/// tells why it is as it is.
///
/// A call from a phase:
/// ```
/// ClientWatch watch = ClientWatch.of(exchange);
/// UpstreamCall call = client.call(exchange.getIoThread(), request, new UpstreamListener() {
///     public void onHeaders(UpstreamCall call, UpstreamHead head) {
///         // set status and headers of the client's answer, then one of:
///         call.collectWhole(bytesMax, body -> …);
///         StreamPump.start(call, exchange, observer, outcome -> …);
///     }
///     public void onFault(UpstreamFault fault) { … }
/// });
/// watch.whenGone(call::cancel);
/// ```
/// All of it runs on one I/O thread: no locks, no hand-over, and callbacks must not block.
///
/// It knows nothing of policies, retries over several providers, JSON or events. It does not offer
/// HTTP/2 to upstreams, follows no redirects and unpacks nothing: it asks for `identity`.
@NullMarked
package dev.writ.server.upstream;

import org.jspecify.annotations.NullMarked;
