package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.PolicyTest.Behaviour;
import dev.writ.dsl.policy.PolicyTest.Expected;
import dev.writ.dsl.policy.PolicyTest.Request;
import dev.writ.dsl.policy.PolicyTest.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyTestsTest {
    private static PolicyTest test(String lines) {
        String text = "test \"t\" for team dev, route chat {\n" + lines + "\n}\n";
        return Checked.usable(Checked.BASE + text).tests().getFirst();
    }

    /// What is wrong with one line of a test of team `dev` on route `chat`.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    case team devs => allow                               | E0102 devs
                    case key laptopp => allow                             | E0204 laptopp
                    case user carol => allow                              | E0204 carol
                    case user bob => allow                                | E0208 user bob
                    case route chatt => allow                             | E0102 chatt
                    case request.model = "chatt" => allow                 | E0204 "chatt"
                    case provider heer down => allow                      | E0103 heer
                    case provider here answers 200 => allow               | E0205 200
                    case provider here slow 0s => allow                   | E0205 0s
                    case provider here breaks after $5 => allow           | E0001 $5
                    case request.max_tokns = 4k => allow                  | E0105 request.max_tokns
                    case request.max_tokens = "4k" => allow               | E0201 "4k"
                    case request.max_tokens = $4 => allow                 | E0201 $4
                    case request.temperature = 4 tokens => allow          | E0201 4 tokens
                    case request.stream = 1 => allow                      | E0201 1
                    case request.user = bob => allow                      | E0201 bob
                    case request.endpoint = chats => allow                | E0204 chats
                    case request.tools = 2 => allow                       | E0205 2
                    case request.header = "x" => allow                    | E0201 request.header
                    case request.header("x y") = "x" => allow             | E0205 "x y"
                    case request.max_tokens("x") = 5 => allow             | E0201 request.max_tokens("x")
                    case request.max_tokens present => allow              | E0205 request.max_tokens present
                    case request.stream absent => allow                   | E0205 request.stream absent
                    case team.region = eu => allow                        | E0208 team.region
                    case model = near => allow                            | E0208 model
                    case response.attempts = 2 => allow                   | E0208 response.attempts
                    case calendar.office = true => allow                  | E0208 calendar.office
                    case at "tomorrow" => allow                           | E0205 "tomorrow"
                    case 0 times => allow                                 | E0205 0
                    case stream, stream => allow                          | E0207 stream
                    case prompt "a", prompt.text = "b" => allow           | E0207 prompt.text = "b"
                    case stream => arm bigg                               | E0204 bigg
                    case stream => model nearr                            | E0104 nearr
                    case stream => model here                             | E0104 here
                    case stream => provider heer                          | E0103 heer
                    case canary => allow                                  | E0208 canary
                    case mirror => allow                                  | E0208 mirror
                    case stream => canary nearr                           | E0104 nearr
                    case stream => mirror nearr                           | E0104 nearr
                    case stream => region ue                              | E0204 ue
                    case stream => rule nobody                            | E0102 nobody
                    case stream => deny 200                               | E0205 200
                    case stream => not allow                              | E0205 not allow
                    case stream => not deny                               | E0205 not deny
                    case stream => set request.max_token = 5              | E0105 request.max_token
                    case stream => set request.max_tokens = "5"           | E0201 "5"
                    case stream => set request.store = 5                  | E0201 5
                    case stream => status 100                             | E0205 100
                    """)
    void isToldOnceWhereItStands(String line, String told) {
        assertEquals(
                List.of(told),
                Checked.toldOf("test \"t\" for team dev, route chat { %s }".formatted(line)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    test "t" for team dev, route chat { }                        | E0206 "t"
                    test "t" for team dev, route chat { given stream }           | E0206 "t"
                    test "t" for team dev { expect allow }                       | E0206 "t"
                    test "t" for route chat { case stream => allow }             | E0206 case stream => allow
                    test "" for team dev, route chat { expect allow }            | E0205 ""
                    test "t" for team dev, route chat { case stream => allow  step stream => allow } | E0208 step stream => allow
                    test "t" for team dev, team dev, route chat { expect allow } | E0207 team dev
                    """)
    void aTestSaysWhoCallsWhatIsAskedForAndWhatMustComeOfIt(String test, String told) {
        assertEquals(List.of(told), Checked.toldOf(test));
    }

    @Test
    void namesOfTestsAreUnique() {
        String test = "test \"t\" for team dev, route chat { expect allow }\n";
        assertEquals(List.of("E0101 \"t\""), Checked.toldOf(test + test));
    }

    @Test
    void whatOnlyTestsNameIsUnused() {
        List<String> told =
                Checked.toldOf(
                        """
                        model spare on here "spare" { }
                        test "t" for team dev, route chat { expect not model spare }
                        """);
        assertEquals(List.of("W0110 spare"), told);
    }

    @Test
    void wordsOfTestsAreStillNames() {
        String policy =
                """
                policy "p" language 1
                provider up { kind simulated }
                model case on up "case" { }
                route step { allow otherwise -> case }
                team prompt {
                  user given
                  key at sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" for given
                  may use step
                }
                test "t" for team prompt, route step { case user given, key at => model case, arm allow }
                """;
        assertEquals(1, Checked.usable(policy).tests().size());
    }

    @Test
    void caseTakesThePlaceOfWhatTheTestSays() {
        PolicyTest test =
                test(
                        """
                        given request.max_tokens = 4k, prompt 300 tokens, provider here down
                        case request.max_tokens absent, prompt "Hello" => allow
                        case provider here up, request-id "x", 3 times => deny
                        """);
        Request first = test.requests().getFirst();
        assertEquals(
                List.of(
                        new Value.Absent(Attribute.REQUEST_MAX_TOKENS, null),
                        new Value.Text(Attribute.PROMPT_TEXT, null, "Hello")),
                first.values());
        assertEquals(Map.of("here", new Behaviour.Down()), first.providers());
        assertEquals(PolicyTest.NOON, first.at());
        Request second = test.requests().getLast();
        assertEquals(Map.of("here", new Behaviour.Up()), second.providers());
        assertEquals("x", second.requestId());
        assertEquals(3, second.times());
        assertEquals(4, test.sent());
    }

    @Test
    void stepSaysOnlyWhatChangesInTheWorld() {
        PolicyTest test =
                test(
                        """
                        given at "2026-01-31T12:00:00Z", provider here down
                        step stream   => allow
                        step after 5s => allow
                        """);
        assertTrue(test.inSteps());
        assertEquals(Instant.parse("2026-01-31T12:00:00Z"), test.requests().getFirst().at());
        Request second = test.requests().getLast();
        assertEquals(null, second.at());
        assertEquals(Map.of(), second.providers());
        assertEquals(Duration.ofSeconds(5), second.after());
        assertEquals(List.of(), second.values());
    }

    @Test
    void anotherCallerIsAnotherKey() {
        PolicyTest test =
                Checked.usable(
                                Checked.BASE
                                        + """
                                        team two {
                                          user alice
                                          key first sha256 "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
                                          key second sha256 "fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13" for alice
                                          may use chat
                                        }
                                        test "t" for key dev.laptop, route chat {
                                          case team two   => allow
                                          case key second => allow
                                          case user alice => allow
                                          case stream     => allow
                                        }
                                        """)
                        .tests()
                        .getFirst();
        assertEquals(
                List.of("two/first", "two/second", "dev/laptop", "dev/laptop"),
                test.requests().stream().map(PolicyTestsTest::caller).toList());
    }

    private static final String SSO =
            """
            team ops { may use chat }
            identity sso {
              issuer "https://a.example/"
              audience "writ"
              team ops when claim "groups" is "ops"
              team dev otherwise
              user from claim "sub"
            }
            identity robots { issuer "https://b.example/"  audience "writ"  team ops otherwise }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    team dev                                     | dev/laptop
                    team ops                                     | ops by robots
                    team ops, user "ada@acme.example"            | ops by sso as ada@acme.example
                    team ops, user bob                           | ops by sso as bob
                    team dev, user alice                         | dev/laptop
                    team dev, user bob                           | dev by sso as bob
                    team dev, identity sso, user alice           | dev by sso as alice
                    identity robots                              | ops by robots
                    team dev, user "alice", caller.claim("x") = "y" | dev by sso as alice
                    """)
    void whoCallsHasTheFirstKeyThatFitsOrATokenThatDoes(String facts, String expected) {
        PolicyTest test =
                Checked.usable(
                                Checked.BASE
                                        + SSO
                                        + "test \"t\" for route chat, %s { expect allow }"
                                                .formatted(facts))
                        .tests()
                        .getFirst();
        assertEquals(
                List.of(expected), test.requests().stream().map(PolicyTestsTest::caller).toList());
    }

    @Test
    void aCaseSaysWhatOfTheCallerIsOtherwise() {
        PolicyTest test =
                Checked.usable(
                                Checked.BASE
                                        + SSO
                                        + """
                                        test "t" for route chat, team ops, identity sso, user "a" {
                                          case stream               => allow
                                          case user "b"             => allow
                                          case team dev, user "c"   => allow
                                          case identity robots, team ops => allow
                                          case key dev.laptop       => allow
                                        }
                                        """)
                        .tests()
                        .getFirst();
        assertEquals(
                List.of(
                        "ops by sso as a",
                        "ops by sso as b",
                        "dev by sso as c",
                        "ops by robots",
                        "dev/laptop"),
                test.requests().stream().map(PolicyTestsTest::caller).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    team dev, identity robots                    | E0208 identity robots
                    team dev, identity sso                       | E0206 "t"
                    identity robots, user "x"                    | E0208 user "x"
                    identity soo, user "x"                       | E0102 soo
                    team dev, user zoe                           | E0204 zoe
                    key laptop, identity sso, user alice         | E0208 user alice
                    key laptop, caller.claim("x") = "y"          | E0208 key laptop
                    team dev, identity = sso                     | E0208 identity
                    """)
    void whoCannotCallIsTold(String facts, String expected) {
        assertEquals(
                List.of(expected),
                Checked.toldOf(
                        SSO + "test \"t\" for route chat, %s { expect allow }".formatted(facts)));
    }

    private static String caller(PolicyTest.Request request) {
        return switch (request.caller()) {
            case PolicyTest.Caller.ByKey(String team, String key) -> team + "/" + key;
            case PolicyTest.Caller.ByToken(String team, String identity, String user) ->
                    team + " by " + identity + (user == null ? "" : " as " + user);
        };
    }

    @Test
    void whatIsExpectedOfAllIsExpectedOfEach() {
        PolicyTest test = test("expect allow\ncase stream => arm rest\ncase stream => arm rest");
        for (Request request : test.requests()) {
            assertEquals(2, request.expected().size());
            assertTrue(request.expected().getLast() instanceof Expected.Allow);
        }
    }
}
