package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `writ explain` on real policies and requests.
final class ExplainTest {
    private static final String POLICY =
            """
            policy "p" language 1
            provider here { kind simulated  region eu }
            provider there { kind simulated  region us }
            model near on here "n" {}
            model far on there "f" {}
            pool both { 70% near  30% far  then near on timeout  retry 1 within 2s  commit after 5 tokens  hedge after 2s  mirror 100% to far }
            route chat { big when prompt.tokens > 50 -> far  rest otherwise -> pool both }
            route inside { only otherwise -> near }
            team dev {
              user alice
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" for alice
              may use chat
            }
            team clinical {
              key app sha256 "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
              may use inside
              stay in eu
            }
            rule gold on request when request.header("x-tier") else "" is "gold" deny 429 "No gold."
            rule many on request when request.messages.count > 3 tag "many"
            """;
    private static final String REQUEST =
            "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"my secret plan\"}]}";

    @TempDir Path temp;

    private static final String SSO =
            POLICY
                    + """
                    team guests { may use chat }
                    identity sso {
                      issuer   "https://login.example/"
                      audience "writ"
                      team     clinical when claim "realm"."roles" is "clinic"
                      team     guests otherwise
                      user     from claim "sub"
                      tag      from claim "department"
                    }
                    rule legal on request
                      when caller.claim("department") else "" is "legal"
                      deny 451 "Ask yourself."
                    """;

    @Test
    void saysWhoSignsIn() throws IOException {
        for (String[] args :
                List.of(
                        new String[] {"--team", "guests", "--user", "ada@acme.example"},
                        new String[] {"--identity", "sso", "--claim", "sub=ada@acme.example"},
                        new String[] {"--claim", "sub=ada@acme.example", "--team", "guests"})) {
            Ran run = explainUnder(SSO, REQUEST, args);
            assertEquals(0, run.exitCode(), run.err());
            assertTrue(
                    run.out()
                            .startsWith(
                                    "route chat, team guests, identity sso, user ada@acme.example\nallowed\n"),
                    run.out());
        }
        Ran clinic =
                explainUnder(
                        SSO,
                        REQUEST,
                        "--identity=sso",
                        "--claim=sub=x",
                        "--claim=realm.roles=a",
                        "--claim=realm.roles=clinic");
        assertTrue(
                clinic.out().startsWith("route chat, team clinical, identity sso"), clinic.out());
        Ran legal = explainUnder(SSO, REQUEST, "--claim=sub=x", "--claim=department=legal");
        assertTrue(legal.out().contains("denied with 451"), legal.out());
        assertTrue(legal.out().contains("tags department=legal"), legal.out());
    }

    @Test
    void saysWhyNobodySignsInSo() throws IOException {
        for (String[] args :
                List.of(
                        new String[] {"--team", "guests", "", "say --user"},
                        new String[] {"--identity", "sso", "--key=laptop", "not both"},
                        new String[] {"--identity", "ssso", "", "identity sso"},
                        new String[] {"--team", "dev", "--identity=sso", "nobody calls so"},
                        new String[] {"--claim", "sub", "", "NAME=VALUE"})) {
            List<String> said = new ArrayList<>(List.of(args[0], args[1]));
            if (!args[2].isEmpty()) {
                said.add(args[2]);
            }
            Ran run = explainUnder(SSO, REQUEST, said.toArray(String[]::new));
            assertEquals(Exit.USAGE, run.exitCode(), run.out());
            assertTrue(run.err().contains(args[3]), run.err());
        }
        Ran nameless = explainUnder(SSO, REQUEST, "--identity", "sso");
        assertEquals(Exit.FAILED, nameless.exitCode(), nameless.out());
        assertTrue(nameless.err().contains("names no user"), nameless.err());
    }

