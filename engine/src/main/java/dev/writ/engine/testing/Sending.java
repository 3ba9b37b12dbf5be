package dev.writ.engine.testing;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.PolicyTest.Behaviour;
import dev.writ.dsl.policy.StreamText;
import dev.writ.engine.AnswerWatch;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.engine.KeptFacts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.Reason;
import dev.writ.engine.Verdict;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.Estimate;
import dev.writ.engine.routing.MirrorChoice;
import dev.writ.engine.routing.PassedOver;
import dev.writ.engine.routing.RoutedRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The way of one request: decided, sent to providers that behave as the test says, settled. The
/// phases are those of the gateway's pipeline, in its order.
final class Sending {
    private static final int OK = 200;

    private final PolicySnapshot snapshot;
    private final ToLongFunction<String> tokens;
    private final World world;
    private final PolicyTest.Request request;
    private final RequestValues values;
    private final Caller caller;
    private final Policy.Route asked;
    private final long startedNanos;
    private @Nullable Calling calling;
    private Policy.@Nullable Model mirroredTo;
    private List<PassedOver> passedOver = List.of();
    private int status = OK;
    private boolean broken;
    private int commitTokens;

    private Sending(
            PolicySnapshot snapshot,
            ToLongFunction<String> tokens,
            World world,
            PolicyTest.Request request,
            Caller caller) {
        this.snapshot = snapshot;
        this.tokens = tokens;
        this.world = world;
        this.request = request;
        this.values = new RequestValues(request);
        this.caller = caller;
        this.asked = Objects.requireNonNull(snapshot.route(request.asked()));
        this.startedNanos = world.nanoTime();
    }

    /// Sends the request, and returns what comes of it.
    static Course send(
            PolicySnapshot snapshot,
            ToLongFunction<String> tokens,
            World world,
            PolicyTest.Request request,
            Caller caller,
            TestRunner.Bench bench) {
        return new Sending(snapshot, tokens, world, request, caller).send(bench);
    }

    private Course send(TestRunner.Bench bench) {
        Facts facts = bench.facts();
        Decision decision = bench.decision();
        values.fill(facts, snapshot, caller, request.asked(), world.now(), tokens);
        KeptFacts before = facts.kept();
        snapshot.decideRequest(caller, asked, facts, decision);
        if (!decision.denied()) {
            snapshot.decideRoute(caller, asked, facts, decision);
        }
        if (decision.denied()) {
            status = decision.reason() == Reason.GRANT ? 403 : decision.denial().status();
        } else {
            call(Objects.requireNonNull(decision.target()));
        }
        KeptFacts atAnswer = read(bench);
        answer(facts);
        KeptFacts after = facts.kept();
        snapshot.decideResponse(caller, facts, decision);
        Verdict verdict = decision.verdict();
        Calling made = calling;
        return new Course(
                caller,
                asked,
                before,
                atAnswer,
                after,
                verdict,
                made == null ? List.of() : made.calls(),
                passedOver,
                mirroredTo,
                answeredBy(),
                status,
                broken,
                made == null ? null : made.nothingLeft());
    }

    // ── Calls of providers ───────────────────────────────────────────────────────────────────

    private void call(Policy.Target target) {
        commitTokens =
                target instanceof Policy.Target.ToPool(Policy.Pool pool)
                        ? pool.commitTokens()
                        : Policy.Pool.FIRST_BYTE;
        RoutedRequest routed =
                RoutedRequest.of(
                                snapshot.policy().name(),
                                request.requestId(),
                                caller,
                                values.needs(tokens),
                                estimate())
                        .on(request.canary(), request.mirror());
        Attempts attempts = Attempts.start(target, routed, world.targets(), world.trials());
        Calling made = new Calling(world, attempts, values.streams(), commitTokens);
        made.run();
        calling = made;
        status = made.status();
        broken = made.isBroken();
        passedOver = attempts.passedOver();
        // A request without any call is not mirrored.
        mirroredTo = made.calls().isEmpty() ? null : MirrorChoice.of(target, routed);
    }

    private Policy.@Nullable Model answeredBy() {
        return calling == null ? null : calling.answeredBy();
    }

    private Estimate estimate() {
        Long promptTokens = values.number(Attribute.PROMPT_TOKENS);
        String text = values.text(Attribute.PROMPT_TEXT);
        Long most = values.number(Attribute.REQUEST_MAX_TOKENS);
        return promptTokens != null
                ? Estimate.ofTokens(promptTokens, most)
                : Estimate.ofText(
                        text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length, most);
    }

