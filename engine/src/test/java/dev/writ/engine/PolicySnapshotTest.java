package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.syntax.Comparison;
import dev.writ.engine.internal.TextLimits;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicySnapshotTest {
    private static final int SUPPORT = 1;
    private static final int RESEARCH = 2;

    @Test
    void identifiesByDigest() {
        PolicySnapshot snapshot = new Acme().snapshot();
        Caller support = caller(snapshot, SUPPORT);
        assertEquals("support", support.team().name());
        assertEquals("key support/laptop", support.shown());
        assertEquals("alice", support.user());
        assertNull(caller(snapshot, RESEARCH).user());
        assertNull(snapshot.identify(Acme.digest(3)));
        assertNull(snapshot.identify(new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> snapshot.identify(new byte[31]));
    }

    @Test
    void findsRoutesByNameAndAlias() {
        PolicySnapshot snapshot = new Acme().snapshot();
        assertEquals("chat", route(snapshot, "chat").name());
        assertEquals("chat", route(snapshot, "gpt-4o").name());
        assertNull(snapshot.route("gpt-4"));
        assertTrue(snapshot.mayList(caller(snapshot, RESEARCH), route(snapshot, "chat")));
        assertFalse(snapshot.mayList(caller(snapshot, RESEARCH), route(snapshot, "slow")));
    }

    @Test
    void grantsOnlyWhatIsCertain() {
        PolicySnapshot snapshot = new Acme().snapshot();
        Run run = new Run(snapshot, RESEARCH);
        run.facts.putFlag(Attribute.REQUEST_STREAM, true);
        assertFalse(run.decide("chat").denied());
        run.facts.putFlag(Attribute.REQUEST_STREAM, false);
        assertEquals(Reason.GRANT, run.decide("chat").reason());
        assertEquals("chat", run.decision.reasonName());
        run.facts.putUnknown(Attribute.REQUEST_STREAM);
        assertEquals(Reason.GRANT, run.decide("chat").reason());
    }

    @Test
    void aFactThatNobodyFilledNeverHelps() {
        PolicySnapshot snapshot =
                new Acme()
                        .rule(
                                "one",
                                Phase.REQUEST,
                                Acme.compare(Acme.PROMPT_TOKENS, Comparison.GREATER, 10),
                                Acme.deny("long"))
                        .snapshot();
        Run run = new Run(snapshot, SUPPORT);
        assertEquals(Reason.RULE, run.decide("chat").reason());
        assertEquals(Reason.GRANT, new Run(snapshot, RESEARCH).decide("chat").reason());
    }

    @Test
    void thePrimaryReasonIsTheGrantThenTheFirstRuleThenTheArm() {
        Acme acme =
                new Acme()
                        .rule("one", Phase.ROUTE, Acme.label(Acme.ARM, 3), Acme.deny("arm seen"))
                        .rule("two", Phase.REQUEST, Acme.always(), Acme.deny("second"))
                        .rule("three", Phase.REQUEST, Acme.always(), Acme.deny("third"));
        Run granted = new Run(acme.snapshot(), SUPPORT);
        assertEquals("second", granted.decide("chat").denial().text());
        assertEquals("two", granted.decision.reasonName());

        Run refused = new Run(acme.snapshot(), RESEARCH);
        assertEquals(Reason.GRANT, refused.decide("slow").reason());
        assertEquals(2, refused.decision.firedCount(), "all reasons are found");

        Run arm =
                new Run(
                        new Acme()
                                .rule(
                                        "one",
                                        Phase.ROUTE,
                                        Acme.label(Acme.ARM, 3),
                                        Acme.deny("arm seen"))
                                .snapshot(),
                        SUPPORT);
        arm.decide("slow");
        arm.route("slow");
        assertEquals("one", arm.decision.reasonName());
    }

    @Test
    void armsLeadToOtherRoutes() {
        Run run = new Run(new Acme().snapshot(), SUPPORT);
        run.facts.putNumber(Attribute.PROMPT_TOKENS, 120_000);
        run.decide("chat");
        run.route("chat");
        assertEquals("rest", Objects.requireNonNull(run.decision.arm()).name());
        assertNotNull(run.decision.target());

        run.facts.putNumber(Attribute.PROMPT_TOKENS, 120_001);
        run.facts.putText(Acme.TIER, "gold");
        run.decide("chat");
        run.route("chat");
        assertEquals("slow", run.decision.route().name());
        assertEquals("vip", Objects.requireNonNull(run.decision.arm()).name());

        run.facts.putAbsent(Acme.TIER);
        run.decide("chat");
        run.route("chat");
        assertEquals(Reason.ARM, run.decision.reason());
        assertEquals("slow/none", run.decision.reasonName());
        assertEquals(413, run.decision.denial().status());
        assertNull(run.decision.target());
    }

    @Test
    void whatRulesSetIsSeenFromTheNextPhaseOn() {
        Effect cap =
                new Effect.SetNumber(
                        Settable.MAX_TOKENS,
                        new NumberTerm.Minus(
                                ValueType.TOKENS,
                                new NumberTerm.FactNumber(Acme.MAX_TOKENS, 0L),
                                new NumberTerm.Constant(ValueType.TOKENS, 1)));
        Condition many = Acme.compare(Acme.MAX_TOKENS, Comparison.AT_LEAST, 4000);
        Run run =
                new Run(
                        new Acme()
                                .rule("one", Phase.REQUEST, many, cap)
                                .rule("two", Phase.REQUEST, many, new Effect.Tag("asked"))
                                .rule("three", Phase.ROUTE, many, new Effect.Tag("left"))
                                .snapshot(),
                        SUPPORT);
        run.facts.putNumber(Attribute.PROMPT_TOKENS, 1);
        run.facts.putNumber(Attribute.REQUEST_MAX_TOKENS, 4000);
        run.decide("chat");
        assertEquals(3999, run.decision.setNumber(Settable.MAX_TOKENS));
        run.route("chat");
        assertEquals(List.of("asked"), run.decision.verdict().tags());
        assertThrows(
                IllegalStateException.class, () -> run.decision.setNumber(Settable.TEMPERATURE));
    }

    @Test
    void setsOnlyWhatIsCertainAndTagsWhatIsPossible() {
        Run run =
                new Run(
                        new Acme()
                                .rule(
                                        "one",
                                        Phase.REQUEST,
                                        new Condition.Flag(Acme.always().span(), Acme.STREAM),
                                        new Effect.SetText(Settable.SERVICE_TIER, "flex"),
                                        new Effect.Tag("streamed"),
                                        new Effect.Audit(true, 500),
                                        new Effect.Audit(false, 10_000))
                                .snapshot(),
                        SUPPORT);
        run.facts.putUnknown(Attribute.REQUEST_STREAM);
        run.decide("chat");
        assertFalse(run.decision.sets(Settable.SERVICE_TIER));
        assertEquals("streamed", run.decision.tag(0));
        assertEquals(10_000, run.decision.auditBasisPoints());
        assertEquals(500, run.decision.fullAuditBasisPoints());
        assertEquals(1, run.decision.firedCount());
        run.facts.putFlag(Attribute.REQUEST_STREAM, true);
        run.decide("chat");
        assertEquals("flex", run.decision.setText(Settable.SERVICE_TIER));
    }

    @Test
    void requireDeniesUnlessCertain() {
        Run run =
                new Run(
                        new Acme()
                                .rule(
                                        "one",
                                        Phase.REQUEST,
                                        Acme.label(Acme.TEAM, 0),
                                        new Effect.Require(
                                                Acme.text(
                                                        Acme.TIER,
                                                        "",
                                                        new TextTest.In(Set.of("gold"))),
                                                new Policy.Denial(402, "gold only")))
                                .snapshot(),
                        SUPPORT);
        run.facts.putText(Acme.TIER, "gold");
        assertFalse(run.decide("chat").denied());
        run.facts.putText(Acme.TIER, "iron");
        assertEquals(402, run.decide("chat").denial().status());
        run.facts.putUnknown(Acme.TIER);
        assertTrue(run.decide("chat").denied());
    }

    @Test
    void rulesOnResponseAddToTheDecision() {
        Run run =
                new Run(
                        new Acme()
                                .rule(
                                        "one",
                                        Phase.RESPONSE,
                                        Acme.compare(Acme.STATUS, Comparison.AT_LEAST, 500_000_000),
                                        new Effect.Tag("failed"))
                                .rule("two", Phase.REQUEST, Acme.always(), new Effect.Tag("all"))
                                .snapshot(),
                        SUPPORT);
        run.facts.putNumber(Attribute.PROMPT_TOKENS, 1);
        run.decide("chat");
        run.route("chat");
        run.facts.putNumber(Attribute.RESPONSE_STATUS, 503_000_000);
        run.snapshot.decideResponse(run.caller, run.facts, run.decision);
        assertEquals(List.of("all", "failed"), run.decision.verdict().tags());
    }

    @Test
    void aTextOverTheLimitDeniesByTheIndexToo() {
        Run run =
                new Run(
                        new Acme()
                                .rule(
                                        "one",
                                        Phase.REQUEST,
                                        Acme.text(Acme.PROMPT, null, new TextTest.Matches("b")),
                                        Acme.deny("b"))
                                .rule(
                                        "two",
                                        Phase.REQUEST,
                                        Acme.text(
                                                Acme.PROMPT,
                                                null,
                                                new TextTest.ContainsAny(List.of("b"))),
                                        Acme.deny("b"))
                                .snapshot(),
                        SUPPORT);
        run.facts.putText(Attribute.PROMPT_TEXT, "a".repeat(TextLimits.MATCHES_CHARS_MAX));
        assertFalse(run.decide("chat").denied());
        run.facts.putText(Attribute.PROMPT_TEXT, "a".repeat(TextLimits.MATCHES_CHARS_MAX + 1));
        assertEquals("one", run.decide("chat").reasonName());
        assertEquals(1, run.decision.firedCount());
        run.facts.putText(Attribute.PROMPT_TEXT, "a".repeat(TextLimits.CONTAINS_CHARS_MAX + 1));
        assertEquals(2, run.decide("chat").firedCount());
    }

    @Test
    void refusesFactsOfAnotherSnapshotAndOfAnotherType() {
        PolicySnapshot snapshot = new Acme().snapshot();
        Run run = new Run(new Acme().snapshot(), SUPPORT);
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        snapshot.decideRequest(
                                run.caller, route(snapshot, "chat"), run.facts, run.decision));
        assertThrows(
                IllegalArgumentException.class,
                () -> run.facts.putText(Attribute.PROMPT_TOKENS, "12"));
    }

    @Test
    void refusesCallersAndRoutesOfAnotherSnapshot() {
        PolicySnapshot other = new Acme().snapshot();
        Run run = new Run(new Acme().snapshot(), SUPPORT);
        Caller stranger = caller(other, SUPPORT);
        assertThrows(IllegalArgumentException.class, () -> run.facts.reset(stranger));
        Policy.Route own = route(run.snapshot, "chat");
        assertThrows(
                IllegalArgumentException.class,
                () -> run.snapshot.decideRequest(stranger, own, run.facts, run.decision));
        assertThrows(
                IllegalArgumentException.class,
                () -> run.snapshot.decideRoute(stranger, own, run.facts, run.decision));
        assertThrows(
                IllegalArgumentException.class,
                () -> run.snapshot.decideResponse(stranger, run.facts, run.decision));
        Policy.Route foreign =
                new Policy.Route(
                        own.index(),
                        own.name(),
                        own.span(),
                        own.aliases(),
                        List.of(own.arms().getLast()));
        assertThrows(
                IllegalArgumentException.class,
                () -> run.snapshot.decideRequest(run.caller, foreign, run.facts, run.decision));
        assertThrows(
                IllegalArgumentException.class,
                () -> run.snapshot.decideRoute(run.caller, foreign, run.facts, run.decision));
    }

    @Test
    void whatARequestCannotBeWithoutIsNeverAbsent() {
        Run run = new Run(new Acme().snapshot(), SUPPORT);
        assertThrows(
                IllegalArgumentException.class,
                () -> run.facts.putAbsent(Attribute.REQUEST_STREAM));
        run.facts.putAbsent(Attribute.REQUEST_MAX_TOKENS);
    }

    @Test
    void aFactThatNobodyFilledDeniesEvenWhereARequestMayBeWithoutIt() {
        Run run =
                new Run(
                        new Acme()
                                .rule(
                                        "one",
                                        Phase.REQUEST,
                                        Acme.text(Acme.TIER, "", new TextTest.In(Set.of("banned"))),
                                        Acme.deny("banned"))
                                .snapshot(),
                        SUPPORT);
        assertEquals("one", run.decide("chat").reasonName());
        run.facts.putAbsent(Acme.TIER);
        assertFalse(run.decide("chat").denied());
    }

    @Test
    void saysWhatIsRead() {
        PolicySnapshot snapshot = new Acme().snapshot();
        assertTrue(snapshot.reads(Attribute.REQUEST_HEADER));
        assertFalse(snapshot.reads(Attribute.REQUEST_METADATA));
        assertEquals(12, snapshot.facts().size());
        Facts facts = snapshot.newFacts();
        facts.putNumber(Attribute.REQUEST_TOP_P, 1);
    }

    private static Caller caller(PolicySnapshot snapshot, int digest) {
        return Objects.requireNonNull(snapshot.identify(Acme.digest(digest)));
    }

    private static Policy.Route route(PolicySnapshot snapshot, String name) {
        return Objects.requireNonNull(snapshot.route(name));
    }

    /// One request after the other with the same objects.
    private static final class Run {
        final PolicySnapshot snapshot;
        final Caller caller;
        final Facts facts;
        final Decision decision = new Decision();

        Run(PolicySnapshot snapshot, int digest) {
            this.snapshot = snapshot;
            this.caller = PolicySnapshotTest.caller(snapshot, digest);
            this.facts = snapshot.newFacts();
            facts.reset(caller);
        }

        Decision decide(String route) {
            snapshot.decideRequest(
                    caller, PolicySnapshotTest.route(snapshot, route), facts, decision);
            return decision;
        }

        void route(String route) {
            snapshot.decideRoute(
                    caller, PolicySnapshotTest.route(snapshot, route), facts, decision);
        }
    }
}
