package dev.writ.server.pipeline;

/// What a phase says when it returns.
public sealed interface Step {
    /// The next phase runs at once.
    Step PROCEED = new Proceed();

    /// The phase goes on by itself and calls [Exchange#resume] later, once, with another step.
    Step AWAIT = new Await();

    record Proceed() implements Step {}

    record Await() implements Step {}

    /// The request is answered: what is left to run are the phases that run whatever happens.
    record Answer(Reply reply) implements Step {}

    /// Returns the step that answers with a fault.
    static Step refuse(Fault fault) {
        return new Answer(new Reply.Refusal(fault));
    }
}
