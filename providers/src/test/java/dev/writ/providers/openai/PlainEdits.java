package dev.writ.providers.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Edits of a tree: the plain meaning of [Edits] and [Rewriting], beside which they are tested.
final class PlainEdits {
    final Edits edits = new Edits();
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    private final List<Object> firstMessages = new ArrayList<>();
    private final List<Object> lastMessages = new ArrayList<>();
    private @Nullable Long maxTokens;
    private TokenField insertedAs = TokenField.MAX_TOKENS;
    private @Nullable TokenField only;
    private boolean includeUsage;

    PlainEdits set(String field, @Nullable Object value, Consumer<Edits> edit) {
        values.remove(field);
        values.put(field, value);
        edit.accept(edits);
        return this;
    }

    PlainEdits remove(String field) {
        values.put(field, Removed.REMOVED);
        edits.remove(field);
        return this;
    }

    PlainEdits maxTokens(long tokens, TokenField inserted) {
        maxTokens = tokens;
        insertedAs = inserted;
        edits.maxTokens(tokens, inserted);
        return this;
    }

    PlainEdits maxTokensOnlyAs(TokenField field) {
        only = field;
        edits.maxTokensOnlyAs(field);
        return this;
    }

    PlainEdits message(boolean first, String role, String text) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", text);
        (first ? firstMessages : lastMessages).add(message);
        edits.message(first, role, text);
        return this;
    }

    PlainEdits includeUsage() {
        includeUsage = true;
        edits.includeUsage();
        return this;
    }

    private enum Removed {
        REMOVED
    }

    /// Returns what the body must be with the edits.
    Map<String, @Nullable Object> applyTo(Map<?, ?> body, Endpoint endpoint) {
        Map<String, @Nullable Object> edited = new LinkedHashMap<>();
        body.forEach((name, value) -> edited.put(String.valueOf(name), value));
        values.forEach(
                (name, value) -> {
                    if (value == Removed.REMOVED) {
                        edited.remove(name);
                    } else {
                        edited.put(name, value);
                    }
                });
        if (endpoint == Endpoint.CHAT && edited.get("messages") instanceof List<?> given) {
            List<@Nullable Object> messages = new ArrayList<>(firstMessages);
            messages.addAll(given);
            messages.addAll(lastMessages);
            edited.put("messages", messages);
        }
        if (endpoint != Endpoint.EMBEDDINGS) {
            bound(edited, endpoint);
        }
        if (includeUsage) {
            Map<String, @Nullable Object> options = new LinkedHashMap<>();
            if (edited.get("stream_options") instanceof Map<?, ?> given) {
                given.forEach((name, value) -> options.put(String.valueOf(name), value));
            }
            options.put("include_usage", true);
            edited.put("stream_options", options);
        }
        return edited;
    }

    private void bound(Map<String, @Nullable Object> body, Endpoint endpoint) {
        TokenField one = only;
        if (endpoint == Endpoint.COMPLETIONS) {
            one = maxTokens == null ? null : TokenField.MAX_TOKENS;
        }
        Object bound = null;
        List<String> used = new ArrayList<>();
        for (TokenField field : TokenField.values()) {
            Object given = body.get(field.field());
            if (given != null) {
                used.add(field.field());
                // Both are the same number, but may be written in two ways.
                bound = bound == null || field == one ? given : bound;
            }
        }
        if (maxTokens != null) {
            bound = new Tree.Written(maxTokens.toString());
        }
        if (one != null) {
            String kept = one.field();
            boolean isNull = body.containsKey(kept) && body.get(kept) == null;
            body.keySet().removeIf(name -> isBound(name) && !(name.equals(kept) && isNull));
            if (bound != null) {
                body.put(kept, bound);
            }
        } else if (maxTokens != null && used.isEmpty()) {
            body.put(insertedAs.field(), bound);
        } else if (maxTokens != null) {
            for (String field : used) {
                body.put(field, bound);
            }
        }
    }

    private static boolean isBound(String name) {
        for (TokenField field : TokenField.values()) {
            if (name.equals(field.field())) {
                return true;
            }
        }
        return false;
    }
}
