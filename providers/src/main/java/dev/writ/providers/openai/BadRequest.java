package dev.writ.providers.openai;

import org.jspecify.annotations.Nullable;

/// A body is not what its endpoint takes.
///
/// The message is a sentence for the client. Neither it nor the path repeats what the client
/// wrote.
public final class BadRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final @Nullable String param;

    BadRequest(String sentence, @Nullable String param) {
        super(sentence, null, false, false);
        this.param = param;
    }

    /// Returns the sentence for the client.
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /// Returns the field that is wrong, such as `messages[3].role`; null where it is the whole
    /// body or a field that the gateway does not know.
    public @Nullable String param() {
        return param;
    }
}
