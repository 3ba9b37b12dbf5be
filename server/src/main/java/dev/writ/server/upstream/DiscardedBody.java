package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Reads a body to its end, shows it to an observer and throws it away.
final class DiscardedBody implements BodySink {
    private final UpstreamCall call;
    private final ChunkObserver observer;
    private final int bytesMax;
    private final Consumer<StreamOutcome> whenEnded;

    DiscardedBody(
            UpstreamCall call,
            ChunkObserver observer,
            int bytesMax,
            Consumer<StreamOutcome> whenEnded) {
        this.call = call;
        this.observer = observer;
        this.bytesMax = bytesMax;
        this.whenEnded = whenEnded;
    }

    @Override
    public boolean take(ByteBuffer bytes) {
        if (call.bytesRead() > bytesMax) {
            call.fail(new UpstreamFault.TooLarge("body", bytesMax));
            return true;
        }
        try {
            observer.onChunk(bytes);
        } catch (RuntimeException e) {
            UpstreamLane.bug(e);
            call.fail(new UpstreamFault.BadAnswer("it could not be worked on"));
        }
        return true;
    }

    @Override
    public void ended() {
        UpstreamLane.guarded(
                () -> {
                    observer.onEnd();
                    whenEnded.accept(new StreamOutcome.Completed(call.bytesRead()));
                });
    }

    @Override
    public void failed(UpstreamFault fault) {
        UpstreamLane.guarded(
                () -> whenEnded.accept(new StreamOutcome.Broken(call.bytesRead(), fault)));
    }

    @Override
    public void cancelled() {}
}
