package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Finds the bytes of a body among those that frame it, and its end.
///
/// Stricter than RFC 9112 asks: a line that ends without CR, or a size that is not a number, is a
/// flaw and not an end, because an answer that is cut must not look whole.
final class BodyDecoder {
    private static final int SIZE_DIGITS_MAX = 15;

    private enum State {
        /// So many bytes of the body (or chunk) are next, as `left` says.
        DATA,
        UNTIL_CLOSE,
        SIZE_START,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        LAST_LF,
        ENDED
    }

    private final boolean chunked;
    private final int lineBytesMax;
    private final long length;
    private State state;
    private long left;
    private int sizeDigits;
    private int lineBytes;
    private boolean excess;
    private @Nullable UpstreamFault flaw;

    private BodyDecoder(State state, boolean chunked, long length, int lineBytesMax) {
        this.state = state;
        this.chunked = chunked;
        this.length = length;
        this.left = length;
        this.lineBytesMax = lineBytesMax;
    }

    /// Returns one for a body of `bytes` bytes.
    static BodyDecoder ofLength(long bytes) {
        return new BodyDecoder(bytes == 0 ? State.ENDED : State.DATA, false, bytes, 0);
    }

    /// Returns one for a body in chunks.
    ///
    /// @param lineBytesMax how long the line before a chunk, and all trailers, may be
    static BodyDecoder chunked(int lineBytesMax) {
        return new BodyDecoder(State.SIZE_START, true, -1, lineBytesMax);
    }

    /// Returns one for a body that ends with the connection.
    static BodyDecoder untilClose() {
        return new BodyDecoder(State.UNTIL_CLOSE, false, -1, 0);
    }

    /// Returns the length of the body, or -1 if only its end will tell.
    long length() {
        return length;
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    /// Returns whether the end of the connection is the end of the body.
    boolean endsWithConnection() {
        return state == State.UNTIL_CLOSE;
    }

    /// Returns whether bytes came behind the end.
    boolean hasExcess() {
        return excess;
    }

    /// Returns what is wrong with the framing, behind the bytes that were found; null if nothing.
    @Nullable UpstreamFault flaw() {
        return flaw;
    }

    /// Leaves in `bytes`, from its position on, only what belongs to the body.
    void decode(ByteBuffer bytes) {
        int in = bytes.position();
        int out = in;
        int end = bytes.limit();
        while (in < end && flaw == null && state != State.ENDED) {
            if (state == State.UNTIL_CLOSE) {
                return;
            }
            if (state == State.DATA) {
                int run = (int) Math.min(left, end - in);
                if (in != out) {
                    bytes.put(out, bytes, in, run);
                }
                in += run;
                out += run;
                left -= run;
                if (left == 0) {
                    state = chunked ? State.DATA_CR : State.ENDED;
                }
            } else {
                frame(bytes.get(in++));
            }
        }
        excess |= in < end && flaw == null;
        bytes.limit(out);
    }

    private void frame(byte b) {
        switch (state) {
            case SIZE_START, SIZE -> size(b);
            case EXTENSION -> {
                if (b == '\r') {
                    state = State.SIZE_LF;
                } else {
                    countLine(b);
                }
            }
            case SIZE_LF -> {
                expect(b, '\n', left == 0 ? State.TRAILER_START : State.DATA);
                lineBytes = 0;
            }
            case DATA_CR -> expect(b, '\r', State.DATA_LF);
            case DATA_LF -> {
                expect(b, '\n', State.SIZE_START);
                sizeDigits = 0;
            }
            case TRAILER_START -> {
                if (b == '\r') {
                    state = State.LAST_LF;
                } else {
                    state = State.TRAILER;
                    countLine(b);
                }
            }
            case TRAILER -> {
                if (b == '\r') {
                    state = State.TRAILER_LF;
                } else {
                    countLine(b);
                }
            }
            case TRAILER_LF -> expect(b, '\n', State.TRAILER_START);
            case LAST_LF -> expect(b, '\n', State.ENDED);
            case DATA, UNTIL_CLOSE, ENDED -> throw new IllegalStateException("no framing is due");
        }
    }

    private void size(byte b) {
        int digit = Character.digit((char) (b & 0xff), 16);
        if (digit >= 0 && (b & 0x80) == 0) {
            if (++sizeDigits > SIZE_DIGITS_MAX) {
                bad("the size of a chunk is too large");
                return;
            }
            left = (state == State.SIZE_START ? 0 : left << 4) + digit;
            state = State.SIZE;
        } else if (state == State.SIZE && b == '\r') {
            state = State.SIZE_LF;
        } else if (state == State.SIZE && (b == ';' || b == ' ' || b == '\t')) {
            state = State.EXTENSION;
        } else {
            bad("the size of a chunk is not a number");
        }
    }

    private void expect(byte b, char expected, State then) {
        if (b == expected) {
            state = then;
        } else if (state == State.DATA_CR || state == State.DATA_LF) {
            bad("a chunk does not end where its size says");
        } else {
            bad("a line between chunks does not end in CR LF");
        }
    }

    private void countLine(byte b) {
        if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
            bad("a line between chunks has a character that may not");
        } else if (++lineBytes > lineBytesMax) {
            flaw = new UpstreamFault.TooLarge("headers", lineBytesMax);
        }
    }

    private void bad(String what) {
        flaw = new UpstreamFault.BadAnswer(what);
    }
}
