package dev.writ.server.pipeline;

import dev.writ.providers.openai.EventScanner;
import dev.writ.providers.openai.Usage;
import dev.writ.server.upstream.ChunkObserver;
import dev.writ.server.upstream.UpstreamFault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Looks at a stream as it passes: what it used, and whether it ended as it should. A stream that
/// breaks ends with an error event, so that no client takes a half answer for a whole one.
///
/// Clients get whole events only, up to [#EVENT_BYTES_MAX]: what is withheld until its end would be
/// of no use to them before, and half an event in front of the error would hide it, because SDKs
/// fail at its JSON.
final class StreamWatch implements ChunkObserver {
    /// An event that is larger is passed on as it comes.
    static final int EVENT_BYTES_MAX = 64 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final EventScanner scanner;

    /// The beginning of an event: `withheld[0, withheldBytes)`.
    private byte[] withheld = {};

    private int withheldBytes;

    /// What the client gets now, where that is not the chunk itself.
    private byte[] joined = {};

    /// The client has got the beginning of an event that is too large.
    private boolean inEvent;

    private boolean whole;

    /// @param contentsMax how many events with content are counted
    StreamWatch(int contentsMax) {
        scanner = new EventScanner(contentsMax);
    }

    @Override
    public ByteBuffer onChunk(ByteBuffer chunk) {
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
        whole = endsWell();
        if (whole) {
            return ByteBuffer.wrap(withheld, 0, withheldBytes);
        }
        // The provider told of its failure itself, or it closed the stream as if all was said.
        return scanner.sawError() ? NOTHING : broken();
    }

    @Override
    public ByteBuffer onBroken(UpstreamFault fault) {
        return broken();
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
