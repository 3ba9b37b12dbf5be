package dev.writ.server.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.util.Base64URL;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Claims;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What must hold for any text that a stranger shows as a token, and for any that an issuer
/// publishes as keys. `./fuzz token` looks for texts for which it does not.
public final class FuzzToken {
    private static final String HEADER = Base64URL.encode("{\"alg\":\"RS256\"}") + ".";
    private static final List<Policy.Claim> CLAIMS =
            List.of(
                    new Policy.Claim(List.of("sub")),
                    new Policy.Claim(List.of("groups")),
                    new Policy.Claim(List.of("realm_access", "roles")),
                    new Policy.Claim(List.of("n")));

    private FuzzToken() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] bytes) {
        check(new String(bytes, StandardCharsets.UTF_8));
    }

    /// Checks that the text is read as a token, as the claims of one and as keys, or refused with
    /// a reason, and that nothing else happens.
    static void check(String text) {
        token(text);
        token(HEADER + Base64URL.encode(text) + ".c2ln");
        try {
            assertTrue(KeySet.parse(text).size() > 0);
        } catch (KeysUnavailable e) {
            assertFalse(e.why().isEmpty());
        }
    }

    private static void token(String text) {
        try {
            SignedToken token = SignedToken.parse(text);
            assertTrue(token.expires() >= 0 && token.notBefore() >= 0);
            assertFalse(token.isFor(List.of()));
            for (Policy.Claim claim : CLAIMS) {
                for (String value : token.find(claim).texts()) {
                    assertFalse(value.isEmpty() && token.find(claim) instanceof Claims.Value.Other);
                }
            }
        } catch (BadToken e) {
            assertFalse(e.problem().code().isEmpty());
        }
    }
}
