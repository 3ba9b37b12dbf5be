package dev.writ.engine.testing;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest.Behaviour;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.Attempts.Racer;
import dev.writ.engine.routing.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls of one request, to providers that behave as a test says. What is tried, and whose
/// answer counts, is decided where the gateway decides it ([Attempts]); here is only when what
/// happens.
final class Calling {
    private static final int OK = 200;
    private static final int REFUSED = 300;

    private final World world;
    private final Attempts attempts;
    private final boolean streams;
    private final int commitTokens;
    private final List<Course.Call> calls = new ArrayList<>();

    private Policy.@Nullable Model answeredBy;
    private long firstByteNanos;
    private int status = OK;
    private boolean broken;

    /// What will come of a call.
    private sealed interface Coming {
        record Answer(int status) implements Coming {
            boolean isRefusal() {
                return status >= REFUSED;
            }
        }

        record Failure(Cause cause) implements Coming {}

        /// A stream that the client has seen the beginning of.
        record Break() implements Coming {}
    }

    /// A call under way.
    ///
    /// @param place among the calls
    /// @param nanos when it ends
    private record Flight(int place, Policy.Model model, Coming coming, long nanos) {}

    /// @param commitTokens after how many tokens a stream is passed on
    Calling(World world, Attempts attempts, boolean streams, int commitTokens) {
        this.world = world;
        this.attempts = attempts;
        this.streams = streams;
        this.commitTokens = commitTokens;
    }

    /// Calls until the client has an answer, or nothing is left.
    void run() {
        for (var model = attempts.next(); model != null; model = attempts.next()) {
            world.pass(Duration.ofNanos(attempts.delayNanos()));
            Flight first = begin(model, attempts.role());
            Flight second = hedge(first);
            if (second == null) {
                land(first);
            } else {
                race(first, second);
            }
        }
    }

    private Flight begin(Policy.Model model, Role role) {
        calls.add(new Course.Call(model, role, "is under way"));
        long now = world.nanoTime();
        return switch (world.of(model.provider().name())) {
            case Behaviour.Up _ -> flight(model, new Coming.Answer(OK), now);
            case Behaviour.Slow(Duration time) -> {
                Duration most = model.provider().timeouts().firstByte();
                yield time.compareTo(most) < 0
                        ? flight(model, new Coming.Answer(OK), now + time.toNanos())
                        : flight(model, new Coming.Failure(Cause.TIMEOUT), now + most.toNanos());
            }
            case Behaviour.Down _ -> flight(model, new Coming.Failure(Cause.UNREACHABLE), now);
            case Behaviour.Answers(int answer) -> {
                Cause cause = Cause.ofStatus(answer);
                yield flight(
                        model,
                        cause == null ? new Coming.Answer(answer) : new Coming.Failure(cause),
                        now);
            }
            case Behaviour.Breaks(long before) -> {
                // What ends before it is passed on is replaced by the next attempt.
                boolean seen = streams && before >= commitTokens;
                yield flight(
                        model,
                        seen ? new Coming.Break() : new Coming.Failure(Cause.SERVER_ERROR),
                        now);
            }
        };
    }

    private Flight flight(Policy.Model model, Coming coming, long nanos) {
        return new Flight(calls.size() - 1, model, coming, nanos);
    }

    /// Begins a second call if the first is silent for as long as it may, and one may be made.
    private @Nullable Flight hedge(Flight first) {
        long after = attempts.hedgeAfterNanos();
        if (after == 0 || first.nanos() - world.nanoTime() <= after) {
            return null;
        }
        world.pass(Duration.ofNanos(after));
        Policy.Model beside = attempts.hedge();
        return beside == null ? null : begin(beside, Role.HEDGE);
    }

    /// Ends two calls; the first that has an answer for the client wins.
    private void race(Flight first, Flight second) {
        Racer who = second.nanos() < first.nanos() ? Racer.HEDGE : Racer.FIRST;
        Flight earlier = who == Racer.HEDGE ? second : first;
        Flight later = who == Racer.HEDGE ? first : second;
        world.passTo(earlier.nanos());
        switch (earlier.coming()) {
            case Coming.Failure(Cause cause) -> {
                attempts.oneFailed(who, cause);
                ended(earlier, cause.word());
                land(later);
            }
            case Coming.Answer answer when answer.isRefusal() && !attempts.isRefusalFinal(who) -> {
                attempts.oneRefused(who);
                ended(earlier, "answers %d, which does not count".formatted(answer.status()));
                land(later);
            }
            case Coming.Answer _, Coming.Break _ -> {
                attempts.won(who);
                ended(later, "is given up, another was faster");
                land(earlier);
            }
        }
    }

    /// Ends the only call under way.
    private void land(Flight flight) {
        world.passTo(flight.nanos());
        switch (flight.coming()) {
            case Coming.Failure(Cause cause) -> {
                attempts.failed(cause);
                ended(flight, cause.word());
            }
            case Coming.Break _ -> {
                attempts.firstByte();
                serves(flight, OK, "breaks off");
                broken = true;
                attempts.failed(Cause.SERVER_ERROR);
            }
            case Coming.Answer(int answer) when answer >= REFUSED -> {
                boolean last = attempts.isRefusalFinal(Racer.FIRST);
                attempts.refused();
                if (last) {
                    serves(flight, answer, "answers " + answer);
                } else {
                    ended(flight, "answers %d, which does not count".formatted(answer));
                }
            }
            case Coming.Answer(int answer) -> {
                attempts.completed();
                serves(flight, answer, "answers");
            }
        }
    }

    private void serves(Flight flight, int answer, String how) {
        ended(flight, how);
        answeredBy = flight.model();
        firstByteNanos = world.nanoTime();
        status = answer;
    }

    private void ended(Flight flight, String how) {
        Course.Call call = calls.get(flight.place());
        calls.set(flight.place(), new Course.Call(call.model(), call.role(), how));
    }

    /// Returns every call, in the order in which they began.
    List<Course.Call> calls() {
        return Collections.unmodifiableList(calls);
    }

    /// Returns the model whose answer the client got; null if none answered.
    Policy.@Nullable Model answeredBy() {
        return answeredBy;
    }

    /// Returns when the answer began.
    long firstByteNanos() {
        return firstByteNanos;
    }

    /// Returns the status that the client gets.
    int status() {
        return answeredBy != null
                ? status
                : ClientStatus.of(attempts.exhausted(), attempts.cause());
    }

    /// Tells whether the answer broke off behind its first byte.
    boolean isBroken() {
        return broken;
    }

    /// Returns why no model answered, in words; null if one did.
    @Nullable String nothingLeft() {
        return answeredBy != null
                ? null
                : switch (attempts.exhausted()) {
                    case FAILED -> "every model failed";
                    case BREAKERS_OPEN -> "the breaker of every model is open";
                    case OUTSIDE_REGIONS -> "no model is in the team's regions";
                    case UNABLE -> "no model can take the request";
                    case NO, ANSWERED, ABANDONED ->
                            throw new IllegalStateException(
                                    "attempts must be over, are " + attempts.exhausted());
                };
    }
}
