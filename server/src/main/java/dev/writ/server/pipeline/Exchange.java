package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.AnswerRoom;
import dev.writ.engine.AnswerWatch;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.providers.openai.Usage;
import dev.writ.server.serving.ServingPolicy;
import dev.writ.server.serving.ServingThread;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/// One request on its way through the phases: what is known of it so far.
///
/// A request keeps the policy that it began with to its end. Used on its I/O thread only, but for
/// [#resume] and while a phase waits for work that it gave to another thread.
public final class Exchange implements Runnable {
    private final HttpServerExchange http;
    private final XnioIoThread ioThread;
    private final ServingPolicy policy;
    private final @Nullable Endpoint endpoint;
    private final String requestId;
    private final long startedNanos;

    private @Nullable GatewayPipeline pipeline;
    private List<Phase> phases = List.of();
    private int phase;
    private boolean inPhase;
    private @Nullable Step resumed;

    private @Nullable Caller caller;
    private @Nullable OpenAiRequest request;
    private ServingThread.@Nullable Bench bench;
    private @Nullable RoutedRequest routed;
    private @Nullable Attempts attempts;
    private @Nullable Completion completion;
    private @Nullable Reply reply;

    long heldBytes;

    private final List<Attempt> tries = new ArrayList<>(1);
    private @Nullable Attempt answer;

    private boolean answerDenied;

    @Nullable Usage usage;
    long firstByteNanos;
    Outcome outcome = Outcome.SERVED;

    /// How a request ended.
    public enum Outcome {
        /// The client has its answer, a refusal included.
        SERVED,
        /// The stream broke off after its first byte.
        BROKEN,
        /// A rule cut the stream after its first byte.
        CUT,
        /// The client left before the end.
        CLIENT_GONE
    }

    /// @param endpoint null for the list of models
    /// @param requestId what client and log call the request by
    public Exchange(
            HttpServerExchange http,
            ServingPolicy policy,
            @Nullable Endpoint endpoint,
            String requestId,
            long startedNanos) {
        this.http = http;
        this.ioThread = http.getIoThread();
        this.policy = policy;
        this.endpoint = endpoint;
        this.requestId = requestId;
        this.startedNanos = startedNanos;
    }

    public HttpServerExchange http() {
        return http;
    }

    XnioIoThread ioThread() {
        return ioThread;
    }

    /// Returns the policy that the request began with.
    public ServingPolicy policy() {
        return policy;
    }

    /// Returns what is asked for; null for the list of models.
    public @Nullable Endpoint endpoint() {
        return endpoint;
    }

    public String requestId() {
        return requestId;
    }

    public long startedNanos() {
        return startedNanos;
    }

    /// Returns who is calling; null as long as nobody was identified.
    public @Nullable Caller callerOrNull() {
        return caller;
    }

    Caller caller() {
        return given(caller, "a caller");
    }

    void caller(Caller identified) {
        caller = identified;
    }

    /// Returns the body, read; null before that.
    public @Nullable OpenAiRequest requestOrNull() {
        return request;
    }

    OpenAiRequest request() {
        return given(request, "a request");
    }

    void request(OpenAiRequest read) {
        request = read;
    }

    /// Returns what was decided; null if it never came to that.
    public @Nullable Decision decisionOrNull() {
        return bench == null ? null : bench.decision();
    }

    /// Returns the facts that were decided on; null if it never came to that.
    public @Nullable Facts factsOrNull() {
        return bench == null ? null : bench.facts();
    }

    Decision decision() {
        return given(bench, "a decision").decision();
    }

    Facts facts() {
        return given(bench, "facts").facts();
    }

    /// Takes facts and a decision for as long as the request lives.
    ServingThread.Bench takeBench() {
        bench = policy.thread(ioThread).take();
        return bench;
    }

    /// Lets another request use facts and decision.
    void giveBench() {
        if (bench != null) {
            policy.thread(ioThread).give(bench);
            bench = null;
        }
    }

    /// Returns what the choice of a model depends on; there once the request is decided and not
    /// denied.
    RoutedRequest routed() {
        return given(routed, "a decision");
    }

    /// Returns the same; null if it never came to that.
    public @Nullable RoutedRequest routedOrNull() {
        return routed;
    }

    void routed(RoutedRequest found) {
        routed = found;
    }

    /// Returns the way through the models of the target; null before the first attempt.
    public @Nullable Attempts attemptsOrNull() {
        return attempts;
    }

    void attempts(Attempts started) {
        attempts = started;
    }

    Completion completion() {
        return given(completion, "a completion");
    }

    void completion(Completion begun) {
        completion = begun;
    }

