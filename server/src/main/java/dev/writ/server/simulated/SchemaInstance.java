package dev.writ.server.simulated;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes one value that a JSON schema accepts; the same for the same schema.
///
/// Knows what structured outputs and tools use: types, `enum`, `const`, objects with `properties`
/// and `required`, arrays with `items`, `prefixItems` and `minItems`, bounds of numbers and texts,
/// the common formats, `anyOf`, `oneOf`, `allOf`, and `$ref` into the schema itself. Does not know
/// `pattern`, `not`, `if`, `dependentRequired` and `patternProperties`: there the value may be
/// refused.
final class SchemaInstance {
    /// How deep values nest before optional members are left out.
    static final int OPTIONAL_DEPTH_MAX = 4;

    /// How deep values nest at all: a schema that requires itself has no instance.
    static final int DEPTH_MAX = 32;

    /// The longest text and the largest array that a schema gets.
    static final int LENGTH_MAX = 10_000;

    /// How many values there are in all, a long text counted as several; the rest is null.
    static final int VALUES_MAX = 2_000;

    /// How many characters of a text count as a value.
    private static final int TEXT_A_VALUE = 64;

    private final @Nullable Object root;
    private int left = VALUES_MAX;

    private SchemaInstance(@Nullable Object root) {
        this.root = root;
    }

    static @Nullable Object of(@Nullable Object schema) {
        return new SchemaInstance(schema).value(schema, "text", 0);
    }

    private @Nullable Object value(@Nullable Object any, String name, int depth) {
        if (left-- <= 0 || depth > DEPTH_MAX) {
            return null;
        }
        if (!(any instanceof Map<?, ?> schema)) {
            return name;
        }
        if (schema.containsKey("const")) {
            return schema.get("const");
        }
        if (schema.get("enum") instanceof List<?> values && !values.isEmpty()) {
            return values.getFirst();
        }
        if (schema.get("$ref") instanceof String reference) {
            return value(resolve(reference), name, depth + 1);
        }
        if (schema.get("allOf") instanceof List<?> parts && !parts.isEmpty()) {
            return value(merged(schema, parts), name, depth + 1);
        }
        for (String choice : List.of("anyOf", "oneOf")) {
            if (schema.get(choice) instanceof List<?> choices && !choices.isEmpty()) {
                return value(simplest(choices, depth), name, depth + 1);
            }
        }
        return switch (type(schema, depth)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "integer" -> number(schema, true);
            case "number" -> number(schema, false);
            case "boolean" -> true;
            case "null" -> null;
            default -> text(schema, name);
        };
    }

    /// Deep down the choice that ends soonest: one that is no object, array or reference.
    private static @Nullable Object simplest(List<?> choices, int depth) {
        if (depth >= OPTIONAL_DEPTH_MAX) {
            for (Object choice : choices) {
                String type = Json.text(choice, "type", "");
                boolean nests = type.equals("object") || type.equals("array");
                if (!nests && Json.member(choice, "$ref") == null) {
                    return choice;
                }
            }
        }
        return choices.getFirst();
    }

    private static String type(Map<?, ?> schema, int depth) {
        Object type = schema.get("type");
        if (type instanceof List<?> types && !types.isEmpty()) {
            if (depth >= OPTIONAL_DEPTH_MAX && types.contains("null")) {
                return "null";
            }
            type = types.getFirst();
        }
        if (type instanceof String name) {
            return name;
        }
        if (schema.containsKey("properties") || schema.containsKey("required")) {
            return "object";
        }
        if (schema.containsKey("items") || schema.containsKey("prefixItems")) {
            return "array";
        }
        return schema.containsKey("minimum") || schema.containsKey("maximum") ? "number" : "string";
    }

