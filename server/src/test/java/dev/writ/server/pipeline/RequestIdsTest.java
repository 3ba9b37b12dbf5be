package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.RequestHash;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestIdsTest {
    private final RequestIds ids = new RequestIds();

    @ParameterizedTest
    @ValueSource(strings = {"case-7", "a", "A.b_c:d-9"})
    void takesTheClientsId(String id) {
        assertEquals(id, ids.idFor(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "é", "a\"b", "a/b"})
    void makesAnIdWhereTheClientsCannotBeUsed(String id) {
        assertTrue(ids.idFor(id).matches("req_[0-9a-f]{32}"), ids.idFor(id));
    }

    @Test
    void takesAnIdUpToTheLongest() {
        String longest = "x".repeat(RequestIds.LENGTH_MAX);
        assertEquals(longest, ids.idFor(longest));
        assertNotEquals(longest + "x", ids.idFor(longest + "x"));
    }

    @Test
    void makesADifferentIdEachTime() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertTrue(seen.add(ids.idFor(null)));
        }
    }

    @Test
    void spreadsRequestsEvenlyOverShares() {
        int below = 0;
        for (int i = 0; i < 100_000; i++) {
            below += Attempts.bucket(RequestHash.of("acme", "request-" + i)) < 7_000 ? 1 : 0;
        }
        // Three standard deviations of a share of 70% are 435.
        assertEquals(70_000, below, 700);
    }

    @Test
    void drawsAgainUnderAnotherSalt() {
        int same = 0;
        for (int i = 0; i < 10_000; i++) {
            boolean a = Attempts.bucket(RequestHash.of("a", "r" + i)) < 5_000;
            boolean b = Attempts.bucket(RequestHash.of("b", "r" + i)) < 5_000;
            same += a == b ? 1 : 0;
        }
        assertEquals(5_000, same, 200);
    }
}
