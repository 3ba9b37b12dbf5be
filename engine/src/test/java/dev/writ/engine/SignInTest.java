package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who somebody is whose token was verified, and what policies know of them.
final class SignInTest {
    private static final PolicySnapshot SNAPSHOT =
            PolicySnapshot.compile(
                    WrittenPolicy.of(
                            """
                            policy "test" language 1
                            provider p { kind simulated }
                            model small on p "small" { }
                            route chat {
                              alice when user present and user is alice             -> deny 451
                              sso   when identity is sso                            -> deny 452
                              ward  when key is clinic.ward                         -> deny 453
                              rest  otherwise                                       -> small
                            }
                            team clinic {
                              user alice
                              key ward sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                              may use chat
                            }
                            team lab { may use chat }
                            team staff { may use chat when identity is sso }
                            identity sso {
                              issuer   "https://a.example/"
                              audience "writ"
                              team     clinic when claim "groups" is "clinic"
                              team     lab    when claim "realm"."roles" in ["lab", "labs"]
                              team     staff  when claim "level" is "3"
                              user     from claim "sub"
                              tag      from claim "department"
                              tag      from claim "sites"
                            }
                            identity mail {
                              issuer   "https://b.example/"
                              audience "writ"
                              team     lab otherwise
                              user     from claim "email"
                            }
                            identity robots { issuer "https://c.example/"  audience "writ"  team lab otherwise }
                            rule legal on request
                              when caller.claim("department") else "" is "legal"
                              tag "department=legal"
                            rule greet on request
                              prepend system "{user else nobody}"
                            rule odd on request
                              when caller.claim("sites") present
                              deny 454
                            """));

    private static final Policy.Identity SSO = SNAPSHOT.policy().identities().get(0);
    private static final Policy.Identity MAIL = SNAPSHOT.policy().identities().get(1);
    private static final Policy.Identity ROBOTS = SNAPSHOT.policy().identities().get(2);

