package dev.writ.providers.openai;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Any request that is valid, written in any way: order of fields, white space, escapes, shapes of
/// what is unknown.
final class RandomRequest {
    private static final String[] TEXTS = {
        "",
        "Hi",
        "a \"quote\"",
        "back\\slash",
        "two\nlines",
        "\u00e9\u20ac\ud83d\ude00",
        "/",
        "\u0000\u001f",
        "x".repeat(300)
    };
    private final Random random;

    private RandomRequest(Random random) {
        this.random = random;
    }

    static String chat(Random random) {
        return new RandomRequest(random).chat();
    }

    private String chat() {
        List<String> fields = new ArrayList<>();
        fields.add(field("model", text("gpt-4o")));
        fields.add(field("messages", array(1 + random.nextInt(3), this::message)));
        some(fields, "stream", random.nextBoolean() ? "true" : "false");
        some(fields, "stream_options", streamOptions());
        switch (random.nextInt(4)) {
            case 0 -> fields.add(field("max_tokens", number()));
            case 1 -> fields.add(field("max_completion_tokens", number()));
            case 2 -> {
                String number = number();
                fields.add(field("max_tokens", random.nextInt(3) == 0 ? "null" : number));
                fields.add(
                        field("max_completion_tokens", random.nextInt(3) == 0 ? "null" : number));
            }
            default -> {}
        }
        some(fields, "temperature", "0.7");
        some(fields, "top_p", "1e-1");
        some(fields, "seed", "-12");
        some(fields, "user", any(TEXTS));
        some(fields, "service_tier", "null");
        some(fields, "x", value(3));
        some(fields, "a\"b", value(2));
        some(fields, "\u00e4", value(1));
        Collections.shuffle(fields, random);
        return space() + "{" + space() + String.join(",", fields) + "}" + space();
    }

    private void some(List<String> fields, String name, String value) {
        if (random.nextInt(3) == 0) {
            fields.add(field(name, value));
        }
    }

    private String field(String name, String value) {
        return space() + text(name) + space() + ":" + space() + value + space();
    }

    private String message() {
        String content =
                switch (random.nextInt(3)) {
                    case 0 -> "null";
                    case 1 -> any(TEXTS);
                    default -> array(random.nextInt(3), this::part);
                };
        return "{" + field("role", text("user")) + "," + field("content", content) + "}";
    }

    private String part() {
        return random.nextBoolean()
                ? "{" + field("type", text("text")) + "," + field("text", any(TEXTS)) + "}"
                : "{" + field("type", text("image_url")) + "," + field("image_url", value(2)) + "}";
    }

    private String streamOptions() {
        return switch (random.nextInt(5)) {
            case 0 -> "null";
            case 1 -> "{" + space() + "}";
            case 2 -> "{" + field("include_usage", random.nextBoolean() ? "true" : "false") + "}";
            case 3 -> "{" + field("include_usage", "null") + "," + field("x", value(1)) + "}";
            default -> "{" + field("x", value(2)) + "}";
        };
    }

    private String number() {
        return String.valueOf(1 + random.nextInt(1_000));
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> "-0.5e+3";
            case 3 -> "12345678901234567890";
            case 4 -> any(TEXTS);
            case 5 -> array(random.nextInt(3), () -> value(depth - 1));
            default -> "{" + (random.nextBoolean() ? field("k", value(depth - 1)) : space()) + "}";
        };
    }

    private String array(int size, Supplier<String> element) {
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            elements.add(space() + element.get() + space());
        }
        return "[" + (size == 0 ? space() : String.join(",", elements)) + "]";
    }

    private String any(String[] texts) {
        return text(texts[random.nextInt(texts.length)]);
    }

    /// Returns the text as JSON, with escapes where they must be and sometimes where they need
    /// not.
    private String text(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || random.nextInt(12) == 0) {
                json.append("\\u%04x".formatted((int) c));
            } else if (c == '"' || c == '\\' || (c == '/' && random.nextBoolean())) {
                json.append('\\').append(c);
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private String space() {
        return switch (random.nextInt(6)) {
            case 0 -> " ";
            case 1 -> "\r\n\t ";
            default -> "";
        };
    }
}