    @Test
    void goesByTheCalendarsAtTheTimeOfTheRequest() throws IOException {
        String policy =
                POLICY
                        + """
                        calendar office { zone "Asia/Tokyo"  open monday..friday from "09:00" to "17:00" }
                        rule closed on request when not calendar.office deny 403 "Closed."
                        """;
        String[] args = {"--team", "dev", "--at", "2026-11-25T00:00:00Z"};
        Ran open = explainUnder(policy, REQUEST, args);
        assertTrue(open.out().contains("\nallowed\n"), open.out());
        args[3] = "2026-11-25T08:00:00Z";
        Ran closed = explainUnder(policy, REQUEST, args);
        assertTrue(closed.out().contains("denied"), closed.out());
        assertTrue(open.out().contains("needed not calendar.office, had yes"), open.out());
    }

    @Test
    void tellsTheArmTheModelAndWhatNearlyHappened() throws IOException {
        Ran ran = explain(REQUEST, "--team", "dev", "--request-id", "case-7");
        assertEquals(Exit.FINE, ran.exitCode(), ran.err());
        for (String part :
                List.of(
                        "route chat, team dev, key laptop, user alice\nallowed\n",
                        "arm chat/rest -> pool both (p.writ:6)",
                        "passed over: chat/big (p.writ:7): needed prompt.tokens > 50, had 1",
                        "needed request.messages.count > 3, had 1",
                        "chosen by pool both (part ",
                        "  again: up to 1 times within 2000 ms\n",
                        "  held: a stream until its token 5\n",
                        "  beside it: a second model after 2000 ms, for up to 10% of the requests\n",
                        "  mirror: 100% of the requests to far (provider there, region us); this one too\n",
                        "  then: near (provider here, region eu) on timeout\n")) {
            assertTrue(ran.out().contains(part), part + " is not in:\n" + ran.out());
        }
        assertFalse(ran.out().contains("secret"), ran.out());
    }

    @Test
    void tellsWhatDenied() throws IOException {
        Ran ran = explain(REQUEST, "--key", "dev/laptop", "--header", "X-Tier=gold");
        assertTrue(ran.out().contains("denied with 429: rule gold: No gold."), ran.out());
        assertFalse(ran.out().contains("\nmodels\n"), ran.out());
        Ran notGranted = explain(REQUEST, "--team", "clinical");
        assertTrue(notGranted.out().contains("denied with 403: no grant for route chat"));
    }

    @Test
    void tellsWhatRulesOnStreamSayOfAnAnswer() throws IOException {
        String policy =
                POLICY
                        + """
                        rule keys on stream when stream.text contains "AKIA" and route is chat deny 451 "A key."
                        rule long on stream when stream.tokens > 5 tag "long"
                        """;
        assertFalse(explainUnder(policy, REQUEST, "--team", "dev").out().contains("rule keys"));
        Ran denied = explainUnder(policy, REQUEST, "--team", "dev", "--answer", "my AKIA key");
        assertTrue(denied.out().contains("denied with 451: rule keys: A key."), denied.out());
        assertTrue(denied.out().contains(": needed stream.tokens > 5, had 3"), denied.out());
        Ran fine = explainUnder(policy, REQUEST, "--team", "dev", "--answer", "my key");
        assertTrue(
                fine.out()
                        .contains(
                                "needed stream.text contains any [\"AKIA\"], had a text of 6 characters"),
                fine.out());
        Ran refused =
                explainUnder(
                        policy,
                        REQUEST,
                        "--team",
                        "dev",
                        "--answer",
                        "AKIA",
                        "--header",
                        "x-tier=gold");
        assertTrue(refused.out().contains("denied with 429"), refused.out());
        assertFalse(refused.out().contains("keys"), refused.out());
    }

    @Test
    void tellsTheRegionsThatATeamStaysIn() throws IOException {
        Ran ran = explain(REQUEST.replace("chat", "inside"), "--team", "clinical");
        assertTrue(
                ran.out().contains("  only in eu\n  first: near (provider here, region eu)\n"),
                ran.out());
    }

