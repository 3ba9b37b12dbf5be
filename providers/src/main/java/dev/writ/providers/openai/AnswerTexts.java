package dev.writ.providers.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Arrays;

/// Reads what a model has written out of an answer, or out of an event of one.
///
/// A choice has several texts: its content, refusal and reasoning, the transcript of what it says,
/// the name and the arguments of each tool call; the text of older completions. Arguments are read
/// as they are written, as JSON. What only accompanies them (ids, roles, probabilities, sound) is
/// no text.
///
/// Reuse it for one stream; not for several threads at once.
public final class AnswerTexts {
    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    // Which text of a choice a piece belongs to.
    private static final int CONTENT = 0;
    private static final int REFUSAL = 1;
    private static final int REASONING_CONTENT = 2;
    private static final int REASONING = 3;
    private static final int REASONING_DETAILS = 4;
    private static final int TRANSCRIPT = 5;
    private static final int CALL_NAME = 6;
    private static final int CALL_ARGUMENTS = 7;
    private static final int FIRST_TOOL = 8;
    private static final int TEXTS_PER_TOOL = 2;

    /// The largest number of a tool call that is told from others.
    private static final int TOOL_MAX = 0xfffff;

    /// Added for texts of a `message`: some servers send it whole behind its pieces.
    private static final int OF_MESSAGE = 1 << 24;

    /// Gets what is read.
    public interface Sink {
        /// A piece of a text.
        ///
        /// @param choice its number in the answer
        /// @param field which of its texts: the same number for all pieces of one
        void text(int choice, int field, char[] chars, int from, int to);

        /// The choice is complete.
        void finished(int choice);
    }

    // What was read of a choice, until its number is known: pieces lie behind one another in
    // `chars`, and `ends` says where each ends.
    private char[] chars = new char[256];
    private int[] fields = new int[8];
    private int[] ends = new int[8];
    private int pieces;

