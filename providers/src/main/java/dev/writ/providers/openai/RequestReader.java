package dev.writ.providers.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One pass over a body: what [OpenAiRequest] knows, or the first thing that is wrong.
///
/// Names of one object may not stand twice, anywhere: which of the two counts differs between
/// readers, and what the policy saw must be what the provider sees.
final class RequestReader {
    /// Reads tokens; what they hold is bounded here, not by Jackson's own limits.
    static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(2 * RequestLimits.DEPTH_MAX)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNumberLength(RequestLimits.NUMBER_CHARS_MAX)
                                    .maxNameLength(RequestLimits.NAME_BYTES_MAX)
                                    .build())
                    .build();

    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    final Endpoint endpoint;
    final byte[] body;
    final int length;

    /// Behind a byte order mark.
    final int start;

    // Of each field of the body: its name, where its quote stands, its value, and the value's end,
    // which is 0 for all but objects and arrays.
    private String[] fieldNames = new String[24];
    private int[] fieldStarts = new int[72];
    private int fieldCount;

    final Spans texts = new Spans();
    final Spans counted = new Spans();

    @Nullable String model;
    boolean stream;
    long maxTokens = OpenAiRequest.ABSENT;
    long temperatureMicros = OpenAiRequest.ABSENT;
    long topPMicros = OpenAiRequest.ABSENT;
    long n = OpenAiRequest.ABSENT;
    long seed = OpenAiRequest.ABSENT;
    int messageCount;
    int namedMessageCount;
    int toolCount;
    int imageCount;
    int smallImageCount;
    long givenTokens;
    @Nullable String reasoningEffort;
    @Nullable String serviceTier;
    @Nullable String user;
    @Nullable String responseFormat;
    String[] metadata = {};
    boolean includeUsage;

    /// Where the value of `include_usage` stands; 0 if nowhere.
    int includeUsageAt;

    private final JsonParser json;
    private final Names names = new Names();
    private int depth;
    private boolean hasInput;

    private RequestReader(Endpoint endpoint, byte[] body, int length, int start, JsonParser json) {
        this.endpoint = endpoint;
        this.body = body;
        this.length = length;
        this.start = start;
        this.json = json;
    }

    static RequestReader read(Endpoint endpoint, byte[] body, int length) throws BadRequest {
        int start = length >= BOM.length && Arrays.equals(body, 0, 3, BOM, 0, 3) ? BOM.length : 0;
        if (!Utf8.isWellFormed(body, start, length)) {
            throw new BadRequest("The body is not UTF-8.", null);
        }
        for (int i = start; i < Math.min(length, start + 4); i++) {
            if (body[i] == 0) { // Jackson would take it for UTF-16 or UTF-32
                throw new BadRequest("The body is not UTF-8.", null);
            }
        }
        try (JsonParser json = JSON.createParser(body, start, length - start)) {
            RequestReader reader = new RequestReader(endpoint, body, length, start, json);
            reader.root();
            return reader;
        } catch (JsonEOFException _) {
            throw new BadRequest("The body ends in the middle of its JSON.", null);
        } catch (StreamConstraintsException _) {
            throw new BadRequest(
                    "The body has a number of more than %d characters or a name of more than %d bytes."
                            .formatted(
                                    RequestLimits.NUMBER_CHARS_MAX, RequestLimits.NAME_BYTES_MAX),
                    null);
        } catch (IOException _) {
            throw new BadRequest("The body is not JSON.", null);
        }
    }

    int fieldCount() {
        return fieldCount;
    }

    String[] fieldNames() {
        return fieldNames;
    }

    int[] fieldStarts() {
        return fieldStarts;
    }

    private void root() throws IOException, BadRequest {
        JsonToken first = json.nextToken();
        if (first == null) {
            throw new BadRequest("The body is empty.", null);
        }
        if (first != JsonToken.START_OBJECT) {
            throw new BadRequest("The body must be a JSON object.", null);
        }
        int object = open(null);
        for (String name = name(object, null); name != null; name = name(object, null)) {
            int field = addField(name);
            JsonToken value = json.nextToken();
            fieldStarts[3 * field + 1] = at();
            field(name, value);
            if (json.currentToken().isStructEnd()) {
                fieldStarts[3 * field + 2] = at() + 1;
                countRaw(name, field);
            }
        }
        close(object);
        if (json.nextToken() != null) {
            throw new BadRequest("The body goes on behind its JSON object.", null);
        }
        mustHave();
    }

    private void mustHave() throws BadRequest {
        if (model == null) {
            throw new BadRequest("`model` is missing.", "model");
        }
        switch (endpoint) {
            case CHAT -> {
                if (messageCount == 0) {
                    throw new BadRequest("`messages` is missing or empty.", "messages");
                }
            }
            case COMPLETIONS -> {} // without a prompt, a model begins a new document
            case EMBEDDINGS -> {
                if (!hasInput) {
                    throw new BadRequest("`input` is missing or empty.", "input");
                }
            }
        }
    }

    private int addField(String name) throws IOException, BadRequest {
        if (fieldCount == RequestLimits.FIELDS_MAX) {
            throw new BadRequest(
                    "The body has more than %d fields.".formatted(RequestLimits.FIELDS_MAX), null);
        }
        if (fieldCount == fieldNames.length) {
            fieldNames = Arrays.copyOf(fieldNames, fieldCount * 2);
            fieldStarts = Arrays.copyOf(fieldStarts, fieldCount * 6);
        }
        fieldNames[fieldCount] = name;
        fieldStarts[3 * fieldCount] = at();
        return fieldCount++;
    }

    /// Schemas that the model reads count as tokens, as the JSON that they are.
    private void countRaw(String name, int field) {
        switch (name) {
            case "tools", "functions", "response_format" ->
                    counted.add(fieldStarts[3 * field + 1], fieldStarts[3 * field + 2]);
            default -> {}
        }
    }

    private void field(String name, JsonToken value) throws IOException, BadRequest {
        switch (name) {
            case "model" -> model = required(value, "model", RequestLimits.MODEL_LENGTH_MAX);
            case "stream" -> stream = flag(value, "stream");
            case "stream_options" -> streamOptions(value);
            case "max_tokens" -> maxTokens(value, "max_tokens");
            case "max_completion_tokens" -> maxTokens(value, "max_completion_tokens");
            case "temperature" ->
                    temperatureMicros =
                            micros(value, "temperature", RequestLimits.TEMPERATURE_MICROS_MAX);
            case "top_p" -> topPMicros = micros(value, "top_p", RequestLimits.TOP_P_MICROS_MAX);
            case "n" -> n = whole(value, "n", 1, RequestLimits.ANSWERS_MAX);
            case "seed" -> seed = whole(value, "seed", Long.MIN_VALUE + 1, Long.MAX_VALUE);
            case "reasoning_effort" ->
                    reasoningEffort = text(value, name, RequestLimits.WORD_LENGTH_MAX);
            case "service_tier" -> serviceTier = text(value, name, RequestLimits.WORD_LENGTH_MAX);
            case "user" -> user = text(value, name, RequestLimits.USER_LENGTH_MAX);
            case "response_format" -> responseFormat(value);
            case "metadata" -> metadata(value);
            case "tools" -> toolCount += objects(value, "tools");
            case "functions" -> toolCount += objects(value, "functions");
            case "messages" -> messages(value);
            case "prompt" -> inputs(value, "prompt", endpoint == Endpoint.COMPLETIONS);
            case "input" -> inputs(value, "input", endpoint == Endpoint.EMBEDDINGS);
            case "suffix" -> lenientText(value);
            default -> skip(value);
        }
    }

    private void maxTokens(JsonToken value, String field) throws IOException, BadRequest {
        long tokens = whole(value, field, 1, RequestLimits.TOKENS_MAX);
        if (tokens == OpenAiRequest.ABSENT) {
            return;
        }
        if (maxTokens != OpenAiRequest.ABSENT && maxTokens != tokens) {
            throw new BadRequest(
                    "`max_tokens` and `max_completion_tokens` differ; send one of them.", field);
        }
        maxTokens = tokens;
    }

    private void streamOptions(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        mustBe(value, JsonToken.START_OBJECT, "an object", "stream_options");
        int object = open("stream_options");
        for (String name = name(object, "stream_options");
                name != null;
                name = name(object, "stream_options")) {
            JsonToken option = json.nextToken();
            if (name.equals("include_usage")) {
                includeUsageAt = at();
                includeUsage = flag(option, "stream_options.include_usage");
            } else {
                skip(option);
            }
        }
        close(object);
    }

    private void responseFormat(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        mustBe(value, JsonToken.START_OBJECT, "an object", "response_format");
        int object = open("response_format");
        for (String name = name(object, "response_format");
                name != null;
                name = name(object, "response_format")) {
            JsonToken member = json.nextToken();
            if (name.equals("type")) {
                responseFormat =
                        required(member, "response_format.type", RequestLimits.WORD_LENGTH_MAX);
            } else {
                skip(member);
            }
        }
        close(object);
        if (responseFormat == null) {
            throw new BadRequest("`response_format.type` is missing.", "response_format.type");
        }
    }

    private void metadata(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        mustBe(value, JsonToken.START_OBJECT, "an object", "metadata");
        int object = open("metadata");
        for (String name = name(object, "metadata");
                name != null;
                name = name(object, "metadata")) {
            if (metadata.length == 2 * RequestLimits.METADATA_MAX) {
                throw new BadRequest(
                        "`metadata` has more than %d entries."
                                .formatted(RequestLimits.METADATA_MAX),
                        "metadata");
            }
            if (name.length() > RequestLimits.METADATA_KEY_LENGTH_MAX) {
                throw new BadRequest(
                        "A key of `metadata` is longer than %d characters."
                                .formatted(RequestLimits.METADATA_KEY_LENGTH_MAX),
                        "metadata");
            }
            JsonToken entry = json.nextToken();
            if (entry != JsonToken.VALUE_STRING) {
                throw new BadRequest("A value of `metadata` is not a text.", "metadata");
            }
            if (json.getTextLength() > RequestLimits.METADATA_VALUE_LENGTH_MAX) {
                throw new BadRequest(
                        "A value of `metadata` is longer than %d characters."
                                .formatted(RequestLimits.METADATA_VALUE_LENGTH_MAX),
                        "metadata");
            }
            metadata = Arrays.copyOf(metadata, metadata.length + 2);
            metadata[metadata.length - 2] = name;
            metadata[metadata.length - 1] = json.getText();
        }
        close(object);
    }

    /// Reads an array of objects without looking into them.
    ///
    /// @return how many there are
    private int objects(JsonToken value, String field) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return 0;
        }
        mustBe(value, JsonToken.START_ARRAY, "an array", field);
        descend(field);
        int count = 0;
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            mustBe(next, JsonToken.START_OBJECT, "an array of objects", field);
            skip(next);
            count++;
        }
        depth--;
        return count;
    }

    private void messages(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL && endpoint != Endpoint.CHAT) {
            return;
        }
        mustBe(value, JsonToken.START_ARRAY, "an array", "messages");
        descend("messages");
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (messageCount == RequestLimits.MESSAGES_MAX) {
                throw new BadRequest(
                        "`messages` has more than %d entries."
                                .formatted(RequestLimits.MESSAGES_MAX),
                        "messages");
            }
            if (next != JsonToken.START_OBJECT) {
                throw new BadRequest("A message must be an object.", message(""));
            }
            message();
            messageCount++;
        }
        depth--;
    }

    /// Returns the path of a member of the message that is being read.
    private String message(String member) {
        return "messages[" + messageCount + "]" + member;
    }

    private void message() throws IOException, BadRequest {
        int object = open("messages");
        boolean hasRole = false;
        for (String name = name(object, "messages");
                name != null;
                name = name(object, "messages")) {
            JsonToken value = json.nextToken();
            switch (name) {
                case "role" -> {
                    role(value);
                    hasRole = true;
                }
                case "name" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        counted.add(at(), 0);
                        namedMessageCount++;
                    }
                    skip(value);
                }
                case "content" -> content(value);
                case "refusal", "reasoning_content", "reasoning" -> lenientText(value);
                case "tool_calls" -> toolCalls(value);
                case "function_call" -> {
                    if (value == JsonToken.START_OBJECT) {
                        call();
                    } else {
                        skip(value);
                    }
                }
                default -> skip(value);
            }
        }
        close(object);
        if (!hasRole) {
            throw new BadRequest("A message has no `role`.", message(".role"));
        }
    }

    private void role(JsonToken value) throws IOException, BadRequest {
        if (value != JsonToken.VALUE_STRING) {
            throw new BadRequest("`role` must be a text.", message(".role"));
        }
        int length = json.getTextLength();
        if (length == 0 || length > RequestLimits.WORD_LENGTH_MAX) {
            throw new BadRequest(
                    "`role` must have 1 to %d characters.".formatted(RequestLimits.WORD_LENGTH_MAX),
                    message(".role"));
        }
    }

    private void content(JsonToken value) throws IOException, BadRequest {
        switch (value) {
            case VALUE_NULL -> {}
            case VALUE_STRING -> addText(at(), 0, "messages");
            case START_ARRAY -> parts();
            default ->
                    throw new BadRequest(
                            "`content` must be a text or an array of parts.", message(".content"));
        }
    }

    private void parts() throws IOException, BadRequest {
        descend("messages");
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            switch (next) {
                case VALUE_STRING -> addText(at(), 0, "messages");
                case START_OBJECT -> part();
                default ->
                        throw new BadRequest(
                                "A part of `content` must be an object.", message(".content"));
            }
        }
        depth--;
    }

    private void part() throws IOException, BadRequest {
        int object = open("messages");
        boolean isImage = false;
        boolean isSmall = false;
        for (String name = name(object, "messages");
                name != null;
                name = name(object, "messages")) {
            JsonToken value = json.nextToken();
            switch (name) {
                case "type" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        isImage |= isImage(json.getText());
                    } else {
                        skip(value);
                    }
                }
                case "image_url", "image", "image_embeds" -> {
                    isImage = true;
                    isSmall |= value == JsonToken.START_OBJECT ? image() : skip(value);
                }
                case "text" -> {
                    if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
                        throw new BadRequest(
                                "`text` of a part must be a text.", message(".content"));
                    }
                    lenientText(value);
                }
                case "refusal" -> lenientText(value);
                case "thinking", "content" -> {
                    if (value == JsonToken.START_ARRAY) {
                        parts();
                    } else {
                        lenientText(value);
                    }
                }
                default -> skip(value);
            }
        }
        close(object);
        if (isImage) {
            imageCount++;
            smallImageCount += isSmall ? 1 : 0;
        }
    }

    private static boolean isImage(String type) {
        return switch (type) {
            case "image_url", "image", "input_image", "image_embeds" -> true;
            default -> false;
        };
    }

    /// Returns whether the image is asked for in little detail.
    private boolean image() throws IOException, BadRequest {
        int object = open("messages");
        boolean isSmall = false;
        for (String name = name(object, "messages");
                name != null;
                name = name(object, "messages")) {
            JsonToken value = json.nextToken();
            if (name.equals("detail") && value == JsonToken.VALUE_STRING) {
                isSmall = json.getText().equals("low");
            } else {
                skip(value);
            }
        }
        close(object);
        return isSmall;
    }

    private void toolCalls(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            throw new BadRequest("`tool_calls` must be an array.", message(".tool_calls"));
        }
        descend("messages");
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (next != JsonToken.START_OBJECT) {
                throw new BadRequest("A tool call must be an object.", message(".tool_calls"));
            }
            int object = open("messages");
            for (String name = name(object, "messages");
                    name != null;
                    name = name(object, "messages")) {
                JsonToken member = json.nextToken();
                boolean isCall = name.equals("function") || name.equals("custom");
                if (isCall && member == JsonToken.START_OBJECT) {
                    call();
                } else {
                    skip(member);
                }
            }
            close(object);
        }
        depth--;
    }

    /// Reads `name` and `arguments` of a call, or `input` of one to a custom tool.
    private void call() throws IOException, BadRequest {
        int object = open("messages");
        for (String name = name(object, "messages");
                name != null;
                name = name(object, "messages")) {
            JsonToken value = json.nextToken();
            switch (name) {
                case "name" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        counted.add(at(), 0);
                    }
                    skip(value);
                }
                case "arguments", "input" -> {
                    int from = at();
                    skip(value);
                    if (value == JsonToken.VALUE_STRING) {
                        addText(from, 0, "messages");
                    } else if (value.isStructStart()) {
                        addText(from, at() + 1, "messages");
                    }
                }
                default -> skip(value);
            }
        }
        close(object);
    }

    /// Reads a text, several, tokens, or several arrays of tokens.
    ///
    /// @param isOwn whether the endpoint has the field; elsewhere only its texts are wanted
    private void inputs(JsonToken value, String field, boolean isOwn)
            throws IOException, BadRequest {
        switch (value) {
            case VALUE_NULL -> {}
            case VALUE_STRING -> {
                addText(at(), 0, field);
                hasInput = true;
            }
            case START_ARRAY -> inputArray(field, isOwn);
            default -> {
                if (isOwn) {
                    throw notInput(field);
                }
                skip(value);
            }
        }
    }

    private void inputArray(String field, boolean isOwn) throws IOException, BadRequest {
        descend(field);
        int texts = 0;
        int arrays = 0;
        long tokens = 0;
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            switch (next) {
                case VALUE_STRING -> {
                    addText(at(), 0, field);
                    texts++;
                }
                case VALUE_NUMBER_INT -> tokens++;
                case START_ARRAY -> {
                    tokens(field, isOwn);
                    arrays++;
                }
                default -> {
                    if (isOwn) {
                        throw notInput(field);
                    }
                    skip(next);
                }
            }
            if (isOwn && texts + arrays > RequestLimits.INPUTS_MAX) {
                throw new BadRequest(
                        "`%s` has more than %d entries.".formatted(field, RequestLimits.INPUTS_MAX),
                        field);
            }
        }
        depth--;
        int shapes = (texts > 0 ? 1 : 0) + (arrays > 0 ? 1 : 0) + (tokens > 0 ? 1 : 0);
        if (isOwn && shapes > 1) {
            throw notInput(field);
        }
        givenTokens += tokens;
        hasInput |= shapes > 0;
    }

    private void tokens(String field, boolean isOwn) throws IOException, BadRequest {
        descend(field);
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (next != JsonToken.VALUE_NUMBER_INT) {
                if (isOwn) {
                    throw notInput(field);
                }
                skip(next);
            }
            givenTokens++;
        }
        depth--;
    }

    private static BadRequest notInput(String field) {
        return new BadRequest(
                "`%s` must be a text, an array of texts, an array of tokens or an array of such arrays."
                        .formatted(field),
                field);
    }

    private void lenientText(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_STRING) {
            addText(at(), 0, null);
        } else {
            skip(value);
        }
    }

    private void addText(int from, int to, @Nullable String param) throws BadRequest {
        if (texts.size() == RequestLimits.TEXTS_MAX) {
            throw new BadRequest(
                    "The body has more than %d texts.".formatted(RequestLimits.TEXTS_MAX), param);
        }
        texts.add(from, to);
    }

    private boolean flag(JsonToken value, String field) throws BadRequest {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw new BadRequest("`%s` must be true or false.".formatted(field), field);
        };
    }

    private String required(JsonToken value, String field, int lengthMax)
            throws IOException, BadRequest {
        String text = value == JsonToken.VALUE_NULL ? null : text(value, field, lengthMax);
        if (text == null || text.isEmpty()) {
            throw new BadRequest("`%s` must not be empty.".formatted(field), field);
        }
        return text;
    }

    private @Nullable String text(JsonToken value, String field, int lengthMax)
            throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return null;
        }
        mustBe(value, JsonToken.VALUE_STRING, "a text", field);
        if (json.getTextLength() > lengthMax) {
            throw new BadRequest(
                    "`%s` is longer than %d characters.".formatted(field, lengthMax), field);
        }
        return json.getText();
    }

    private long whole(JsonToken value, String field, long min, long max)
            throws IOException, BadRequest {
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

    private long micros(JsonToken value, String field, long max) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return OpenAiRequest.ABSENT;
        }
        mustBeNumber(value, field);
        long number = Numbers.micros(json.getText());
        if (number == Numbers.NONE || number < 0 || number > max) {
            throw new BadRequest(
                    "`%s` must be from 0 to %d.".formatted(field, max / 1_000_000), field);
        }
        return number;
    }

    private static void mustBeNumber(JsonToken value, String field) throws BadRequest {
        if (!value.isNumeric()) {
            throw new BadRequest("`%s` must be a number.".formatted(field), field);
        }
    }

    private static void mustBe(JsonToken value, JsonToken wanted, String noun, String field)
            throws BadRequest {
        if (value != wanted) {
            throw new BadRequest("`%s` must be %s.".formatted(field, noun), field);
        }
    }

    /// Reads over a value.
    ///
    /// @return false
    private boolean skip(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.START_OBJECT) {
            int object = open(null);
            while (name(object, null) != null) {
                skip(json.nextToken());
            }
            close(object);
        } else if (value == JsonToken.START_ARRAY) {
            descend(null);
            for (JsonToken next = json.nextToken();
                    next != JsonToken.END_ARRAY;
                    next = json.nextToken()) {
                skip(next);
            }
            depth--;
        }
        return false;
    }

    private int open(@Nullable String param) throws BadRequest {
        descend(param);
        return names.open();
    }

    private void close(int object) {
        names.close(object, depth);
        depth--;
    }

    private void descend(@Nullable String param) throws BadRequest {
        if (++depth > RequestLimits.DEPTH_MAX) {
            throw new BadRequest(
                    "The body nests deeper than %d.".formatted(RequestLimits.DEPTH_MAX), param);
        }
    }

    /// Returns the next name of the object, null at its end.
    private @Nullable String name(int object, @Nullable String param)
            throws IOException, BadRequest {
        String name = json.nextFieldName();
        if (name == null) {
            return null;
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

    private int at() {
        return start + (int) json.currentTokenLocation().getByteOffset();
    }
}
