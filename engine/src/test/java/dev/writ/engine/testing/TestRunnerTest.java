package dev.writ.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.engine.PolicySnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TestRunnerTest {
    /// Lines of a test of team `dev` on route `chat`.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "expect allow, arm rest, model near, provider here, region eu, attempts 1, status 200",
                "expect arm chat.rest, route chat, not arm big, not rule huge, not tag \"us\"",
                "case prompt 20k tokens => arm big, model far, tag \"us\", rule from-us",
                "case prompt 60k tokens => deny, deny 413, deny 413 \"Too large.\", status 413",
                "case request.header(\"X-Old\") = \"1\" => deny 410, arm gone, attempts 0",
                "case request.max_tokens = 5k => set request.max_tokens = 4k, tag \"capped\"",
                "case prompt \"hello\", request.max_tokens = 5 => not rule cap",
                "case request.model = \"gpt-4o\" => route chat",
                "case team night, at \"2026-01-06T21:00:00Z\" => allow",
                "case team night, time.hour = 21, time.weekday = monday => allow",
                "case team night, time.hour = 21, time.weekday = sunday => deny 403",
                "case team night => deny",
                "case user alice => allow",
                "case key dev.server => allow",
                "case response.cost = $1.50 => tag \"dear\"",
                "case response.input_tokens = 1M, response.output_tokens = 1k => tag \"dear\"",
                "case response.input_tokens = 1M, response.output_tokens = 0 => not tag \"dear\"",
                "case provider here down => model far, attempts 3",
                "case provider here answers 503 => model far, attempts 3",
                "case provider here answers 500 => model spare, attempts 3",
                "case provider here answers 400 => model near, attempts 1, status 400",
                "case provider here slow 3s => model near, attempts 1",
                "case provider here slow 10s => model spare, attempts 2",
                "case provider here down, provider there down => allow, status 502",
                "case provider here breaks after 10 tokens => model spare, attempts 3",
                "case provider here breaks after 10 tokens, stream => broken, model near",
                "case response.text = \"here: AKIAABCDEFGHIJKLMNOP\" => deny 451 \"A key.\", rule keys, status 451, model near",
                "case response.text = \"here: AKIAABCDEFGHIJKLMNOP\", stream => deny 451, rule keys, status 200, not broken",
                "case response.text = \"here: AKIAABCDEFGHIJKLMN\" => allow, status 200, not rule keys",
                "case response.text = \"the key AKIAABCDEFGHIJKLMNOP\", stream, request.model = \"held\" => deny 451, status 200",
                "case response.text = \"AKIAABCDEFGHIJKLMNOP\", stream, request.model = \"held\" => deny 451, status 451",
                "case response.text = \"AKIAABCDEFGHIJKLMNOP\", provider here answers 400 => allow, status 400",
                "case response.text = \"AKIAABCDEFGHIJKLMNOP\", provider here breaks after 2 tokens, stream => broken, allow",
                "case response.text = \"AKIAABCDEFGHIJKLMNOP\", provider here breaks after 9 tokens, stream => deny 451, not broken",
                "case stream.tokens = 2k => tag \"long\"\ncase stream.tokens = 1k => not tag \"long\"",
                "case response.text = \"12345678\" => tag \"two\"\ncase response.text = \"1234\" => not tag \"two\"",
                "case at \"1970-01-01T00:00:00Z\" => model near",
                "step at \"9999-12-31T23:59:59Z\" => model near\nstep after 9600h => model near",
                "case prompt 1 => arm rest\ncase prompt 11k => arm big",
                "given prompt 11k\ncase prompt 1 => arm rest\ncase stream => arm big",
            })
    void meansWhatItSays(String lines) {
        assertEquals(List.of(), Tried.failures(lines).stream().map(Tried::text).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "case user \"ada@acme.example\" => deny 403, not rule boss",
                "case user boss => tag \"boss\", deny 403",
                "case user \"boss\", caller.claim(\"level\") = \"9\" => allow",
                "case user \"x\", caller.claim(\"site\") = \"fra\" => tag \"site=fra\", rule fra",
                "case user \"x\" => not tag \"site=fra\"",
                "case user \"x\", identity sso => rule signed-in",
                "case team dev, user alice => allow, not rule signed-in",
                "case team dev, user alice, identity sso => allow, rule signed-in",
                "case team dev, user alice, identity sso => not rule by-key",
                "case key dev.laptop => rule by-key",
            })
    void whoSignsInIsWhoTheTestSays(String lines) {
        String policy =
                """
                team guests {
                  user boss
                  may use chat when caller.claim("level") else "0" is "9"
                }
                identity sso {
                  issuer   "https://a.example/"
                  audience "writ"
                  team     dev when claim "groups" is "dev"
                  team     guests otherwise
                  user     from claim "sub"
                  tag      from claim "site"
                }
                rule boss on request when user present and user is boss tag "boss"
                rule fra on request when caller.claim("site") present tag "here"
                rule signed-in on request when identity is not none tag "signed-in"
                rule by-key on request when key is dev.laptop tag "by-key"
                test "t" for team guests, route chat {
                """;
        List<TestFailure> failures = Tried.run(policy + lines + "\n}\n").getFirst().failures();
        assertEquals(List.of(), failures.stream().map(Tried::text).toList());
    }

    @Test
    void explainsEveryRequestWhetherAsExpectedOrNot() {
        String policy =
                Tried.BASE
                        + """
                        test "t" for team dev, route chat {
                          case prompt 1k tokens => allow
                          case prompt 60k tokens => allow
                        }
                        """;
        PolicySnapshot snapshot = PolicySnapshot.compile(Tried.policy(policy));
        TestRunner runner = new TestRunner(snapshot, String::length, System::nanoTime, null);
        List<TestExplanation> explained = runner.explain(snapshot.policy().tests().getFirst());
        assertEquals(
                List.of("case 1", "case 2"),
                explained.stream().map(TestExplanation::request).toList());
        assertEquals(List.of(), explained.getFirst().failures());
        assertTrue(explained.getFirst().text().contains("arm chat/rest"), explained::toString);
        assertEquals(1, explained.getLast().failures().size());
        assertTrue(explained.getLast().text().contains("rule huge"), explained::toString);
        assertEquals("prompt 60k tokens => allow", explained.getLast().at().text().substring(5));
    }

    @Test
    void explainsTheFirstRequestsOnly() {
        String policy =
                Tried.BASE
                        + "test \"t\" for team dev, route chat {\n  step 100 times => allow\n}\n";
        PolicySnapshot snapshot = PolicySnapshot.compile(Tried.policy(policy));
        TestRunner runner = new TestRunner(snapshot, String::length, System::nanoTime, null);
        assertEquals(
                TestRunner.EXPLAINED_MAX,
                runner.explain(snapshot.policy().tests().getFirst()).size());
    }

    @Test
    void breakersOpenAndCloseOverSteps() {
        List<TestFailure> failures =
                Tried.failures(
                        """
                        step provider here down, 3 times => model far
                        step after 1s                    => model far, attempts 1
                        step provider here up, after 5s  => model near, attempts 1
                        step provider there down         => model near
                        """);
        assertEquals(List.of(), failures.stream().map(Tried::text).toList());
    }

    @Test
    void aStreamThatBreaksBeforeItIsPassedOnIsReplaced() {
        String policy =
                Tried.BASE.replace("  first near\n", "  first near\n  commit after 5 tokens\n")
                        + """
                        test "t" for team dev, route chat {
                          given stream
                          case provider here breaks after 4 tokens => model spare, not broken
                          case provider here breaks after 5 tokens => model near, broken
                        }
                        """;
        TestRunner runner =
                new TestRunner(
                        PolicySnapshot.compile(Tried.policy(policy)),
                        String::length,
                        System::nanoTime,
                        null);
        TestResult result = runner.run(Tried.policy(policy).tests().getFirst());
        assertEquals(List.of(), result.failures().stream().map(Tried::text).toList());
    }

    @Test
    void casesKnowNothingOfEachOther() {
        List<TestFailure> failures =
                Tried.failures(
                        """
                        case provider here down, 9 times => model far
                        case stream                      => model near, attempts 1
                        """);
        assertEquals(List.of(), failures.stream().map(Tried::text).toList());
    }

    @Test
    void clockGoesOnOverSteps() {
        List<TestResult> results =
                Tried.run(
                        """
                        test "t" for team night, route chat {
                          step at "2026-01-05T19:59:00Z" => deny
                          step after 2min                => allow
                          step after 3h                  => deny
                        }
                        """);
        assertTrue(results.getFirst().passed());
        assertEquals(3, results.getFirst().requests());
    }

    @Test
    void requestIdChoosesShare() {
        List<TestFailure> failures =
                Tried.failures(
                        """
                        case route shares, request-id "0" => allow
                        case route shares, request-id "a" => model near
                        case route shares, request-id "b" => model near
                        case route shares, request-id "c" => model near
                        case route shares, request-id "d" => model near
                        case route shares, request-id "e" => model near
                        case route shares, request-id "f" => model near
                        """);
        assertTrue(!failures.isEmpty() && failures.size() < 6, failures.toString());
    }

    @Test
    void failureDrawsTheConditionThatDecided() {
        TestFailure failure = Tried.failures("case prompt 48112 tokens => deny 413").getFirst();
        assertEquals(
                """
                deny 413 expected, but the request is allowed
                rule huge did not fire (shop.writ:35)
                  prompt.tokens > 50k tokens and team is dev
                  │                              └ dev: true
                  └ 48,112: false
                rule keys did not fire (shop.writ:47)
                  stream.text matches "AKIA[0-9A-Z]{16}"
                  └ "": false
                """,
                Tried.text(failure));
    }

    @Test
    void failureTellsOfGrants() {
        TestFailure failure = Tried.failures("case team night, time.hour = 9 => allow").getFirst();
        assertEquals(
                """
                allow expected, but the request is denied with 403: team night may not use route chat
                `may use` does not grant it (shop.writ:33)
                  time.hour in 20..23 and time.weekday is not sunday
                  │                       └ monday: true
                  └ 9: false
                """,
                Tried.text(failure));
    }

    @Test
    void failureTellsOfCalls() {
        TestFailure failure = Tried.failures("case provider here down => model near").getFirst();
        assertEquals(
                """
                model near expected, but model far of provider there in us answers
                arm chat/rest is taken (shop.writ:20)
                called near on here: unreachable
                again near on here: unreachable
                then far on there: answers
                """,
                Tried.text(failure));
    }
}