    // ── The text of the answer ───────────────────────────────────────────────────────────────

    /// Lets the rules on stream read what was answered.
    ///
    /// @return the facts as these rules see them at its end; null where nothing was answered
    private @Nullable KeptFacts read(TestRunner.Bench bench) {
        Policy.Model model = answeredBy();
        if (model == null || status != OK) {
            return null;
        }
        Facts facts = bench.facts();
        String text = Objects.requireNonNullElse(values.text(Attribute.STREAM_TEXT), "");
        if (broken && world.of(model.provider().name()) instanceof Behaviour.Breaks(long tokens)) {
            text =
                    text.substring(
                            0, (int) Math.min(text.length(), tokens * StreamText.BYTES_PER_TOKEN));
        }
        Long tokensSaid = values.number(Attribute.STREAM_TOKENS);
        AnswerWatch watch = snapshot.watchAnswer(caller, facts, model, bench.room());
        if (watch != null) {
            boolean begun = read(watch, text, tokensSaid);
            watch.settle(bench.decision());
            if (watch.denies()) {
                broken = false;
                status = begun ? OK : bench.decision().denial().status();
            }
        }
        facts.putLabel(Attribute.PROVIDER, model.provider().name());
        facts.putLabel(Attribute.PROVIDER_REGION, model.provider().region());
        facts.putLabel(Attribute.MODEL, model.name());
        facts.putText(Attribute.STREAM_TEXT, text);
        facts.putNumber(
                Attribute.STREAM_TOKENS,
                tokensSaid == null ? AnswerWatch.tokens(text) : tokensSaid);
        return facts.kept();
    }

    /// Reads a text: of a stream a token at a time, up to where a rule denies.
    ///
    /// @return whether the client had some of it by then
    private boolean read(AnswerWatch watch, String text, @Nullable Long tokensSaid) {
        if (watch.decide()) {
            return false;
        }
        if (tokensSaid != null) {
            watch.tokensAre(tokensSaid);
        }
        char[] chars = text.toCharArray();
        int count = 0;
        int step = values.streams() ? StreamText.BYTES_PER_TOKEN : Math.max(1, chars.length);
        for (int at = 0; at < chars.length; at += step) {
            watch.event();
            watch.text(0, 0, chars, at, Math.min(at + step, chars.length));
            if (watch.decide()) {
                break;
            }
            count++;
        }
        if (!watch.denies() && !broken) {
            watch.ended();
            watch.decide();
        }
        return values.streams() && count >= commitTokens;
    }

    // ── The answer ───────────────────────────────────────────────────────────────────────────

    private void answer(Facts facts) {
        Policy.Model model = answeredBy();
        if (model == null) {
            facts.putAbsent(Attribute.PROVIDER);
            facts.putAbsent(Attribute.PROVIDER_REGION);
            facts.putAbsent(Attribute.MODEL);
        } else {
            facts.putLabel(Attribute.PROVIDER, model.provider().name());
            facts.putLabel(Attribute.PROVIDER_REGION, model.provider().region());
            facts.putLabel(Attribute.MODEL, model.name());
        }
        Calling made = calling;
        Long firstByte =
                model == null || made == null
                        ? null
                        : (Long) (made.firstByteNanos() - startedNanos);
        values.answer(facts, Attribute.RESPONSE_FIRST_BYTE, firstByte);
        values.answer(facts, Attribute.RESPONSE_INPUT_TOKENS, null);
        values.answer(facts, Attribute.RESPONSE_OUTPUT_TOKENS, null);
        values.answer(facts, Attribute.RESPONSE_COST, model == null ? null : cost(model.price()));
        values.answer(
                facts,
                Attribute.RESPONSE_ATTEMPTS,
                (made == null ? 0 : made.calls().size()) * 1_000_000L);
        values.answer(facts, Attribute.RESPONSE_STATUS, status * 1_000_000L);
        values.answer(facts, Attribute.RESPONSE_LATENCY, world.nanoTime() - startedNanos);
    }

    /// Returns what the usage costs that the test says, rounded up; null where it says none.
    private @Nullable Long cost(Policy.@Nullable Price price) {
        Long in = values.number(Attribute.RESPONSE_INPUT_TOKENS);
        Long out = values.number(Attribute.RESPONSE_OUTPUT_TOKENS);
        if (price == null || in == null || out == null) {
            return null;
        }
        return price.nanos(in, out);
    }
}
