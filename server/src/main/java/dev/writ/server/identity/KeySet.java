package dev.writ.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The public keys of an issuer, as it published them at one time. Immutable.
///
/// Source: RFC 7517 (JWK), RFC 7518 (JWA).
final class KeySet {
    /// How many keys an issuer may have; the rest is left out.
    static final int KEYS_MAX = 100;

    /// How many keys of one id are tried with a token.
    private static final int TRIES_MAX = 4;

    private static final int RSA_BITS_MIN = 2048;
    private static final int RSA_BITS_MAX = 8192;
    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

    private final List<JWK> keys;

    private KeySet(List<JWK> keys) {
        this.keys = List.copyOf(keys);
    }

    /// What came of checking a token.
    enum Check {
        RIGHT,
        WRONG,
        /// It is signed with a key that is not here.
        UNKNOWN_KEY
    }

    /// Reads a JWK set. Keys of kinds that no token may be signed with are left out, so that a set
    /// with new kinds is still good for the old ones.
    ///
    /// @throws KeysUnavailable if none is left
    static KeySet parse(String json) throws KeysUnavailable {
        List<JWK> usable = new ArrayList<>();
        try {
            Object keys = JSONObjectUtils.parse(json).get("keys");
            for (Object each : keys instanceof List<?> list ? list : List.of()) {
                if (usable.size() < KEYS_MAX && each instanceof Map<?, ?> map) {
                    add(map, usable);
                }
            }
        } catch (ParseException | StackOverflowError _) {
            throw new KeysUnavailable("the keys are not written in JSON");
        }
        if (usable.isEmpty()) {
            throw new KeysUnavailable("there is no key that can be used");
        }
        return new KeySet(usable);
    }

    @SuppressWarnings("unchecked") // JSON objects have names that are texts
    private static void add(Map<?, ?> map, List<JWK> usable) {
        try {
            JWK key = JWK.parse((Map<String, Object>) map).toPublicJWK();
            boolean fits =
                    switch (key) {
                        case RSAKey rsa -> rsa.size() >= RSA_BITS_MIN && rsa.size() <= RSA_BITS_MAX;
                        case ECKey ec -> CURVES.contains(ec.getCurve());
                        case null, default -> false; // a symmetric one has no public half
                    };
            if (fits) {
                usable.add(key);
            }
        } catch (ParseException | IllegalArgumentException | IllegalStateException _) {
            // Another kind, or one that is written wrongly: no token is signed with it.
        }
    }

    int size() {
        return keys.size();
    }

    /// Checks the signature with the key that the token names. One that names none must leave no
    /// choice.
    Check check(SignedToken token) {
        JWSHeader header = token.header();
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        List<JWK> fitting = keys.stream().filter(matcher::matches).toList();
        if (fitting.isEmpty() || (header.getKeyID() == null && fitting.size() > 1)) {
            return Check.UNKNOWN_KEY;
        }
        return fitting.stream().limit(TRIES_MAX).anyMatch(key -> isSigned(token, key))
                ? Check.RIGHT
                : Check.WRONG;
    }

    private static boolean isSigned(SignedToken token, JWK key) {
        try {
            JWSVerifier verifier =
                    key instanceof RSAKey rsa
                            ? new RSASSAVerifier(rsa)
                            : new ECDSAVerifier(key.toECKey());
            return token.jws().verify(verifier);
        } catch (JOSEException _) {
            return false;
        }
    }

    /// Tells whether another publication has the same keys.
    boolean isSameAs(@Nullable KeySet other) {
        return other != null && keys.equals(other.keys);
    }
}
