package dev.writ.providers.openai;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads `prompt` and `input`: a text, an array of texts, an array of tokens, or an array of such
/// arrays.
final class InputReader {
    private final BodyCursor json;
    private final RequestFields fields;

    InputReader(BodyCursor json, RequestFields fields) {
        this.json = json;
        this.fields = fields;
    }

    /// @param isOwn whether the endpoint has the field; elsewhere its texts are taken and nothing
    ///     is refused
    void read(JsonToken value, String field, boolean isOwn) throws IOException, BadRequest {
        switch (value) {
            case VALUE_NULL -> {}
            case VALUE_STRING -> {
                add(fields, json.at(), 0, field);
                fields.hasInput = true;
            }
            case START_ARRAY -> array(field, isOwn);
            default -> other(value, field, isOwn);
        }
    }

    /// Takes a text, and reads over all else.
    void text(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_STRING) {
            add(fields, json.at(), 0, null);
        } else {
            json.skip(value);
        }
    }

    private void array(String field, boolean isOwn) throws IOException, BadRequest {
        json.descend(field);
        int texts = 0;
        int arrays = 0;
        long tokens = 0;
        for (JsonToken next = json.element(); next != null; next = json.element()) {
            switch (next) {
                case VALUE_STRING -> {
                    add(fields, json.at(), 0, field);
                    texts++;
                }
                case VALUE_NUMBER_INT -> tokens++;
                case START_ARRAY -> {
                    tokens(field, isOwn);
                    arrays++;
                }
                default -> other(next, field, isOwn);
            }
            if (isOwn && texts + arrays > RequestLimits.INPUTS_MAX) {
                throw new BadRequest(
                        "`%s` has more than %d entries.".formatted(field, RequestLimits.INPUTS_MAX),
                        field);
            }
        }
        int shapes = (texts > 0 ? 1 : 0) + (arrays > 0 ? 1 : 0) + (tokens > 0 ? 1 : 0);
        if (isOwn && shapes > 1) {
            throw notInput(field);
        }
        fields.givenTokens += tokens;
        fields.hasInput |= shapes > 0;
    }

    private void tokens(String field, boolean isOwn) throws IOException, BadRequest {
        json.descend(field);
        for (JsonToken next = json.element(); next != null; next = json.element()) {
            if (next == JsonToken.VALUE_NUMBER_INT) {
                fields.givenTokens++;
            } else {
                other(next, field, isOwn);
            }
        }
    }

    private void other(JsonToken value, String field, boolean isOwn)
            throws IOException, BadRequest {
        if (isOwn) {
            throw notInput(field);
        }
        json.skip(value);
    }

    private static BadRequest notInput(String field) {
        return new BadRequest(
                "`%s` must be a text, an array of texts, an array of tokens or an array of such arrays."
                        .formatted(field),
                field);
    }

    /// Adds a range to the texts of the prompt; see [RequestFields#texts].
    static void add(RequestFields fields, int from, int to, @Nullable String param)
            throws BadRequest {
        if (fields.texts.size() == RequestLimits.TEXTS_MAX) {
            throw new BadRequest(
                    "The body has more than %d texts.".formatted(RequestLimits.TEXTS_MAX), param);
        }
        fields.texts.add(from, to);
    }
}
