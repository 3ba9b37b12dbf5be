package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.live.ReloadOutcome;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that try a new model first, over real sockets.
final class CanariesTest {
    private static final String STREAMED =
            "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String ROLE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
    private static final String SAYS =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"A\"}}]}\n\n";
    private static final String DONE =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private static final String WRONG = "{\"error\":{\"message\":\"no such field\"}}";

    @TempDir Path temp;

    private TestGateway gateway(ScriptedProvider old, ScriptedProvider fresh, String pool)
            throws Exception {
        return TestGateway.start(
                temp,
                """
                policy "test" language 1
                provider one { kind openai-compatible  url "%s"  region eu  timeout 25s }
                provider two { kind openai-compatible  url "%s"  region eu  timeout 25s }
                model old on one "old" {}
                model fresh on two "fresh" {}
                pool trial { first old  %s }
                route chat { only otherwise -> pool trial }
                rule all on request audit metadata
                """
                                .formatted(old.url(), fresh.url(), pool)
                        + TestGateway.TEAM);
    }

    private static String model(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-writ-model").orElse("");
    }

    private static void assertHas(String record, String... parts) {
        for (String part : parts) {
            assertTrue(record.contains(part), part + " is not in " + record);
        }
    }

    @Test
    void itsAnswerIsTheClients() throws Exception {
        try (var old = new ScriptedProvider();
                var fresh = new ScriptedProvider();
                TestGateway gateway = gateway(old, fresh, "canary 100% to fresh")) {
            assertEquals("fresh", model(gateway.chat(TestGateway.HELLO)));
            assertEquals(List.of(), old.asked());
            assertHas(
                    gateway.status(),
                    "{\"pool\":\"trial\",\"model\":\"fresh\",\"share_percent\":100.00,"
                            + "\"requests\":1,\"failures\":0,\"stopped\":false}");
            assertHas(
                    gateway.records().getFirst(),
                    "\"canary\":{\"model\":\"fresh\",\"by\":\"request\",\"bucket\":",
                    "\"in\":true}",
                    "\"end\":\"answered\",\"canary\":true");
        }
    }

    @Test
    void itsFailureIsNothingToTheClient() throws Exception {
        try (var old = new ScriptedProvider();
                var fresh = new ScriptedProvider().then(500, "{}");
                TestGateway gateway = gateway(old, fresh, "canary 100% to fresh")) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(200, answer.statusCode());
            assertEquals("old", model(answer));
            assertHas(gateway.status(), "\"requests\":1,\"failures\":1");
            assertHas(
                    gateway.records().getFirst(),
                    "\"end\":\"failed\",\"canary\":true,\"cause\":\"server-error\"",
                    "\"attempts\":2");
        }
    }

    @Test
    void itsRefusalIsNothingToTheClient() throws Exception {
        try (var old = new ScriptedProvider();
                var fresh = new ScriptedProvider().then(400, WRONG);
                TestGateway gateway = gateway(old, fresh, "canary 100% to fresh")) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(200, answer.statusCode());
            assertEquals("old", model(answer));
            assertHas(gateway.status(), "\"requests\":1,\"failures\":1");
        }
    }

    @Test
    void aRequestThatEverybodyRefusesIsTheClientsMistake() throws Exception {
        try (var old = new ScriptedProvider().then(400, WRONG);
                var fresh = new ScriptedProvider().then(422, "{}");
                TestGateway gateway = gateway(old, fresh, "canary 100% to fresh")) {
            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
            assertEquals(400, answer.statusCode());
            assertEquals(WRONG, answer.body());
            assertHas(gateway.status(), "\"requests\":0,\"failures\":0");
        }
    }

    @Test
    void aStreamThatBreaksBeforeTheCommitPointIsReplaced() throws Exception {
        try (var old = new ScriptedProvider().thenStream(ROLE, SAYS, DONE);
                var fresh = new ScriptedProvider().thenStream(ROLE);
                TestGateway gateway =
                        gateway(old, fresh, "commit after 1 token  canary 100% to fresh")) {
            HttpResponse<String> answer = gateway.chat(STREAMED);
            assertEquals(ROLE + SAYS + DONE, answer.body());
            assertEquals("old", model(answer));
        }
    }

    @Test
    void isStoppedAndBeginsAnewWithAReload() throws Exception {
        try (var old = new ScriptedProvider();
                var fresh = new ScriptedProvider().then(429, "{}").then(429, "{}").then(429, "{}");
                TestGateway gateway =
                        gateway(
                                old,
                                fresh,
                                "canary 100% to fresh stop at 50% failures in 6 requests")) {
            for (int i = 0; i < 3; i++) {
                assertFalse(gateway.status().contains("\"stopped\":true"));
                assertEquals("old", model(gateway.chat(TestGateway.HELLO)));
            }
            assertHas(gateway.status(), "\"requests\":3,\"failures\":3,\"stopped\":true");
            assertEquals("old", model(gateway.chat(TestGateway.HELLO)));
            assertEquals(3, fresh.asked().size());

            assertInstanceOf(ReloadOutcome.Swapped.class, gateway.gateway.reload());
            assertHas(gateway.status(), "\"requests\":0,\"failures\":0,\"stopped\":false");
            assertEquals("fresh", model(gateway.chat(TestGateway.HELLO)));
            assertHas(
                    gateway.records().get(3),
                    "\"passed_over\":[{\"model\":\"fresh\",\"why\":\"canary stopped\",\"canary\":true}]");
        }
    }

    @Test
    void aTeamIsOnOneSideWhateverItsRequests() throws Exception {
        try (var old = new ScriptedProvider();
                var fresh = new ScriptedProvider();
                TestGateway gateway = gateway(old, fresh, "canary 50% to fresh by team")) {
            String first = model(gateway.chat(TestGateway.HELLO));
            for (int i = 0; i < 20; i++) {
                assertEquals(first, model(gateway.chat(TestGateway.HELLO)));
            }
            List<String> records = gateway.records();
            String side = records.getFirst().replaceFirst(".*(\"canary\":[{][^}]*}).*", "$1");
            for (String record : records) {
                assertHas(record, side);
            }
            assertHas(side, "\"by\":\"team\"", "\"in\":" + first.equals("fresh"));
        }
    }
}
