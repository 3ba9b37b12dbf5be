package dev.writ.server.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A schema and the value that is made for it.
class SchemaInstanceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    true                                              | "text"
                    {}                                                | "text"
                    {"type":"string"}                                 | "text"
                    {"type":"string","minLength":6}                   | "textxx"
                    {"type":"string","maxLength":2}                   | "te"
                    {"type":"string","format":"date"}                 | "2026-01-01"
                    {"const":7}                                       | 7
                    {"enum":["b","a"]}                                | "b"
                    {"type":"integer"}                                | 1
                    {"type":"integer","minimum":-3}                   | -3
                    {"type":"integer","exclusiveMinimum":3}           | 4
                    {"type":"integer","exclusiveMinimum":3.0}         | 4
                    {"type":"integer","maximum":-5}                   | -5
                    {"type":"integer","exclusiveMaximum":0}           | -1
                    {"type":"integer","minimum":3,"multipleOf":5}     | 5
                    {"type":"number","minimum":0.1,"maximum":0.2}     | 0.15
                    {"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.5} | 0.25
                    {"type":"boolean"}                                | true
                    {"type":"null"}                                   | null
                    {"type":["string","null"]}                        | "text"
                    {"type":"array","items":{"type":"integer"}}       | [1]
                    {"type":"array","items":{"type":"integer"},"maxItems":0} | []
                    {"type":"array","items":{"type":"integer"},"minItems":3,"uniqueItems":true} | [1,2,3]
                    {"type":"array","items":{"enum":["a","b"]},"minItems":2,"uniqueItems":true} | ["a","b"]
                    {"prefixItems":[{"type":"integer"},{"type":"null"}]} | [1,null]
                    {"anyOf":[{"type":"integer"},{"type":"null"}]}    | 1
                    {"allOf":[{"properties":{"a":{"type":"null"}}},{"properties":{"b":{"const":1}}}]} | {"a":null,"b":1}
                    {"$ref":"#/$defs/n","$defs":{"n":{"type":"integer"}}} | 1
                    {"required":["a"]}                                | {"a":"a"}
                    {"properties":{"a":{"type":"string"}},"required":["b"],"additionalProperties":{"type":"integer"}} | {"a":"a","b":1}
                    """)
    void makesAValueThatTheSchemaAccepts(String schema, String expected) throws IOException {
        assertEquals(expected, instance(schema));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"properties":{"next":{"$ref":"#"}}}                 | 3
                    {"properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]} | 2
                    """)
    void endsWhereASchemaNamesItself(String schema, int depth) throws IOException {
        String instance = instance(schema);
        int opened = instance.length() - instance.replace("{", "").length();
        assertEquals(depth, opened, instance);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"type":"array","minItems":9999,"items":{"type":"array","minItems":9999,
                "items":{"type":"array","minItems":9999,"items":{"type":"integer"}}}}""",
                """
                {"type":"array","minItems":9999,"items":{"type":"string","minLength":9999}}"""
            })
    void endsWhereASchemaAsksForTooMuch(String schema) throws IOException {
        int length = instance(schema).length();
        assertTrue(length < 200 * SchemaInstance.VALUES_MAX, () -> length + " characters");
    }

    @Test
    void makesAsManyValuesAsItMay() throws IOException {
        int most = SchemaInstance.VALUES_MAX - 1;
        String schema = "{\"type\":\"array\",\"minItems\":%d,\"items\":{\"const\":1}}";
        assertEquals(most, ones(instance(schema.formatted(most))));
        assertEquals(most, ones(instance(schema.formatted(most + 1))));
    }

    private static long ones(String json) {
        return json.chars().filter(c -> c == '1').count();
    }

    private static String instance(String schema) throws IOException {
        Object read = Json.read(schema.getBytes(StandardCharsets.UTF_8));
        byte[] written = Json.write(json -> Json.writeValue(json, SchemaInstance.of(read)));
        return new String(written, StandardCharsets.UTF_8);
    }
}
