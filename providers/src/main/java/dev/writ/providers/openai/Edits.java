package dev.writ.providers.openai;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be different in a body that goes to an upstream: fields of the body itself, replaced
/// where they stand or inserted. The last edit of a field counts.
///
/// Reuse it: [#clear] begins the next request. Not for several threads at once.
public final class Edits {
    private static final int MICRO_DIGITS = 6;

    final List<String> names = new ArrayList<>();

    /// The value of the name at the same place, as JSON; null if the field is removed.
    final List<byte @Nullable []> values = new ArrayList<>();

    /// Messages before and behind those of the client, as JSON.
    final List<byte[]> firstMessages = new ArrayList<>();

    final List<byte[]> lastMessages = new ArrayList<>();

    byte @Nullable [] maxTokens;
    TokenField insertedAs = TokenField.MAX_COMPLETION_TOKENS;
    @Nullable TokenField only;
    boolean includeUsage;

    /// Forgets all edits.
    public void clear() {
        names.clear();
        values.clear();
        firstMessages.clear();
        lastMessages.clear();
        maxTokens = null;
        only = null;
        includeUsage = false;
    }

    public boolean isEmpty() {
        return names.isEmpty()
                && firstMessages.isEmpty()
                && lastMessages.isEmpty()
                && maxTokens == null
                && only == null
                && !includeUsage;
    }

    /// Asks for another model.
    public Edits model(String model) {
        return put("model", quoted(model));
    }

    /// Sets a field to a whole number.
    public Edits number(String field, long value) {
        return put(field, ascii(Long.toString(value)));
    }

    /// Sets a field to `micros` millionths.
    public Edits decimalMicros(String field, long micros) {
        BigDecimal value = BigDecimal.valueOf(micros, MICRO_DIGITS).stripTrailingZeros();
        return put(field, ascii(value.toPlainString()));
    }

    /// Sets a field to a text.
    public Edits text(String field, String value) {
        return put(field, quoted(value));
    }

    /// Sets a field to yes or no.
    public Edits flag(String field, boolean value) {
        return put(field, ascii(Boolean.toString(value)));
    }

    /// Adds a message to a chat; other requests have no messages and get none.
    ///
    /// @param first whether it stands before those of the client, behind others that were added so;
    ///     else it stands behind all
    /// @param role such as `system`
    public Edits message(boolean first, String role, String text) {
        StringBuilder json = new StringBuilder(text.length() + 40);
        json.append("{\"role\":");
        JsonText.quote(role, json);
        json.append(",\"content\":");
        JsonText.quote(text, json);
        (first ? firstMessages : lastMessages).add(JsonText.bytes(json.append('}')));
        return this;
    }

    /// Takes a field away, if it is there.
    ///
    /// @throws IllegalArgumentException for `model`, which every request needs
    public Edits remove(String field) {
        if (field.equals("model")) {
            throw new IllegalArgumentException("a request must have a model");
        }
        return put(field, null);
    }

    /// Bounds the answer: the value is replaced under the name, or the names, that the client
    /// used; else it is inserted. Embeddings have no such bound, and get none.
    ///
    /// @param insertedAs the name for a chat request that has none; completions know only
    ///     `max_tokens`
    public Edits maxTokens(long tokens, TokenField insertedAs) {
        this.maxTokens = ascii(Long.toString(tokens));
        this.insertedAs = insertedAs;
        return this;
    }

    /// Names the bound of a chat request `only`, whatever name the client used, for upstreams that
    /// do not know the other one. Without a bound nothing is inserted.
    public Edits maxTokensOnlyAs(TokenField only) {
        this.only = only;
        return this;
    }

    /// Asks for a last event with the usage: sets `stream_options.include_usage` and keeps other
    /// options. Not together with the removal of `stream_options`.
    public Edits includeUsage() {
        this.includeUsage = true;
        return this;
    }

    private Edits put(String field, byte @Nullable [] value) {
        if (value != null && field.equals("stream_options")) {
            throw new IllegalArgumentException("stream_options holds several: use includeUsage");
        }
        for (TokenField bound : TokenField.values()) {
            if (field.equals(bound.field())) {
                throw new IllegalArgumentException(field + " has two names: use maxTokens");
            }
        }
        int known = names.indexOf(field);
        if (known >= 0) {
            values.set(known, value);
        } else {
            names.add(field);
            values.add(value);
        }
        return this;
    }

    private static byte[] quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2);
        JsonText.quote(text, json);
        return JsonText.bytes(json);
    }

    private static byte[] ascii(String json) {
        return JsonText.bytes(new StringBuilder(json));
    }
}
