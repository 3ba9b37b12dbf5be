package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.server.live.ReloadOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A policy whose own tests fail does not come to serve.
final class PolicyTestsTest {
    private static final String POLICY =
            """
            policy "test" language 1
            provider up { kind simulated  reply "Hi." }
            model small on up "small"
            { }
            route chat { only otherwise -> small }
            rule short on request when request.max_tokens else 1M > 1k set request.max_tokens = 1k
            """
                    + TestGateway.TEAM;

    @TempDir Path temp;

    private static String test(String outcome) {
        return "test \"answers are short\" for team dev, route chat { expect %s }\n"
                .formatted(outcome);
    }

    @Test
    void aPolicyWithFailingTestsIsRefusedAndTheOldOneServesOn() throws Exception {
        String good = POLICY + test("set request.max_tokens = 1k");
        try (TestGateway gateway = TestGateway.start(temp, good)) {
            Files.writeString(gateway.policy, POLICY + test("set request.max_tokens = 2k"));
            ReloadOutcome.Refused refused =
                    assertInstanceOf(ReloadOutcome.Refused.class, gateway.gateway.reload());
            assertEquals(
                    List.of(DiagnosticCode.TEST_FAILED),
                    refused.diagnostics().stream().map(Diagnostic::code).toList());
            assertTrue(
                    refused.diagnostics().getFirst().headline().contains("it is set to 1,000"),
                    refused.diagnostics().getFirst().headline());
            assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
            Files.writeString(gateway.policy, good);
            assertInstanceOf(ReloadOutcome.Swapped.class, gateway.gateway.reload());
        }
    }

    @Test
    void aGatewayDoesNotStartOnAPolicyWithFailingTests() {
        AssertionError refused =
                org.junit.jupiter.api.Assertions.assertThrows(
                        AssertionError.class,
                        () -> TestGateway.start(temp, POLICY + test("deny")).close());
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("test `answers are short` fails: deny expected"),
                refused.getMessage());
    }
}
