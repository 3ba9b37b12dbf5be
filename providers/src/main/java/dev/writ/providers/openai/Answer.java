package dev.writ.providers.openai;

import org.jspecify.annotations.Nullable;

/// What one JSON object from a provider says: a whole answer, or the data of one event.
///
/// Reads for one purpose and trusts nothing: values that do not matter are stepped over by their
/// brackets and quotes alone, names are compared as they are written. Whatever is not as
/// documented says nothing. Reuse it: nothing is allocated but a [Usage] that is asked for.
final class Answer {
    private static final byte[] USAGE = ascii("usage");
    private static final byte[] X_GROQ = ascii("x_groq");
    private static final byte[] ERROR = ascii("error");
    private static final byte[] CHOICES = ascii("choices");
    private static final byte[] TEXT = ascii("text");
    private static final byte[] FINISH_REASON = ascii("finish_reason");
    private static final byte[] PROMPT_TOKENS = ascii("prompt_tokens");
    private static final byte[] COMPLETION_TOKENS = ascii("completion_tokens");
    private static final byte[] PROMPT_DETAILS = ascii("prompt_tokens_details");
    private static final byte[] COMPLETION_DETAILS = ascii("completion_tokens_details");
    private static final byte[] CACHED = ascii("cached_tokens");
    private static final byte[] CACHE_HITS = ascii("prompt_cache_hit_tokens");
    private static final byte[] REASONING = ascii("reasoning_tokens");

    /// Members of a choice that hold what is answered.
    private static final byte[][] MESSAGES = {ascii("delta"), ascii("message")};

    /// Members of those that are a piece of an answer, if they are not empty.
    private static final byte[][] PIECES = {
        ascii("content"),
        ascii("tool_calls"),
        ascii("reasoning_content"),
        ascii("reasoning"),
        ascii("refusal"),
        ascii("function_call"),
        ascii("audio"),
        ascii("images")
    };

    private static final long TOKENS_MAX = 1L << 40;
    private static final long NO_COUNT = -1;

    private byte[] json = {};
    private int at;
    private int end;
    private int nameStart;
    private int nameEnd;

    private boolean isError;
    private boolean hasContent;
    private boolean isFinished;
    private boolean hasNoChoices;
    private boolean hasUsage;
    private long input;
    private long output;
    private long cached;
    private long reasoning;

    /// Reads `bytes[from, to)`, and forgets what was read before.
    void read(byte[] bytes, int from, int to) {
        json = bytes;
        at = from;
        end = to;
        forget();
        if (!answer()) {
            forget();
        }
    }

    private void forget() {
        isError = false;
        hasContent = false;
        isFinished = false;
        hasNoChoices = false;
        hasUsage = false;
    }

    /// Tells whether it has an `error`.
    boolean isError() {
        return isError;
    }

    /// Tells whether one of its choices has something of an answer: text, reasoning, a refusal, a
    /// tool call, sound, an image.
    boolean hasContent() {
        return hasContent;
    }

    /// Tells whether nothing more has to come: one of its choices has a reason to finish, or it has
    /// usage and no choice at all, which only the last event of a stream has.
    boolean isLast() {
        return isFinished || (hasUsage && hasNoChoices);
    }

    boolean hasUsage() {
        return hasUsage;
    }

    long input() {
        return input;
    }

    long output() {
        return output;
    }

    long cached() {
        return cached;
    }

    long reasoning() {
        return reasoning;
    }

    @Nullable Usage usage() {
        return hasUsage ? new Usage(input, output, cached, reasoning) : null;
    }

    // Each method below reads one value from `at` on and returns false where it is cut off or no
    // JSON, so that reading ends at once.

    private boolean answer() {
        if (peek() != '{') {
            return false;
        }
        for (boolean more = open('}'); more; more = next()) {
            if (!name()) {
                return false;
            }
            boolean ok;
            if (is(USAGE)) {
                ok = usageObject();
            } else if (is(X_GROQ)) {
                ok = groq();
            } else if (is(ERROR)) {
                isError |= peek() != 'n';
                ok = skip();
            } else if (is(CHOICES)) {
                ok = choices();
            } else {
                ok = skip();
            }
            if (!ok) {
                return false;
            }
        }
        return isClosed('}');
    }

    private boolean groq() {
        if (peek() != '{') {
            return skip();
        }
        for (boolean more = open('}'); more; more = next()) {
            if (!name() || !(is(USAGE) ? usageObject() : skip())) {
                return false;
            }
        }
        return isClosed('}');
    }

    private boolean usageObject() {
        if (peek() != '{') {
            return skip();
        }
        long in = NO_COUNT;
        long out = 0;
        long hits = 0;
        long fromCache = 0;
        long thought = 0;
        for (boolean more = open('}'); more; more = next()) {
            if (!name()) {
                return false;
            }
            if (is(PROMPT_TOKENS)) {
                in = count();
            } else if (is(COMPLETION_TOKENS)) {
                out = count();
            } else if (is(CACHE_HITS)) {
                hits = count();
            } else if (is(PROMPT_DETAILS)) {
                fromCache = detail(CACHED);
            } else if (is(COMPLETION_DETAILS)) {
                thought = detail(REASONING);
            } else if (!skip()) {
                return false;
            }
        }
        if (!isClosed('}')) {
            return false;
        }
        if (in >= 0 && out >= 0 && hits >= 0 && fromCache >= 0 && thought >= 0) {
            hasUsage = true;
            input = in;
            output = out;
            cached = Math.max(fromCache, hits);
            reasoning = thought;
        }
        return true;
    }

