package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.PolicyTest.Expected;
import dev.writ.dsl.policy.PolicyTest.Request;
import dev.writ.dsl.policy.Side;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import dev.writ.dsl.syntax.TestFact;
import dev.writ.dsl.syntax.TestLine;
import dev.writ.dsl.syntax.TestOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tests of a tree: what each request of each is, and what must come of it.
final class PolicyTests {
    private final Unit unit;
    private final Teams.Checked teams;
    private final List<Policy.Identity> identities;
    private final Map<String, Span> names = new HashMap<>();
    private int sent;

    private PolicyTests(Unit unit, Teams.Checked teams, List<Policy.Identity> identities) {
        this.unit = unit;
        this.teams = teams;
        this.identities = identities;
    }

    /// Checks every test, in the order of files and declarations.
    static List<PolicyTest> check(
            Unit unit,
            List<ParsedFile> files,
            Teams.Checked teams,
            List<Policy.Identity> identities,
            Map<String, Policy.Route> routes) {
        PolicyTests tests = new PolicyTests(unit, teams, identities);
        boolean tokensNameUsers = identities.stream().anyMatch(each -> each.user() != null);
        List<PolicyTest> checked = new ArrayList<>();
        for (ParsedFile file : files) {
            Scope scope = unit.scope(file.source());
            TestFacts facts = new TestFacts(unit, scope, routes, tokensNameUsers);
            TestOutcomes outcomes = new TestOutcomes(unit, scope);
            for (Item item : file.items()) {
                if (item instanceof Item.Test test) {
                    tests.name(test);
                    PolicyTest one = tests.new OneTest(test, facts, outcomes).check();
                    if (one != null) {
                        checked.add(one);
                    }
                }
            }
        }
        return checked;
    }

    private void name(Item.Test test) {
        String name = Texts.word(test.name(), unit.report());
        if (name.isBlank()) {
            report(Amounts.notAllowed(test.name().span(), "a test needs a name"));
        }
        Span first = names.putIfAbsent(name, test.name().span());
        if (first != null) {
            report(
                    Diagnostic.of(
                                    DiagnosticCode.DUPLICATE_NAME,
                                    test.name().span(),
                                    "two tests are called `%s`".formatted(name))
                            .at("again here")
                            .because(first, "first here")
                            .hint("Rename one of them: reports tell tests apart by their names."));
        } else if (names.size() == Limits.TESTS_MAX + 1) {
            report(tooMany(test.name().span(), "tests", Limits.TESTS_MAX));
        }
    }

    /// One test while it is checked.
    private final class OneTest {
        private final Item.Test item;
        private final TestFacts facts;
        private final TestOutcomes outcomes;
        private boolean whole = true;

        OneTest(Item.Test item, TestFacts facts, TestOutcomes outcomes) {
            this.item = item;
            this.facts = facts;
            this.outcomes = outcomes;
        }

        @Nullable PolicyTest check() {
            List<TestFact> always = new ArrayList<>(item.facts());
            List<TestOutcome> expected = new ArrayList<>();
            boolean cases = false;
            Span step = null;
            for (TestLine line : item.lines()) {
                switch (line) {
                    case TestLine.Given given -> always.addAll(given.facts());
                    case TestLine.Expect expect -> expected.addAll(expect.outcomes());
                    case TestLine.Case _ -> cases = true;
                    case TestLine.Step(Span span, _, _) -> step = step == null ? span : step;
                    case TestLine.Unknown _ -> whole = false;
                }
            }
            if (cases && step != null) {
                mixed(step);
            }
            if (!cases && step == null && expected.isEmpty() && whole) {
                expectsNothing();
            }
            Said base = facts.read(always);
            List<Expected> common = checked(expected);
            List<Request> requests = new ArrayList<>();
            if (!cases && step == null) {
                add(requests, request(item.name().span(), base, base, common));
            }
            for (TestLine line : item.lines()) {
                switch (line) {
                    case TestLine.Case(Span span, var own, var outcome) ->
                            add(requests, line(span, own, outcome, base, common, true));
                    case TestLine.Step(Span span, var own, var outcome) ->
                            add(
                                    requests,
                                    line(span, own, outcome, base, common, requests.isEmpty()));
                    case TestLine.Given _, TestLine.Expect _, TestLine.Unknown _ -> {}
                }
            }
            return whole
                    ? new PolicyTest(
                            item.name().value(), item.name().span(), step != null, requests)
                    : null;
        }

        private static void add(List<Request> requests, @Nullable Request request) {
            if (request != null) {
                requests.add(request);
            }
        }

        /// @param fresh whether the request is the first of its world
        private @Nullable Request line(
                Span span,
                List<TestFact> own,
                List<TestOutcome> outcome,
                Said base,
                List<Expected> common,
                boolean fresh) {
            Said said = facts.read(own);
            List<Expected> expected =
                    Stream.concat(checked(outcome).stream(), common.stream()).toList();
            Said all = said.over(base);
            return request(span, all, fresh ? all : said, expected);
        }

