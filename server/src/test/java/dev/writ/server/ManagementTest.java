package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The management address, over a real socket.
final class ManagementTest {
    @TempDir Path temp;

    @Test
    void answersOnlyWhoHasTheToken() throws Exception {
        try (TestGateway gateway = start()) {
            assertEquals(401, call(gateway, "GET", "/writ/status", "").statusCode());
            assertEquals(401, call(gateway, "GET", "/writ/status", "Bearer wrong").statusCode());
            assertEquals(401, call(gateway, "POST", "/writ/reload", "Bearer test").statusCode());
            assertEquals(401, call(gateway, "GET", "/nothing", "").statusCode());
            assertEquals(200, call(gateway, "GET", "/writ/status", token(gateway)).statusCode());
            assertEquals(404, call(gateway, "GET", "/nothing", token(gateway)).statusCode());
            assertEquals(405, call(gateway, "GET", "/writ/reload", token(gateway)).statusCode());
        }
    }

    @Test
    void showsTheDiagnosticsOfAPolicyThatWasRefused() throws Exception {
        try (TestGateway gateway = start()) {
            Files.writeString(
                    gateway.policy,
                    Files.readString(gateway.policy).replace("may use chat", "may use chatt"));
            HttpResponse<String> reload = call(gateway, "POST", "/writ/reload", token(gateway));
            assertEquals(422, reload.statusCode());
            assertTrue(reload.body().contains("\"code\":\"E0102\""), reload.body());
            String status = call(gateway, "GET", "/writ/status", token(gateway)).body();
            assertTrue(status.contains("\"up_to_date\":false"), status);
            assertTrue(status.contains("\"code\":\"E0102\""), status);
            assertEquals(200, gateway.chat(TestGateway.HELLO).statusCode());
            assertTrue(
                    call(gateway, "GET", "/writ/status", token(gateway))
                            .body()
                            .contains("\"breaker\":\"closed\""));
        }
    }

    @Test
    void listensOnAnAddressOfItsOwn() throws Exception {
        try (TestGateway gateway = start()) {
            assertNotEquals(gateway.gateway.port(), gateway.gateway.adminPort());
            assertEquals(404, gateway.get("/writ/status").statusCode());
        }
    }

    private TestGateway start() throws Exception {
        return TestGateway.start(
                temp,
                """
                policy "test" language 1
                provider up { kind simulated }
                model small on up "small-1" {}
                route chat { only otherwise -> small }
                """
                        + TestGateway.TEAM);
    }

    private static String token(TestGateway gateway) throws Exception {
        return "Bearer " + gateway.adminToken();
    }

    private static HttpResponse<String> call(
            TestGateway gateway, String method, String path, String authorization)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.adminUrl(path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("authorization", authorization);
        }
        return gateway.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
