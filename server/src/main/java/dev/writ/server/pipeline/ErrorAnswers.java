package dev.writ.server.pipeline;

import dev.writ.providers.openai.OpenAiJson;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Faults as clients see them, in OpenAI's form.
public final class ErrorAnswers {
    /// Ends an event that was cut, so that the next one is an event of its own.
    private static final byte[] BREAK = "\n\n".getBytes(StandardCharsets.US_ASCII);

    /// What OpenAI's SDKs heed before they look at the status.
    private static final HttpString X_SHOULD_RETRY = new HttpString("x-should-retry");

    private ErrorAnswers() {}

    /// Sets the status and the headers that tell whether and when to come again.
    public static void head(HttpServerExchange http, Fault.Terms terms) {
        http.setStatusCode(terms.status());
        long seconds = terms.retryAfterSeconds();
        if (seconds > 0) {
            http.getResponseHeaders().put(Headers.RETRY_AFTER, seconds);
        }
        if (terms.lasting()) {
            http.getResponseHeaders().put(X_SHOULD_RETRY, "false");
        }
    }

    /// Returns the body of an answer.
    public static byte[] json(Fault.Terms terms) {
        return OpenAiJson.error(terms.message(), terms.type(), terms.param(), terms.code());
    }

    /// Returns the last event of a stream.
    ///
    /// @param inEvent the stream stopped inside of an event
    static byte[] event(Fault.Terms terms, boolean inEvent) {
        byte[] event =
                OpenAiJson.errorEvent(terms.message(), terms.type(), terms.param(), terms.code());
        if (!inEvent) {
            return event;
        }
        byte[] both = Arrays.copyOf(BREAK, BREAK.length + event.length);
        System.arraycopy(event, 0, both, BREAK.length, event.length);
        return both;
    }
}
