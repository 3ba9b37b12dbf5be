package dev.writ.server.upstream;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads status line and headers of one answer, in whatever pieces they come, and swallows interim
/// answers before it.
///
/// Source: RFC 9112, sections 2 to 6. Lines end in CR LF and are not folded.
final class HeadReader {
    private static final int HEADERS_MAX = 512;
    private static final byte[] NOTHING = {};
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final HttpString method;
    private final int bytesMax;

    /// What has come of the head.
    private byte[] head = NOTHING;

    private int headBytes;

    /// How many bytes of heads have come, those of interim answers too.
    private int readBytes;

    /// How many bytes of CR LF CR LF have just been seen.
    private int ending;

    /// @param method of the request: an answer to `HEAD` has no body
    /// @param bytesMax above it, [UpstreamFault.TooLarge]
    HeadReader(HttpString method, int bytesMax) {
        this.method = method;
        this.bytesMax = bytesMax;
    }

    /// Returns the head if its end has come, and leaves in `bytes` what is behind it; returns null
    /// and leaves nothing if more must come.
    @Nullable AnswerHead read(ByteBuffer bytes) throws FlawedAnswer {
        while (bytes.hasRemaining()) {
            boolean whole = take(bytes);
            if (!whole) {
                return null;
            }
            AnswerHead answer = parse();
            if (answer != null) {
                head = NOTHING;
                return answer;
            }
            headBytes = 0;
            ending = 0;
        }
        return null;
    }

    /// Moves bytes to `head`, up to the empty line at its end; returns whether that was there.
    private boolean take(ByteBuffer bytes) throws FlawedAnswer {
        int from = bytes.position();
        int to = from;
        int end = bytes.limit();
        while (to < end && ending < 4) {
            byte b = bytes.get(to++);
            if (b == '\r') {
                ending = ending == 2 ? 3 : 1;
            } else if (b == '\n') {
                if (ending != 1 && ending != 3) {
                    throw new FlawedAnswer("a line of its headers does not end in CR LF");
                }
                ending++;
            } else {
                ending = 0;
            }
        }
        int taken = to - from;
        readBytes += taken;
        if (readBytes > bytesMax) {
            throw new FlawedAnswer(new UpstreamFault.TooLarge("headers", bytesMax));
        }
        if (headBytes + taken > head.length) {
            boolean whole = ending == 4;
            head = Arrays.copyOf(head, whole ? headBytes + taken : 2 * (headBytes + taken));
        }
        bytes.get(head, headBytes, taken);
        headBytes += taken;
        return ending == 4;
    }

    /// Returns the answer that `head` begins, or null if it is an interim one.
    private @Nullable AnswerHead parse() throws FlawedAnswer {
        int lineEnd = lineEnd(0);
        boolean http11 = isStatusLine(lineEnd);
        int status = 100 * (head[9] - '0') + 10 * (head[10] - '0') + head[11] - '0';
        if (status == 101) {
            throw new FlawedAnswer("it changes the protocol, which was not asked for");
        }
        if (status < 100 || status > 599) {
            throw new FlawedAnswer("its status is not in 100..599");
        }
        HeaderMap headers = new HeaderMap();
        int count = 0;
        int at = lineEnd + 2;
        while (at < headBytes - 2) {
            lineEnd = lineEnd(at);
            if (++count > HEADERS_MAX) {
                throw new FlawedAnswer("it has more than %d headers".formatted(HEADERS_MAX));
            }
            header(at, lineEnd, headers);
            at = lineEnd + 2;
        }
        return status < 200 ? null : AnswerHead.of(method, http11, status, headers, bytesMax);
    }

    /// Returns whether it is HTTP/1.1, not 1.0.
    private boolean isStatusLine(int end) throws FlawedAnswer {
        boolean fits =
                end >= 12
                        && head[0] == 'H'
                        && head[1] == 'T'
                        && head[2] == 'T'
                        && head[3] == 'P'
                        && head[4] == '/'
                        && head[5] == '1'
                        && head[6] == '.'
                        && (head[7] == '0' || head[7] == '1')
                        && head[8] == ' '
                        && isDigit(head[9])
                        && isDigit(head[10])
                        && isDigit(head[11])
                        && (end == 12 || head[12] == ' ');
        if (!fits) {
            throw new FlawedAnswer("it does not begin with a status line of HTTP/1.1");
        }
        return head[7] == '1';
    }

    private void header(int from, int end, HeaderMap headers) throws FlawedAnswer {
        int colon = from;
        while (colon < end && isToken(head[colon])) {
            colon++;
        }
        if (colon == from || colon == end || head[colon] != ':') {
            throw new FlawedAnswer("a line of its headers has no name");
        }
        int begin = colon + 1;
        int last = end;
        while (begin < last && isBlank(head[begin])) {
            begin++;
        }
        while (last > begin && isBlank(head[last - 1])) {
            last--;
        }
        for (int i = begin; i < last; i++) {
            byte b = head[i];
            if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
                throw new FlawedAnswer("a header's value has a character that may not");
            }
        }
        headers.add(
                new HttpString(head, from, colon - from),
                new String(head, begin, last - begin, StandardCharsets.ISO_8859_1));
    }

    /// Returns where the line that begins at `from` has its CR LF.
    private int lineEnd(int from) {
        int at = from;
        while (head[at] != '\n') {
            at++;
        }
        return at - 1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isToken(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || isDigit(b)
                || (b > 0 && TOKEN_MARKS.indexOf(b) >= 0);
    }
}
