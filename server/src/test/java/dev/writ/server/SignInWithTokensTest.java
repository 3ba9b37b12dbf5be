package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.writ.server.identity.KeyLimits;
import dev.writ.server.identity.TestIssuer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers that show tokens, over real sockets: the gateway's, and an issuer's.
final class SignInWithTokensTest {
    private static final KeyLimits AT_ONCE =
            new KeyLimits(
                    Duration.ofHours(1),
                    Duration.ofMillis(20),
                    Duration.ofNanos(1),
                    Duration.ofHours(1),
                    Duration.ofSeconds(20),
                    2);

    @TempDir Path temp;

    private TestIssuer issuer;

    @BeforeEach
    void startIssuer() throws IOException {
        issuer = TestIssuer.start(0);
    }

    @AfterEach
    void stopIssuer() {
        issuer.close();
    }

    private String policy() {
        return policy("team staff when claim \"groups\" is \"dev\"");
    }

    private String policy(String lines) {
        return """
        policy "test" language 1
        provider up { kind simulated }
        model small on up "small-1" {}
        route chat {
          boss when user present and user is boss -> deny 451 "Not the boss."
          rest otherwise -> small
        }
        team staff { user boss  may use chat }
        identity sso {
          issuer "%s"
          audience "writ"
          %s
          user from claim "sub"
          tag from claim "department"
          leeway 5s
        }
        rule record on response audit full
        """
                        .formatted(issuer.issuer(), lines)
                + TestGateway.TEAM;
    }

    private TestGateway start(String policy) throws Exception {
        return TestGateway.start(temp, policy, options -> options.with(AT_ONCE));
    }

    private static HttpResponse<String> chat(TestGateway gateway, String token)
            throws IOException, InterruptedException {
        return gateway.client.send(request(gateway, token), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(TestGateway gateway, String token) {
        return HttpRequest.newBuilder(gateway.url("/v1/chat/completions"))
                .header("authorization", "Bearer " + token)
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(TestGateway.HELLO))
                .build();
    }

    private static String code(HttpResponse<String> answer) {
        String body = answer.body();
        int at = body.indexOf("\"code\":\"") + 8;
        return answer.statusCode()
                + " "
                + (at < 8 ? body : body.substring(at, body.indexOf('"', at)));
    }

    private static void assertGood(TestGateway gateway, String token) throws Exception {
        HttpResponse<String> answer = chat(gateway, token);
        assertEquals(200, answer.statusCode(), answer::body);
    }

    private static void assertRefused(String code, TestGateway gateway, String token)
            throws Exception {
        HttpResponse<String> answer = chat(gateway, token);
        assertEquals(code, code(answer));
        for (String part : token.split("\\.", -1)) {
            assertFalse(part.length() > 4 && answer.body().contains(part), answer::body);
        }
    }

    // ── Good ones ────────────────────────────────────────────────────────────────────────────

    @Test
    void everyAlgorithmThatIsAcceptedIsChecked() throws Exception {
        ECKey ec384 = TestIssuer.ec("ec-384", Curve.P_384);
        ECKey ec521 = TestIssuer.ec("ec-521", Curve.P_521);
        issuer.publish(TestIssuer.RSA, TestIssuer.EC, ec384, ec521);
        try (TestGateway gateway = start(policy())) {
            for (String name : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")) {
                assertGood(
                        gateway,
                        TestIssuer.signed(
                                TestIssuer.RSA, JWSAlgorithm.parse(name), issuer.claims()));
            }
            assertGood(
                    gateway, TestIssuer.signed(TestIssuer.EC, JWSAlgorithm.ES256, issuer.claims()));
            assertGood(gateway, TestIssuer.signed(ec384, JWSAlgorithm.ES384, issuer.claims()));
            assertGood(gateway, TestIssuer.signed(ec521, JWSAlgorithm.ES512, issuer.claims()));
        }
    }

    @Test
    void aKeyGoesOnToBeAKey() throws Exception {
        String shaped = "eyJhIjoxfQ.eyJhIjoxfQ.c2lnbmF0dXJl";
        String digest =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(shaped.getBytes(StandardCharsets.US_ASCII)));
        String policy =
                policy().replace(
                                "may use chat\n",
                                "may use chat\n  key odd sha256 \"" + digest + "\"\n");
        try (TestGateway gateway = start(policy)) {
            assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
            assertEquals("401 invalid_api_key", code(chat(gateway, "nobody")));
            assertEquals("401 invalid_api_key", code(chat(gateway, "a.b.c")));
            assertGood(gateway, shaped);
        }
    }

