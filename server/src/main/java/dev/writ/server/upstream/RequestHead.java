package dev.writ.server.upstream;

import io.undertow.client.ClientRequest;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.Set;

/// A request as Undertow's client takes it.
final class RequestHead {
    /// What only the client itself may say, since it concerns the connection or the framing.
    private static final Set<HttpString> OWN =
            Set.of(
                    Headers.HOST,
                    Headers.CONTENT_LENGTH,
                    Headers.ACCEPT_ENCODING,
                    Headers.CONNECTION,
                    Headers.EXPECT,
                    Headers.TE,
                    Headers.TRAILER,
                    Headers.TRANSFER_ENCODING,
                    Headers.UPGRADE,
                    new HttpString("keep-alive"),
                    new HttpString("proxy-connection"));

    private RequestHead() {}

    /// Returns the head of `request`.
    static ClientRequest of(UpstreamRequest request) {
        ClientRequest head =
                new ClientRequest().setMethod(request.method()).setPath(request.path());
        HeaderMap headers = head.getRequestHeaders();
        headers.put(Headers.HOST, request.endpoint().authority());
        for (int i = 0; i < request.headers().size(); i++) {
            UpstreamHeader header = request.headers().get(i);
            if (!OWN.contains(header.name())) {
                headers.add(header.name(), header.value());
            }
        }
        headers.put(Headers.ACCEPT_ENCODING, "identity");
        long bodyBytes = request.bodyBytes();
        if (bodyBytes > 0 || !isBodiless(request.method())) {
            headers.put(Headers.CONTENT_LENGTH, bodyBytes);
        }
        return head;
    }

    private static boolean isBodiless(HttpString method) {
        return method.equals(Methods.GET)
                || method.equals(Methods.HEAD)
                || method.equals(Methods.DELETE)
                || method.equals(Methods.OPTIONS);
    }
}
