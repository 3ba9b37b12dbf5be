package dev.writ.server.pipeline;

import dev.writ.providers.openai.OpenAiJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Faults as clients see them, in OpenAI's form.
public final class ErrorBodies {
    /// Ends an event that was cut, so that the next one is an event of its own.
    private static final byte[] BREAK = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private ErrorBodies() {}

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
