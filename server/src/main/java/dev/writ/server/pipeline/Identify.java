package dev.writ.server.pipeline;

import dev.writ.engine.Caller;
import dev.writ.server.identity.IssuerKeys;
import dev.writ.server.identity.TokenIdentities;
import dev.writ.server.identity.TokenProblem;
import dev.writ.server.identity.Verification;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Key or token to caller. Without one, or with one that is unknown or not good: 401.
///
/// A token's signature is checked on a worker, and what was found is remembered: from its second
/// request on a token costs what a key costs. Whoever has to wait for the keys of an issuer does so
/// without a thread, and before any of the body is read.
final class Identify implements Phase {
    private static final String SCHEME = "bearer ";
    private static final Step UNKNOWN = Step.refuse(new Fault.InvalidKey());

    /// Longer ones are not looked up; no key that a policy knows is.
    static final int KEY_CHARS_MAX = 4096;

    private final InstantSource clock;

    Identify(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Step run(Exchange exchange) {
        String shown = bearer(exchange.http().getRequestHeaders().getFirst(Headers.AUTHORIZATION));
        if (shown == null) {
            return UNKNOWN;
        }
        TokenIdentities identities = exchange.policy().identities();
        boolean token = identities.mayBeToken(shown);
        if (shown.length() > (token ? TokenIdentities.TOKEN_CHARS_MAX : KEY_CHARS_MAX)) {
            return token ? refuse(TokenProblem.TOO_LARGE) : UNKNOWN;
        }
        byte[] sha256 =
                exchange.policy()
                        .thread(exchange.ioThread())
                        .sha256()
                        .digest(shown.getBytes(StandardCharsets.ISO_8859_1));
        Caller caller = exchange.policy().snapshot().identify(sha256);
        if (caller == null && token) {
            caller = identities.known(sha256, clock.millis());
            if (caller == null) {
                return exchange.offload(() -> verified(exchange, shown, sha256, true));
            }
        }
        return caller == null ? UNKNOWN : known(exchange, caller);
    }

    private static Step known(Exchange exchange, Caller caller) {
        exchange.caller(caller);
        return Step.PROCEED;
    }

    private static Step refuse(TokenProblem problem) {
        return Step.refuse(new Fault.InvalidToken(problem));
    }

    /// Checks a token, on a worker.
    ///
    /// @param mayWait whether to wait for keys that are on their way; once is enough
    private Step verified(Exchange exchange, String token, byte[] sha256, boolean mayWait) {
        return switch (exchange.policy().identities().verify(token, sha256, clock.millis())) {
            case Verification.Known(Caller caller) -> known(exchange, caller);
            case Verification.Refused(TokenProblem problem) -> refuse(problem);
            case Verification.NoTeam _ -> Step.refuse(new Fault.NoTeam());
            case Verification.KeysMissing(IssuerKeys keys) -> {
                boolean waits =
                        mayWait
                                && keys.whenFetched(
                                        () ->
                                                exchange.offload(
                                                        () ->
                                                                verified(
                                                                        exchange, token, sha256,
                                                                        false)));
                if (waits) {
                    yield Step.AWAIT;
                }
                yield keys.areUsable()
                        ? refuse(TokenProblem.KEY)
                        : Step.refuse(new Fault.IssuerUnavailable(keys.retryAfter()));
            }
        };
    }

    private static @Nullable String bearer(@Nullable String header) {
        if (header == null
                || header.length() <= SCHEME.length()
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
