package dev.writ.server.upstream;

/// Says when the beginning of a stream that is held back is passed on. Asked and told on the I/O
/// thread of its call; must not block.
public interface StreamGate {
    /// Why the gate is asked.
    enum Occasion {
        /// More was read.
        READ,
        /// The upstream has ended the stream cleanly.
        ENDED,
        /// The stream was held as long as it may be.
        TIME
    }

    /// What becomes of the stream.
    enum Verdict {
        /// It is held on; as long again after [Occasion#TIME].
        HOLD,
        /// It is passed on.
        PASS_ON,
        /// It is no use: its connection is closed.
        GIVE_UP
    }

    /// Decides about what the observer has seen so far.
    Verdict decide(Occasion occasion);

    /// The stream is to be passed on: [StreamPump#start] or [UpstreamCall#cancel] must follow, now
    /// or later; until then nothing is read. Never told from inside a method of ours.
    void opened(HeldStream held);

    /// The gate gave the stream up, and its call is over. Never told from inside a method of ours.
    void givenUp();
}
