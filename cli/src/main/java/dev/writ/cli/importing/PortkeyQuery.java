package dev.writ.cli.importing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Queries of Portkey's conditional routing as conditions.
///
/// A field that a request does not have fulfils no test, in either language.
final class PortkeyQuery {
    private static final Map<String, String> NUMBERS =
            Map.of(
                    "params.max_tokens", "request.max_tokens",
                    "params.max_completion_tokens", "request.max_tokens",
                    "params.temperature", "request.temperature",
                    "params.top_p", "request.top_p",
                    "params.n", "request.n",
                    "params.seed", "request.seed");

    private static final Map<String, String> TEXTS =
            Map.of(
                    "params.reasoning_effort", "request.reasoning_effort",
                    "params.service_tier", "request.service_tier",
                    "params.user", "request.user");

    private PortkeyQuery() {}

    /// Returns the condition; null where there is none that means the same.
    static @Nullable String condition(Value query) {
        if (!(query instanceof Value.Keyed keyed) || keyed.entries().isEmpty()) {
            return null;
        }
        List<String> all = new ArrayList<>();
        for (Map.Entry<String, Value.Entry> entry : keyed.entries().entrySet()) {
            String one =
                    switch (entry.getKey()) {
                        case "$and" -> joined(entry.getValue().value(), " and ");
                        case "$or" -> joined(entry.getValue().value(), " or ");
                        default -> field(entry.getKey(), entry.getValue().value());
                    };
            if (one == null) {
                return null;
            }
            all.add(one);
        }
        return all.size() == 1 ? all.getFirst() : "(" + String.join(" and ", all) + ")";
    }

    private static @Nullable String joined(Value value, String word) {
        if (!(value instanceof Value.Items items) || items.values().isEmpty()) {
            return null;
        }
        List<String> all = new ArrayList<>();
        for (Value item : items.values()) {
            String one = condition(item);
            if (one == null) {
                return null;
            }
            all.add(one);
        }
        return all.size() == 1 ? all.getFirst() : "(" + String.join(word, all) + ")";
    }

    private static @Nullable String field(String field, Value value) {
        if (!(value instanceof Value.Keyed tests)) {
            return test(field, "$eq", value);
        }
        List<String> all = new ArrayList<>();
        for (Map.Entry<String, Value.Entry> entry : tests.entries().entrySet()) {
            String one = test(field, entry.getKey(), entry.getValue().value());
            if (one == null) {
                return null;
            }
            all.add(one);
        }
        return all.isEmpty()
                ? null
                : all.size() == 1 ? all.getFirst() : "(" + String.join(" and ", all) + ")";
    }

    private static @Nullable String test(String field, String operator, Value value) {
        if (field.startsWith("metadata.")) {
            String key = PolicyDraft.quoted(field.substring("metadata.".length()));
            return text("request.metadata(%s)".formatted(key), true, operator, value);
        }
        if (field.equals("params.model")) {
            return text("request.model", false, operator, value);
        }
        if (TEXTS.containsKey(field)) {
            return text(TEXTS.getOrDefault(field, ""), true, operator, value);
        }
        if (field.equals("params.stream") && value instanceof Value.Scalar scalar) {
            boolean yes = scalar.text().equals("true") == operator.equals("$eq");
            return operator.equals("$eq") || operator.equals("$ne")
                    ? yes ? "request.stream" : "not request.stream"
                    : null;
        }
        String number = NUMBERS.get(field);
        if (number != null && value instanceof Value.Scalar scalar) {
            return number(number, operator, scalar);
        }
        return null;
    }

    private static @Nullable String number(String path, String operator, Value.Scalar scalar) {
        String sign =
                switch (operator) {
                    case "$eq" -> "==";
                    case "$ne" -> "!=";
                    case "$gt" -> ">";
                    case "$gte" -> ">=";
                    case "$lt" -> "<";
                    case "$lte" -> "<=";
                    default -> null;
                };
        java.math.BigDecimal number = Section.number(scalar);
        return sign == null || number == null || number.signum() < 0
                ? null
                : "(%1$s present and %1$s %2$s %3$s)".formatted(path, sign, number.toPlainString());
    }

    private static @Nullable String text(
            String path, boolean optional, String operator, Value value) {
        String test =
                switch (operator) {
                    case "$eq" -> scalar("is %s", value);
                    case "$ne" -> scalar("is not %s", value);
                    case "$regex" -> scalar("matches %s", value);
                    case "$in" -> list("in %s", value);
                    case "$nin" -> list("not in %s", value);
                    default -> null;
                };
        if (test == null) {
            return null;
        }
        return optional ? "(%1$s present and %1$s %2$s)".formatted(path, test) : path + " " + test;
    }

    private static @Nullable String scalar(String form, Value value) {
        return value instanceof Value.Scalar scalar
                ? form.formatted(PolicyDraft.quoted(scalar.text()))
                : null;
    }

    private static @Nullable String list(String form, Value value) {
        if (!(value instanceof Value.Items items) || items.values().isEmpty()) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Value item : items.values()) {
            if (!(item instanceof Value.Scalar scalar)) {
                return null;
            }
            texts.add(PolicyDraft.quoted(scalar.text()));
        }
        return form.formatted("[" + String.join(", ", texts) + "]");
    }
}
