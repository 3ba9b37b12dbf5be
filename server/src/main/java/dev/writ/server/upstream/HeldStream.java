package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The beginning of a stream that is held back until it is worth passing on: until then another
/// upstream can take its place, and no client has seen a byte of it.
///
/// What was read goes through the observer, as it would on its way to a client, and is kept. It is
/// passed on when its [StreamGate] says so, when the upstream has ended it, or when it has grown
/// too large to be held. A call that fails before tells its [UpstreamListener].
public final class HeldStream {
    private static final int FIRST_BYTES = 4 * 1024;

    private enum State {
        HOLDING,
        /// The gate is about to be told, or has been.
        OPEN,
        /// A client gets it.
        TAKEN,
        OVER
    }

    private final UpstreamCall call;
    private final ChunkObserver observer;
    private final int bytesMax;
    private final long nanosMax;
    private final StreamGate gate;
    private final Sink sink = new Sink();
    private final TimingWheel.Alarm alarm;

    private State state = State.HOLDING;
    private byte[] held = new byte[FIRST_BYTES];
    private int heldBytes;

    /// What the upstream's side came to meanwhile; null while it goes on.
    private @Nullable StreamOutcome outcome;

    private HeldStream(
            UpstreamCall call,
            ChunkObserver observer,
            int bytesMax,
            long nanosMax,
            StreamGate gate) {
        this.call = call;
        this.observer = observer;
        this.bytesMax = bytesMax;
        this.nanosMax = nanosMax;
        this.gate = gate;
        this.alarm = call.lane().wheel.alarm(sink);
    }

    /// Begins to read the body of a call and to hold it. To be called once, after
    /// [UpstreamListener#onHeaders], on the call's I/O thread.
    ///
    /// @param observer of the whole stream, what comes after the beginning included
    /// @param bytesMax what is held, give or take what is read at once; more is passed on
    /// @param timeMax after which the gate is asked whether to hold on
    public static HeldStream start(
            UpstreamCall call,
            ChunkObserver observer,
            int bytesMax,
            Duration timeMax,
            StreamGate gate) {
        HeldStream stream = new HeldStream(call, observer, bytesMax, timeMax.toNanos(), gate);
        stream.alarm.set(call.lane().now() + stream.nanosMax);
        call.attach(stream.sink);
        return stream;
    }

    UpstreamCall call() {
        return call;
    }

    ChunkObserver observer() {
        return observer;
    }

    /// Returns what the upstream's side came to; null while it goes on.
    @Nullable StreamOutcome outcome() {
        return outcome;
    }

    /// Lets `to` have the body from now on, and returns what was held of it.
    ///
    /// @throws IllegalStateException unless the stream is to be passed on
    ByteBuffer handOver(BodySink to) {
        if (state != State.OPEN) {
            throw new IllegalStateException("a held stream is passed on once, when it is opened");
        }
        state = State.TAKEN;
        call.handOver(to);
        ByteBuffer beginning = ByteBuffer.wrap(held, 0, heldBytes);
        held = new byte[0];
        return beginning;
    }

    private void keep(ByteBuffer bytes) {
        int more = bytes.remaining();
        if (heldBytes + more > held.length) {
            held = Arrays.copyOf(held, Math.max(heldBytes + more, 2 * held.length));
        }
        bytes.get(held, heldBytes, more);
        heldBytes += more;
    }

    private void open() {
        state = State.OPEN;
        alarm.cancel();
        call.lane()
                .later(
                        () -> {
                            if (state == State.OPEN) {
                                gate.opened(this);
                            }
                        });
    }

    private void giveUp() {
        over();
        call.abandon();
        call.lane().later(gate::givenUp);
    }

    private void over() {
        state = State.OVER;
        alarm.cancel();
        held = new byte[0];
    }

    /// What the call tells.
    private final class Sink implements BodySink, TimingWheel.Timed {
        @Override
        public boolean take(ByteBuffer bytes) {
            if (state != State.HOLDING) {
                return true;
            }
            StreamGate.Verdict verdict;
            try {
                // What the observer returns may be `bytes` itself.
                keep(observer.onChunk(bytes));
                verdict = gate.decide(StreamGate.Occasion.READ);
            } catch (RuntimeException e) {
                UpstreamLane.bug(e);
                call.fail(new UpstreamFault.BadAnswer("it could not be worked on"));
                return true;
            }
            switch (verdict) {
                case GIVE_UP -> {
                    giveUp();
                    return true;
                }
                case PASS_ON -> {}
                case HOLD -> {
                    if (heldBytes < bytesMax) {
                        return true;
                    }
                }
            }
            open();
            call.lane().buffers.give(bytes);
            return false;
        }

        @Override
        public void ended() {
            if (state == State.HOLDING) {
                if (gate.decide(StreamGate.Occasion.ENDED) == StreamGate.Verdict.GIVE_UP) {
                    giveUp();
                    return;
                }
                open();
            }
            settle(new StreamOutcome.Completed(call.bytesRead()));
        }

        @Override
        public void failed(UpstreamFault fault) {
            if (state == State.HOLDING) {
                over();
                call.tellFault(fault);
            } else {
                settle(new StreamOutcome.Broken(call.bytesRead(), fault));
            }
        }

        @Override
        public void cancelled() {
            over();
        }

        private void settle(StreamOutcome how) {
            if (outcome == null) {
                outcome = how;
            }
        }

        @Override
        public void timeReached(long nowNanos) {
            switch (gate.decide(StreamGate.Occasion.TIME)) {
                case HOLD -> alarm.set(nowNanos + nanosMax);
                case GIVE_UP -> giveUp();
                case PASS_ON -> {
                    call.pauseBody();
                    open();
                }
            }
        }
    }
}
