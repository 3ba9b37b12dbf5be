package dev.writ.server.identity;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Claims;
import java.math.BigDecimal;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A signed token as it says it is: read, and not believed before [KeySet#check].
///
/// Source: RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best current practices).
final class SignedToken implements Claims {
    /// No symmetric ones, by which whoever checks tokens could make them, and never `none`.
    private static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    /// What says that it is a token for access or about a person, and none for something else that
    /// the same issuer signs, such as the end of a session.
    private static final Set<String> TYPES =
            Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

    /// The end of the year 9999.
    private static final long SECOND_MAX = 253_402_300_799L;

    private final JWSObject jws;
    private final Map<String, Object> claims;
    private final String issuer;
    private final List<String> audiences;
    private final long expires;
    private final long notBefore;

    private SignedToken(JWSObject jws, Map<String, Object> claims) throws BadToken {
        this.jws = jws;
        this.claims = claims;
        if (!(claims.get("iss") instanceof String written)) {
            throw new BadToken(TokenProblem.INCOMPLETE);
        }
        this.issuer = written;
        this.audiences = texts(claims.get("aud"));
        this.expires = second(claims.get("exp"));
        this.notBefore = claims.get("nbf") == null ? 0 : second(claims.get("nbf"));
        if (audiences.isEmpty()) {
            throw new BadToken(TokenProblem.INCOMPLETE);
        }
    }

    /// Reads a token of at most [TokenIdentities#TOKEN_CHARS_MAX] characters.
    static SignedToken parse(String text) throws BadToken {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            throw new BadToken(TokenProblem.MALFORMED);
        }
        try {
            Base64URL header = new Base64URL(text.substring(0, first));
            require(JSONObjectUtils.parse(header.decodeToString()));
            JWSObject jws =
                    new JWSObject(
                            header,
                            new Base64URL(text.substring(first + 1, second)),
                            new Base64URL(text.substring(second + 1)));
            if (!jws.getHeader().isBase64URLEncodePayload()) {
                throw new BadToken(TokenProblem.TYPE);
            }
            Map<String, Object> claims = jws.getPayload().toJSONObject();
            if (claims == null) {
                throw new BadToken(TokenProblem.MALFORMED);
            }
            return new SignedToken(jws, claims);
        } catch (ParseException | IllegalArgumentException | StackOverflowError _) {
            throw new BadToken(TokenProblem.MALFORMED);
        }
    }

    /// Looks at the header before anything is made of it. A key or the address of one in it, which
    /// a forger would put there, is never looked at.
    private static void require(Map<String, Object> header) throws BadToken {
        if (!(header.get("alg") instanceof String algorithm) || !ALGORITHMS.contains(algorithm)) {
            throw new BadToken(TokenProblem.ALGORITHM);
        }
        Object type = header.get("typ");
        boolean fits =
                type == null
                        || (type instanceof String text
                                && TYPES.contains(text.toLowerCase(Locale.ROOT)));
        if (!fits || header.containsKey("crit")) {
            throw new BadToken(TokenProblem.TYPE);
        }
    }

    String issuer() {
        return issuer;
    }

    /// Tells whether it is made for one of these.
    boolean isFor(List<String> accepted) {
        return audiences.stream().anyMatch(accepted::contains);
    }

    /// Returns the second since 1970 from which on it is expired.
    long expires() {
        return expires;
    }

    /// Returns the second since 1970 from which on it is valid; 0 where it does not say.
    long notBefore() {
        return notBefore;
    }

    JWSHeader header() {
        return jws.getHeader();
    }

    JWSObject jws() {
        return jws;
    }

    @Override
    public Claims.Value find(Policy.Claim claim) {
        Object found = claims;
        for (String name : claim.path()) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        String text = text(found);
        if (text != null) {
            return new Claims.Value.Text(text);
        }
        return switch (found) {
            case null -> new Claims.Value.Absent();
            case List<?> list -> new Claims.Value.Texts(texts(list));
            case Object _ -> new Claims.Value.Other();
        };
    }

    /// Returns a text, number, yes or no as a text; null for anything else.
    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Double number -> BigDecimal.valueOf(number).toPlainString();
            case Number number -> number.toString();
            case Boolean yes -> yes.toString();
            case null, default -> null;
        };
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        List<?> all =
                switch (value) {
                    case null -> List.of();
                    case List<?> list -> list;
                    case Object one -> List.of(one);
                };
        for (Object each : all) {
            String text = text(each);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static long second(@Nullable Object value) throws BadToken {
        if (!(value instanceof Number number)) {
            throw new BadToken(TokenProblem.INCOMPLETE);
        }
        return Math.clamp(number.longValue(), 0, SECOND_MAX);
    }
}
