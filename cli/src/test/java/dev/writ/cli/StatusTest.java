package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.writ.server.live.DataFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `writ status` makes of a gateway's answers; real HTTP on loopback.
final class StatusTest {
    private static final String UP_TO_DATE =
            """
            {"origin":"/etc/policies","policy":{"id":"c0de","commit":null,\
            "since":"2026-01-01T00:00:00Z","last_good":false,"up_to_date":true},\
            "swaps":3,"refusals":1,"not_kept":null,"last_attempt":{"outcome":"swapped"}}""";
    private static final String LAST_GOOD =
            """
            {"origin":"https://git.example.org/p#main","policy":{"id":"c0de","commit":"c0ffee",\
            "since":"2026-01-01T00:00:00Z","last_good":true,"up_to_date":false},\
            "swaps":1,"refusals":1,"not_kept":null,"last_attempt":{"at":"2026-01-02T00:00:00Z",\
            "outcome":"refused","diagnostics":[{"severity":"error","code":"E0102",\
            "message":"no `three`","path":"a.writ","line":2,"column":5}],\
            "problems":["no secret"]}}""";

    @TempDir Path data;
    private HttpServer gateway;
    private volatile byte[] answer = new byte[0];

    @BeforeEach
    void startGateway() throws IOException {
        Files.writeString(data.resolve(DataFolder.TOKEN_FILE), "t0ken\n");
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext(
                "/writ/status",
                exchange -> {
                    String token = exchange.getRequestHeaders().getFirst("authorization");
                    byte[] body = answer;
                    exchange.sendResponseHeaders(
                            "Bearer t0ken".equals(token) ? 200 : 401, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        gateway.start();
    }

    @AfterEach
    void stopGateway() {
        gateway.stop(0);
    }

    @Test
    void showsWhatServes() {
        assertEquals(
                """
                policy   c0de
                origin   /etc/policies
                since    2026-01-01T00:00:00Z
                reloads  3 served, 1 refused
                state    up to date
                """,
                status(UP_TO_DATE).out());
    }

    @Test
    void showsWhetherTokensCanBeChecked() {
        String identities =
                """
                ,"identities":[\
                {"name":"sso","issuer":"https://a/","keys":2,"fetched_at":"2026-01-01T00:00:00Z","problem":null},\
                {"name":"old","issuer":"https://b/","keys":1,"fetched_at":"2026-01-01T00:00:00Z","problem":"it cannot be reached"},\
                {"name":"new","issuer":"https://c/","keys":0,"fetched_at":null,"problem":"the answer is 404"},\
                {"name":"first","issuer":"https://d/","keys":0,"fetched_at":null,"problem":null}]}""";
        String out = status(UP_TO_DATE.substring(0, UP_TO_DATE.length() - 1) + identities).out();
        assertEquals(
                """
                identity sso: 2 keys, fetched 2026-01-01T00:00:00Z
                identity old: 1 key, fetched 2026-01-01T00:00:00Z; NOT SINCE: it cannot be reached
                identity new: NO KEYS, its tokens are refused: the answer is 404
                identity first: NO KEYS, its tokens are refused: they are being fetched
                state    up to date
                """,
                out.substring(out.indexOf("identity")));
    }

    @Test
    void isLoudAboutALastGoodPolicyAndShowsWhy() {
        assertEquals(
                """
                policy   c0de
                commit   c0ffee
                origin   https://git.example.org/p#main
                since    2026-01-01T00:00:00Z
                reloads  1 served, 1 refused
                serving  the LAST GOOD policy; the origin's was not usable at the start
                state    NOT UP TO DATE; refused at 2026-01-02T00:00:00Z
                error[E0102]: no `three` (a.writ:2:5)
                problem: no secret
                """,
                status(LAST_GOOD).out());
    }

    @Test
    void showsHowCanariesFare() {
        String canaries =
                UP_TO_DATE.replaceFirst(
                        "[{]",
                        """
                        {"canaries":[{"pool":"general","model":"next","share_percent":5.00,\
                        "requests":400,"failures":3,"stopped":false},{"pool":"fast",\
                        "model":"tiny","share_percent":0.50,"requests":100,"failures":20,\
                        "stopped":true}],""");
        assertEquals(
                """
                policy   c0de
                origin   /etc/policies
                since    2026-01-01T00:00:00Z
                reloads  3 served, 1 refused
                canary   next of pool general, tried by 5%; 3 of its latest 400 requests failed
                canary   tiny of pool fast STOPPED, 20 of its latest 100 requests failed; it begins anew with the next reload
                state    up to date
                """,
                status(canaries).out());
    }

    @Test
    void passesJsonOn() {
        assertEquals(UP_TO_DATE + "\n", status(UP_TO_DATE, "--format", "json").out());
    }

    @Test
    void saysWhyItCannotTell() throws IOException {
        Ran nonsense = status("nonsense");
        assertEquals(Exit.FAILED, nonsense.exitCode());
        assertTrue(nonsense.err().endsWith("did not answer as a gateway does\n"), nonsense.err());

        Files.writeString(data.resolve(DataFolder.TOKEN_FILE), "another");
        Ran stranger = status(UP_TO_DATE);
        assertEquals(Exit.FAILED, stranger.exitCode());
        assertTrue(stranger.err().contains("does not take the token"), stranger.err());

        gateway.stop(0);
        Ran alone = status(UP_TO_DATE);
        assertEquals(Exit.FAILED, alone.exitCode());
        assertTrue(alone.err().endsWith("is `writ serve` running?\n"), alone.err());
    }

    @Test
    void readsAnswersUpToTheLimit() {
        String padding = " ".repeat(Status.ANSWER_BYTES_MAX - UP_TO_DATE.length());
        assertEquals(Exit.FINE, status(UP_TO_DATE + padding).exitCode());
        Ran tooMuch = status(UP_TO_DATE + padding + " ");
        assertEquals(Exit.FAILED, tooMuch.exitCode());
        assertTrue(tooMuch.err().endsWith("answered too much\n"), tooMuch.err());
    }

    private Ran status(String json, String... more) {
        answer = json.getBytes(StandardCharsets.UTF_8);
        String[] args = {
            "status",
            "--data",
            data.toString(),
            "--admin",
            "http://127.0.0.1:" + gateway.getAddress().getPort()
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Ran.writ(all);
    }
}
