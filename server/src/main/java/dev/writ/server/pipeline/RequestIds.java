package dev.writ.server.pipeline;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What requests are called by: the client's own id if it sent one that can be used, else a new
/// one.
public final class RequestIds {
    /// The longest id that is taken from a client, in characters.
    public static final int LENGTH_MAX = 128;

    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private final long process = new SecureRandom().nextLong();
    private final AtomicLong count = new AtomicLong();

    /// Returns the client's id, or a new one.
    ///
    /// @param fromClient what `x-request-id` says; null for nothing
    public String idFor(@Nullable String fromClient) {
        return fromClient != null && isUsable(fromClient) ? fromClient : next();
    }

    /// Returns an id that no other request has: 32 hex digits behind `req_`.
    private String next() {
        char[] id = new char[36];
        "req_".getChars(0, 4, id, 0);
        put(process, id, 4);
        put(mixed(process ^ count.incrementAndGet()), id, 20);
        return new String(id);
    }

    private static void put(long value, char[] into, int at) {
        for (int i = 15; i >= 0; i--) {
            into[at + i] = DIGITS[(int) (value & 15)];
            value >>>= 4;
        }
    }

    /// Letters, digits and a few marks: what can stand in headers, logs and file names.
    private static boolean isUsable(String id) {
        if (id.isEmpty() || id.length() > LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean known =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || c == '_'
                            || c == '.'
                            || c == ':';
            if (!known) {
                return false;
            }
        }
        return true;
    }

    private static long mixed(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
