package dev.writ.server.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which keys of an issuer count, and for which tokens.
final class KeySetTest {
    private static final Map<String, Object> CLAIMS = Map.of("iss", "i", "aud", "a", "exp", 1);

    private static KeySet.Check check(String keys, JWSHeader header) throws Exception {
        return KeySet.parse(keys)
                .check(SignedToken.parse(TestIssuer.signed(TestIssuer.RSA, header, CLAIMS)));
    }

    private static JWSHeader header(String id) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build();
    }

    private static String set(Object... keys) {
        return "{\"keys\":[%s]}"
                .formatted(
                        List.of(keys).stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",")));
    }

    private static String rsa(String change, String to) {
        return TestIssuer.RSA.toPublicJWK().toJSONString().replace(change, to);
    }

    @Test
    void aTokenIsCheckedWithTheKeyThatItNames() throws Exception {
        String both = new JWKSet(List.of(TestIssuer.RSA, TestIssuer.EC)).toString();
        assertEquals(KeySet.Check.RIGHT, check(both, header("rsa-1")));
        assertEquals(KeySet.Check.UNKNOWN_KEY, check(both, header("rsa-2")));
        assertEquals(KeySet.Check.UNKNOWN_KEY, check(both, header("ec-1")));
        RSAKey other = TestIssuer.rsa("rsa-1");
        assertEquals(
                KeySet.Check.WRONG, check(new JWKSet(List.of(other)).toString(), header("rsa-1")));
        assertEquals(
                KeySet.Check.RIGHT,
                check(new JWKSet(List.of(other, TestIssuer.RSA)).toString(), header("rsa-1")),
                "of two with one id, one is right");
    }

    @Test
    void aTokenThatNamesNoKeyMustLeaveNoChoice() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).build();
        assertEquals(
                KeySet.Check.RIGHT,
                check(new JWKSet(List.of(TestIssuer.RSA, TestIssuer.EC)).toString(), header));
        RSAKey other = TestIssuer.rsa("rsa-2");
        assertEquals(
                KeySet.Check.UNKNOWN_KEY,
                check(new JWKSet(List.of(TestIssuer.RSA, other)).toString(), header));
    }

    @Test
    void keysForOtherUsesAreNotForTokens() throws Exception {
        RSAKey encrypts = new RSAKey.Builder(TestIssuer.RSA).keyUse(KeyUse.ENCRYPTION).build();
        assertEquals(
                KeySet.Check.UNKNOWN_KEY, check(new JWKSet(encrypts).toString(), header("rsa-1")));
        RSAKey only = new RSAKey.Builder(TestIssuer.RSA).algorithm(JWSAlgorithm.PS256).build();
        assertEquals(KeySet.Check.UNKNOWN_KEY, check(new JWKSet(only).toString(), header("rsa-1")));
    }

    @Test
    void keysOfOtherKindsAreLeftOut() throws Exception {
        String json =
                set(
                        "{\"kty\":\"oct\",\"kid\":\"rsa-1\",\"k\":\"c2VjcmV0\"}",
                        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                        "{\"kty\":\"new-kind\"}",
                        "{\"kty\":\"RSA\",\"kid\":\"rsa-1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
                        "{\"kty\":\"RSA\"}",
                        "7",
                        "null",
                        rsa("rsa-1", "rsa-1"));
        assertEquals(1, KeySet.parse(json).size());
        assertEquals(KeySet.Check.RIGHT, check(json, header("rsa-1")));
    }

    @Test
    void aSetWithoutAUsableKeyIsNone() {
        for (String json :
                List.of(
                        "",
                        "[]",
                        "{}",
                        "{\"keys\":7}",
                        set(),
                        set("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}"),
                        "{\"keys\":[" + "[".repeat(100_000),
                        "<html>")) {
            assertThrows(KeysUnavailable.class, () -> KeySet.parse(json), json);
        }
    }

    @Test
    void thereIsAnEndToKeys() throws Exception {
        String ec =
                new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256)
                        .generate()
                        .toPublicJWK()
                        .toJSONString();
        String many = set(IntStream.range(0, KeySet.KEYS_MAX + 1).mapToObj(_ -> ec).toArray());
        assertEquals(KeySet.KEYS_MAX, KeySet.parse(many).size());
    }

    @Test
    void theSameKeysAreTheSame() throws KeysUnavailable, JOSEException {
        KeySet one = KeySet.parse(new JWKSet(List.of(TestIssuer.RSA, TestIssuer.EC)).toString());
        assertTrue(
                one.isSameAs(
                        KeySet.parse(
                                new JWKSet(List.of(TestIssuer.RSA, TestIssuer.EC))
                                        .toString(true))));
        assertFalse(one.isSameAs(KeySet.parse(new JWKSet(TestIssuer.RSA).toString())));
        assertFalse(one.isSameAs(null));
    }
}
