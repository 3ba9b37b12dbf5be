package dev.writ.providers.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What one JSON object from a provider says: a whole answer, or the data of one event.
///
/// @param usage null if it has none that is as documented
/// @param isError it has an `error`
/// @param hasContent one of its choices has something of an answer: text, reasoning, a refusal, a
///     tool call, sound
record Answer(@Nullable Usage usage, boolean isError, boolean hasContent) {
    /// Nothing that can be read.
    static final Answer NONE = new Answer(null, false, false);

    private static final long TOKENS_MAX = 1L << 40;

    static Answer read(byte[] bytes, int offset, int length) {
        try (JsonParser json = RequestReader.JSON.createParser(bytes, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return NONE;
            }
            Usage usage = null;
            boolean isError = false;
            boolean hasContent = false;
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "usage" -> {
                        Usage found = usage(json, value);
                        usage = found == null ? usage : found;
                    }
                    case "x_groq" -> {
                        Usage found = groq(json, value);
                        usage = usage == null ? found : usage;
                    }
                    case "error" -> {
                        isError |= value != JsonToken.VALUE_NULL;
                        json.skipChildren();
                    }
                    case "choices" -> hasContent |= choices(json, value);
                    default -> json.skipChildren();
                }
            }
            return new Answer(usage, isError, hasContent);
        } catch (IOException _) {
            return NONE;
        }
    }

    private static @Nullable Usage groq(JsonParser json, JsonToken value) throws IOException {
        Usage usage = null;
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken member = json.nextToken();
            if (name.equals("usage")) {
                usage = usage(json, member);
            } else {
                json.skipChildren();
            }
        }
        return usage;
    }

    private static @Nullable Usage usage(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return null;
        }
        long input = -1;
        long output = 0;
        long cached = 0;
        long cacheHits = 0;
        long reasoning = 0;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken member = json.nextToken();
            switch (name) {
                case "prompt_tokens" -> input = tokens(json, member);
                case "completion_tokens" -> output = tokens(json, member);
                case "prompt_tokens_details" -> cached = detail(json, member, "cached_tokens");
                case "prompt_cache_hit_tokens" -> cacheHits = tokens(json, member);
                case "completion_tokens_details" ->
                        reasoning = detail(json, member, "reasoning_tokens");
                default -> json.skipChildren();
            }
        }
        if (input < 0 || output < 0 || cached < 0 || cacheHits < 0 || reasoning < 0) {
            return null;
        }
        return new Usage(input, output, Math.max(cached, cacheHits), reasoning);
    }

    private static long detail(JsonParser json, JsonToken value, String detail) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return value == JsonToken.VALUE_NULL ? 0 : -1;
        }
        long tokens = 0;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken member = json.nextToken();
            if (name.equals(detail)) {
                tokens = tokens(json, member);
            } else {
                json.skipChildren();
            }
        }
        return tokens;
    }

    /// Returns a count, 0 for null; -1 if it is none.
    private static long tokens(JsonParser json, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return 0;
        }
        if (!value.isNumeric()) {
            json.skipChildren();
            return -1;
        }
        long tokens = Numbers.whole(json.getText());
        return tokens < 0 || tokens > TOKENS_MAX ? -1 : tokens;
    }

    private static boolean choices(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return false;
        }
        boolean hasContent = false;
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (next != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken member = json.nextToken();
                switch (name) {
                    case "text" -> hasContent |= isText(json, member);
                    case "delta", "message" -> hasContent |= delta(json, member);
                    default -> json.skipChildren();
                }
            }
        }
        return hasContent;
    }

    private static boolean delta(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return false;
        }
        boolean hasContent = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken member = json.nextToken();
            switch (name) {
                case "content", "reasoning_content", "reasoning", "refusal" ->
                        hasContent |= isText(json, member) || isFilled(json, member);
                case "tool_calls", "function_call", "audio", "images" ->
                        hasContent |= isFilled(json, member);
                default -> json.skipChildren();
            }
        }
        return hasContent;
    }

    private static boolean isText(JsonParser json, JsonToken value) throws IOException {
        return value == JsonToken.VALUE_STRING && json.getTextLength() > 0;
    }

    /// Reads over a value and tells whether it is an object or an array with anything in it.
    private static boolean isFilled(JsonParser json, JsonToken value) throws IOException {
        if (!value.isStructStart()) {
            return false;
        }
        int depth = 1;
        boolean isFilled = false;
        while (depth > 0) {
            JsonToken next = json.nextToken();
            depth += next.isStructStart() ? 1 : next.isStructEnd() ? -1 : 0;
            isFilled |= depth > 0;
        }
        return isFilled;
    }
}
