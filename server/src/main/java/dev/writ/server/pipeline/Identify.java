package dev.writ.server.pipeline;

import dev.writ.engine.Caller;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Key to caller. Without a key, or with one that the policy does not know: 401.
final class Identify implements Phase {
    private static final String SCHEME = "bearer ";
    private static final Step UNKNOWN = Step.refuse(new Fault.InvalidKey());

    /// Longer ones are not looked up; no key that a policy knows is.
    static final int KEY_CHARS_MAX = 4096;

    @Override
    public Step run(Exchange exchange) {
        String key = bearer(exchange.http().getRequestHeaders().getFirst(Headers.AUTHORIZATION));
        if (key == null) {
            return UNKNOWN;
        }
        MessageDigest sha256 = exchange.policy().thread(exchange.ioThread()).sha256();
        byte[] digest = sha256.digest(key.getBytes(StandardCharsets.ISO_8859_1));
        Caller caller = exchange.policy().snapshot().identify(digest);
        if (caller == null) {
            return UNKNOWN;
        }
        exchange.caller(caller);
        return Step.PROCEED;
    }

    private static @Nullable String bearer(@Nullable String header) {
        if (header == null
                || header.length() <= SCHEME.length()
                || header.length() > KEY_CHARS_MAX
                || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        return header.substring(SCHEME.length()).strip();
    }

    @Override
    public Set<Slot> writes() {
        return Set.of(Slot.CALLER);
    }
}
