package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.ValueType;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.IndexLimits;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The index decides what the plain evaluator decides: the one promise that all else stands on.
///
/// Every message names the seed; `agrees(seed)` alone repeats what went wrong.
class IndexAgreesTest {
    private static final int POLICIES_PER_BATCH = 400;
    private static final int REQUESTS_PER_POLICY = 12;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void decidesAsTheTreeDoes(int batch) {
        Met met = new Met();
        for (int i = 0; i < POLICIES_PER_BATCH; i++) {
            agrees(batch * (long) POLICIES_PER_BATCH + i, met);
        }
        assertEquals(Set.of(), met.missed(), "what no policy or request has met");
    }

    private static void agrees(long seed, Met met) {
        SplittableRandom random = new SplittableRandom(seed);
        IndexLimits limits =
                random.nextBoolean()
                        ? IndexLimits.DEFAULT
                        : new IndexLimits(
                                1 + random.nextInt(6),
                                1 + random.nextInt(40),
                                1 + random.nextInt(200),
                                1);
        int rules = random.nextInt(8) == 0 ? 300 : random.nextInt(30);
        RandomPolicy generator = new RandomPolicy(seed, rules, random.nextBoolean() ? 4 : 60);
        Policy policy = generator.policy();
        PolicySnapshot snapshot = PolicySnapshot.compile(policy, limits);
        compare(seed, random, generator, snapshot, REQUESTS_PER_POLICY, met);
    }

    @ParameterizedTest
    @CsvSource({"2, summarised on request", "3, summarised for a team on request"})
    void decidesAsTheTreeDoesOverTheLimitOfASummary(long seed, String expected) {
        RandomPolicy generator = new RandomPolicy(seed, 20_000, 20_000);
        PolicySnapshot snapshot = PolicySnapshot.compile(generator.policy());
        Met met = new Met();
        compare(seed, new SplittableRandom(seed), generator, snapshot, 25, met);
        assertFalse(met.missed().contains(expected), expected);
    }

    /// Decides requests both ways with the same objects, as the gateway reuses them.
    private static void compare(
            long seed,
            SplittableRandom random,
            RandomPolicy generator,
            PolicySnapshot snapshot,
            int requests,
            Met met) {
        met.policy(snapshot);
        Policy policy = snapshot.policy();
        Facts facts = snapshot.newFacts();
        Decision decision = new Decision();
        AnswerRoom room = snapshot.newAnswerRoom();
        for (int request = 0; request < requests; request++) {
            String at = "seed %d, request %d".formatted(seed, request);
            Caller caller = generator.caller(snapshot);
            Policy.Route asked = policy.routes().get(random.nextInt(policy.routes().size()));
            facts.reset(caller);
            generator.fill(Phase.REQUEST, facts.values());
            Facts before = snapshot.newFacts();
            before.values().copyFrom(facts.values());
            met.facts(snapshot, facts.values());
            FactValues plain = facts.values().copy();
            TreeDecider tree = new TreeDecider(policy, snapshot.layout(), caller, plain);

            tree.request(asked);
            snapshot.decideRequest(caller, asked, facts, decision);
            assertEquals(tree.verdict(), decision.verdict(), () -> at + ", on request");
            assertSameFacts(policy, plain, facts.values(), at + ", after request");

            tree.route(asked, TreeDecider.Observer.NONE);
            snapshot.decideRoute(caller, asked, facts, decision);
            assertEquals(tree.verdict(), decision.verdict(), () -> at + ", on route");
            assertSameFacts(policy, plain, facts.values(), at + ", after route");

            Facts atAnswer = snapshot.newFacts();
            atAnswer.values().copyFrom(facts.values());
            RandomAnswer answer = new RandomAnswer(random, generator);
            answer.fill(snapshot, atAnswer);
            met.facts(snapshot, atAnswer.values());
            plain.copyFrom(atAnswer.values());
            tree.stream();
            answer.read(snapshot, caller, facts, room, decision);
            assertEquals(tree.verdict(), decision.verdict(), () -> at + ", on stream");

            generator.fill(Phase.RESPONSE, facts.values());
            plain.copyFrom(facts.values());
            tree.response();
            Facts atResponse = snapshot.newFacts();
            atResponse.values().copyFrom(facts.values());
            met.facts(snapshot, facts.values());
            snapshot.decideResponse(caller, facts, decision);
            assertEquals(tree.verdict(), decision.verdict(), () -> at + ", on response");

            if (request % 4 == 0) {
                Explanation explanation =
                        Explainer.explain(
                                snapshot,
                                caller,
                                asked,
                                before.kept(),
                                atAnswer.kept(),
                                atResponse.kept());
                assertExplains(explanation, decision.verdict(), at);
                met.explanation(explanation);
            }
        }
    }

    private static void assertExplains(Explanation explanation, Verdict verdict, String at) {
        assertEquals(verdict, explanation.verdict(), () -> at + ", explained");
        assertEquals(
                verdict.fired(),
                explanation.rules().stream()
                        .filter(Explanation.RuleLine::fired)
                        .map(Explanation.RuleLine::rule)
                        .toList(),
                () -> at + ", rules explained as fired");
        boolean granted = explanation.grants().stream().anyMatch(line -> line.obstacle() == null);
        assertEquals(verdict.reason() != Reason.GRANT, granted, () -> at + ", grants explained");
        assertTrue(explanation.text().contains("arms"), "an explanation has a text");
    }

    private static void assertSameFacts(
            Policy policy, FactValues expected, FactValues actual, String at) {
        for (int slot = 0; slot < policy.facts().size(); slot++) {
            String where = at + ", slot " + slot;
            assertEquals(expected.isPresent(slot), actual.isPresent(slot), where);
            assertEquals(expected.isAbsent(slot), actual.isAbsent(slot), where);
            if (!expected.isPresent(slot)) {
                continue;
            }
            if (policy.facts().get(slot).attribute().type() == ValueType.TEXT) {
                assertEquals(expected.text(slot), actual.text(slot), where);
            } else {
                assertEquals(expected.number(slot), actual.number(slot), where);
            }
        }
    }
}
