package dev.writ.server.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.upstream.Certificates;
import dev.writ.server.upstream.UpstreamTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From an issuer's address to its keys, and nowhere else.
final class KeyFetcherTest {
    private static final String DESCRIPTION = "/realms/acme/.well-known/openid-configuration";

    private final KeyFetcher fetcher = new KeyFetcher(UpstreamTrust.JDK, Duration.ofSeconds(20));
    private TestIssuer issuer;

    @BeforeEach
    void startIssuer() throws IOException {
        issuer = TestIssuer.start(0);
    }

    @AfterEach
    void stop() {
        issuer.close();
        fetcher.close();
    }

    private String why(String jwks) {
        return assertThrows(
                        KeysUnavailable.class,
                        () -> fetcher.fetch(issuer.issuer(), jwks.isEmpty() ? null : jwks))
                .why();
    }

    @Test
    void theIssuerSaysWhereItsKeysAre() throws Exception {
        assertEquals(2, fetcher.fetch(issuer.issuer(), null).size());
        assertEquals(List.of(DESCRIPTION, "/keys"), issuer.asked());
    }

    @Test
    void anAddressInThePolicyIsAskedAlone() throws Exception {
        assertEquals(2, fetcher.fetch("https://login.acme.example/", issuer.url("/keys")).size());
        assertEquals(List.of("/keys"), issuer.asked());
    }

    @Test
    void keysAtAnotherHostMustStandInThePolicy() throws Exception {
        try (TestIssuer other = TestIssuer.start(0)) {
            issuer.describe(issuer.issuer(), other.url("/keys"));
            assertEquals(
                    "the issuer keeps its keys at another host; if that is right, write `jwks \"%s\"`"
                            .formatted(other.url("/keys")),
                    why(""));
            assertEquals(List.of(), other.asked());
        }
    }

    @Test
    void nobodyIsFollowedElsewhere() throws Exception {
        try (TestIssuer other = TestIssuer.start(0)) {
            issuer.answer("/keys", 302, "", "location", other.url("/keys"));
            assertEquals(
                    "the answer is 302, and redirects are not followed (%s)"
                            .formatted(issuer.url("/keys")),
                    why(issuer.url("/keys")));
            assertEquals(List.of(), other.asked());
        }
    }

    @Test
    void aDescriptionOfAnotherIssuerIsNotBelieved() {
        String slashless = issuer.issuer().substring(0, issuer.issuer().length() - 1);
        issuer.describe(slashless, issuer.url("/keys"));
        assertTrue(why("").contains("describes another issuer"), why(""));
    }

    @Test
    void whatIsWrongWithAnAnswerIsTold() {
        String keys = issuer.url("/keys");
        issuer.answer("/keys", 503, "");
        assertEquals("the answer is 503 (%s)".formatted(keys), why(keys));
        issuer.answer("/keys", 200, "<html>");
        assertEquals("the keys are not written in JSON (%s)".formatted(keys), why(keys));
        issuer.answer("/keys", 200, "{\"keys\":[]}");
        assertEquals("there is no key that can be used (%s)".formatted(keys), why(keys));
        issuer.answer("/keys", 200, " ".repeat(KeyFetcher.ANSWER_BYTES_MAX + 1));
        assertEquals("the answer is larger than 262,144 bytes (%s)".formatted(keys), why(keys));
        issuer.answer(DESCRIPTION, 200, "[]");
        assertTrue(why("").startsWith("the answer is no JSON object"), why(""));
        issuer.answer(DESCRIPTION, 200, "{\"issuer\":\"%s\"}".formatted(issuer.issuer()));
        assertTrue(why("").endsWith("does not say where the keys are"), why(""));
        issuer.answer(DESCRIPTION, 404, "");
        assertTrue(why("").startsWith("the answer is 404"), why(""));
    }

    @Test
    void theLargestAnswerIsRead() throws Exception {
        String keys = "{\"keys\":[%s]}".formatted(TestIssuer.EC.toPublicJWK().toJSONString());
        issuer.answer("/keys", 200, keys + " ".repeat(KeyFetcher.ANSWER_BYTES_MAX - keys.length()));
        assertEquals(1, fetcher.fetch(issuer.issuer(), null).size());
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() throws Exception {
        issuer.hold();
        try (KeyFetcher hasty = new KeyFetcher(UpstreamTrust.JDK, Duration.ofMillis(100))) {
            assertTrue(
                    assertThrows(
                                    KeysUnavailable.class,
                                    () -> hasty.fetch(issuer.issuer(), issuer.url("/keys")))
                            .why()
                            .startsWith("there is no answer in time"));
        }
    }

    @Test
    void whoDoesNotListenCannotBeReached() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String url = "http://127.0.0.1:%d/keys".formatted(port);
        assertEquals("it cannot be reached (%s)".formatted(url), why(url));
    }

    @Test
    void certificatesAreThoseThatAreTrusted() throws Exception {
        Certificates certificates = Certificates.shared();
        try (TestIssuer secure = TestIssuer.startWith(certificates.server("good"));
                KeyFetcher trusting =
                        new KeyFetcher(
                                new UpstreamTrust(certificates.authority()),
                                Duration.ofSeconds(20))) {
            assertEquals(2, trusting.fetch(secure.issuer(), null).size());
            assertEquals(
                    "there is no connection that can be trusted (%s)"
                            .formatted(secure.url("/keys")),
                    why(secure.url("/keys")));
        }
        try (TestIssuer other = TestIssuer.startWith(certificates.server("other"));
                KeyFetcher trusting =
                        new KeyFetcher(
                                new UpstreamTrust(certificates.authority()),
                                Duration.ofSeconds(20))) {
            assertThrows(
                    KeysUnavailable.class,
                    () -> trusting.fetch(other.issuer(), other.url("/keys")),
                    "a certificate for another name");
        }
    }
}
