package dev.writ.providers.openai;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// Reads `messages`: how many, what images, and where their texts stand.
///
/// What a model may be given to read is a text, also where only other servers than OpenAI's take
/// it, so that no guard is passed by in an unusual shape.
final class MessagesReader {
    private static final String FIELD = "messages";

    private final BodyCursor json;
    private final RequestFields fields;

    MessagesReader(BodyCursor json, RequestFields fields) {
        this.json = json;
        this.fields = fields;
    }

    void read(JsonToken value) throws IOException, BadRequest {
        BodyCursor.mustBe(value, JsonToken.START_ARRAY, "an array", FIELD);
        json.descend(FIELD);
        for (JsonToken next = json.element(); next != null; next = json.element()) {
            if (fields.messageCount == RequestLimits.MESSAGES_MAX) {
                throw new BadRequest(
                        "`messages` has more than %d entries."
                                .formatted(RequestLimits.MESSAGES_MAX),
                        FIELD);
            }
            if (next != JsonToken.START_OBJECT) {
                throw wrong("A message must be an object.", "");
            }
            message();
            fields.messageCount++;
        }
    }

    /// @param member the path inside of the message that is being read
    private BadRequest wrong(String sentence, String member) {
        return new BadRequest(sentence, FIELD + "[" + fields.messageCount + "]" + member);
    }

    private void message() throws IOException, BadRequest {
        int object = json.enter(FIELD);
        boolean hasRole = false;
        for (String name = json.name(object, FIELD);
                name != null;
                name = json.name(object, FIELD)) {
            JsonToken value = json.next();
            switch (name) {
                case "role" -> {
                    role(value);
                    hasRole = true;
                }
                case "name" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        fields.namedMessageCount++;
                    }
                    counted(value);
                }
                case "content" -> content(value);
                case "refusal", "reasoning_content", "reasoning" -> text(value);
                case "tool_calls" -> toolCalls(value);
                case "function_call" -> call(value);
                default -> json.skip(value);
            }
        }
        json.leave(object);
        if (!hasRole) {
            throw wrong("A message has no `role`.", ".role");
        }
    }

    private void role(JsonToken value) throws IOException, BadRequest {
        if (value != JsonToken.VALUE_STRING) {
            throw wrong("`role` must be a text.", ".role");
        }
        int length = json.textLength();
        if (length == 0 || length > RequestLimits.WORD_LENGTH_MAX) {
            throw wrong(
                    "`role` must have 1 to %d characters.".formatted(RequestLimits.WORD_LENGTH_MAX),
                    ".role");
        }
    }

    private void content(JsonToken value) throws IOException, BadRequest {
        switch (value) {
            case VALUE_NULL -> {}
            case VALUE_STRING -> text(value);
            case START_ARRAY -> parts();
            default -> throw wrong("`content` must be a text or an array of parts.", ".content");
        }
    }

    private void parts() throws IOException, BadRequest {
        json.descend(FIELD);
        for (JsonToken next = json.element(); next != null; next = json.element()) {
            switch (next) {
                case VALUE_STRING -> text(next);
                case START_OBJECT -> part();
                default -> throw wrong("A part of `content` must be an object.", ".content");
            }
        }
    }

    private void part() throws IOException, BadRequest {
        int object = json.enter(FIELD);
        boolean isImage = false;
        boolean isSmall = false;
        for (String name = json.name(object, FIELD);
                name != null;
                name = json.name(object, FIELD)) {
            JsonToken value = json.next();
            switch (name) {
                case "type" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        isImage |= isImage(json.text());
                    } else {
                        json.skip(value);
                    }
                }
                case "image_url", "image", "image_embeds" -> {
                    isImage = true;
                    isSmall |= isSmall(value);
                }
                case "text" -> {
                    if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
                        throw wrong("`text` of a part must be a text.", ".content");
                    }
                    text(value);
                }
                case "refusal" -> text(value);
                case "thinking", "content" -> {
                    if (value == JsonToken.START_ARRAY) {
                        parts();
                    } else {
                        text(value);
                    }
                }
                default -> json.skip(value);
            }
        }
        json.leave(object);
        if (isImage) {
            fields.imageCount++;
            fields.smallImageCount += isSmall ? 1 : 0;
        }
    }

    private static boolean isImage(String type) {
        return switch (type) {
            case "image_url", "image", "input_image", "image_embeds" -> true;
            default -> false;
        };
    }

    /// Reads over an image and tells whether it is asked for in little detail.
    private boolean isSmall(JsonToken value) throws IOException, BadRequest {
        if (value != JsonToken.START_OBJECT) {
            json.skip(value);
            return false;
        }
        int object = json.enter(FIELD);
        boolean isSmall = false;
        for (String name = json.name(object, FIELD);
                name != null;
                name = json.name(object, FIELD)) {
            JsonToken member = json.next();
            if (name.equals("detail") && member == JsonToken.VALUE_STRING) {
                isSmall = json.text().equals("low");
            } else {
                json.skip(member);
            }
        }
        json.leave(object);
        return isSmall;
    }

    private void toolCalls(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            throw wrong("`tool_calls` must be an array.", ".tool_calls");
        }
        json.descend(FIELD);
        for (JsonToken next = json.element(); next != null; next = json.element()) {
            if (next != JsonToken.START_OBJECT) {
                throw wrong("A tool call must be an object.", ".tool_calls");
            }
            int object = json.enter(FIELD);
            for (String name = json.name(object, FIELD);
                    name != null;
                    name = json.name(object, FIELD)) {
                JsonToken member = json.next();
                switch (name) {
                    case "function", "custom" -> call(member);
                    default -> json.skip(member);
                }
            }
            json.leave(object);
        }
    }

    /// Reads name and arguments of a call, or the input of one to a custom tool.
    private void call(JsonToken value) throws IOException, BadRequest {
        if (value != JsonToken.START_OBJECT) {
            json.skip(value);
            return;
        }
        int object = json.enter(FIELD);
        for (String name = json.name(object, FIELD);
                name != null;
                name = json.name(object, FIELD)) {
            JsonToken member = json.next();
            switch (name) {
                case "name" -> counted(member);
                case "arguments", "input" -> {
                    int from = json.at();
                    if (member.isStructStart()) { // some clients send them as they are
                        json.skip(member);
                        InputReader.add(fields, from, json.at() + 1, FIELD);
                    } else {
                        text(member);
                    }
                }
                default -> json.skip(member);
            }
        }
        json.leave(object);
    }

    private void counted(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_STRING) {
            fields.counted.add(json.at(), 0);
        } else {
            json.skip(value);
        }
    }

    private void text(JsonToken value) throws IOException, BadRequest {
        if (value == JsonToken.VALUE_STRING) {
            InputReader.add(fields, json.at(), 0, FIELD);
        } else {
            json.skip(value);
        }
    }
}
