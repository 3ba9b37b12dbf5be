package dev.writ.server.upstream;

import io.undertow.util.HttpString;

/// A header of a request to an upstream.
///
/// Its text does not show the value, which may be a key.
///
/// @param name a token
/// @param value visible Latin-1 characters, spaces and tabs
public record UpstreamHeader(HttpString name, String value) {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /// @throws IllegalArgumentException if the name or the value may not stand in a header: a line
    ///     break there would let a client write headers of its own
    public UpstreamHeader {
        if (name.length() == 0) {
            throw new IllegalArgumentException("a header needs a name");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isToken((char) (name.byteAt(i) & 0xff))) {
                throw new IllegalArgumentException("a header's name has a character that may not");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException(
                        "the value of header `%s` has a character that may not".formatted(name));
            }
        }
    }

    /// Returns a header; for a name that is used often, keep its [HttpString].
    public static UpstreamHeader of(String name, String value) {
        return new UpstreamHeader(new HttpString(name), value);
    }

    private static boolean isToken(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return name + ": …";
    }
}
