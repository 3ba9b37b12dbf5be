package dev.writ.providers.openai;

import java.nio.charset.StandardCharsets;

/// Texts and other values where they stand in bytes that are known to be well-formed JSON, and how
/// texts are written.
final class JsonText {
    private static final int REPLACEMENT = 0xfffd;
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /// Returns where the text ends whose quote stands at `open`: behind its closing quote.
    static int end(byte[] json, int open) {
        int i = open + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /// Returns where the text, number, `true`, `false` or `null` ends that begins at `start`.
    static int scalarEnd(byte[] json, int start, int limit) {
        if (json[start] == '"') {
            return end(json, start);
        }
        int i = start;
        while (i < limit && isWord(json[i])) {
            i++;
        }
        return i;
    }

    private static boolean isWord(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || b == '-'
                || b == '+'
                || b == '.';
    }

    /// Returns how many bytes the range `i` decodes to; see [RequestFields#texts].
    static int decodedBytes(byte[] json, Spans spans, int i) {
        int start = spans.start(i);
        return spans.end(i) > 0 ? spans.end(i) - start : decodedBytes(json, start);
    }

    /// Writes the range `i` into `out`; see [RequestFields#texts].
    ///
    /// @return the first free place in `out`
    static int decode(byte[] json, Spans spans, int i, byte[] out, int at) {
        int start = spans.start(i);
        if (spans.end(i) == 0) {
            return decode(json, start, out, at);
        }
        int length = spans.end(i) - start;
        System.arraycopy(json, start, out, at, length);
        return at + length;
    }

    /// Writes the text whose quote stands at `open` into `out` as UTF-8. A surrogate escape
    /// without its other half becomes U+FFFD.
    ///
    /// @param out has room for as many bytes as the text has in `json`
    /// @return the first free place in `out`
    static int decode(byte[] json, int open, byte[] out, int at) {
        int i = open + 1;
        int o = at;
        while (true) {
            int run = i;
            while (json[i] != '"' && json[i] != '\\') {
                i++;
            }
            System.arraycopy(json, run, out, o, i - run);
            o += i - run;
            if (json[i] == '"') {
                return o;
            }
            byte kind = json[i + 1];
            if (kind != 'u') {
                out[o++] = simple(kind);
                i += 2;
                continue;
            }
            int point = point(json, i);
            i += point < 0x10000 ? 6 : 12;
            o = encode(point, out, o);
        }
    }

    /// Returns how many bytes [#decode] writes.
    static int decodedBytes(byte[] json, int open) {
        int i = open + 1;
        int bytes = 0;
        for (byte b = json[i]; b != '"'; b = json[i]) {
            if (b != '\\') {
                bytes++;
                i++;
            } else if (json[i + 1] != 'u') {
                bytes++;
                i += 2;
            } else {
                int point = point(json, i);
                bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
                i += point < 0x10000 ? 6 : 12;
            }
        }
        return bytes;
    }

    /// Returns the character that the escape at `i` means: above U+FFFF if it is two escapes.
    private static int point(byte[] json, int i) {
        int unit = hex(json, i + 2);
        if (unit < 0xd800 || unit > 0xdfff) {
            return unit;
        }
        if (unit <= 0xdbff && json[i + 6] == '\\' && json[i + 7] == 'u') {
            int low = hex(json, i + 8);
            if (low >= 0xdc00 && low <= 0xdfff) {
                return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        return REPLACEMENT;
    }

    private static byte simple(byte kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }

    private static int hex(byte[] json, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            unit = (unit << 4) | Character.digit(json[i], 16);
        }
        return unit;
    }

    private static int encode(int point, byte[] out, int at) {
        int o = at;
        if (point < 0x80) {
            out[o++] = (byte) point;
        } else if (point < 0x800) {
            out[o++] = (byte) (0xc0 | (point >> 6));
            out[o++] = (byte) (0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            out[o++] = (byte) (0xe0 | (point >> 12));
            out[o++] = (byte) (0x80 | ((point >> 6) & 0x3f));
            out[o++] = (byte) (0x80 | (point & 0x3f));
        } else {
            out[o++] = (byte) (0xf0 | (point >> 18));
            out[o++] = (byte) (0x80 | ((point >> 12) & 0x3f));
            out[o++] = (byte) (0x80 | ((point >> 6) & 0x3f));
            out[o++] = (byte) (0x80 | (point & 0x3f));
        }
        return o;
    }

    /// Appends `text` as a JSON string. Half of a surrogate pair is escaped, so that the result
    /// can be encoded.
    static void quote(CharSequence text, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < ' ') {
                escape(c, to);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                to.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                escape(c, to);
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }

    private static void escape(char c, StringBuilder to) {
        switch (c) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default ->
                    to.append("\\u")
                            .append(HEX.charAt(c >> 12))
                            .append(HEX.charAt((c >> 8) & 15))
                            .append(HEX.charAt((c >> 4) & 15))
                            .append(HEX.charAt(c & 15));
        }
    }

    /// Returns `json` as bytes.
    static byte[] bytes(StringBuilder json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