    /// Reads `bytes[from, to)`.
    ///
    /// @return false if it cannot be read, or not to its end; the sink may have got a part
    public boolean read(byte[] bytes, int from, int to, Sink sink) {
        try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("choices") && value == JsonToken.START_ARRAY) {
                    choices(json, sink);
                } else {
                    json.skipChildren();
                }
            }
            return json.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private void choices(JsonParser json, Sink sink) throws IOException {
        int position = 0;
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (next == JsonToken.START_OBJECT) {
                choice(json, position, sink);
            } else {
                json.skipChildren();
            }
            position++;
        }
    }

    private void choice(JsonParser json, int position, Sink sink) throws IOException {
        pieces = 0;
        int index = position;
        boolean finished = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "index" -> index = index(json, value, index);
                case "delta" -> message(json, value, 0);
                case "message" -> message(json, value, OF_MESSAGE);
                case "text" -> text(json, value, CONTENT);
                case "finish_reason" -> {
                    finished = value == JsonToken.VALUE_STRING && json.getTextLength() > 0;
                    json.skipChildren();
                }
                default -> json.skipChildren();
            }
        }
        for (int piece = 0; piece < pieces; piece++) {
            sink.text(index, fields[piece], chars, start(piece), ends[piece]);
        }
        if (finished) {
            sink.finished(index);
        }
    }

    private static int index(JsonParser json, JsonToken value, int otherwise) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() == JsonParser.NumberType.INT) {
            return json.getIntValue();
        }
        json.skipChildren();
        return otherwise;
    }

    /// @param base of the fields
    private void message(JsonParser json, JsonToken value, int base) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken member = json.nextToken();
            switch (name) {
                case "content" -> content(json, member, base);
                case "refusal" -> text(json, member, base + REFUSAL);
                case "reasoning_content" -> text(json, member, base + REASONING_CONTENT);
                case "reasoning" -> text(json, member, base + REASONING);
                case "reasoning_details" ->
                        members(json, member, base + REASONING_DETAILS, "text", "summary");
                case "audio" -> members(json, member, base + TRANSCRIPT, "transcript", "");
                case "function_call" -> call(json, member, base + CALL_NAME);
                case "tool_calls" -> toolCalls(json, member, base);
                default -> json.skipChildren();
            }
        }
    }

    /// Reads a text, or a list of parts of it.
    private void content(JsonParser json, JsonToken value, int base) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            text(json, value, base + CONTENT);
            return;
        }
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (next != JsonToken.START_OBJECT) {
                text(json, next, base + CONTENT);
                continue;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken member = json.nextToken();
                switch (name) {
                    case "text" -> text(json, member, base + CONTENT);
                    case "refusal" -> text(json, member, base + REFUSAL);
                    case "thinking" -> {
                        if (member == JsonToken.START_ARRAY) {
                            members(json, member, base + REASONING, "text", "");
                        } else {
                            text(json, member, base + REASONING);
                        }
                    }
                    default -> json.skipChildren();
                }
            }
        }
    }

    /// Reads two members of an object, or of each object of a list.
    private void members(JsonParser json, JsonToken value, int field, String one, String other)
            throws IOException {
        switch (value) {
            case START_ARRAY -> {
                for (JsonToken next = json.nextToken();
                        next != JsonToken.END_ARRAY;
                        next = json.nextToken()) {
                    if (next == JsonToken.START_OBJECT) {
                        members(json, next, field, one, other);
                    } else {
                        text(json, next, field);
                    }
                }
            }
            case START_OBJECT -> {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    JsonToken member = json.nextToken();
                    if (name.equals(one) || name.equals(other)) {
                        text(json, member, field);
                    } else {
                        json.skipChildren();
                    }
                }
            }
            default -> json.skipChildren();
        }
    }

    private void toolCalls(JsonParser json, JsonToken value, int base) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        int position = 0;
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            if (next == JsonToken.START_OBJECT) {
                toolCall(json, position, base + FIRST_TOOL);
            } else {
                json.skipChildren();
            }
            position++;
        }
    }

    private void toolCall(JsonParser json, int position, int base) throws IOException {
        int index = position;
        int first = pieces;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "index" -> index = index(json, value, index);
                case "function", "custom" -> call(json, value, base);
                default -> json.skipChildren();
            }
        }
        for (int piece = first; piece < pieces; piece++) {
            fields[piece] += TEXTS_PER_TOOL * (index & TOOL_MAX);
        }
    }

    /// @param field of the name; the arguments have the next
    private void call(JsonParser json, JsonToken value, int field) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken member = json.nextToken();
            switch (name) {
                case "name" -> text(json, member, field);
                case "arguments", "input" -> text(json, member, field + CALL_ARGUMENTS - CALL_NAME);
                default -> json.skipChildren();
            }
        }
    }

    /// Reads a text; of an object or list in its place all that is in it, each in a line.
    private void text(JsonParser json, JsonToken value, int field) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            add(json, field);
            return;
        }
        if (!value.isStructStart()) {
            return;
        }
        int depth = 1;
        while (depth > 0) {
            JsonToken next = json.nextToken();
            if (next == null) {
                return; // the end is noticed by the caller
            }
            if (next.isStructStart()) {
                depth++;
            } else if (next.isStructEnd()) {
                depth--;
            } else if (next.isScalarValue()) {
                add(json, field);
                room(1);
                chars[ends[pieces - 1]++] = '\n';
            }
        }
    }

    /// Adds the value that the parser stands on.
    private void add(JsonParser json, int field) throws IOException {
        if (pieces == fields.length) {
            fields = Arrays.copyOf(fields, 2 * pieces);
            ends = Arrays.copyOf(ends, 2 * pieces);
        }
        int length = json.getTextLength();
        fields[pieces] = field;
        ends[pieces] = start(pieces);
        pieces++;
        room(length);
        System.arraycopy(
                json.getTextCharacters(), json.getTextOffset(), chars, ends[pieces - 1], length);
        ends[pieces - 1] += length;
    }

    private int start(int piece) {
        return piece == 0 ? 0 : ends[piece - 1];
    }

    /// Makes room behind the last piece.
    private void room(int wanted) {
        int needed = ends[pieces - 1] + wanted;
        if (needed > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(needed, 2 * chars.length));
        }
    }
}
