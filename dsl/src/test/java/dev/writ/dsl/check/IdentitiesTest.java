package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Claim;
import dev.writ.dsl.policy.Policy.Identity;
import dev.writ.dsl.policy.Policy.Membership;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose tokens are taken, and what follows from them for conditions and proofs.
final class IdentitiesTest {
    private static final String OPS = "team ops { may use chat }\n";
    private static final String HEAD = "issuer \"https://a.example/\" audience \"writ\" ";

    private static Identity identity(String properties) {
        Policy policy = Checked.usable(Checked.BASE + OPS + "identity sso { " + properties + " }");
        return policy.identities().getFirst();
    }

    private static Claim claim(String... path) {
        return new Claim(List.of(path));
    }

    @Test
    void isReadAsItIsWritten() {
        Identity sso =
                identity(
                        """
                        issuer "https://login.acme.example/"
                        audience "writ", "api://writ"
                        jwks "https://keys.example/jwks?tenant=acme"
                        team ops when claim "realm_access"."roles" in ["ops", "admins"]
                        team dev when claim "groups" is "eng"
                        team dev otherwise
                        user from claim "sub"
                        tag from claim "department"
                        tag from claim "site"
                        leeway 0s
                        """);
        assertEquals("sso", sso.name());
        assertEquals("https://login.acme.example/", sso.issuer());
        assertEquals(List.of("writ", "api://writ"), sso.audiences());
        assertEquals("https://keys.example/jwks?tenant=acme", sso.jwks());
        assertEquals(
                List.of(
                        new Membership(1, claim("realm_access", "roles"), Set.of("ops", "admins")),
                        new Membership(0, claim("groups"), Set.of("eng")),
                        new Membership(0, null, Set.of())),
                sso.memberships());
        assertEquals(claim("sub"), sso.user());
        assertEquals(List.of(claim("department"), claim("site")), sso.tags());
        assertEquals(Duration.ZERO, sso.leeway());
    }

    @Test
    void whatIsNotWrittenHasADefault() {
        Identity sso = identity(HEAD + "team dev when claim \"a\" is \"b\" team ops otherwise");
        assertNull(sso.jwks());
        assertNull(sso.user());
        assertEquals(List.of(), sso.tags());
        assertEquals(Duration.ofSeconds(30), sso.leeway());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    audience "w" team ops otherwise                                       | E0206 sso
                    issuer "https://a.example" team ops otherwise                         | E0206 sso
                    issuer "https://a.example" audience "w"                               | W0111 ops, E0206 sso
                    issuer "https://a.example" audience "w" team ops otherwise            |
                    issuer "http://a.example" audience "w" team ops otherwise             | E0304 "http://a.example"
                    issuer "http://localhost:8080/realms/a" audience "w" team ops otherwise |
                    issuer "http://127.0.0.1" audience "w" team ops otherwise             |
                    issuer "http://[::1]:80/" audience "w" team ops otherwise             |
                    issuer "http://127.0.0.1.evil.example/" audience "w" team ops otherwise | E0304 "http://127.0.0.1.evil.example/"
                    issuer "a.example" audience "w" team ops otherwise                    | E0205 "a.example"
                    issuer "https://a.example/?x=1" audience "w" team ops otherwise       | E0302 "https://a.example/?x=1"
                    issuer "https://u:p@a.example/" audience "w" team ops otherwise       | E0302 "https://u:p@a.example/"
                    HEAD jwks "http://a.example/k" team ops otherwise                     | E0304 "http://a.example/k"
                    HEAD jwks "ftp://a.example/k" team ops otherwise                      | E0205 "ftp://a.example/k"
                    HEAD jwks "https://u@a.example/k" team ops otherwise                  | E0302 "https://u@a.example/k"
                    HEAD jwks "https://a.example/k?p=1" team ops otherwise                |
                    HEAD team osp otherwise                                               | E0102 osp
                    HEAD team ops otherwise team ops when claim "g" is "x"                | E0109 team ops otherwise
                    HEAD team ops when claim "g" is "x" team dev when claim "g" is "x"    | W0230 team dev when claim "g" is "x"
                    HEAD team ops when claim "g" in ["x", "y"] team dev when claim "g" in ["y", "z"] |
                    HEAD team ops when claim "g" is "x" team dev when claim "h" is "x"    |
                    HEAD team ops when claim "" is "x"                                    | E0205 ""
                    HEAD team ops when claim "g" is ""                                    | E0205 ""
                    issuer "https://a.example" audience " " team ops otherwise            | E0205 " "
                    HEAD team ops otherwise user from claim "a" user from claim "b"       | E0207 user from claim "b"
                    HEAD team ops otherwise tag from claim "a" tag from claim "a"         | E0207 tag from claim "a"
                    HEAD issuer "https://b.example/" team ops otherwise                   | E0207 issuer "https://b.example/"
                    HEAD team ops otherwise leeway 5min                                   |
                    HEAD team ops otherwise leeway 6min                                   | E0205 6min
                    """)
    void aMistakeIsTold(String properties, String expected) {
        String told = expected == null ? "" : expected;
        String identity = "identity sso { %s }".formatted(properties.replace("HEAD", HEAD));
        assertEquals(
                told.isEmpty() ? List.of() : List.of(told.split(", (?=[EW]\\d)")),
                Checked.toldOf(OPS + identity));
    }

    @Test
    void anUnknownTeamIsTheNearestOne() {
        Diagnostic only =
                Checked.check(Checked.BASE + "identity sso { " + HEAD + " team deb otherwise }")
                        .diagnostics()
                        .getFirst();
        assertEquals("E0102", only.code().id());
        assertEquals(List.of("Did you mean `dev`?"), only.hints());
    }

    @Test
    void anIssuerHasOneIdentity() {
        String one =
                "identity %s { issuer \"https://a.example/\" audience \"w\" team dev otherwise }\n";
        assertEquals(
                List.of("E0115 \"https://a.example/\""),
                Checked.toldOf(one.formatted("a") + one.formatted("b")));
        assertEquals(
                List.of("E0101 a", "E0115 \"https://a.example/\"").subList(0, 1),
                Checked.toldOf(one.formatted("a") + one.formatted("a")));
    }

    /// A team that an identity leads to is not without callers; that is not told either where the
    /// identity cannot be read.
    @Test
    void aTeamWithoutAKeyMayHaveTokens() {
        assertEquals(List.of("W0111 ops"), Checked.toldOf(OPS));
        assertEquals(
                List.of(),
                Checked.toldOf(OPS + "identity sso { " + HEAD + " team ops otherwise }"));
        assertEquals(
                List.of("E0004 teem"),
                Checked.toldOf(OPS + "identity sso { " + HEAD + "\nteem ops otherwise\n }"));
    }

    // ── Conditions ───────────────────────────────────────────────────────────────────────────

    private static final String SSO =
            OPS + "identity sso { " + HEAD + "team ops otherwise user from claim \"sub\" }\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    identity is sso                                          |
                    identity is none                                         |
                    identity in [sso, none]                                  |
                    identity is "sso"                                        |
                    user else "bob" is alice                                 |
                    key is dev.laptop                                        |
                    identity is soo                                          | E0204 soo
                    user present and user is alice                           |
                    user present and user is "ada@acme.example"              | E0204 "ada@acme.example"
                    caller.claim("department") else "" is "legal"            |
                    caller.claim("department") present                       |
                    caller.claim("department") is "legal"                    | E0202 caller.claim("department")
                    caller.claim("") present                                 | E0205 ""
                    caller.claim present                                     | E0201 caller.claim
                    caller.clam("x") present                                 | E0105 caller.clam
                    """)
    void conditionsAskWhoSignedIn(String condition, String expected) {
        assertEquals(
                expected == null ? List.of() : List.of(expected),
                Checked.toldOf(SSO + "rule it on request when %s tag \"t\"".formatted(condition)));
    }

