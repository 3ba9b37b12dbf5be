package dev.writ.providers.openai;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What was read of a body: plain values, and where things stand in its bytes.
///
/// Only [RequestReader] and the readers below it fill it.
final class RequestFields {
    final Endpoint endpoint;
    final byte[] body;
    final int length;

    /// Where the JSON begins: behind a byte order mark.
    final int start;

    /// What a model is given to read. A range without an end is a JSON text whose quote stands at
    /// its start; others are JSON that is taken as it stands.
    final Spans texts = new Spans();

    /// What is no text of the prompt and yet counts as tokens: names and schemas.
    final Spans counted = new Spans();

    String model = "";
    boolean stream;
    boolean includeUsage;

    /// Where the value of `include_usage` stands; 0 if nowhere.
    int includeUsageAt;

    long maxTokens = OpenAiRequest.ABSENT;
    long temperatureMicros = OpenAiRequest.ABSENT;
    long topPMicros = OpenAiRequest.ABSENT;
    long n = OpenAiRequest.ABSENT;
    long seed = OpenAiRequest.ABSENT;
    @Nullable String reasoningEffort;
    @Nullable String serviceTier;
    @Nullable String user;
    @Nullable String responseFormat;

    /// Keys and values in turn.
    String[] metadata = {};

    int messageCount;
    int namedMessageCount;
    int toolCount;
    int imageCount;

    /// Images, among [#imageCount], that are asked for in little detail.
    int smallImageCount;

    /// Tokens that came as numbers.
    long givenTokens;

    /// There is a prompt or an input, of texts or tokens.
    boolean hasInput;

    private String[] names = new String[24];
    private int[] places = new int[3 * names.length];
    private int fieldCount;

    RequestFields(Endpoint endpoint, byte[] body, int length, int start) {
        this.endpoint = endpoint;
        this.body = body;
        this.length = length;
        this.start = start;
    }

    /// Adds a field of the body itself, whose name stands at `at`.
    ///
    /// @return its number
    int addField(String name, int at) {
        if (fieldCount == names.length) {
            names = Arrays.copyOf(names, fieldCount * 2);
            places = Arrays.copyOf(places, fieldCount * 6);
        }
        names[fieldCount] = name;
        places[3 * fieldCount] = at;
        return fieldCount++;
    }

    void valueStarts(int field, int at) {
        places[3 * field + 1] = at;
    }

    /// Says where the value ends, if it is an object or an array; of others it is found if needed.
    void valueEnds(int field, int at) {
        places[3 * field + 2] = at;
    }

    int fieldCount() {
        return fieldCount;
    }

    String name(int field) {
        return names[field];
    }

    int nameStart(int field) {
        return places[3 * field];
    }

    int valueStart(int field) {
        return places[3 * field + 1];
    }

    int valueEnd(int field) {
        int end = places[3 * field + 2];
        return end > 0 ? end : JsonText.scalarEnd(body, valueStart(field), length);
    }

    /// Returns the number of the field; -1 if there is none.
    int field(String name) {
        for (int i = 0; i < fieldCount; i++) {
            if (name.equals(names[i])) {
                return i;
            }
        }
        return -1;
    }
}
