package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.server.live.ReloadOutcome;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Policies that change while requests are under way.
final class ReloadUnderLoadTest {
    private static final int RELOADS = 200;
    private static final int CLIENTS = 4;

    @TempDir Path temp;

    @Test
    void noRequestFailsWhileThePolicyChanges() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Set<String> policies = ConcurrentHashMap.newKeySet();
        try (ScriptedProvider provider = new ScriptedProvider();
                TestGateway gateway = TestGateway.start(temp, TestGateway.policy(provider.url()));
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            Callable<Integer> client =
                    () -> {
                        int served = 0;
                        while (!done.get()) {
                            HttpResponse<String> answer = gateway.chat(TestGateway.HELLO);
                            assertEquals(200, answer.statusCode(), answer.body());
                            policies.add(
                                    answer.headers().firstValue("x-writ-policy").orElseThrow());
                            served++;
                        }
                        return served;
                    };
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(client));
            }
            try {
                for (int i = 0; i < RELOADS; i++) {
                    boolean bad = i % 10 == 9;
                    Files.writeString(
                            gateway.policy,
                            TestGateway.policy(provider.url())
                                    + (bad ? "team {" : "// change %d\n".formatted(i)));
                    ReloadOutcome outcome = gateway.gateway.reload();
                    assertEquals(bad, outcome instanceof ReloadOutcome.Refused);
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> each : running) {
                assertTrue(each.get() > 0);
            }
            assertTrue(policies.size() > 2, policies.toString());
        }
    }
}
