package dev.writ.benchmarks.decide;

import dev.writ.engine.Decision;
import dev.writ.engine.Explainer;
import dev.writ.engine.Explanation;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.TreeDecider;
import dev.writ.engine.Verdict;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The decisions that are measured.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls compile() before anything else
public class Deciding {
    /// Which kind of rules.
    @Param BenchRules kind = BenchRules.SELECTIVE;

    /// How many of them.
    @Param({"10", "100", "1000", "10000"})
    int rules;

    private final Decision decision = new Decision();
    private PolicySnapshot snapshot;
    private BenchRequests requests;

    /// Writes, checks and compiles the policy.
    @Setup
    public void compile() {
        snapshot = kind.snapshot(rules);
        requests = new BenchRequests(snapshot);
    }

    /// Decides the phases request and route as the gateway does.
    @Benchmark
    public Decision index() {
        BenchRequests.Request request = requests.next();
        snapshot.decideRequest(request.caller(), request.route(), request.facts(), decision);
        snapshot.decideRoute(request.caller(), request.route(), request.facts(), decision);
        return decision;
    }

    /// Decides the same by walking the trees of all conditions.
    @Benchmark
    public Verdict tree() {
        BenchRequests.Request request = requests.next();
        return TreeDecider.decide(snapshot, request.caller(), request.route(), request.facts());
    }

    /// Explains: every rule with what it lacked.
    @Benchmark
    public Explanation explain() {
        BenchRequests.Request request = requests.next();
        return Explainer.explain(snapshot, request.caller(), request.route(), request.facts());
    }
}
