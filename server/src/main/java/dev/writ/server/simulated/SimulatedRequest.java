package dev.writ.server.simulated;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a simulated model needs to know of a request.
///
/// @param lastText of the last message; of the prompt where there are no messages
/// @param tool the tool that is to be called; null for an answer in words
/// @param format what the answer must be
/// @param inputs to embed; empty for other endpoints
record SimulatedRequest(
        Kind kind,
        String model,
        boolean streamed,
        boolean usageInStream,
        int choices,
        List<String> stops,
        int tokensMax,
        int promptTokens,
        String lastText,
        @Nullable Tool tool,
        Format format,
        List<String> inputs,
        int dimensions,
        boolean base64) {

    /// The most answers that one request may ask for.
    static final int CHOICES_MAX = 128;

    /// The most texts that one request may embed.
    static final int INPUTS_MAX = 2_048;

    /// The most numbers that all embeddings of one answer may have.
    static final int NUMBERS_MAX = 4 * 1024 * 1024;

    /// Which endpoint was called.
    enum Kind {
        CHAT,
        COMPLETIONS,
        EMBEDDINGS
    }

    /// A tool that was offered.
    record Tool(String name, @Nullable Object schema) {}

    /// What an answer must be.
    sealed interface Format {
        record Words() implements Format {}

        record AnyObject() implements Format {}

        record BySchema(@Nullable Object schema) implements Format {}
    }

    /// Reads a request body.
    ///
    /// @throws IOException if it is none; the message is for the client
    static SimulatedRequest read(Kind kind, byte[] body) throws IOException {
        Object root;
        try {
            root = Json.read(body);
        } catch (IOException e) {
            throw new IOException("the body is not JSON", e);
        }
        if (!(root instanceof Map<?, ?>)) {
            throw new IOException("the body must be a JSON object");
        }
        String model = Json.text(root, "model", "");
        if (model.isEmpty()) {
            throw new IOException("`model` is missing");
        }
        int choices = Json.number(root, "n", 1);
        if (choices < 1 || choices > CHOICES_MAX) {
            throw new IOException("`n` must be from 1 to " + CHOICES_MAX);
        }
        int dimensions = Json.number(root, "dimensions", Embedding.DIMENSIONS_DEFAULT);
        if (dimensions < 1 || dimensions > Embedding.DIMENSIONS_MAX) {
            throw new IOException("`dimensions` must be from 1 to " + Embedding.DIMENSIONS_MAX);
        }
        List<?> messages = Json.list(Json.member(root, "messages"));
        if (kind == Kind.CHAT && messages.isEmpty()) {
            throw new IOException("`messages` must not be empty");
        }
        List<String> inputs =
                switch (kind) {
                    case CHAT -> List.of();
                    case COMPLETIONS -> texts(Json.member(root, "prompt"));
                    case EMBEDDINGS -> texts(Json.member(root, "input"));
                };
        if (kind == Kind.EMBEDDINGS && inputs.isEmpty()) {
            throw new IOException("`input` must not be empty");
        }
        if (kind == Kind.EMBEDDINGS
                && (inputs.size() > INPUTS_MAX
                        || (long) inputs.size() * dimensions > NUMBERS_MAX)) {
            throw new IOException(
                    "`input` must hold at most %d texts, and with its dimensions at most %d numbers"
                            .formatted(INPUTS_MAX, NUMBERS_MAX));
        }
        String lastText =
                kind == Kind.CHAT
                        ? content(messages.getLast())
                        : inputs.isEmpty() ? "" : inputs.getLast();
        return new SimulatedRequest(
                kind,
                model,
                Boolean.TRUE.equals(Json.member(root, "stream")),
                Boolean.TRUE.equals(
                        Json.member(Json.member(root, "stream_options"), "include_usage")),
                choices,
                texts(Json.member(root, "stop")),
                Json.number(
                        root,
                        "max_completion_tokens",
                        Json.number(root, "max_tokens", Integer.MAX_VALUE)),
                promptTokens(messages, inputs),
                lastText,
                kind == Kind.CHAT ? tool(root, messages.getLast(), lastText) : null,
                format(Json.member(root, "response_format")),
                kind == Kind.EMBEDDINGS ? inputs : List.of(),
                dimensions,
                Json.text(root, "encoding_format", "float").equals("base64"));
    }

    /// Like OpenAI's rule of thumb: the texts, and 4 for each message.
    private static int promptTokens(List<?> messages, List<String> inputs) {
        int tokens = 0;
        for (Object message : messages) {
            tokens += 4 + Pieces.count(content(message));
        }
        for (String input : inputs) {
            tokens += Pieces.count(input);
        }
        return tokens;
    }

    /// Returns the text of a message: its content, or the text parts of it.
    private static String content(@Nullable Object message) {
        Object content = Json.member(message, "content");
        if (content instanceof String text) {
            return text;
        }
        StringBuilder text = new StringBuilder();
        for (Object part : Json.list(content)) {
            text.append(Json.text(part, "text", ""));
        }
        return text.toString();
    }

    /// Returns the texts of a value that is a text, several, or token numbers.
    private static List<String> texts(@Nullable Object value) {
        if (value instanceof String text) {
            return List.of(text);
        }
        List<?> list = Json.list(value);
        if (!list.isEmpty() && list.getFirst() instanceof Number) {
            return List.of(numbers(list));
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            texts.add(element instanceof String text ? text : numbers(Json.list(element)));
        }
        return texts;
    }

    private static String numbers(List<?> tokens) {
        StringBuilder text = new StringBuilder();
        for (Object token : tokens) {
            text.append(' ').append(token);
        }
        return text.toString();
    }

    /// A tool is called where the request says so, or where the last message is the user's and
    /// speaks of tools or of one of them.
    private static @Nullable Tool tool(Object root, @Nullable Object last, String lastText) {
        List<Tool> offered = new ArrayList<>();
        for (Object tool : Json.list(Json.member(root, "tools"))) {
            Object function = Json.member(tool, "function");
            String name = Json.text(function, "name", "");
            if (!name.isEmpty()) {
                offered.add(new Tool(name, Json.member(function, "parameters")));
            }
        }
        Object choice = Json.member(root, "tool_choice");
        if (offered.isEmpty() || "none".equals(choice)) {
            return null;
        }
        String forced = Json.text(Json.member(choice, "function"), "name", "");
        boolean fromUser = Json.text(last, "role", "").equals("user");
        String words = fromUser ? lastText.toLowerCase(Locale.ROOT) : "";
        for (Tool tool : offered) {
            String spoken = tool.name().toLowerCase(Locale.ROOT);
            if (forced.isEmpty()
                    ? words.contains(spoken) || words.contains(spoken.replace('_', ' '))
                    : forced.equals(tool.name())) {
                return tool;
            }
        }
        return "required".equals(choice) || words.contains("tool") ? offered.getFirst() : null;
    }

    private static Format format(@Nullable Object format) {
        return switch (Json.text(format, "type", "text")) {
            case "json_object" -> new Format.AnyObject();
            case "json_schema" ->
                    new Format.BySchema(Json.member(Json.member(format, "json_schema"), "schema"));
            default -> new Format.Words();
        };
    }
}
