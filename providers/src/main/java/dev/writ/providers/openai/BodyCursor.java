package dev.writ.providers.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Steps through the tokens of a body and keeps to [RequestLimits] on the way.
///
/// Names of one object may not stand twice, anywhere: which of the two counts differs between
/// readers, and what the policy saw must be what the provider sees.
///
/// Each method that takes a `value` is called while the parser stands on that token, and leaves it
/// on the value's last.
final class BodyCursor implements AutoCloseable {
    /// Jackson keeps names to find them again, so it must stop soon; the exact limit is checked
    /// here.
    private static final int NAME_BYTES_MAX = 4 * RequestLimits.NAME_LENGTH_MAX;

    /// Depth, texts and numbers are bounded here, so Jackson's own bounds are out of the way.
    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(2 * RequestLimits.DEPTH_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxNameLength(NAME_BYTES_MAX)
                                    .build())
                    .build();

    private static final int MILLION = 1_000_000;

    private final JsonParser json;
    private final int start;
    private final Names names = new Names();
    private int depth;

    private BodyCursor(JsonParser json, int start) {
        this.json = json;
        this.start = start;
    }

    static BodyCursor of(byte[] body, int start, int length) throws IOException {
        return new BodyCursor(JSON.createParser(body, start, length - start), start);
    }

    @Override
    public void close() throws IOException {
        json.close();
    }

    /// Returns the next token; null behind the last.
    @Nullable JsonToken nextOrEnd() throws IOException {
        return json.nextToken();
    }

    /// Returns the next token where there must be one.
    JsonToken next() throws IOException {
        return json.nextToken();
    }

    /// Tells whether the parser stands on the end of an object or an array.
    boolean isStructEnd() {
        return json.currentToken().isStructEnd();
    }

    /// Returns where in the body the token begins.
    int at() {
        return start + (int) json.currentTokenLocation().getByteOffset();
    }

    /// Enters an object.
    ///
    /// @param param the field of the body, if it is a known one
    /// @return the handle for [#name] and [#leave]
    int enter(@Nullable String param) throws BadRequest {
        descend(param);
        return names.open();
    }

    void leave(int object) {
        names.close(object, depth);
        depth--;
    }

    /// Returns the next name of the object; null at its end.
    @Nullable String name(int object, @Nullable String param) throws IOException, BadRequest {
        String name = json.nextFieldName();
        if (name == null) {
            return null;
        }
        if (name.length() > RequestLimits.NAME_LENGTH_MAX) {
            throw nameTooLong();
        }
        if (!names.add(object, depth, name)) {
            throw new BadRequest("A field stands twice in one object.", param);
        }
        if (names.size() > RequestLimits.OPEN_FIELDS_MAX) {
            throw new BadRequest(
                    "The body has more than %d fields in objects inside of one another."
                            .formatted(RequestLimits.OPEN_FIELDS_MAX),
                    param);
        }
        return name;
    }

    static BadRequest nameTooLong() {
        return new BadRequest(
                "The body has a name of more than %d characters."
                        .formatted(RequestLimits.NAME_LENGTH_MAX),
                null);
    }

    /// Enters an array.
    void descend(@Nullable String param) throws BadRequest {
        if (++depth > RequestLimits.DEPTH_MAX) {
            throw new BadRequest(
                    "The body nests deeper than %d.".formatted(RequestLimits.DEPTH_MAX), param);
        }
    }

    /// Returns the next element of the array; null at its end, which is left.
    @Nullable JsonToken element() throws IOException {
        JsonToken next = json.nextToken();
        if (next == JsonToken.END_ARRAY) {
            depth--;
            return null;
        }
        return next;
    }

    /// Reads over a value.
    void skip(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.START_OBJECT) {
            int object = enter(null);
            while (name(object, null) != null) {
                skip(next());
            }
            leave(object);
        } else if (value == JsonToken.START_ARRAY) {
            descend(null);
            for (JsonToken next = element(); next != null; next = element()) {
                skip(next);
            }
        }
    }

    boolean flag(JsonToken value, String field) throws BadRequest {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new BadRequest("`%s` must be true or false.".formatted(field), field);
        };
    }

    /// Returns a text of 1 to `lengthMax` UTF-16 units.
    String required(JsonToken value, String field, int lengthMax) throws IOException, BadRequest {
        String text = text(value, field, lengthMax);
        if (text == null || text.isEmpty()) {
            throw new BadRequest("`%s` must not be empty.".formatted(field), field);
        }
        return text;
    }

    /// Returns a text of at most `lengthMax` UTF-16 units; null for null.
    @Nullable String text(JsonToken value, String field, int lengthMax)
            throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        mustBe(value, JsonToken.VALUE_STRING, "a text", field);
        if (textLength() > lengthMax) {
            throw new BadRequest(
                    "`%s` is longer than %d characters.".formatted(field, lengthMax), field);
        }
        return text();
    }

    /// Returns the text that the parser stands on.
    String text() throws IOException {
        return json.getText();
    }

    /// Returns the length, in UTF-16 units, of the text that the parser stands on.
    int textLength() throws IOException {
        return json.getTextLength();
    }

    /// Returns a whole number; [OpenAiRequest#ABSENT] for null.
    long whole(JsonToken value, String field, long min, long max) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return OpenAiRequest.ABSENT;
        }
        mustBeNumber(value, field);
        long number = Numbers.whole(json.getText());
        if (number == Numbers.NONE || number < min || number > max) {
            throw new BadRequest(
                    "`%s` must be a whole number from %d to %d.".formatted(field, min, max), field);
        }
        return number;
    }

    /// Returns millionths from 0 to `max`; [OpenAiRequest#ABSENT] for null.
    long micros(JsonToken value, String field, long max) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return OpenAiRequest.ABSENT;
        }
        mustBeNumber(value, field);
        long number = Numbers.micros(json.getText());
        if (number == Numbers.NONE || number < 0 || number > max) {
            throw new BadRequest(
                    "`%s` must be from 0 to %d.".formatted(field, max / MILLION), field);
        }
        return number;
    }

    private void mustBeNumber(JsonToken value, String field) throws IOException, BadRequest {
        if (!value.isNumeric()) {
            throw new BadRequest("`%s` must be a number.".formatted(field), field);
        }
        if (json.getTextLength() > RequestLimits.NUMBER_CHARS_MAX) {
            throw new BadRequest(
                    "`%s` is longer than %d characters."
                            .formatted(field, RequestLimits.NUMBER_CHARS_MAX),
                    field);
        }
    }

    static void mustBe(JsonToken value, JsonToken wanted, String noun, String field)
            throws BadRequest {
        if (value != wanted) {
            throw new BadRequest("`%s` must be %s.".formatted(field, noun), field);
        }
    }
}
