package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a policy that asks for an audit leaves on disk.
final class DecisionRecordsTest {
    private static final String SECRET_PROMPT =
            "{\"model\":\"chat\",\"user\":\"u-secret\",\"messages\":[{\"role\":\"user\",\"content\":\"my secret plan\"}]}";

    @TempDir Path temp;

    @Test
    void holdWhatWasDecidedAndNothingThatWasSaid() throws Exception {
        List<String> lines =
                records(
                        """
                        rule watch on response when response.output_tokens else 0 > 3 { tag "long"  audit full }
                        rule who on request when request.header("x-tier") else "" is "gold" tag "gold"
                        rule user on request when request.user else "" is "nobody" tag "nobody"
                        """);
        assertEquals(1, lines.size());
        String line = lines.getFirst();
        for (String part :
                List.of(
                        "\"request_id\":\"case-1\"",
                        "\"team\":\"dev\"",
                        "\"key\":\"laptop\"",
                        "\"route\":\"chat\"",
                        "\"arm\":\"only\"",
                        "\"denied\":false",
                        "\"rules\":[\"who\",\"watch\"]",
                        "\"tags\":[\"gold\",\"long\"]",
                        "\"status\":200",
                        "\"outcome\":\"served\"",
                        "\"model\":\"small\"",
                        "\"attempts\":1",
                        "\"tries\":[{\"model\":\"small\",\"provider\":\"up\",",
                        "\"end\":\"answered\",",
                        "\"may_bill\":true}]",
                        "\"input_tokens\":10",
                        "\"output_tokens\":5",
                        "\"response.output_tokens\":\"5\"")) {
            assertTrue(line.contains(part), part + " is not in " + line);
        }
        for (String said : List.of("secret", "test", "gold\"}", "Hi")) {
            assertFalse(line.contains(said), said + " is in " + line);
        }
    }

    @Test
    void tellDenials() throws Exception {
        List<String> lines =
                records("rule no on request { audit metadata  deny 418 \"No tea.\" }\n");
        assertTrue(lines.getFirst().contains("\"denied\":true"), lines.getFirst());
        assertTrue(lines.getFirst().contains("\"reason_name\":\"no\""), lines.getFirst());
        assertTrue(lines.getFirst().contains("\"error\":\"policy_denied\""), lines.getFirst());
        assertFalse(lines.getFirst().contains("\"facts\""), lines.getFirst());
    }

    private List<String> records(String rules) throws Exception {
        Path data;
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway =
                        TestGateway.start(temp, TestGateway.policy(provider.url()) + rules)) {
            gateway.post(
                    "/v1/chat/completions",
                    SECRET_PROMPT,
                    "x-request-id",
                    "case-1",
                    "x-tier",
                    "gold");
            data = gateway.policy.resolveSibling("data");
        }
        return Files.readAllLines(data.resolve("decisions").resolve("decisions.jsonl"));
    }
}
