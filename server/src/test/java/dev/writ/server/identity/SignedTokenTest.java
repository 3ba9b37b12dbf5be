package dev.writ.server.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.util.Base64URL;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Claims;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a token says of itself.
final class SignedTokenTest {
    private static String token(String header, String claims) {
        return Base64URL.encode(header) + "." + Base64URL.encode(claims) + ".c2ln";
    }

    private static SignedToken parse(String more) throws BadToken {
        return SignedToken.parse(
                token(
                        "{\"alg\":\"RS256\"}",
                        "{\"iss\":\"i\",\"aud\":[\"a\",\"b\"],\"exp\":10" + more + "}"));
    }

    private static Claims.Value find(String claims, String... path) throws BadToken {
        return parse("," + claims).find(new Policy.Claim(List.of(path)));
    }

    @Test
    void claimsAreTextsListsOrSomethingElse() throws BadToken {
        assertEquals(new Claims.Value.Text("x"), find("\"a\":\"x\"", "a"));
        assertEquals(new Claims.Value.Text("3"), find("\"a\":3", "a"));
        assertEquals(new Claims.Value.Text("1.5"), find("\"a\":1.5", "a"));
        assertEquals(new Claims.Value.Text("true"), find("\"a\":true", "a"));
        assertEquals(
                new Claims.Value.Texts(List.of("x", "1", "false")),
                find("\"a\":[\"x\",1,false,null,{},[\"y\"]]", "a"));
        assertEquals(new Claims.Value.Other(), find("\"a\":{\"b\":1}", "a"));
        assertEquals(new Claims.Value.Text("1"), find("\"a\":{\"b\":1}", "a", "b"));
        assertEquals(new Claims.Value.Absent(), find("\"a\":{\"b\":1}", "a", "c"));
        assertEquals(new Claims.Value.Absent(), find("\"a\":\"x\"", "a", "b"));
        assertEquals(new Claims.Value.Absent(), find("\"a\":null", "a"));
        assertEquals(new Claims.Value.Absent(), find("\"a\":1", "b"));
        assertEquals(new Claims.Value.Text("x"), find("\"a.b\":\"x\"", "a.b"));
    }

    @Test
    void timesAreSecondsOfThisCalendar() throws BadToken {
        assertEquals(10, parse("").expires());
        assertEquals(0, parse("").notBefore());
        assertEquals(7, parse(",\"nbf\":7.9").notBefore());
        assertEquals(0, parse(",\"nbf\":-5").notBefore());
        assertEquals(
                253_402_300_799L,
                SignedToken.parse(
                                token(
                                        "{\"alg\":\"ES256\"}",
                                        "{\"iss\":\"i\",\"aud\":\"a\",\"exp\":1e300}"))
                        .expires());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    {"alg":"RS256"}             | {"iss":"i","aud":"a"}                 | INCOMPLETE
                    {"alg":"RS256"}             | {"iss":"i","aud":[],"exp":1}          | INCOMPLETE
                    {"alg":"RS256"}             | {"iss":"i","aud":{},"exp":1}          | INCOMPLETE
                    {"alg":"RS256"}             | {"iss":"i","aud":"a","exp":"1"}       | INCOMPLETE
                    {"alg":"RS256"}             | {"iss":"i","aud":"a","exp":1,"nbf":"x"} | INCOMPLETE
                    {"alg":"RS256"}             | {"iss":["i"],"aud":"a","exp":1}       | INCOMPLETE
                    {"alg":"RS256"}             | ["iss"]                               | MALFORMED
                    {"alg":"RS256"}             | {                                     | MALFORMED
                    ["RS256"]                   | {"iss":"i","aud":"a","exp":1}         | MALFORMED
                    {"alg":"HS256"}             | {"iss":"i","aud":"a","exp":1}         | ALGORITHM
                    {"alg":"ES256K"}            | {"iss":"i","aud":"a","exp":1}         | ALGORITHM
                    {"alg":"EdDSA"}             | {"iss":"i","aud":"a","exp":1}         | ALGORITHM
                    {"alg":1}                   | {"iss":"i","aud":"a","exp":1}         | ALGORITHM
                    {"typ":"JWT"}               | {"iss":"i","aud":"a","exp":1}         | ALGORITHM
                    {"alg":"RS256","typ":1}     | {"iss":"i","aud":"a","exp":1}         | TYPE
                    {"alg":"RS256","typ":"x"}   | {"iss":"i","aud":"a","exp":1}         | TYPE
                    {"alg":"RS256","crit":[]}   | {"iss":"i","aud":"a","exp":1}         | TYPE
                    {"alg":"RS256","b64":false} | {"iss":"i","aud":"a","exp":1}         | TYPE
                    """)
    void whatIsWrongIsTold(String header, String claims, TokenProblem problem) {
        BadToken bad = assertThrows(BadToken.class, () -> SignedToken.parse(token(header, claims)));
        assertEquals(problem, bad.problem());
    }

    @ParameterizedTest
    @CsvSource({"''", "a", "a.b", "..", "a.b.", "!.!.!"})
    void noNonsenseIsAToken(String text) {
        assertEquals(
                TokenProblem.MALFORMED,
                assertThrows(BadToken.class, () -> SignedToken.parse(text)).problem());
    }
}