    /// Returns one count of an object of counts: 0 if it has none, [#NO_COUNT] if it is not as
    /// documented.
    private long detail(byte[] wanted) {
        byte first = peek();
        if (first != '{') {
            return skip() && first == 'n' ? 0 : NO_COUNT;
        }
        long count = 0;
        for (boolean more = open('}'); more; more = next()) {
            if (!name()) {
                return NO_COUNT;
            }
            if (is(wanted)) {
                count = count();
            } else if (!skip()) {
                return NO_COUNT;
            }
        }
        return isClosed('}') ? count : NO_COUNT;
    }

    /// Returns a whole number, 0 for null; [#NO_COUNT] for all else.
    private long count() {
        byte first = peek();
        int start = at;
        if (!skip()) {
            return NO_COUNT;
        }
        if (first == 'n') {
            return 0;
        }
        long count = 0;
        for (int i = start; i < at; i++) {
            int digit = json[i] - '0';
            if (digit < 0 || digit > 9 || count > TOKENS_MAX) {
                return NO_COUNT;
            }
            count = 10 * count + digit;
        }
        return count > TOKENS_MAX ? NO_COUNT : count;
    }

    private boolean choices() {
        if (peek() != '[') {
            return skip();
        }
        hasNoChoices = true;
        for (boolean more = open(']'); more; more = next()) {
            hasNoChoices = false;
            if (!(peek() == '{' ? choice() : skip())) {
                return false;
            }
        }
        return isClosed(']');
    }

    private boolean choice() {
        for (boolean more = open('}'); more; more = next()) {
            if (!name()) {
                return false;
            }
            boolean ok;
            if (is(TEXT)) {
                hasContent |= peek() == '"' && isFilled();
                ok = skip();
            } else if (is(FINISH_REASON)) {
                isFinished |= peek() == '"';
                ok = skip();
            } else if (isOneOf(MESSAGES)) {
                ok = peek() == '{' ? message() : skip();
            } else {
                ok = skip();
            }
            if (!ok) {
                return false;
            }
        }
        return isClosed('}');
    }

    private boolean message() {
        for (boolean more = open('}'); more; more = next()) {
            if (!name()) {
                return false;
            }
            hasContent |= isOneOf(PIECES) && isFilled();
            if (!skip()) {
                return false;
            }
        }
        return isClosed('}');
    }

    /// Tells whether a text, an array or an object begins here that has anything in it.
    private boolean isFilled() {
        byte first = peek();
        int i = at + 1;
        while (first != '"' && i < end && isSpace(json[i])) {
            i++;
        }
        if (i >= end) {
            return false;
        }
        return switch (first) {
            case '"' -> json[i] != '"';
            case '[' -> json[i] != ']';
            case '{' -> json[i] != '}';
            default -> false;
        };
    }

    private boolean isOneOf(byte[][] names) {
        for (byte[] name : names) {
            if (is(name)) {
                return true;
            }
        }
        return false;
    }

    private boolean is(byte[] name) {
        if (nameEnd - nameStart != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (json[nameStart + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /// Steps over the bracket that opens an object or an array, and tells whether something is in
    /// it.
    private boolean open(char close) {
        at++;
        return peek() != close && at < end;
    }

    /// Steps over a comma, if one comes next, and tells so.
    private boolean next() {
        if (peek() != ',') {
            return false;
        }
        at++;
        return true;
    }

    /// Steps over the closing bracket, if it comes next, and tells so.
    private boolean isClosed(char close) {
        if (peek() != close) {
            return false;
        }
        at++;
        return true;
    }

    /// Steps over a name and its colon.
    private boolean name() {
        if (peek() != '"') {
            return false;
        }
        nameStart = at + 1;
        if (!text()) {
            return false;
        }
        nameEnd = at - 1;
        if (peek() != ':') {
            return false;
        }
        at++;
        return true;
    }

    /// Returns the next byte that is not white space, and stands on it; 0 at the end.
    private byte peek() {
        while (at < end && isSpace(json[at])) {
            at++;
        }
        return at < end ? json[at] : 0;
    }

    /// Steps over a value.
    private boolean skip() {
        return switch (peek()) {
            case '"' -> text();
            case '{', '[' -> nested();
            default -> scalar();
        };
    }

    private boolean scalar() {
        int start = at;
        while (at < end && isScalar(json[at])) {
            at++;
        }
        return at > start;
    }

    private boolean nested() {
        int depth = 0;
        while (at < end) {
            byte b = json[at];
            if (b == '"') {
                if (!text()) {
                    return false;
                }
                continue;
            }
            at++;
            if (b == '{' || b == '[') {
                depth++;
            } else if ((b == '}' || b == ']') && --depth == 0) {
                return true;
            }
        }
        return false;
    }

    private boolean text() {
        int i = at + 1;
        while (i < end && json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        at = Math.min(i + 1, end);
        return i < end;
    }

    private static boolean isScalar(byte b) {
        return b != ',' && b != '}' && b != ']' && b != ':' && !isSpace(b);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static byte[] ascii(String name) {
        return JsonText.bytes(new StringBuilder(name));
    }
}
