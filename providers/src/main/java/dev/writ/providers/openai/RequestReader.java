package dev.writ.providers.openai;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One pass over a body: what [OpenAiRequest] knows, or the first thing that is wrong.
final class RequestReader {
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /// The longest unit of other encodings.
    private static final int UNIT_BYTES_MAX = 4;

    private final BodyCursor json;
    private final RequestFields fields;
    private final MessagesReader messages;
    private final InputReader inputs;
    private boolean hasModel;

    private RequestReader(BodyCursor json, RequestFields fields) {
        this.json = json;
        this.fields = fields;
        this.messages = new MessagesReader(json, fields);
        this.inputs = new InputReader(json, fields);
    }

    static RequestFields read(Endpoint endpoint, byte[] body, int length) throws BadRequest {
        int start = length >= BOM.length && Arrays.equals(body, 0, 3, BOM, 0, 3) ? BOM.length : 0;
        mustBeUtf8(body, start, length);
        RequestFields fields = new RequestFields(endpoint, body, length, start);
        if (start > 0 && length > start && body[start] == BOM[0]) {
            throw notJson(); // Jackson would read over a second mark
        }
        try (BodyCursor json = BodyCursor.of(body, start, length)) {
            new RequestReader(json, fields).body();
        } catch (JsonEOFException _) {
            throw new BadRequest("The body ends in the middle of its JSON.", null);
        } catch (StreamConstraintsException _) {
            throw BodyCursor.nameTooLong();
        } catch (IOException _) {
            throw notJson();
        }
        return fields;
    }

    private static BadRequest notJson() {
        return new BadRequest("The body is not JSON.", null);
    }

    private static void mustBeUtf8(byte[] body, int start, int length) throws BadRequest {
        boolean isUtf8 = Utf8.isWellFormed(body, start, length);
        for (int i = start; i < Math.min(length, start + UNIT_BYTES_MAX); i++) {
            isUtf8 &= body[i] != 0; // Jackson would take it for UTF-16 or UTF-32
        }
        if (!isUtf8) {
            throw new BadRequest("The body is not UTF-8.", null);
        }
    }

    private void body() throws IOException, BadRequest {
        JsonToken first = json.nextOrEnd();
        if (first == null) {
            throw new BadRequest("The body is empty.", null);
        }
        if (first != JsonToken.START_OBJECT) {
            throw new BadRequest("The body must be a JSON object.", null);
        }
        int object = json.enter(null);
        for (String name = json.name(object, null); name != null; name = json.name(object, null)) {
            if (fields.fieldCount() == RequestLimits.FIELDS_MAX) {
                throw new BadRequest(
                        "The body has more than %d fields.".formatted(RequestLimits.FIELDS_MAX),
                        null);
            }
            int field = fields.addField(name, json.at());
            JsonToken value = json.next();
            fields.valueStarts(field, json.at());
            field(name, value);
            if (json.isStructEnd()) {
                fields.valueEnds(field, json.at() + 1);
                count(name, field);
            }
        }
        json.leave(object);
        if (json.nextOrEnd() != null) {
            throw new BadRequest("The body goes on behind its JSON object.", null);
        }
        mustBeWhole();
    }

    private void mustBeWhole() throws BadRequest {
        if (!hasModel) {
            throw new BadRequest("`model` is missing.", "model");
        }
        switch (fields.endpoint) {
            case CHAT -> {
                if (fields.messageCount == 0) {
                    throw new BadRequest("`messages` is missing or empty.", "messages");
                }
            }
            case COMPLETIONS -> {} // without a prompt, a model begins a new document
            case EMBEDDINGS -> {
                if (!fields.hasInput) {
                    throw new BadRequest("`input` is missing or empty.", "input");
                }
            }
        }
    }

    /// Schemas that a model reads count as tokens, as the JSON that they are.
    private void count(String name, int field) {
        boolean counts =
                switch (name) {
                    case "tools", "functions" -> true;
                    case "response_format" -> "json_schema".equals(fields.responseFormat);
                    default -> false;
                };
        if (counts) {
            fields.counted.add(fields.valueStart(field), fields.valueEnd(field));
        }
    }

