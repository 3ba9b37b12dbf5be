package dev.writ.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// JSON as a map from the path of each value to its text: `last.problems.0` → `no secret`. Nulls
/// are left out.
final class FlatJson {
    private static final JsonFactory JSON = new JsonFactory();

    private FlatJson() {}

    /// Reads an object.
    static Map<String, String> read(byte[] bytes) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    values.put(path(json), json.getText());
                }
            }
        }
        return values;
    }

    private static String path(JsonParser json) {
        // `/last/problems/0`
        return json.getParsingContext().pathAsPointer().toString().substring(1).replace('/', '.');
    }
}
