package dev.writ.server.upstream;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Checks the framing of a body in chunks, as strictly as RFC 9112, section 7.1, writes it.
///
/// Undertow takes a chunk size that is not a number as the last chunk, and skips what is too much
/// in a chunk: the error page that a proxy puts into the middle of a broken stream reads as its
/// clean end. An answer that was cut must not look whole.
final class ChunkCheck {
    private static final int SIZE_DIGITS_MAX = 15;

    private enum State {
        SIZE_START,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        LAST_LF,
        ENDED,
        FLAWED
    }

    private final int lineBytesMax;
    private State state = State.SIZE_START;
    private long left;
    private int sizeDigits;
    private int lineBytes;
    private boolean excess;
    private @Nullable UpstreamFault flaw;

    /// @param lineBytesMax how long the line before a chunk, and all trailers, may be
    ChunkCheck(int lineBytesMax) {
        this.lineBytesMax = lineBytesMax;
    }

    /// Begins with another body.
    void restart() {
        state = State.SIZE_START;
        sizeDigits = 0;
        lineBytes = 0;
        excess = false;
        flaw = null;
    }

    /// Returns whether the last chunk and the empty line behind it have come.
    boolean hasEnded() {
        return state == State.ENDED;
    }

    /// Returns whether bytes came behind the end.
    boolean hasExcess() {
        return excess;
    }

    /// Returns what is wrong, or null.
    @Nullable UpstreamFault flaw() {
        return flaw;
    }

    /// Looks at what came next.
    void look(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to) {
            switch (state) {
                case DATA -> {
                    int run = (int) Math.min(left, to - at);
                    at += run;
                    left -= run;
                    if (left == 0) {
                        state = State.DATA_CR;
                    }
                }
                case ENDED -> {
                    excess = true;
                    return;
                }
                case FLAWED -> {
                    return;
                }
                default -> frame(bytes.get(at++));
            }
        }
    }

    private void frame(byte b) {
        switch (state) {
            case SIZE_START, SIZE -> size(b);
            case EXTENSION -> line(b, State.EXTENSION, State.SIZE_LF);
            case SIZE_LF -> {
                expect(b, '\n', left == 0 ? State.TRAILER_START : State.DATA);
                lineBytes = 0;
            }
            case DATA_CR -> expect(b, '\r', State.DATA_LF);
            case DATA_LF -> {
                expect(b, '\n', State.SIZE_START);
                sizeDigits = 0;
            }
            case TRAILER_START -> line(b, State.TRAILER, State.LAST_LF);
            case TRAILER -> line(b, State.TRAILER, State.TRAILER_LF);
            case TRAILER_LF -> expect(b, '\n', State.TRAILER_START);
            case LAST_LF -> expect(b, '\n', State.ENDED);
            case DATA, ENDED, FLAWED -> throw new IllegalStateException("no framing is due");
        }
    }

    private void size(byte b) {
        int digit = b < 0 ? -1 : Character.digit((char) b, 16);
        if (digit >= 0) {
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

    private void line(byte b, State inside, State behind) {
        if (b == '\r') {
            state = behind;
        } else if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
            bad("a line between chunks has a character that may not");
        } else if (++lineBytes > lineBytesMax) {
            flaw = new UpstreamFault.TooLarge("headers", lineBytesMax);
            state = State.FLAWED;
        } else {
            state = inside;
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

    private void bad(String what) {
        flaw = new UpstreamFault.BadAnswer(what);
        state = State.FLAWED;
    }
}
