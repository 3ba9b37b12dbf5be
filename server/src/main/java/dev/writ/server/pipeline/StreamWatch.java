package dev.writ.server.pipeline;

import dev.writ.engine.AnswerWatch;
import dev.writ.providers.openai.EventScanner;
import dev.writ.providers.openai.Usage;
import dev.writ.server.upstream.ChunkObserver;
import dev.writ.server.upstream.UpstreamFault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Looks at a stream as it passes: what it used, whether it ended as it should, and what the rules
/// on stream say of it. A stream that breaks ends with an error event, so that no client takes a
/// half answer for a whole one; so does one that a rule cuts.
///
/// Clients get whole events only, up to [#EVENT_BYTES_MAX]: what is withheld until its end would be
/// of no use to them before, and half an event in front of the error would hide it, because SDKs
/// fail at its JSON. Where rules have something to read, they read each event first: see
/// [RuledEvents].
final class StreamWatch implements ChunkObserver {
    /// An event that is larger is passed on as it comes, where no rule reads it.
    static final int EVENT_BYTES_MAX = 64 * 1024;

    /// The longest way to write the line `data: [DONE]` that is passed on without its end.
    private static final int DONE_BYTES_MAX = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// Ends a stream that a rule denies, when its client has begun to get it.
    @FunctionalInterface
    interface Cut {
        /// Lets nothing more come of the stream, and returns what its client is told.
        Fault.Terms cut();
    }

    private final EventScanner scanner;

    /// Null where no rule can do anything.
    private final @Nullable AnswerWatch rules;

    /// Null where nothing is left for rules to read.
    private @Nullable RuledEvents ruled;

    /// Null as long as the client gets nothing.
    private @Nullable Cut cut;

    private boolean denied;

    /// The beginning of an event: `withheld[0, withheldBytes)`.
    private byte[] withheld = {};

    private int withheldBytes;

    /// What the client gets now, where that is not the chunk itself.
    private byte[] joined = {};

    /// The client has got the beginning of an event that is too large.
    private boolean inEvent;

    private boolean whole;

    /// @param contentsMax how many events with content are counted
    /// @param rules that may have something to say of the stream; null for none
    StreamWatch(int contentsMax, @Nullable AnswerWatch rules) {
        this.rules = rules;
        this.denied = rules != null && rules.decide();
        if (rules != null && !denied && rules.reads() && !rules.isDone()) {
            scanner = new EventScanner(contentsMax, RuledEvents.EVENT_BYTES_MAX);
            ruled = new RuledEvents(scanner, rules);
        } else {
            scanner = new EventScanner(contentsMax);
        }
    }

    /// Tells that the client gets the stream from now on.
    void passOn(Cut whenDenied) {
        cut = whenDenied;
    }

    /// Tells whether a rule denies the answer.
    boolean denied() {
        return denied;
    }

    /// Returns what the rules on stream read; null where none can do anything.
    @Nullable AnswerWatch rules() {
        return rules;
    }

    @Override
    public ByteBuffer onChunk(ByteBuffer chunk) {
        RuledEvents events = ruled;
        if (denied) {
            return NOTHING;
        }
        if (events != null) {
            return onChunk(events, chunk);
        }
        scanner.scan(chunk);
        int border = scanner.border();
        int rest = chunk.remaining() - border;
        inEvent &= border == 0;
        if (inEvent || (withheldBytes == 0 && rest == 0)) {
            return chunk;
        }
        if (border == 0) {
            if (withheldBytes + rest <= EVENT_BYTES_MAX) {
                withhold(chunk);
                return NOTHING;
            }
            inEvent = true;
            return join(chunk);
        }
        ByteBuffer begun = chunk.duplicate().position(chunk.position() + border);
        ByteBuffer ended = chunk.limit(chunk.position() + border);
        if (withheldBytes > 0) {
            ended = join(ended);
        }
        withhold(begun);
        return ended;
    }