    private Map<String, @Nullable Object> object(Map<?, ?> schema, int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        List<?> required = Json.list(schema.get("required"));
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            for (Map.Entry<?, ?> property : properties.entrySet()) {
                String name = String.valueOf(property.getKey());
                if (depth < OPTIONAL_DEPTH_MAX || required.contains(name)) {
                    object.put(name, value(property.getValue(), name, depth + 1));
                }
            }
        }
        for (Object name : required) {
            if (name instanceof String text && !object.containsKey(text)) {
                object.put(text, value(schema.get("additionalProperties"), text, depth + 1));
            }
        }
        return object;
    }

    private List<@Nullable Object> array(Map<?, ?> schema, String name, int depth) {
        List<@Nullable Object> array = new ArrayList<>();
        for (Object item : Json.list(schema.get("prefixItems"))) {
            array.add(value(item, name, depth + 1));
        }
        int max = Math.min(LENGTH_MAX, Json.number(schema, "maxItems", LENGTH_MAX));
        int wanted = depth < OPTIONAL_DEPTH_MAX ? Math.min(1, max) : 0;
        int min = Math.min(max, Math.max(wanted, Json.number(schema, "minItems", 0)));
        while (array.size() < min && left > 0) {
            Object item = value(schema.get("items"), name, depth + 1);
            array.add(array.contains(item) ? another(schema, item, array.size()) : item);
        }
        return array;
    }

    /// Where items must differ: the item with its place in the array.
    private @Nullable Object another(Map<?, ?> schema, @Nullable Object item, int place) {
        if (!Boolean.TRUE.equals(schema.get("uniqueItems"))) {
            return item;
        }
        List<?> values = Json.list(Json.member(schema.get("items"), "enum"));
        if (place < values.size()) {
            return values.get(place);
        }
        return switch (item) {
            case String text -> text + place;
            case BigDecimal number -> number.add(BigDecimal.valueOf(place));
            case null, default -> item;
        };
    }

    /// The first multiple of the step from the lower bound on, or from the upper bound down;
    /// halfway between the bounds where no multiple lies there.
    private static BigDecimal number(Map<?, ?> schema, boolean whole) {
        BigDecimal step =
                schema.get("multipleOf") instanceof BigDecimal of && of.signum() > 0
                        ? of
                        : whole ? BigDecimal.ONE : new BigDecimal("0.5");
        BigDecimal low = bound(schema, "minimum");
        BigDecimal aboveLow = bound(schema, "exclusiveMinimum");
        BigDecimal high = bound(schema, "maximum");
        BigDecimal belowHigh = bound(schema, "exclusiveMaximum");
        BigDecimal from = low == null ? aboveLow : aboveLow == null ? low : low.max(aboveLow);
        BigDecimal to = high == null ? belowHigh : belowHigh == null ? high : high.min(belowHigh);
        BigDecimal value;
        if (from != null) {
            value = from.divide(step, 0, RoundingMode.CEILING).multiply(step);
            value = same(from, aboveLow) && value.compareTo(from) <= 0 ? value.add(step) : value;
        } else if (to != null) {
            value = to.min(step).divide(step, 0, RoundingMode.FLOOR).multiply(step);
            value = same(to, belowHigh) && value.compareTo(to) >= 0 ? value.subtract(step) : value;
        } else {
            return step;
        }
        boolean tooHigh = to != null && value.compareTo(to) >= (same(to, belowHigh) ? 0 : 1);
        return from != null && to != null && tooHigh && !whole
                ? from.add(to).divide(BigDecimal.TWO)
                : value;
    }

    private static boolean same(BigDecimal one, @Nullable BigDecimal other) {
        return other != null && one.compareTo(other) == 0;
    }

    private static @Nullable BigDecimal bound(Map<?, ?> schema, String name) {
        return schema.get(name) instanceof BigDecimal number ? number : null;
    }

    private String text(Map<?, ?> schema, String name) {
        String text =
                switch (Json.text(schema, "format", "")) {
                    case "date-time" -> "2026-01-01T00:00:00Z";
                    case "date" -> "2026-01-01";
                    case "time" -> "00:00:00Z";
                    case "duration" -> "P1D";
                    case "email" -> "someone@example.com";
                    case "hostname" -> "example.com";
                    case "ipv4" -> "192.0.2.1";
                    case "ipv6" -> "2001:db8::1";
                    case "uri", "url" -> "https://example.com/";
                    case "uuid" -> "00000000-0000-4000-8000-000000000000";
                    default -> name;
                };
        int min = Math.min(LENGTH_MAX, Json.number(schema, "minLength", 0));
        int max = Json.number(schema, "maxLength", LENGTH_MAX);
        int points = text.codePointCount(0, text.length());
        if (points < min) {
            left -= min / TEXT_A_VALUE;
            return text + "x".repeat(min - points);
        }
        return points > max ? text.substring(0, text.offsetByCodePoints(0, max)) : text;
    }

    /// Follows `#/…`; null, which accepts all, where it leads nowhere.
    private @Nullable Object resolve(String reference) {
        if (!reference.startsWith("#")) {
            return null;
        }
        Object at = root;
        String path = reference.substring(1);
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            int end = path.indexOf('/', start + 1);
            end = end < 0 ? path.length() : end;
            String name = path.substring(start + 1, end).replace("~1", "/").replace("~0", "~");
            at = Json.member(at, name);
            start = end;
        }
        return at;
    }

    private Map<String, @Nullable Object> merged(Map<?, ?> schema, List<?> parts) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : schema.entrySet()) {
            if (!"allOf".equals(entry.getKey())) {
                merged.put(String.valueOf(entry.getKey()), entry.getValue());
            }
        }
        for (Object part : parts) {
            Object resolved =
                    Json.member(part, "$ref") instanceof String reference
                            ? resolve(reference)
                            : part;
            if (resolved instanceof Map<?, ?> map) {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    merged.merge(
                            String.valueOf(entry.getKey()), entry.getValue(), SchemaInstance::both);
                }
            }
        }
        return merged;
    }

    private static @Nullable Object both(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            Map<Object, @Nullable Object> both = new LinkedHashMap<>(a);
            both.putAll(b);
            return both;
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            List<@Nullable Object> both = new ArrayList<>(a);
            both.addAll(b);
            return both;
        }
        return other;
    }
}
