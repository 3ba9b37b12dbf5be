package dev.writ.server.identity;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.SignIn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The identities of one policy: who has which token.
///
/// What was checked is forgotten with the policy, so that whoever is taken out of it is out with
/// the reload. For any number of threads.
public final class TokenIdentities {
    /// The longest token, in characters: one with some 200 groups.
    public static final int TOKEN_CHARS_MAX = 16 * 1024;

    private static final long MILLIS = 1_000L;

    private final PolicySnapshot snapshot;
    private final Map<String, Trusted> byIssuer = new HashMap<>();
    private final List<Trusted> all = new ArrayList<>();
    private final @Nullable VerifiedTokens verified;

    /// An identity with the keys of its issuer.
    private record Trusted(Policy.Identity identity, IssuerKeys keys) {}

    /// @param keys finds the keys of an identity's issuer
    public TokenIdentities(PolicySnapshot snapshot, Function<Policy.Identity, IssuerKeys> keys) {
        this.snapshot = snapshot;
        for (Policy.Identity identity : snapshot.policy().identities()) {
            Trusted trusted = new Trusted(identity, keys.apply(identity));
            byIssuer.put(identity.issuer(), trusted);
            all.add(trusted);
        }
        this.verified = all.isEmpty() ? null : new VerifiedTokens();
    }

    /// Tells whether what a client shows is to be taken for a token: the policy has identities, and
    /// it has the form of a header, claims and a signature. Anything else is a key.
    public boolean mayBeToken(String shown) {
        if (verified == null || shown.isEmpty() || shown.charAt(0) != 'e') {
            return false; // a header begins with `{"`, which is `ey` in Base64
        }
        int dots = 0;
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            boolean base64 =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || c == '_';
            dots += c == '.' ? 1 : 0;
            if (!base64 && c != '.') {
                return false;
            }
        }
        return dots == 2;
    }

    /// Returns who has a token that was checked before, or null. Fast.
    ///
    /// @param sha256 of the token
    public @Nullable Caller known(byte[] sha256, long nowMillis) {
        return verified == null ? null : verified.find(sha256, nowMillis);
    }

    /// Checks a token. Takes up to a millisecond: not for an I/O thread.
    ///
    /// What costs little is looked at first. All of it must be right, so the order makes no
    /// difference to whom is let in.
    ///
    /// @param sha256 of the token
    public Verification verify(String token, byte[] sha256, long nowMillis) {
        try {
            return checked(token, sha256, nowMillis);
        } catch (BadToken e) {
            return new Verification.Refused(e.problem());
        }
    }

    private Verification checked(String text, byte[] sha256, long nowMillis) throws BadToken {
        if (text.length() > TOKEN_CHARS_MAX) {
            throw new BadToken(TokenProblem.TOO_LARGE);
        }
        SignedToken token = SignedToken.parse(text);
        Trusted trusted = byIssuer.get(token.issuer());
        if (trusted == null || verified == null) {
            throw new BadToken(TokenProblem.ISSUER);
        }
        if (!token.isFor(trusted.identity.audiences())) {
            throw new BadToken(TokenProblem.AUDIENCE);
        }
        long leewayMillis = trusted.identity.leeway().toMillis();
        long expiresMillis = token.expires() * MILLIS + leewayMillis;
        if (nowMillis >= expiresMillis) {
            throw new BadToken(TokenProblem.EXPIRED);
        }
        if (nowMillis + leewayMillis < token.notBefore() * MILLIS) {
            throw new BadToken(TokenProblem.NOT_YET);
        }
        KeySet keys = trusted.keys.usable();
        if (keys == null) {
            return new Verification.KeysMissing(trusted.keys);
        }
        return switch (keys.check(token)) {
            case UNKNOWN_KEY -> new Verification.KeysMissing(trusted.keys);
            case WRONG -> throw new BadToken(TokenProblem.SIGNATURE);
            case RIGHT ->
                    switch (SignIn.of(snapshot, trusted.identity, token)) {
                        case SignIn.NoTeam _ -> new Verification.NoTeam();
                        case SignIn.NoUser _ -> throw new BadToken(TokenProblem.USER);
                        case SignIn.Known(Caller caller) -> {
                            verified.add(
                                    sha256, expiresMillis, trusted.keys, keys, caller, nowMillis);
                            yield new Verification.Known(caller);
                        }
                    };
        };
    }

    /// Returns how the identities fare, in the order of the policy.
    public List<IdentityView> view() {
        return all.stream()
                .map(
                        each ->
                                new IdentityView(
                                        each.identity.name(),
                                        each.identity.issuer(),
                                        each.keys.count(),
                                        each.keys.fetchedAt(),
                                        each.keys.problem()))
                .toList();
    }
}
