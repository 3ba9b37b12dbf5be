package dev.writ.benchmarks.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.engine.Decision;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.TreeDecider;
import dev.writ.engine.Verdict;
import org.junit.jupiter.api.Test;

/// What the bench measures is what it says: policies that compile, of which few rules match, and
/// two ways to decide that agree.
class BenchRulesTest {
    private static final int RULES = 1_000;

    @Test
    void ofSelectiveRulesFewMatch() {
        fewMatch(BenchRules.SELECTIVE);
    }

    @Test
    void ofBroadRulesFewMatch() {
        fewMatch(BenchRules.BROAD);
    }

    private static void fewMatch(BenchRules kind) {
        PolicySnapshot snapshot = kind.snapshot(RULES);
        assertEquals(RULES, snapshot.policy().rules().size());
        BenchRequests requests = new BenchRequests(snapshot);
        Decision decision = new Decision();
        int fired = 0;
        for (int i = 0; i < BenchRequests.COUNT; i++) {
            BenchRequests.Request request = requests.next();
            Verdict plain =
                    TreeDecider.decide(
                            snapshot, request.caller(), request.route(), request.facts());
            snapshot.decideRequest(request.caller(), request.route(), request.facts(), decision);
            snapshot.decideRoute(request.caller(), request.route(), request.facts(), decision);
            assertEquals(plain, decision.verdict());
            fired += decision.firedCount();
        }
        double each = (double) fired / BenchRequests.COUNT;
        assertTrue(each > 0.2 && each < RULES / 50.0, () -> each + " rules fire a request");
    }
}
