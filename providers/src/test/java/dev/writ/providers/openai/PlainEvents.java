package dev.writ.providers.openai;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a whole stream of events line by line: the plain meaning of [EventScanner], beside which
/// it is tested.
final class PlainEvents {
    /// The data of each event but `[DONE]`.
    final List<String> data = new ArrayList<>();

    boolean done;
    boolean atBorder;
    boolean sawError;
    boolean sawContent;
    @Nullable Usage usage;

    /// Every event is JSON that the two must understand alike.
    boolean isPlain = true;

    /// @param stream bytes as Latin-1 characters
    PlainEvents(String stream) {
        String rest = stream.startsWith("\u00ef\u00bb\u00bf") ? stream.substring(3) : stream;
        boolean isOpen = false;
        List<String> lines = new ArrayList<>();
        while (true) {
            int end = 0;
            while (end < rest.length() && rest.charAt(end) != '\r' && rest.charAt(end) != '\n') {
                end++;
            }
            if (end == rest.length()) {
                break; // the line goes on
            }
            String line = rest.substring(0, end);
            rest = rest.substring(rest.startsWith("\r\n", end) ? end + 2 : end + 1);
            if (line.isEmpty()) {
                dispatch(String.join("\n", lines));
                lines.clear();
                isOpen = false;
            } else if (line.charAt(0) != ':') {
                isOpen = true;
                int colon = line.indexOf(':');
                String value = colon < 0 ? "" : line.substring(colon + 1);
                if ((colon < 0 ? line : line.substring(0, colon)).equals("data")) {
                    lines.add(value.startsWith(" ") ? value.substring(1) : value);
                    done |= lines.size() == 1 && isDone(lines.getFirst());
                }
            }
        }
        atBorder = !isOpen && rest.isEmpty();
    }

    private void dispatch(String event) {
        if (event.isEmpty()) {
            return;
        }
        if (isDone(event)) {
            done = true;
            return;
        }
        data.add(event);
        isPlain &= event.length() <= EventScanner.EVENT_BYTES_MAX && event.indexOf('\\') < 0;
        try {
            byte[] bytes = event.getBytes(StandardCharsets.ISO_8859_1);
            isPlain &= Utf8.isWellFormed(bytes, 0, bytes.length);
            if (isPlain && Tree.read(bytes) instanceof Map<?, ?> object) {
                look(object);
            }
        } catch (IOException _) {
            isPlain = false;
        }
    }

    private static boolean isDone(String event) {
        return event.matches("\\[DONE][ \t]{0,2}");
    }

    private void look(Map<?, ?> event) {
        sawError |= event.get("error") != null;
        for (Object choice : Tree.list(event.get("choices"))) {
            sawContent |=
                    isFilled(Tree.member(choice, "text"))
                            && Tree.member(choice, "text") instanceof String;
            for (String member : List.of("delta", "message")) {
                Object message = Tree.member(choice, member);
                for (String piece :
                        List.of(
                                "content",
                                "tool_calls",
                                "reasoning_content",
                                "reasoning",
                                "refusal",
                                "function_call",
                                "audio",
                                "images")) {
                    sawContent |= isFilled(Tree.member(message, piece));
                }
            }
        }
        Usage groq = usage(Tree.member(event.get("x_groq"), "usage"));
        Usage own = usage(event.get("usage"));
        // Where an event has both, the one that stands last counts.
        isPlain &= groq == null || own == null;
        usage = own != null ? own : groq != null ? groq : usage;
    }

    private static boolean isFilled(@Nullable Object value) {
        return switch (value) {
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> object -> !object.isEmpty();
            case null, default -> false;
        };
    }

    private static @Nullable Usage usage(@Nullable Object usage) {
        if (!(usage instanceof Map<?, ?> counts) || !counts.containsKey("prompt_tokens")) {
            return null;
        }
        long input = count(counts, "prompt_tokens");
        long output = count(counts, "completion_tokens");
        long hits = count(counts, "prompt_cache_hit_tokens");
        long cached = detail(counts.get("prompt_tokens_details"), "cached_tokens");
        long reasoning = detail(counts.get("completion_tokens_details"), "reasoning_tokens");
        return input < 0 || output < 0 || hits < 0 || cached < 0 || reasoning < 0
                ? null
                : new Usage(input, output, Math.max(cached, hits), reasoning);
    }

    private static long detail(@Nullable Object details, String name) {
        return switch (details) {
            case null -> 0;
            case Map<?, ?> counts -> count(counts, name);
            default -> -1;
        };
    }

    private static long count(Map<?, ?> counts, String name) {
        return switch (counts.get(name)) {
            case null -> 0;
            case Tree.Written(String digits) when digits.matches("[0-9]{1,12}") ->
                    Long.parseLong(digits);
            default -> -1;
        };
    }
}
