package dev.writ.server.simulated;

import dev.writ.server.simulated.SimulatedRequest.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a simulated model answers.
///
/// @param pieces the answer in what counts as tokens; the arguments if a tool is called
/// @param tool the tool that is called; null for words
record SimulatedReply(
        List<String> pieces, String finishReason, SimulatedRequest.@Nullable Tool tool) {
    /// How much of the last message an answer repeats, in characters.
    static final int ECHO_MAX = 200;

    static SimulatedReply to(SimulatedRequest request, String provider, @Nullable String scripted) {
        if (request.tool() != null) {
            String arguments = json(SchemaInstance.of(objectSchema(request.tool().schema())));
            return new SimulatedReply(Pieces.of(arguments), "tool_calls", request.tool());
        }
        String text = scripted != null ? scripted : text(request, provider);
        String finish = "stop";
        for (String stop : request.stops()) {
            int at = stop.isEmpty() ? -1 : text.indexOf(stop);
            text = at >= 0 ? text.substring(0, at) : text;
        }
        List<String> pieces = Pieces.of(text);
        if (pieces.size() > request.tokensMax()) {
            pieces = pieces.subList(0, request.tokensMax());
            finish = "length";
        }
        return new SimulatedReply(pieces, finish, null);
    }

    String text() {
        return String.join("", pieces);
    }

    private static String text(SimulatedRequest request, String provider) {
        return switch (request.format()) {
            case Format.BySchema(Object schema) -> json(SchemaInstance.of(schema));
            case Format.AnyObject _ -> json(Map.of("simulated", true));
            case Format.Words _ -> words(request, provider);
        };
    }

    private static String words(SimulatedRequest request, String provider) {
        String last = request.lastText();
        int shown = Math.min(last.length(), ECHO_MAX);
        if (shown > 0
                && shown < last.length()
                && Character.isHighSurrogate(last.charAt(shown - 1))) {
            shown--;
        }
        String opening =
                "This answer is simulated: model %s of provider %s was not really called."
                        .formatted(request.model(), provider);
        return last.isBlank()
                ? opening
                : opening
                        + " You wrote: "
                        + last.substring(0, shown)
                        + (shown < last.length() ? "…" : "");
    }

    /// A tool without a schema takes an empty object.
    private static Object objectSchema(@Nullable Object schema) {
        return schema == null ? Map.of("type", "object") : schema;
    }

    private static String json(@Nullable Object value) {
        return new String(Json.write(json -> Json.writeValue(json, value)), StandardCharsets.UTF_8);
    }
}
