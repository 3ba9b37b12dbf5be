package dev.writ.server.upstream;

import io.undertow.client.ClientResponse;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;
import java.util.Locale;

/// Status and headers of a final answer, and what follows from them for the connection.
///
/// @param headers those for the client
/// @param framing how the end of the body is known
/// @param length of the body; -1 if only its end will tell
/// @param keepsAlive whether the connection can be used again behind the body
record AnswerHead(int status, HeaderMap headers, Framing framing, long length, boolean keepsAlive) {
    /// How the end of a body is known.
    enum Framing {
        LENGTH,
        CHUNKS,
        CLOSE
    }

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

    /// Returns the head of an answer to `method`; takes its headers over.
    ///
    /// @throws FlawedAnswer for a redirect, or if it is not clear where the body ends
    static AnswerHead of(HttpString method, ClientResponse response) throws FlawedAnswer {
        int status = response.getResponseCode();
        if (status < 200 || status > 599) {
            throw new FlawedAnswer("its status is not in 200..599");
        }
        if (status >= 300 && status < 400) {
            throw new FlawedAnswer(new UpstreamFault.Redirected(status));
        }
        HeaderMap headers = response.getResponseHeaders();
        boolean http11 = response.getProtocol().equals(Protocols.HTTP_1_1);
        boolean chunked = isChunked(headers, http11);
        long length = -1;
        if (method.equals(Methods.HEAD) || status == 204) {
            length = 0;
        } else if (!chunked) {
            length = length(headers);
        }
        Framing framing = length >= 0 ? Framing.LENGTH : chunked ? Framing.CHUNKS : Framing.CLOSE;
        boolean keepsAlive = http11 && framing != Framing.CLOSE;
        HeaderValues connection = headers.get(Headers.CONNECTION);
        if (connection != null) {
            for (String value : connection.toArray()) {
                keepsAlive &= dropNamed(value, headers);
            }
        }
        for (HttpString name : OF_THE_CONNECTION) {
            headers.remove(name);
        }
        return new AnswerHead(status, headers, framing, length, keepsAlive);
    }

    private static boolean isChunked(HeaderMap headers, boolean http11) throws FlawedAnswer {
        HeaderValues encodings = headers.get(Headers.TRANSFER_ENCODING);
        if (encodings == null) {
            return false;
        }
        // Whoever reads the one and whoever reads the other would see different answers.
        if (headers.contains(Headers.CONTENT_LENGTH)) {
            throw new FlawedAnswer("it has both a content-length and a transfer-encoding");
        }
        if (!http11 || encodings.size() != 1 || !encodings.getFirst().equalsIgnoreCase("chunked")) {
            throw new FlawedAnswer("its transfer-encoding is not chunked");
        }
        return true;
    }

    /// Returns what `content-length` says, or -1 if there is none.
    private static long length(HeaderMap headers) throws FlawedAnswer {
        HeaderValues lengths = headers.get(Headers.CONTENT_LENGTH);
        if (lengths == null) {
            return -1;
        }
        String text = lengths.getFirst();
        for (String other : lengths) {
            if (!other.equals(text)) {
                throw new FlawedAnswer("it has two content-lengths");
            }
        }
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
