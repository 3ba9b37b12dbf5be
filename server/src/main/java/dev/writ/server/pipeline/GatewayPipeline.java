package dev.writ.server.pipeline;

import dev.writ.server.upstream.UpstreamClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The life of a request, from top to bottom. Read this list first.
public final class GatewayPipeline {
    private static final Logger LOG = System.getLogger("dev.writ.gateway");

    /// What happens to a request for a completion or an embedding.
    private final List<Phase> completion;

    /// What happens to a request for the list of models.
    private final List<Phase> models;

    /// @param upstreams calls providers
    /// @param mirrors copies of requests for other models
    /// @param budget of all bodies that are held at a time
    /// @param deniedAnswers counts them
    /// @param settlement is told of every request that ended
    public GatewayPipeline(
            UpstreamClient upstreams,
            Mirrors mirrors,
            BodyBudget budget,
            GatewayLimits limits,
            InstantSource clock,
            DeniedAnswers deniedAnswers,
            Settlement settlement) {
        completion =
                inOrder(
                        new Identify(clock), // key or token → caller; first, so that strangers cost
                        //                      no memory
                        new ReadRequest(budget, limits), // body bytes → request; refuses what is
                        //                      too large or not as the endpoint takes it
                        new Decide(clock, limits), // facts → decision: denied, or where to send it
                        new CallUpstream(upstreams, limits, mirrors), // attempts → completion
                        new JudgeAnswer(limits), // rules on stream, of an answer that is whole
                        new Respond(), // bytes to the client; runs whatever happens
                        new Settle(budget, deniedAnswers, settlement)); // every request ends here
        models =
                inOrder(
                        new Identify(clock),
                        new ListModels(), //    the routes that the caller may use
                        new Respond(),
                        new Settle(budget, deniedAnswers, settlement));
    }

    /// Begins with a request. On its I/O thread.
    public void start(Exchange exchange) {
        exchange.begin(this, exchange.endpoint() == null ? models : completion);
        advance(exchange);
    }

    /// Runs phases until one waits or none is left.
    void advance(Exchange exchange) {
        List<Phase> phases = exchange.phases();
        while (exchange.phase() < phases.size()) {
            Phase phase = phases.get(exchange.phase());
            if (exchange.isAnswered() && !phase.always()) {
                exchange.goOn(Step.PROCEED);
            } else {
                Step step = run(phase, exchange);
                if (step instanceof Step.Await) {
                    return;
                }
                exchange.goOn(step);
            }
        }
    }

    private static Step run(Phase phase, Exchange exchange) {
        exchange.enter();
        try {
            return exchange.leave(phase.run(exchange));
        } catch (RuntimeException | StackOverflowError e) {
            return exchange.leave(bug(phase.getClass().getSimpleName(), exchange, e));
        }
    }

    /// Tells of a bug without the exception's message, which may repeat what a client sent.
    static Step bug(String where, Exchange exchange, Throwable e) {
        StringBuilder text = new StringBuilder(e.getClass().getName());
        for (StackTraceElement frame : e.getStackTrace()) {
            text.append("\n\tat ").append(frame);
        }
        LOG.log(
                Level.ERROR,
                "request {0}: {1} failed; this is a bug of Writ: {2}",
                exchange.requestId(),
                where,
                text);
        return Step.refuse(new Fault.Internal());
    }

    /// Returns the phases, unless one of them reads what none before it has written.
    static List<Phase> inOrder(Phase... phases) {
        Set<Slot> written = EnumSet.noneOf(Slot.class);
        for (Phase phase : phases) {
            if (!phase.always() && !written.containsAll(phase.reads())) {
                throw new IllegalArgumentException(
                        "%s must stand behind what writes %s"
                                .formatted(phase.getClass().getSimpleName(), phase.reads()));
            }
            written.addAll(phase.writes());
        }
        return List.of(phases);
    }
}