    private void field(String name, JsonToken value) throws IOException, BadRequest {
        switch (name) {
            case "model" -> {
                fields.model = json.required(value, name, RequestLimits.MODEL_LENGTH_MAX);
                hasModel = true;
            }
            case "stream" -> fields.stream = json.flag(value, name);
            case "stream_options" -> streamOptions(value);
            case "max_tokens", "max_completion_tokens" -> maxTokens(value, name);
            case "temperature" ->
                    fields.temperatureMicros =
                            json.micros(value, name, RequestLimits.TEMPERATURE_MICROS_MAX);
            case "top_p" ->
                    fields.topPMicros = json.micros(value, name, RequestLimits.TOP_P_MICROS_MAX);
            case "n" -> fields.n = json.whole(value, name, 1, RequestLimits.ANSWERS_MAX);
            case "seed" ->
                    fields.seed = json.whole(value, name, RequestLimits.SEED_MIN, Long.MAX_VALUE);
            case "reasoning_effort" -> fields.reasoningEffort = word(value, name);
            case "service_tier" -> fields.serviceTier = word(value, name);
            case "user" -> fields.user = json.text(value, name, RequestLimits.USER_LENGTH_MAX);
            case "response_format" -> responseFormat(value);
            case "metadata" -> metadata(value);
            case "tools", "functions" -> fields.toolCount += objects(value, name);
            case "messages" -> messages.read(value);
            case "prompt" -> inputs.read(value, name, fields.endpoint == Endpoint.COMPLETIONS);
            case "input" -> inputs.read(value, name, fields.endpoint == Endpoint.EMBEDDINGS);
            case "suffix" -> inputs.text(value);
            default -> json.skip(value);
        }
    }

    private @Nullable String word(JsonToken value, String field) throws IOException, BadRequest {
        return json.text(value, field, RequestLimits.WORD_LENGTH_MAX);
    }

    private void maxTokens(JsonToken value, String field) throws IOException, BadRequest {
        long tokens = json.whole(value, field, 1, RequestLimits.TOKENS_MAX);
        if (tokens == OpenAiRequest.ABSENT) {
            return;
        }
        if (fields.maxTokens != OpenAiRequest.ABSENT && fields.maxTokens != tokens) {
            throw new BadRequest(
                    "`max_tokens` and `max_completion_tokens` differ; send one of them.", field);
        }
        fields.maxTokens = tokens;
    }

    private void streamOptions(JsonToken value) throws IOException, BadRequest {
        String field = "stream_options";
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        BodyCursor.mustBe(value, JsonToken.START_OBJECT, "an object", field);
        int object = json.enter(field);
        for (String name = json.name(object, field);
                name != null;
                name = json.name(object, field)) {
            JsonToken option = json.next();
            if (name.equals("include_usage")) {
                fields.includeUsageAt = json.at();
                fields.includeUsage = json.flag(option, "stream_options.include_usage");
            } else {
                json.skip(option);
            }
        }
        json.leave(object);
    }

    private void responseFormat(JsonToken value) throws IOException, BadRequest {
        String field = "response_format";
        String type = "response_format.type";
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        BodyCursor.mustBe(value, JsonToken.START_OBJECT, "an object", field);
        int object = json.enter(field);
        for (String name = json.name(object, field);
                name != null;
                name = json.name(object, field)) {
            JsonToken member = json.next();
            if (name.equals("type")) {
                fields.responseFormat = json.required(member, type, RequestLimits.WORD_LENGTH_MAX);
            } else {
                json.skip(member);
            }
        }
        json.leave(object);
        if (fields.responseFormat == null) {
            throw new BadRequest("`response_format.type` is missing.", type);
        }
    }

    private void metadata(JsonToken value) throws IOException, BadRequest {
        String field = "metadata";
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        BodyCursor.mustBe(value, JsonToken.START_OBJECT, "an object", field);
        int object = json.enter(field);
        for (String key = json.name(object, field); key != null; key = json.name(object, field)) {
            String[] entries = fields.metadata;
            if (entries.length == 2 * RequestLimits.METADATA_MAX) {
                throw new BadRequest(
                        "`metadata` has more than %d entries."
                                .formatted(RequestLimits.METADATA_MAX),
                        field);
            }
            if (key.length() > RequestLimits.METADATA_KEY_LENGTH_MAX) {
                throw new BadRequest(
                        "A key of `metadata` is longer than %d characters."
                                .formatted(RequestLimits.METADATA_KEY_LENGTH_MAX),
                        field);
            }
            if (json.next() != JsonToken.VALUE_STRING) {
                throw new BadRequest("A value of `metadata` is not a text.", field);
            }
            if (json.textLength() > RequestLimits.METADATA_VALUE_LENGTH_MAX) {
                throw new BadRequest(
                        "A value of `metadata` is longer than %d characters."
                                .formatted(RequestLimits.METADATA_VALUE_LENGTH_MAX),
                        field);
            }
            entries = Arrays.copyOf(entries, entries.length + 2);
            entries[entries.length - 2] = key;
            entries[entries.length - 1] = json.text();
            fields.metadata = entries;
        }
        json.leave(object);
    }

    /// Reads an array of objects without looking into them.
    ///
    /// @return how many there are
    private int objects(JsonToken value, String field) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return 0;
        }
        BodyCursor.mustBe(value, JsonToken.START_ARRAY, "an array of objects", field);
        json.descend(field);
        int count = 0;
        for (JsonToken next = json.element(); next != null; next = json.element()) {
            BodyCursor.mustBe(next, JsonToken.START_OBJECT, "an array of objects", field);
            json.skip(next);
            count++;
        }
        return count;
    }
}