    @Test
    void whatFollowsFromClaimsIsDecidedAndRecorded() throws Exception {
        Path data;
        try (TestGateway gateway = start(policy())) {
            String ada = issuer.token("department", "legal");
            assertGood(gateway, ada);
            assertGood(gateway, ada);
            assertEquals("451 policy_denied", code(chat(gateway, issuer.token("sub", "boss"))));
            assertEquals(
                    "403 no_team", code(chat(gateway, issuer.token("groups", List.of("sales")))));
            assertRefused("401 token_user_missing", gateway, issuer.token("sub", null));
            HttpResponse<String> models =
                    gateway.client.send(
                            HttpRequest.newBuilder(gateway.url("/v1/models"))
                                    .header("authorization", "bearer " + ada)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertTrue(models.body().contains("\"id\":\"chat\""), models.body());
            data = gateway.policy.resolveSibling("data");
        }
        List<String> records = Files.readAllLines(data.resolve("decisions/decisions.jsonl"));
        assertEquals(3, records.size());
        for (String record : records.subList(0, 2)) {
            assertTrue(
                    record.contains(
                            "\"team\":\"staff\",\"identity\":\"sso\",\"user\":\"ada@acme.example\""),
                    record);
            assertTrue(record.contains("\"tags\":[\"department=legal\"]"), record);
            assertFalse(record.contains("\"key\""), record);
        }
        assertTrue(records.get(2).contains("\"user\":\"boss\""), records.get(2));
    }

    @Test
    void aTokenWithManyGroupsAndABodyInPiecesAreRead() throws Exception {
        List<String> groups =
                IntStream.range(0, 350).mapToObj("group-%d-of-this-company"::formatted).toList();
        String token = issuer.token("groups", groups, "groups2", "x");
        String own = issuer.token("groups", concat(groups, "dev"));
        assertTrue(own.length() > 8 * 1024 && own.length() < 16 * 1024, () -> "" + own.length());
        try (TestGateway gateway = start(policy())) {
            assertEquals("403 no_team", code(chat(gateway, token)));
            assertGood(gateway, own);
            String body = TestGateway.HELLO.replace("Hello", "Hello ".repeat(40_000));
            HttpRequest large =
                    HttpRequest.newBuilder(gateway.url("/v1/chat/completions"))
                            .header("authorization", "Bearer " + issuer.token("n", 1))
                            .expectContinue(true)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            assertEquals(
                    200,
                    gateway.client.send(large, HttpResponse.BodyHandlers.ofString()).statusCode());
            assertEquals(200, inPieces(gateway, issuer.token("n", 2)));
        }
    }

    private static List<String> concat(List<String> list, String last) {
        return java.util.stream.Stream.concat(list.stream(), java.util.stream.Stream.of(last))
                .toList();
    }

    /// Sends the head, then the body in chunks, and returns the status.
    private static int inPieces(TestGateway gateway, String token) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.gateway.port())) {
            OutputStream out = client.getOutputStream();
            out.write(
                    """
                    POST /v1/chat/completions HTTP/1.1\r
                    host: x\r
                    connection: close\r
                    authorization: Bearer %s\r
                    transfer-encoding: chunked\r
                    \r
                    """
                            .formatted(token)
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            for (char c : TestGateway.HELLO.toCharArray()) {
                out.write("1\r\n%s\r\n".formatted(c).getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    // ── Others ───────────────────────────────────────────────────────────────────────────────

    @Test
    void whatIsWrongIsSaid() throws Exception {
        long now = Instant.now().getEpochSecond();
        RSAKey other = TestIssuer.rsa("rsa-1");
        String good = issuer.token();
        String[] parts = good.split("\\.", -1);
        try (TestGateway gateway = start(policy())) {
            assertRefused("401 token_expired", gateway, issuer.token("exp", now - 6));
            assertGood(gateway, issuer.token("exp", now - 1)); // within the leeway
            assertRefused("401 token_not_yet_valid", gateway, issuer.token("nbf", now + 60));
            assertGood(gateway, issuer.token("nbf", now + 2));
            assertRefused("401 token_audience_wrong", gateway, issuer.token("aud", "wiki"));
            assertRefused(
                    "401 token_audience_wrong",
                    gateway,
                    issuer.token("aud", List.of("a", "writ2")));
            assertGood(gateway, issuer.token("aud", List.of("wiki", "writ")));
            assertRefused(
                    "401 token_issuer_unknown",
                    gateway,
                    issuer.token("iss", "https://evil.example/"));
            assertRefused(
                    "401 token_issuer_unknown",
                    gateway,
                    issuer.token(
                            "iss", issuer.issuer().substring(0, issuer.issuer().length() - 1)));
            for (String name : List.of("iss", "aud", "exp")) {
                assertRefused("401 token_incomplete", gateway, issuer.token(name, null));
            }
            assertRefused("401 token_incomplete", gateway, issuer.token("exp", "tomorrow"));
            assertRefused("401 token_incomplete", gateway, issuer.token("iss", 1));
            assertRefused(
                    "401 token_signature_wrong",
                    gateway,
                    TestIssuer.signed(other, JWSAlgorithm.RS256, issuer.claims()));
            assertRefused(
                    "401 token_signature_wrong",
                    gateway,
                    parts[0]
                            + "."
                            + payload(issuer.claims("groups", List.of("admin")))
                            + "."
                            + parts[2]);
            assertRefused("401 token_malformed", gateway, parts[0] + "." + parts[1] + ".");
            assertRefused("401 token_malformed", gateway, parts[0] + ".." + parts[2]);
            assertRefused("401 token_malformed", gateway, parts[0] + ".AAAA." + parts[2]);
            assertRefused("401 token_malformed", gateway, "eyJAAAA." + parts[1] + "." + parts[2]);
            String deep = Base64URL.encode("{\"a\":" + "[".repeat(9_000)).toString();
            assertRefused("401 token_malformed", gateway, parts[0] + "." + deep + "." + parts[2]);
        }
    }

    private static String payload(Map<String, Object> claims) {
        return new Payload(claims).toBase64URL().toString();
    }

    @Test
    void noTokenSignsItself() throws Exception {
        String payload = payload(issuer.claims());
        String none = Base64URL.encode("{\"alg\":\"none\"}") + "." + payload + ".";
        JWSObject hmac =
                new JWSObject(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .keyID(TestIssuer.RSA.getKeyID())
                                .build(),
                        new Payload(issuer.claims()));
        hmac.sign(new MACSigner(TestIssuer.RSA.toRSAPublicKey().getEncoded()));
        try (TestGateway gateway = start(policy())) {
            assertRefused("401 token_algorithm_refused", gateway, none);
            assertRefused("401 token_algorithm_refused", gateway, none + "AAAA");
            assertRefused(
                    "401 token_algorithm_refused",
                    gateway,
                    Base64URL.encode("{\"alg\":\"NONE\"}") + "." + payload + ".");
            assertRefused("401 token_algorithm_refused", gateway, hmac.serialize());
            // The right key under an algorithm of another kind.
            String swapped =
                    Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}")
                            + "."
                            + payload
                            + ".AAAA";
            assertRefused("401 token_key_unknown", gateway, swapped);
        }
    }

    /// A key, or the address of one, that a token brings itself is not looked at.
    @Test
    void noTokenBringsItsKey() throws Exception {
        RSAKey mine = TestIssuer.rsa("mine");
        try (TestGateway gateway = start(policy());
                TestIssuer evil = TestIssuer.start(0)) {
            evil.publish(mine);
            assertRefused(
                    "401 token_key_unknown",
                    gateway,
                    TestIssuer.signed(
                            mine,
                            new JWSHeader.Builder(JWSAlgorithm.RS256)
                                    .keyID("mine")
                                    .jwkURL(URI.create(evil.url("/keys")))
                                    .build(),
                            issuer.claims()));
            assertRefused(
                    "401 token_signature_wrong",
                    gateway,
                    TestIssuer.signed(
                            mine,
                            new JWSHeader.Builder(JWSAlgorithm.RS256)
                                    .keyID(TestIssuer.RSA.getKeyID())
                                    .jwk(mine.toPublicJWK())
                                    .build(),
                            issuer.claims()));
            assertEquals(List.of(), evil.asked());
        }
    }

    @Test
    void tokensForOtherUsesAreNotTaken() throws Exception {
        try (TestGateway gateway = start(policy())) {
            for (String type : List.of("JWT", "at+jwt", "application/at+jwt")) {
                assertGood(gateway, typed(type));
            }
            assertRefused("401 token_type_wrong", gateway, typed("logout+jwt"));
            JWSHeader critical =
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(TestIssuer.RSA.getKeyID())
                            .criticalParams(Collections.singleton("exp"))
                            .customParam("exp", 1)
                            .build();
            assertRefused(
                    "401 token_type_wrong",
                    gateway,
                    TestIssuer.signed(TestIssuer.RSA, critical, issuer.claims()));
        }
    }

    private String typed(String type) throws JOSEException {
        return TestIssuer.signed(
                TestIssuer.RSA,
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(TestIssuer.RSA.getKeyID())
                        .type(new JOSEObjectType(type))
                        .build(),
                issuer.claims());
    }

    @Test
    void aHugeTokenIsNotRead() throws Exception {
        String huge = issuer.token("groups", List.of("dev"), "x", "x".repeat(13_000));
        assertTrue(huge.length() > 16 * 1024 && huge.length() < 20 * 1024);
        try (TestGateway gateway = start(policy())) {
            assertRefused("401 token_too_large", gateway, huge);
            assertEquals("401 invalid_api_key", code(chat(gateway, "k".repeat(20_000))));
            String longest = issuer.token("x", "x".repeat(11_000));
            assertTrue(longest.length() < 16 * 1024);
            assertGood(gateway, longest);
        }
    }

    @Test
    void withoutIdentitiesATokenIsAnUnknownKey() throws Exception {
        String policy = policy();
        String without =
                policy.substring(0, policy.indexOf("identity sso"))
                        + policy.substring(policy.indexOf("rule record"));
        try (TestGateway gateway = start(without)) {
            assertEquals("401 invalid_api_key", code(chat(gateway, issuer.token())));
            assertEquals(List.of(), issuer.asked());
        }
    }

    // ── Keys of the issuer ───────────────────────────────────────────────────────────────────

    @Test
    void keysAreFetchedOnceForManyTokens() throws Exception {
        try (TestGateway gateway = start(policy())) {
            for (int i = 0; i < 20; i++) {
                assertGood(gateway, issuer.token("i", i));
            }
            assertEquals(
                    List.of("/realms/acme/.well-known/openid-configuration", "/keys"),
                    issuer.asked());
        }
    }

    @Test
    void aNewKeyIsFetchedWhenATokenBringsIt() throws Exception {
        RSAKey next = TestIssuer.rsa("rsa-2");
        try (TestGateway gateway = start(policy())) {
            String old = issuer.token();
            String fresh = TestIssuer.signed(next, JWSAlgorithm.RS256, issuer.claims());
            assertGood(gateway, old);
            assertRefused("401 token_key_unknown", gateway, fresh);
            issuer.publish(next);
            assertGood(gateway, fresh);
            // A withdrawn key is good no more, though its token was checked before.
            assertRefused("401 token_key_unknown", gateway, old);
        }
    }

    @Test
    void unknownKeysCauseFewFetches() throws Exception {
        RSAKey unknown = TestIssuer.rsa("rsa-2");
        try (TestGateway gateway = TestGateway.start(temp, policy())) {
            assertGood(gateway, issuer.token());
            for (int i = 0; i < 20; i++) {
                assertRefused(
                        "401 token_key_unknown",
                        gateway,
                        TestIssuer.signed(unknown, JWSAlgorithm.RS256, issuer.claims("i", i)));
            }
            assertEquals(2, issuer.asked().size());
        }
    }

    @Test
    void keysThatCannotBeFetchedRefuseTokensUntilTheyCan() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        issuer.close();
        String policy = policy();
        String url = issuer.url("");
        try (TestGateway gateway = start(policy.replace(url, "http://127.0.0.1:" + port))) {
            TestIssuer later = TestIssuer.start(port);
            String token = later.token();
            later.close();
            HttpResponse<String> answer = chat(gateway, token);
            assertEquals("503 issuer_unavailable", code(answer));
            assertEquals("1", answer.headers().firstValue("retry-after").orElse(""));
            assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode(), "keys go on");
            String status = gateway.status();
            assertTrue(status.contains("\"name\":\"sso\""), status);
            assertTrue(status.contains("\"keys\":0,\"fetched_at\":null,\"problem\":\""), status);
            try (TestIssuer up = TestIssuer.start(port)) {
                Instant deadline = Instant.now().plusSeconds(60);
                while (chat(gateway, token).statusCode() == 503
                        && Instant.now().isBefore(deadline)) {
                    up.nextAsked(); // it is asked again and again
                }
                assertGood(gateway, token);
                assertTrue(gateway.status().contains("\"keys\":2"), gateway.status());
                assertTrue(gateway.status().contains("\"problem\":null"), gateway.status());
            }
        }
    }

    @Test
    void slowKeysHoldUpNobodyElse() throws Exception {
        issuer.hold();
        try (TestGateway gateway = start(policy())) {
            assertEquals("/realms/acme/.well-known/openid-configuration", issuer.nextAsked());
            CompletableFuture<HttpResponse<String>> first = send(gateway, issuer.token("i", 1));
            CompletableFuture<HttpResponse<String>> second = send(gateway, issuer.token("i", 2));
            // As many wait as may; that the third does not shows that both are there.
            String third = issuer.token("i", 3);
            Instant deadline = Instant.now().plusSeconds(60);
            CompletableFuture<HttpResponse<String>> more = send(gateway, third);
            CompletableFuture.anyOf(first, second, more).get(60, TimeUnit.SECONDS);
            HttpResponse<String> refused =
                    List.of(first, second, more).stream()
                            .filter(CompletableFuture::isDone)
                            .findFirst()
                            .orElseThrow()
                            .get();
            assertEquals("503 issuer_unavailable", code(refused));
            for (int i = 0; i < 50; i++) {
                assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
            }
            assertTrue(Instant.now().isBefore(deadline));
            assertEquals(1, List.of(first, second, more).stream().filter(f -> f.isDone()).count());
            issuer.release();
            int served = 0;
            for (CompletableFuture<HttpResponse<String>> each : List.of(first, second, more)) {
                served += each.get(60, TimeUnit.SECONDS).statusCode() == 200 ? 1 : 0;
            }
            assertEquals(2, served);
        }
    }

    private static CompletableFuture<HttpResponse<String>> send(TestGateway gateway, String token) {
        return gateway.client.sendAsync(
                request(gateway, token), HttpResponse.BodyHandlers.ofString());
    }

    // ── Reloads ──────────────────────────────────────────────────────────────────────────────

    @Test
    void aReloadTakesTeamAndIdentityAway() throws Exception {
        try (TestGateway gateway = start(policy())) {
            String token = issuer.token();
            assertGood(gateway, token);
            int asked = issuer.asked().size();
            reload(gateway, policy("team staff when claim \"groups\" is \"ops\""));
            assertEquals("403 no_team", code(chat(gateway, token)));
            reload(gateway, policy());
            assertGood(gateway, token);
            assertEquals(asked, issuer.asked().size(), "keys outlive the policy");
            String all = policy();
            reload(gateway, all.replace("audience \"writ\"", "audience \"writ-2\""));
            assertEquals("401 token_audience_wrong", code(chat(gateway, token)));
            reload(
                    gateway,
                    all.substring(0, all.indexOf("identity sso"))
                            + all.substring(all.indexOf("rule record")));
            assertEquals("401 invalid_api_key", code(chat(gateway, token)));
            assertTrue(gateway.status().contains("\"identities\":[]"), gateway.status());
        }
    }

    private static void reload(TestGateway gateway, String policy) throws IOException {
        Files.writeString(gateway.policy, policy);
        assertNull(
                gateway.gateway.reload() instanceof dev.writ.server.live.ReloadOutcome.Refused r
                        ? r
                        : null);
    }
}
