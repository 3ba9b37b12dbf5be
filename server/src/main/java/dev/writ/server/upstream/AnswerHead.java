package dev.writ.server.upstream;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Locale;

/// Status and headers of a final answer, and what follows from them for the connection.
///
/// @param headers those for the client
/// @param body where the body ends
/// @param keepsAlive whether the connection can be used again behind the body
record AnswerHead(int status, HeaderMap headers, BodyDecoder body, boolean keepsAlive) {
    private static final int LENGTH_DIGITS_MAX = 18;

    private static final HttpString[] OF_THE_CONNECTION = {
        Headers.CONNECTION,
        new HttpString("keep-alive"),
        new HttpString("proxy-connection"),
        Headers.PROXY_AUTHENTICATE,
        Headers.PROXY_AUTHORIZATION,
        Headers.TE,
        Headers.TRAILER,
        Headers.TRANSFER_ENCODING,
        Headers.UPGRADE,
        Headers.CONTENT_LENGTH
    };

    /// Returns the head of an answer to `method`; takes `headers` over.
    ///
    /// @param http11 false for HTTP/1.0
    /// @param headBytesMax how long trailers may be
    /// @throws FlawedAnswer for a redirect, or if it is not clear where the body ends
    static AnswerHead of(
            HttpString method, boolean http11, int status, HeaderMap headers, int headBytesMax)
            throws FlawedAnswer {
        if (status >= 300 && status < 400) {
            throw new FlawedAnswer(new UpstreamFault.Redirected(status));
        }
        BodyDecoder body = body(method, http11, status, headers, headBytesMax);
        boolean keepsAlive = http11 && !body.endsWithConnection();
        HeaderValues connection = headers.get(Headers.CONNECTION);
        if (connection != null) {
            for (String value : connection.toArray()) {
                keepsAlive &= dropNamed(value, headers);
            }
        }
        for (HttpString name : OF_THE_CONNECTION) {
            headers.remove(name);
        }
        return new AnswerHead(status, headers, body, keepsAlive);
    }

    private static BodyDecoder body(
            HttpString method, boolean http11, int status, HeaderMap headers, int headBytesMax)
            throws FlawedAnswer {
        HeaderValues encodings = headers.get(Headers.TRANSFER_ENCODING);
        HeaderValues lengths = headers.get(Headers.CONTENT_LENGTH);
        if (encodings != null) {
            // Whoever reads one and whoever reads the other would see different answers.
            if (lengths != null) {
                throw new FlawedAnswer("it has both a content-length and a transfer-encoding");
            }
            if (!http11
                    || encodings.size() != 1
                    || !encodings.getFirst().equalsIgnoreCase("chunked")) {
                throw new FlawedAnswer("its transfer-encoding is not chunked");
            }
        }
        if (method.equalToString("HEAD") || status == 204) {
            return BodyDecoder.ofLength(0);
        }
        if (encodings != null) {
            return BodyDecoder.chunked(headBytesMax);
        }
        if (lengths == null) {
            return BodyDecoder.untilClose();
        }
        String length = lengths.getFirst();
        for (String other : lengths) {
            if (!other.equals(length)) {
                throw new FlawedAnswer("it has two content-lengths");
            }
        }
        return BodyDecoder.ofLength(parseLength(length));
    }

    private static long parseLength(String text) throws FlawedAnswer {
        boolean digits = !text.isEmpty() && text.length() <= LENGTH_DIGITS_MAX;
        for (int i = 0; i < text.length() && digits; i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw new FlawedAnswer("its content-length is not a number");
        }
        return Long.parseLong(text);
    }

    /// Removes the headers that `connection` names; returns false if it says `close`.
    private static boolean dropNamed(String connection, HeaderMap headers) {
        boolean keepsAlive = true;
        int from = 0;
        while (from <= connection.length()) {
            int comma = connection.indexOf(',', from);
            int to = comma < 0 ? connection.length() : comma;
            String option = connection.substring(from, to).strip().toLowerCase(Locale.ROOT);
            if (option.equals("close")) {
                keepsAlive = false;
            } else if (!option.isEmpty()) {
                headers.remove(option);
            }
            from = to + 1;
        }
        return keepsAlive;
    }
}