    /// Returns the gateway's own answer; null where a provider's answer is passed on.
    public @Nullable Reply reply() {
        return reply;
    }

    /// Returns the fault that was answered; null if none was.
    public @Nullable Fault fault() {
        return reply instanceof Reply.Refusal(Fault fault) ? fault : null;
    }

    /// Returns what the client did not get right or what failed; null if nothing did.
    public @Nullable Cause lastCause() {
        return attempts == null ? null : attempts.cause();
    }

    /// Returns the model that answered; null unless one did.
    public Policy.@Nullable Model answeredByOrNull() {
        return answer == null ? null : answer.model();
    }

    /// Returns the calls that were made for the request, in the order in which they began.
    public List<Attempt> tries() {
        return Collections.unmodifiableList(tries);
    }

    void add(Attempt begun) {
        tries.add(begun);
    }

    /// Returns the attempt whose answer the client gets; null unless one answered.
    @Nullable Attempt answer() {
        return answer;
    }

    void answer(Attempt with) {
        answer = with;
    }

    /// Returns what the rules on stream read of an answer of this model; null where none can do
    /// anything.
    @Nullable AnswerWatch watchAnswer(Policy.Model model) {
        return watchAnswer(model, policy.thread(ioThread).answerRoom());
    }

    /// Does the same for another thread.
    @Nullable AnswerWatch watchAnswer(Policy.Model model, AnswerRoom room) {
        return policy.snapshot().watchAnswer(caller(), facts(), model, room);
    }

    /// Denies the answer for the rules that have read it.
    Fault deny(AnswerWatch rules) {
        answerDenied = true;
        rules.settle(decision());
        return new Fault.PolicyDenied(decision().denial());
    }

    /// Tells whether a rule denied what a provider answered.
    public boolean answerDenied() {
        return answerDenied;
    }

    /// Returns what the provider reported; null if it reported nothing.
    public @Nullable Usage usageOrNull() {
        return usage;
    }

    public Outcome outcome() {
        return outcome;
    }

    /// Returns when the answer's first byte came, 0 if none did.
    public long firstByteNanos() {
        return firstByteNanos;
    }

    boolean isAnswered() {
        return reply != null;
    }

    void begin(GatewayPipeline runs, List<Phase> inOrder) {
        pipeline = runs;
        phases = inOrder;
    }

    List<Phase> phases() {
        return phases;
    }

    int phase() {
        return phase;
    }

    void enter() {
        inPhase = true;
        resumed = null;
    }

    /// Returns the step to go on with: a phase that was resumed while it ran waits no more.
    Step leave(Step step) {
        inPhase = false;
        Step already = resumed;
        return step instanceof Step.Await && already != null ? already : step;
    }

    void goOn(Step step) {
        switch (step) {
            case Step.Proceed _ -> {}
            case Step.Answer(Reply with) -> reply = with;
            case Step.Await _ -> throw new IllegalArgumentException("cannot go on by waiting");
        }
        phase++;
    }

    /// Goes on after a phase waited, from any thread. To be called once for each wait.
    void resume(Step step) {
        if (Thread.currentThread().equals(ioThread)) {
            resumeHere(step);
        } else {
            ioThread.execute(() -> resumeHere(step));
        }
    }

    private void resumeHere(Step step) {
        if (inPhase) {
            resumed = step;
        } else {
            goOn(step);
            given(pipeline, "a pipeline").advance(this);
        }
    }

    /// Runs work that would hold up the other requests of the I/O thread on a worker thread.
    Step offload(Work work) {
        http.getConnection()
                .getWorker()
                .execute(
                        () -> {
                            Step step;
                            try {
                                step = work.run();
                            } catch (RuntimeException | StackOverflowError e) {
                                step = GatewayPipeline.bug("a worker", this, e);
                            }
                            if (!(step instanceof Step.Await)) {
                                resume(step);
                            }
                        });
        return Step.AWAIT;
    }

    /// Work of a phase on a worker thread; the exchange is its alone meanwhile.
    @FunctionalInterface
    interface Work {
        /// Does it, and returns the step to go on with; [Step#AWAIT] where something else calls
        /// [Exchange#resume] later, or offloads more.
        Step run();
    }

    /// Begins with the phases: what Undertow runs when its own handler has returned.
    @Override
    public void run() {
        given(starter, "a starter").start(this);
    }

    private @Nullable GatewayPipeline starter;

    /// Lets [#run] begin with the phases of `runs`.
    public Exchange startedBy(GatewayPipeline runs) {
        starter = runs;
        return this;
    }

    private static <T> T given(@Nullable T value, String what) {
        if (value == null) {
            throw new IllegalStateException("there is not " + what + " yet");
        }
        return value;
    }
}
