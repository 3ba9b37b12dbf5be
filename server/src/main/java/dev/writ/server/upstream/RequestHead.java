package dev.writ.server.upstream;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.util.Set;

/// Request line and headers, as they are sent.
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

    private static final int OWN_BYTES = 512;

    private RequestHead() {}

    /// Returns at least how many bytes [#write] needs.
    static int bytesMax(UpstreamRequest request) {
        int bytes = OWN_BYTES + request.method().length() + request.path().length();
        for (int i = 0; i < request.headers().size(); i++) {
            UpstreamHeader header = request.headers().get(i);
            bytes += header.name().length() + header.value().length() + 4;
        }
        return bytes;
    }

    /// Writes the head to `out`, which has room.
    static void write(UpstreamRequest request, ByteBuffer out) {
        request.method().appendTo(out);
        out.put((byte) ' ');
        text(request.path(), out);
        text(" HTTP/1.1\r\nhost: ", out);
        text(request.endpoint().authority(), out);
        text("\r\n", out);
        for (int i = 0; i < request.headers().size(); i++) {
            UpstreamHeader header = request.headers().get(i);
            if (!OWN.contains(header.name())) {
                header.name().appendTo(out);
                text(": ", out);
                text(header.value(), out);
                text("\r\n", out);
            }
        }
        text("accept-encoding: identity\r\n", out);
        long bodyBytes = request.bodyBytes();
        if (bodyBytes > 0 || !isBodiless(request.method())) {
            text("content-length: ", out);
            text(Long.toString(bodyBytes), out);
            text("\r\n", out);
        }
        text("\r\n", out);
    }

    private static boolean isBodiless(HttpString method) {
        return method.equals(Methods.GET)
                || method.equals(Methods.HEAD)
                || method.equals(Methods.DELETE)
                || method.equals(Methods.OPTIONS);
    }

    private static void text(String latin1, ByteBuffer out) {
        for (int i = 0; i < latin1.length(); i++) {
            out.put((byte) latin1.charAt(i));
        }
    }
}