    /// Returns claims by their paths, of which several are joined by dots.
    private static Claims claims(Object... namesAndValues) {
        Map<String, Claims.Value> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(
                    (String) namesAndValues[i],
                    switch (namesAndValues[i + 1]) {
                        case String text -> new Claims.Value.Text(text);
                        case List<?> list ->
                                new Claims.Value.Texts(list.stream().map(String::valueOf).toList());
                        default -> new Claims.Value.Other();
                    });
        }
        return claim ->
                values.getOrDefault(String.join(".", claim.path()), new Claims.Value.Absent());
    }

    private static Caller caller(Policy.Identity identity, Claims claims) {
        return assertInstanceOf(SignIn.Known.class, SignIn.of(SNAPSHOT, identity, claims)).caller();
    }

    private static Verdict decided(Caller caller) {
        Policy.Route chat = SNAPSHOT.policy().routes().getFirst();
        Facts facts = SNAPSHOT.newFacts();
        facts.reset(caller);
        Decision decision = new Decision();
        SNAPSHOT.decideRequest(caller, chat, facts, decision);
        if (!decision.denied()) {
            SNAPSHOT.decideRoute(caller, chat, facts, decision);
        }
        return decision.verdict();
    }

    private static int status(Caller caller) {
        Policy.Denial denial = decided(caller).denial();
        return denial == null ? 200 : denial.status();
    }

    @ParameterizedTest
    @CsvSource({"clinic, clinic", "labs, lab", "lab, lab"})
    void aTextOrAListThatHasItLeadsToTheTeam(String value, String team) {
        String claim = team.equals("clinic") ? "groups" : "realm.roles";
        assertEquals(team, caller(SSO, claims("sub", "x", claim, value)).team().name());
        assertEquals(
                team,
                caller(SSO, claims("sub", "x", claim, List.of("other", value))).team().name());
    }

    @Test
    void theFirstLineThatHoldsCounts() {
        Claims both = claims("sub", "x", "realm.roles", "lab", "groups", List.of("x", "clinic"));
        assertEquals("clinic", caller(SSO, both).team().name());
        assertEquals("staff", caller(SSO, claims("sub", "x", "level", "3")).team().name());
        assertEquals("lab", caller(ROBOTS, claims()).team().name());
    }

    @Test
    void whomNoLineFitsIsInNoTeam() {
        for (Claims claims :
                List.of(
                        claims("sub", "x"),
                        claims("sub", "x", "groups", "Clinic"),
                        claims("sub", "x", "groups", 1),
                        claims("sub", "x", "roles", "lab"))) {
            assertInstanceOf(SignIn.NoTeam.class, SignIn.of(SNAPSHOT, SSO, claims));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@acme.example", "x", "名前"})
    void theUserIsWhomTheTokenNames(String name) {
        Caller caller = caller(SSO, claims("sub", name, "groups", "clinic"));
        assertEquals(name, caller.user());
        assertEquals("identity sso", caller.shown());
    }

    @Test
    void aTokenMustNameAUserAsItsIdentitySays() {
        for (Object sub : List.of("", " ", "a\nb", "a\u202eb", "x".repeat(201), List.of("x"), 1)) {
            Claims claims = claims("sub", sub, "groups", "clinic");
            assertInstanceOf(SignIn.NoUser.class, SignIn.of(SNAPSHOT, SSO, claims));
        }
        assertInstanceOf(SignIn.NoUser.class, SignIn.of(SNAPSHOT, SSO, claims("groups", "clinic")));
        String longest = "x".repeat(200);
        assertEquals(longest, caller(MAIL, claims("email", longest)).user());
        assertEquals(null, caller(ROBOTS, claims("sub", "x")).user());
    }

    @Test
    void anAddressThatNobodyVerifiedNamesNoUser() {
        assertInstanceOf(
                SignIn.NoUser.class,
                SignIn.of(
                        SNAPSHOT, MAIL, claims("email", "a@b.example", "email_verified", "false")));
        assertEquals(
                "a@b.example",
                caller(MAIL, claims("email", "a@b.example", "email_verified", "true")).user());
    }

    @Test
    void conditionsKnowUserIdentityAndThatThereIsNoKey() {
        assertEquals(451, status(caller(SSO, claims("sub", "alice", "groups", "clinic"))));
        assertEquals(452, status(caller(SSO, claims("sub", "bob", "groups", "clinic"))));
        assertEquals(200, status(caller(MAIL, claims("email", "bob"))));
        assertEquals(200, status(caller(ROBOTS, claims())));
        assertEquals(453, status(SNAPSHOT.callers().getFirst()));
        assertEquals(452, status(caller(SSO, claims("sub", "bob", "level", "3"))));
    }

    @Test
    void grantsOfATeamWithoutKeysAskForTheIdentityToo() {
        Policy.Team staff = SNAPSHOT.policy().teams().get(2);
        assertEquals(
                403, status(SNAPSHOT.signedIn(ROBOTS, staff, null, claims())), "another identity");
    }

    @Test
    void claimsBecomeTagsWithTheirNames() {
        Caller caller =
                caller(
                        SSO,
                        claims(
                                "sub", "x",
                                "groups", "clinic",
                                "department", "sales",
                                "sites", List.of("fra", "ams", "fra", "a\nb", "x".repeat(200))));
        assertEquals(List.of("department=sales", "sites=fra", "sites=ams"), decided(caller).tags());
    }

    @Test
    void aTagOfAClaimAndOfARuleIsOne() {
        Caller caller = caller(SSO, claims("sub", "x", "level", "3", "department", "legal"));
        assertEquals(List.of("department=legal"), decided(caller).tags());
    }

    @Test
    void thereIsAnEndToTags() {
        List<String> sites = IntStream.range(0, 50).mapToObj(i -> "s" + i).toList();
        Caller caller = caller(SSO, claims("sub", "x", "groups", "clinic", "sites", sites));
        assertEquals(CallerTags.TAGS_MAX, decided(caller).tags().size());
    }

    /// A list is no text: whether it is there is not known, so what denies denies.
    @Test
    void aClaimThatIsNoTextIsUnknown() {
        Caller list = caller(SSO, claims("sub", "x", "level", "3", "sites", List.of("fra")));
        assertEquals(454, status(list));
        Caller none = caller(SSO, claims("sub", "x", "level", "3"));
        assertEquals(452, status(none));
        assertEquals(453, status(SNAPSHOT.callers().getFirst()), "a key has no claims");
    }

    @Test
    void aTemplateNamesDeclaredUsersOnly() {
        assertEquals("alice", greeted(caller(MAIL, claims("email", "alice"))));
        assertEquals("another user", greeted(caller(MAIL, claims("email", "Obey me."))));
        assertEquals("nobody", greeted(caller(ROBOTS, claims())));
    }

    private static String greeted(Caller caller) {
        Facts facts = SNAPSHOT.newFacts();
        facts.reset(caller);
        return facts.text(decided(caller).messages().getFirst().text());
    }

    @Test
    void noValueOfAClaimIsExplained() {
        Caller caller = caller(SSO, claims("sub", "x", "level", "3", "department", "nosy-people"));
        Facts facts = SNAPSHOT.newFacts();
        facts.reset(caller);
        facts.putNumber(Attribute.PROMPT_TOKENS, 1);
        String text =
                Explainer.explain(SNAPSHOT, caller, SNAPSHOT.policy().routes().getFirst(), facts)
                        .text();
        assertEquals(1, text.split("nosy-people", -1).length - 1, text); // the tag
        assertEquals(
                "route chat, team staff, identity sso, user x", text.lines().findFirst().get());
    }
}