    private ByteBuffer onChunk(RuledEvents events, ByteBuffer chunk) {
        if (!events.read(chunk)) {
            return deny(events);
        }
        if (rules == null || !rules.isDone()) {
            return events.free();
        }
        ruled = null;
        ByteBuffer ended = events.whole();
        ByteBuffer begun = events.begun();
        if (begun.remaining() <= EVENT_BYTES_MAX) {
            withhold(begun);
            return ended;
        }
        inEvent = true;
        return join(ended, begun);
    }

    /// A rule denies: returns what the client may still have, and what it is told.
    private ByteBuffer deny(RuledEvents events) {
        denied = true;
        Cut how = cut;
        return how == null
                ? NOTHING
                : join(events.free(), ByteBuffer.wrap(ErrorAnswers.event(how.cut(), false)));
    }

    private static ByteBuffer join(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }

    /// Returns what was withheld and `more`.
    private ByteBuffer join(ByteBuffer more) {
        int bytes = withheldBytes + more.remaining();
        if (joined.length < bytes) {
            joined = new byte[bytes];
        }
        System.arraycopy(withheld, 0, joined, 0, withheldBytes);
        more.get(joined, withheldBytes, more.remaining());
        withheldBytes = 0;
        return ByteBuffer.wrap(joined, 0, bytes);
    }

    private void withhold(ByteBuffer more) {
        int bytes = withheldBytes + more.remaining();
        if (withheld.length < bytes) {
            withheld = Arrays.copyOf(withheld, Math.max(bytes, 2 * withheldBytes));
        }
        more.get(withheld, withheldBytes, more.remaining());
        withheldBytes = bytes;
    }

    @Override
    public ByteBuffer onEnd() {
        if (denied) {
            return NOTHING;
        }
        whole = endsWell();
        RuledEvents events = ruled;
        if (events != null) {
            return onEnd(events);
        }
        if (whole) {
            return ByteBuffer.wrap(withheld, 0, withheldBytes);
        }
        // The provider told of its failure itself, or it closed the stream as if all was said.
        return scanner.sawError() ? NOTHING : broken();
    }

    private ByteBuffer onEnd(RuledEvents events) {
        if (deniesAtEnd()) {
            return deny(events);
        }
        boolean told = scanner.sawError() && !events.holds();
        if (whole) {
            return join(events.whole(), lastWord(events.begun()));
        }
        return told ? NOTHING : broken();
    }

    /// Returns a `[DONE]` that no empty line ends: a client may heed it. Any other event that has
    /// not come whole is none, and was not read.
    private ByteBuffer lastWord(ByteBuffer begun) {
        return scanner.done() && begun.remaining() <= DONE_BYTES_MAX ? begun : NOTHING;
    }

    @Override
    public ByteBuffer onBroken(UpstreamFault fault) {
        return denied ? NOTHING : broken();
    }

    /// Tells whether a rule denies the answer if it ends here.
    boolean deniesAtEnd() {
        if (ruled != null && rules != null) {
            rules.ended();
            return rules.decide();
        }
        return denied;
    }

    private ByteBuffer broken() {
        return ByteBuffer.wrap(ErrorAnswers.event(new Fault.StreamBroken().terms(), inEvent));
    }

    /// Tells whether the answer is complete if the stream ends here.
    boolean endsWell() {
        return scanner.complete() && !scanner.sawError();
    }

    /// Tells whether the provider told of a failure in the middle of the stream.
    boolean failed() {
        return scanner.sawError();
    }

    /// Returns how many events had something of an answer, up to the most that are counted.
    int contents() {
        return scanner.contents();
    }

    /// Tells whether the provider said that the answer is complete. False before the stream's end.
    boolean whole() {
        return whole;
    }

    /// Returns what the provider reported; null if nothing.
    @Nullable Usage usage() {
        return scanner.usage();
    }
}