        /// @param world what is said of the clock and of providers
        private @Nullable Request request(
                Span span, Said said, Said world, List<Expected> expected) {
            if (said.broken) {
                whole = false;
                return null;
            }
            PolicyTest.Caller caller = caller(said);
            if (caller instanceof PolicyTest.Caller.ByToken(_, String identity, String user)
                    && user == null
                    && namesUsers(identity)) {
                missing(
                        span,
                        "which user calls: tokens of identity `%s` name one".formatted(identity),
                        "`user \"NAME\"`");
                caller = null;
            } else if (said.caller == null) {
                missing(span, "who calls", "`team NAME`, `key NAME` or `user NAME`");
            } else if (caller == null && teams.whole().size() == teams.teams().size()) {
                nobody(said.caller);
            }
            if (said.asked == null) {
                missing(span, "what is asked for", "`route NAME`");
            }
            int times = said.times == null ? 1 : said.times;
            count(span, times);
            if (caller == null || said.asked == null) {
                whole = false;
                return null;
            }
            boolean fresh = said == world;
            return new Request(
                    span,
                    caller,
                    said.asked,
                    List.copyOf(said.values.values()),
                    times,
                    world.after == null ? Duration.ZERO : world.after,
                    world.at == null && fresh ? PolicyTest.NOON : world.at,
                    said.requestId == null ? PolicyTest.REQUEST_ID : said.requestId,
                    side(said.canary, said),
                    side(said.mirrored, said),
                    world.providers,
                    expected);
        }

        /// Returns the first that fits: whoever has a key, then who signs in; null if nobody does.
        private PolicyTest.@Nullable Caller caller(Said said) {
            if (said.identity == null && !said.claims()) {
                for (Policy.Team team : teams.teams().values()) {
                    Policy.Key key = isMeant(team, said) ? key(team, said) : null;
                    if (key != null) {
                        return new PolicyTest.Caller.ByKey(team.name(), key.name());
                    }
                }
            }
            PolicyTest.Caller nameless = null;
            for (Policy.Identity identity : identities) {
                boolean meant =
                        said.key == null
                                && (said.identity == null || said.identity.equals(identity.name()));
                for (Policy.Team team : teams.teams().values()) {
                    if (meant && identity.leadsTo(team) && isMeant(team, said)) {
                        PolicyTest.Caller caller =
                                new PolicyTest.Caller.ByToken(
                                        team.name(), identity.name(), said.user);
                        if ((said.user == null) == (identity.user() == null)) {
                            return caller;
                        }
                        nameless = said.user == null ? caller : nameless;
                    }
                }
            }
            return nameless;
        }

        private boolean namesUsers(String identity) {
            return identities.stream()
                    .anyMatch(each -> each.name().equals(identity) && each.user() != null);
        }

        private static boolean isMeant(Policy.Team team, Said said) {
            return said.team == null || said.team.equals(team.name());
        }

        private Policy.@Nullable Key key(Policy.Team team, Said said) {
            for (Policy.Key key : team.keys()) {
                boolean named =
                        said.key == null
                                || said.key.equals(key.name())
                                || said.key.equals(team.name() + Labels.HALVES + key.name());
                if (named && (said.user == null || said.user.equals(key.user()))) {
                    return key;
                }
            }
            return null;
        }

        private List<Expected> checked(List<TestOutcome> written) {
            List<Expected> checked = outcomes.check(written);
            whole &= checked != null;
            return checked == null ? List.of() : checked;
        }

        private void mixed(Span step) {
            whole = false;
            report(
                    Diagnostic.of(
                                    DiagnosticCode.DOES_NOT_FIT,
                                    step,
                                    "a test has cases or steps, not both")
                            .hint(
                                    "Cases know nothing of each other, steps follow each other:"
                                            + " make two tests of it."));
        }

        private void expectsNothing() {
            whole = false;
            report(
                    Diagnostic.of(
                                    DiagnosticCode.PROPERTY_MISSING,
                                    item.name().span(),
                                    "this test expects nothing")
                            .hint(
                                    "Add `expect allow`, or `case … => allow`, with what must come"
                                            + " of it."));
        }

        private void missing(Span span, String what, String how) {
            report(
                    Diagnostic.of(
                                    DiagnosticCode.PROPERTY_MISSING,
                                    span,
                                    "this request does not say %s".formatted(what))
                            .hint("Add %s behind `for` or `given`.".formatted(how)));
        }

        private void nobody(Span caller) {
            report(
                    Diagnostic.of(DiagnosticCode.DOES_NOT_FIT, caller, "nobody calls so")
                            .at("no key of the policy fits, and no identity")
                            .hint(
                                    "A team needs a key, or an identity that leads to it; a key or"
                                            + " user must be one of the team."));
        }
    }

    /// A request is on the side that needs no luck unless the test says otherwise.
    private static Side side(boolean in, Said said) {
        return in ? Side.IN : said.requestId == null ? Side.OUT : Side.DRAWN;
    }

    private void count(Span span, int times) {
        int before = sent;
        sent += times;
        if (before <= Limits.ALL_TEST_REQUESTS_MAX && sent > Limits.ALL_TEST_REQUESTS_MAX) {
            report(tooMany(span, "requests in tests", Limits.ALL_TEST_REQUESTS_MAX));
        }
    }

    private static Diagnostic tooMany(Span span, String noun, int max) {
        return Diagnostic.of(
                        DiagnosticCode.TOO_LARGE, span, "there are too many %s".formatted(noun))
                .at(String.format(Locale.ROOT, "a policy may have %,d", max));
    }

    private void report(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
