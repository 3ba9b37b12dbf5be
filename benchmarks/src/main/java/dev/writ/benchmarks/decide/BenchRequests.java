package dev.writ.benchmarks.decide;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/// Requests whose facts are known, to be decided again and again by turns, so that no branch is
/// guessed right because it went that way the last time.
final class BenchRequests {
    /// How many there are.
    static final int COUNT = 64;

    /// A request.
    record Request(Caller caller, Policy.Route route, Facts facts) {}

    private final List<Request> requests = new ArrayList<>();
    private int next;

    /// Makes requests of all teams for all routes, the same in every run.
    BenchRequests(PolicySnapshot snapshot) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < COUNT; i++) {
            requests.add(request(snapshot, random));
        }
    }

    /// Returns the next one.
    Request next() {
        next = (next + 1) % COUNT;
        return requests.get(next);
    }

    private static Request request(PolicySnapshot snapshot, SplittableRandom random) {
        Caller caller = snapshot.callers().get(random.nextInt(snapshot.callers().size()));
        String model = "model-" + random.nextInt(BenchRules.ROUTES);
        Policy.Route route = Objects.requireNonNull(snapshot.route(model));
        Facts facts = snapshot.newFacts();
        facts.reset(caller);
        facts.putLabel(Attribute.REQUEST_ENDPOINT, "chat");
        facts.putText(Attribute.REQUEST_MODEL, model);
        facts.putFlag(Attribute.REQUEST_STREAM, random.nextBoolean());
        facts.putNumber(Attribute.REQUEST_MAX_TOKENS, random.nextInt(8_000));
        facts.putNumber(Attribute.REQUEST_TEMPERATURE, random.nextInt(2_000_000));
        facts.putNumber(Attribute.REQUEST_MESSAGES_COUNT, 1_000_000L * (1 + random.nextInt(40)));
        int tools = Math.max(0, random.nextInt(20) - 10);
        facts.putNumber(Attribute.REQUEST_TOOLS_COUNT, 1_000_000L * tools);
        if (tools > 0) {
            facts.putCollection(Attribute.REQUEST_TOOLS);
        }
        facts.putNumber(Attribute.PROMPT_TOKENS, random.nextInt(200_000));
        facts.putNumber(Attribute.TIME_HOUR, 1_000_000L * random.nextInt(24));
        facts.putLabel(Attribute.TIME_WEEKDAY, random.nextInt(7));
        for (Fact fact : snapshot.facts()) {
            if (fact.attribute() == Attribute.REQUEST_HEADER) {
                facts.putText(fact, "app-" + random.nextInt(20_000));
            } else if (fact.attribute() == Attribute.REQUEST_METADATA) {
                facts.putText(fact, "p-" + random.nextInt(20_000));
            }
        }
        return new Request(caller, route, facts);
    }
}