    @Test
    void claimsNeedAnIdentity() {
        assertEquals(
                List.of("E0208 \"department\""),
                Checked.toldOfCondition("request", "caller.claim(\"department\") present"));
    }

    @Test
    void aUserWhomTokensNameCanBeDeclaredByAnyName() {
        assertEquals(
                List.of(),
                Checked.told(
                        Checked.BASE.replace("user alice, bob", "user alice, `ada@acme.example`")
                                + SSO
                                + "rule it on request when user present and user is \"ada@acme.example\" tag \"t\""));
        assertTrue(
                Checked.check(
                                Checked.BASE
                                        + SSO
                                        + "rule it on request when user present and user is \"ada@acme.example\" tag \"t\"")
                        .diagnostics()
                        .getFirst()
                        .hints()
                        .contains(
                                "Declare in a team whom conditions name: ``user `ada@acme.example```."));
    }

    // ── Proofs ───────────────────────────────────────────────────────────────────────────────

    /// Who signs in has no key, may be any user, and is vouched for by an identity that leads to
    /// the team: what routes ask of these is proved of them too.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    key is ward -> far, x otherwise -> near                  | key is `clinic/ward`
                    key is ward -> near, x otherwise -> far                  | team is `clinic` and identity is `sso`
                    identity is none -> near, x otherwise -> far             | team is `clinic` and identity is `sso`
                    identity is none -> far, x otherwise -> near             | key is `clinic/ward`
                    identity is sso -> near, x otherwise -> far              | key is `clinic/ward`
                    identity is sso -> far, x otherwise -> near              | team is `clinic` and identity is `sso`
                    identity is other -> far, x otherwise -> near            |
                    user present and user is ann -> near, x otherwise -> far | key is `clinic/ward`
                    user present and user is ann -> far, x otherwise -> near | team is `clinic` and identity is `sso`
                    user present -> near, x otherwise -> far                 | key is `clinic/ward`
                    caller.claim("a") present -> far, x otherwise -> near    | team is `clinic` and identity is `sso` and caller.claim("a") present
                    caller.claim("a") present -> near, x otherwise -> far    | key is `clinic/ward`
                    """)
    void whoSignsInIsProvedToo(String arms, String expected) {
        String policy =
                """
                policy "p" language 1
                provider here { kind simulated  region eu }
                provider there { kind simulated  region us }
                model near on here "near" { }
                model far on there "far" { }
                route chat { a when %s }
                team clinic { user ann  key ward sha256 "%s"  may use chat  stay in eu }
                team dev { may use chat }
                identity sso { issuer "https://a.example/" audience "w" team clinic otherwise user from claim "sub" }
                identity other { issuer "https://b.example/" audience "w" team dev otherwise }
                """
                        .formatted(arms.replace(", ", " "), "a".repeat(64));
        List<String> reached =
                Checked.check(policy).diagnostics().stream()
                        .filter(d -> d.code().id().equals("E0501"))
                        .map(d -> d.because().getFirst().text())
                        .map(t -> t.substring("reached when ".length(), t.indexOf(", and no")))
                        .toList();
        assertEquals(expected == null ? List.of() : List.of(expected), reached);
    }
}
