package dev.writ.engine.testing;

import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.PolicyTest.Expected;
import dev.writ.dsl.policy.PolicyTest.Request;
import dev.writ.engine.AnswerRoom;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Explainer;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Runs the tests of a policy, one after the other. One thread at a time.
public final class TestRunner {
    /// The most failures of one test that are told.
    static final int FAILURES_MAX = 20;

    /// The most requests of one test that are explained.
    static final int EXPLAINED_MAX = 50;

    private final PolicySnapshot snapshot;
    private final ToLongFunction<String> tokens;
    private final LongSupplier nanoClock;
    private final @Nullable Coverage coverage;
    private final TestCallers callers;
    private final Bench bench;

    /// What one request after the other is decided with.
    record Bench(Facts facts, Decision decision, AnswerRoom room) {}

    /// @param tokens counts the tokens of a prompt as the gateway would
    /// @param nanoClock by which the tests themselves are timed; nothing is decided by it
    /// @param coverage sees what is tried; null if nobody asks
    public TestRunner(
            PolicySnapshot snapshot,
            ToLongFunction<String> tokens,
            LongSupplier nanoClock,
            @Nullable Coverage coverage) {
        this.snapshot = snapshot;
        this.tokens = tokens;
        this.nanoClock = nanoClock;
        this.coverage = coverage;
        this.bench = new Bench(snapshot.newFacts(), new Decision(), snapshot.newAnswerRoom());
        this.callers = new TestCallers(snapshot);
    }

    /// Runs a test of the snapshot's policy.
    public TestResult run(PolicyTest test) {
        long started = nanoClock.getAsLong();
        List<TestFailure> failures = new ArrayList<>();
        send(
                test,
                (request, label, course) -> {
                    if (coverage != null) {
                        coverage.add(snapshot, course);
                    }
                    judge(test, request, label, course, failures);
                });
        return new TestResult(test, test.sent(), nanoClock.getAsLong() - started, failures);
    }

    /// Runs a test of the snapshot's policy, and tells of its first requests what was asked about
    /// each and what came, whether as expected or not.
    public List<TestExplanation> explain(PolicyTest test) {
        List<TestExplanation> explained = new ArrayList<>();
        send(
                test,
                (request, label, course) -> {
                    if (explained.size() < EXPLAINED_MAX) {
                        List<TestFailure> failures = new ArrayList<>();
                        judge(test, request, label, course, failures);
                        explained.add(
                                new TestExplanation(
                                        request.span(), label, failures, explanation(course)));
                    }
                });
        return explained;
    }

    /// Sees each request of a test as it comes to its end.
    private interface Sent {
        void see(Request request, String label, Course course);
    }

    private void send(PolicyTest test, Sent sent) {
        World world = new World(snapshot.policy());
        int number = 0;
        for (Request request : test.requests()) {
            if (!test.inSteps()) {
                world = new World(snapshot.policy());
            }
            world.begin(request);
            number++;
            for (int time = 1; time <= request.times(); time++) {
                sent.see(request, label(test, request, number, time), send(world, request));
            }
        }
    }

    private Course send(World world, Request request) {
        Caller caller = callers.of(request);
        return Sending.send(snapshot, tokens, world, request, caller, bench);
    }

    private static String label(PolicyTest test, Request request, int number, int time) {
        if (test.requests().size() == 1 && request.times() == 1) {
            return "";
        }
        String which = (test.inSteps() ? "step " : "case ") + number;
        return request.times() == 1 ? which : which + ", request " + time;
    }

    private void judge(
            PolicyTest test,
            Request request,
            String label,
            Course course,
            List<TestFailure> failures) {
        Judge judge = new Judge(snapshot, course);
        for (Expected expected : request.expected()) {
            if (failures.size() == FAILURES_MAX) {
                return;
            }
            Judge.Finding finding = judge.judge(expected);
            if (finding != null) {
                failures.add(
                        new TestFailure(
                                test,
                                expected.span(),
                                label,
                                finding.headline(),
                                finding.because(),
                                explanation(course)));
            }
        }
    }

    private String explanation(Course course) {
        return Explainer.explain(
                        snapshot,
                        course.caller(),
                        course.asked(),
                        course.before(),
                        course.answer(),
                        course.after())
                .text();
    }
}
