package dev.writ.server.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/// Lies below Undertow's HTTP client and does what that cannot: limits heads, drops interim answers
/// and checks chunks. Everything else about HTTP is Undertow's.
///
/// Undertow has no limit for the head of an answer, and takes an interim answer other than
/// `100 Continue` for the answer itself. See [ChunkCheck] for chunks.
final class AnswerGuard extends AbstractStreamSourceConduit<StreamSourceConduit> {
    private static final String VERSION = "HTTP/1.1 ";

    /// Where the three digits of the status are.
    private static final int STATUS = VERSION.length();

    private final int headBytesMax;
    private final ChunkCheck chunks;

    private boolean expecting;
    private boolean inBody;

    /// How many bytes of heads have come for this request.
    private int headBytes;

    /// How many of them are of the head that comes now.
    private int at;

    /// How many bytes of CR LF CR LF have just been seen.
    private int ending;

    /// Whether the head that comes now is of an interim answer, and hidden from its status on.
    private boolean interim;

    private boolean switching;

    /// Whether the version of the head before still stands for that of this one.
    private boolean versionKnown;

    private long bodyBytes;

    AnswerGuard(StreamSourceConduit next, int headBytesMax) {
        super(next);
        this.headBytesMax = headBytesMax;
        this.chunks = new ChunkCheck(headBytesMax);
    }

    /// A request is about to be sent.
    void expect() {
        expecting = true;
        inBody = false;
        headBytes = 0;
        at = 0;
        ending = 0;
        interim = false;
        versionKnown = false;
        bodyBytes = 0;
        chunks.restart();
    }

    /// Returns whether a byte of an answer has come.
    boolean hasBegun() {
        return headBytes > 0;
    }

    /// Returns what is wrong with a body in chunks so far, or null.
    @Nullable UpstreamFault chunkFlaw() {
        return chunks.flaw();
    }

    /// Returns whether a body in chunks has come to its end.
    boolean chunksEnded() {
        return chunks.hasEnded();
    }

    /// Returns whether more has come than the answer.
    ///
    /// @param length of the body; -1 if it is in chunks
    boolean hasExcess(long length) {
        return length < 0 ? chunks.hasExcess() : bodyBytes > length;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        while (true) {
            int from = dst.position();
            int got = next.read(dst);
            if (got <= 0 || !expecting) {
                return got;
            }
            int to = dst.position();
            int in = from;
            int out = from;
            while (in < to && !inBody) {
                byte b = dst.get(in++);
                if (head(b)) {
                    dst.put(out++, b);
                }
            }
            if (in < to) {
                bodyBytes += to - in;
                chunks.look(dst, in, to);
                if (in != out) {
                    dst.put(out, dst, in, to - in);
                }
                out += to - in;
            }
            dst.position(out);
            if (out > from) {
                return out - from;
            }
        }
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (dsts[i].hasRemaining()) {
                return read(dsts[i]);
            }
        }
        return 0;
    }

    /// Takes a byte of a head; returns whether Undertow is to see it.
    private boolean head(byte b) throws FlawedAnswer {
        int index = at++;
        if (++headBytes > headBytesMax) {
            throw new FlawedAnswer(new UpstreamFault.TooLarge("headers", headBytesMax));
        }
        if (b == '\r') {
            ending = ending == 2 ? 3 : 1;
        } else {
            ending = b == '\n' && (ending == 1 || ending == 3) ? ending + 1 : 0;
        }
        boolean shown;
        if (index < STATUS) {
            if (versionKnown && b != VERSION.charAt(index)) {
                throw new FlawedAnswer("an interim answer is not followed by one of HTTP/1.1");
            }
            shown = !versionKnown;
        } else {
            if (index == STATUS) {
                interim = b == '1';
                switching = interim;
            } else if (index == STATUS + 1) {
                switching &= b == '0';
            } else if (index == STATUS + 2 && switching && b == '1') {
                throw new FlawedAnswer("it changes the protocol, which was not asked for");
            }
            shown = !interim;
        }
        if (ending == 4) {
            inBody = !interim;
            versionKnown = interim;
            interim = false;
            at = 0;
            ending = 0;
        }
        return shown;
    }
}
