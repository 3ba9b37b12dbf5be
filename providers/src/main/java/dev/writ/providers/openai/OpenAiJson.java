package dev.writ.providers.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the gateway itself answers, as OpenAI would.
public final class OpenAiJson {
    private OpenAiJson() {}

    /// A model that clients may ask for.
    ///
    /// @param created seconds since 1970
    public record Model(String id, long created, String ownedBy) {}

    /// Returns the body of an answer that is an error.
    ///
    /// @param param the field that is wrong, if one is
    public static byte[] error(
            String message, String type, @Nullable String param, @Nullable String code) {
        StringBuilder json = new StringBuilder(160);
        error(json, message, type, param, code);
        return JsonText.bytes(json);
    }

    /// Returns the same error as an event of a stream. No `[DONE]` comes behind it.
    public static byte[] errorEvent(
            String message, String type, @Nullable String param, @Nullable String code) {
        StringBuilder json = new StringBuilder(160).append("data: ");
        error(json, message, type, param, code);
        return JsonText.bytes(json.append("\n\n"));
    }

    private static void error(
            StringBuilder json,
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {
        json.append("{\"error\":{\"message\":");
        JsonText.quote(message, json);
        json.append(",\"type\":");
        JsonText.quote(type, json);
        json.append(",\"param\":");
        orNull(param, json);
        json.append(",\"code\":");
        orNull(code, json);
        json.append("}}");
    }

    /// Returns the answer to `GET /v1/models`.
    public static byte[] models(List<Model> models) {
        StringBuilder json = new StringBuilder(64 + 96 * models.size());
        json.append("{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < models.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            model(models.get(i), json);
        }
        return JsonText.bytes(json.append("]}"));
    }

    /// Returns the answer to `GET /v1/models/ID`.
    public static byte[] model(Model model) {
        StringBuilder json = new StringBuilder(96);
        model(model, json);
        return JsonText.bytes(json);
    }

    private static void model(Model model, StringBuilder json) {
        json.append("{\"id\":");
        JsonText.quote(model.id(), json);
        json.append(",\"object\":\"model\",\"created\":").append(model.created());
        json.append(",\"owned_by\":");
        JsonText.quote(model.ownedBy(), json);
        json.append('}');
    }

    private static void orNull(@Nullable String text, StringBuilder json) {
        if (text == null) {
            json.append("null");
        } else {
            JsonText.quote(text, json);
        }
    }
}