    @Test
    void tellsWhatIsPassedOverAndWhy() throws IOException {
        String policy =
                POLICY.replace(
                                "model near on here \"n\" {}",
                                "model near on here \"n\" { can json }")
                        .replace(
                                "model far on there \"f\" {}",
                                "model far on there \"f\" { context 5 tokens }")
                        .replace("-> far  rest", "-> near  rest");
        String tools =
                REQUEST.replace(
                        "\"messages\"",
                        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"messages\"");
        Ran ran = explainUnder(policy, tools, "--team", "dev", "--request-id", "r-1");
        assertTrue(
                ran.out().contains("  passed over: near (provider here, region eu), no tools\n"),
                ran.out());
        assertTrue(
                ran.out()
                        .endsWith(
                                """
                                  passed over: far (provider there, region us), context too small
                                  none is left
                                """),
                ran.out());
        Ran plain = explainUnder(policy, REQUEST, "--team", "dev");
        assertTrue(plain.out().contains("  first: near"), plain.out());
        assertTrue(plain.out().contains("this one not\n"), plain.out());
    }

    @Test
    void tellsOnWhichSideOfACanaryTheRequestIs() throws IOException {
        String policy =
                POLICY.replace(
                                "model far on there",
                                "model next on there \"x\" {}\nmodel far on there")
                        .replace(
                                "retry 1 within 2s",
                                "retry 1 within 2s  canary 30% to next by team stop at 2% failures");
        Ran ran = explainUnder(policy, REQUEST, "--team", "dev");
        String canary =
                ran.out()
                        .lines()
                        .filter(line -> line.startsWith("  canary: "))
                        .findFirst()
                        .orElse("");
        assertTrue(
                canary.startsWith(
                        "  canary: 30% of the requests, by team, to next (provider there, region us); this one "),
                ran.out());
        assertTrue(canary.endsWith("; stopped by 20 failures in 1,000 requests"), canary);
        assertTrue(ran.out().contains("\n  first: "), ran.out());
        Ran other = explainUnder(policy, REQUEST, "--team", "dev", "--request-id", "another");
        assertTrue(other.out().contains(canary), "the team decides");
        Ran all =
                explainUnder(policy.replace("canary 30%", "canary 100%"), REQUEST, "--team", "dev");
        assertTrue(all.out().contains("this one too (part "), all.out());
    }

    @Test
    void readsStandardInputAndWritesJson() throws IOException {
        Path policy = Files.writeString(temp.resolve("p.writ"), POLICY);
        Ran ran =
                Ran.withInput(
                        REQUEST,
                        "explain",
                        policy.toString(),
                        "-",
                        "--user",
                        "alice",
                        "--format",
                        "json");
        assertTrue(
                ran.out().startsWith("{\"denied\":false,\"route\":\"chat\",\"arm\":\"rest\","),
                ran.out());
        assertTrue(ran.out().contains("\"near_misses\":[{\"rule\":\"many\""), ran.out());
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertEquals(Exit.USAGE, explain(REQUEST).exitCode());
        Ran nobody = explain(REQUEST, "--team", "devs");
        assertEquals(Exit.USAGE, nobody.exitCode());
        assertTrue(
                nobody.err().contains("there are key dev/laptop, key clinical/app"), nobody.err());
        assertEquals(Exit.FAILED, explain("{\"model\":", "--team", "dev").exitCode());
        assertEquals(
                Exit.FAILED, explain(REQUEST.replace("chat", "none"), "--team", "dev").exitCode());
        assertEquals(Exit.USAGE, explain(REQUEST, "--team", "dev", "--at", "noon").exitCode());
        Path broken = Files.writeString(temp.resolve("b.writ"), POLICY + "team x { budgett }\n");
        Path request = Files.writeString(temp.resolve("r.json"), REQUEST);
        assertEquals(
                Exit.POLICY,
                Ran.writ("explain", broken.toString(), request.toString(), "--team", "dev")
                        .exitCode());
    }

    private Ran explain(String request, String... options) throws IOException {
        return explainUnder(POLICY, request, options);
    }

    private Ran explainUnder(String policy, String request, String... options) throws IOException {
        List<String> args = new ArrayList<>(List.of("explain"));
        args.add(Files.writeString(temp.resolve("p.writ"), policy).toString());
        args.add(Files.writeString(temp.resolve("r.json"), request).toString());
        args.addAll(List.of(options));
        return Ran.writ(args.toArray(new String[0]));
    }
}
