package dev.writ.providers.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Watches a stream of events while its bytes go from a provider to a client unchanged: where
/// events end, what they cost, and whether one is an error.
///
/// Bytes may be split anywhere. Lines end with CR, LF or both; comments and fields other than
/// `data` are read over. The data of one event is kept until its end, up to a limit, and looked
/// into only where it may matter. One scanner watches one stream, not from several threads at once.
///
/// Source: WHATWG HTML, section 9.2, Server-sent events.
public final class EventScanner {
    /// The data of an event that is looked into, in bytes, if nothing else is said. A larger one
    /// counts as content, and its usage is not seen.
    public static final int EVENT_BYTES_MAX = 64 * 1024;

    private static final int BUFFER_BYTES = 1_024;
    private static final int COPY_BYTES = 8 * 1024;
    private static final byte[] FIELD = {'d', 'a', 't', 'a'};
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
    private static final byte[] USAGE = {'"', 'u', 's', 'a', 'g', 'e', '"'};
    private static final byte[] ERROR = {'"', 'e', 'r', 'r', 'o', 'r', '"'};

    /// How far a search for both names may step on from a byte that none of them ends with.
    private static final byte[] STEPS = steps();

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = LOW_BITS * '\n';
    private static final long RETURNS = LOW_BITS * '\r';

    /// Where in a line the next byte stands.
    private enum Place {
        /// In the byte order mark that a stream may begin with.
        BOM,
        /// Nothing of the line has come.
        LINE,
        /// In what may be the word `data`.
        FIELD,
        /// Behind `data:`, where one space is left out.
        SPACE,
        /// In the value of `data`.
        VALUE,
        /// In a comment.
        COMMENT,
        /// In any other field.
        OTHER
    }

    private Place place = Place.BOM;

    /// How much of the byte order mark or of `data` has come.
    private int matched;

    /// The last line ended with CR, so that LF is part of its end.
    private boolean afterCr;

    private byte[] data = new byte[BUFFER_BYTES];
    private int dataBytes;
    private int dataLines;
    private boolean isTooLarge;

    /// A field of the event has come, and not its end.
    private boolean isOpen;

    /// How long the last event with data was; its bytes stay in `data` until the next one begins.
    private int lastBytes;

    /// See [#border].
    private int border;

    private long events;
    private boolean done;
    private boolean sawError;
    private int contents;
    private boolean hasUsage;
    private long input;
    private long output;
    private long cached;
    private long reasoning;
    private final Answer answer = new Answer();
    private final int contentsMax;
    private final int eventBytesMax;

    /// How the last event that ended did so.
    private Ended ended = Ended.NOT;

    /// What came to its end in [#scanEvent].
    public enum Ended {
        /// Nothing yet.
        NOT,
        /// An event without data, such as a comment.
        WITHOUT_DATA,
        /// An event with data: [#readTexts] reads it.
        WITH_DATA,
        /// An event with more data than is kept.
        TOO_LARGE,
        /// The end that the stream tells of: `[DONE]`.
        DONE
    }

    /// Begins before the first byte, and finds out whether there is content.
    public EventScanner() {
        this(1);
    }

    /// Begins before the first byte.
    ///
    /// @param contentsMax how many events with content are counted at most; only until then each
    ///     event is looked into
    public EventScanner(int contentsMax) {
        this(contentsMax, EVENT_BYTES_MAX);
    }

    /// Begins before the first byte.
    ///
    /// @param contentsMax how many events with content are counted at most; only until then each
    ///     event is looked into
    /// @param eventBytesMax of the data of an event that is looked into
    public EventScanner(int contentsMax, int eventBytesMax) {
        this.contentsMax = Math.max(1, contentsMax);
        this.eventBytesMax = eventBytesMax;
    }

    /// Reads on, from position to limit; the buffer does not change.
    public void scan(ByteBuffer chunk) {
        border = 0;
        if (chunk.hasArray()) {
            int from = chunk.arrayOffset() + chunk.position();
            scan(chunk.array(), from, from + chunk.remaining(), -from, false);
            return;
        }
        byte[] copy = new byte[Math.min(COPY_BYTES, chunk.remaining())];
        for (int at = chunk.position(); at < chunk.limit(); at += copy.length) {
            int bytes = Math.min(copy.length, chunk.limit() - at);
            chunk.get(at, copy, 0, bytes);
            scan(copy, 0, bytes, at - chunk.position(), false);
        }
    }

    /// Reads on, up to the end of the next event, if it comes: [#ended] tells.
    ///
    /// @return where to read on
    public int scanEvent(byte[] bytes, int from, int to) {
        ended = Ended.NOT;
        return scan(bytes, from, to, -from, true);
    }

    /// Tells what [#scanEvent] came to.
    public Ended ended() {
        return ended;
    }

    /// Reads the texts of the event that [#scanEvent] came to.
    ///
    /// @return false if it cannot be read
    public boolean readTexts(AnswerTexts texts, AnswerTexts.Sink sink) {
        return ended == Ended.WITH_DATA && texts.read(data, 0, lastBytes, sink);
    }

    /// Returns how many of the bytes that were scanned last lie before their last border: behind
    /// them others may be sent. 0 if they are all of one event that has not ended.
    public int border() {
        return border;
    }

    /// Tells whether the stream said that it is complete: `data: [DONE]`.
    public boolean done() {
        return done;
    }

    /// Tells whether the stream, if it ends here, is complete: it said so, or its last event had a
    /// reason to finish or was of usage alone. Not every provider sends `[DONE]`.
    public boolean complete() {
        if (done) {
            return true;
        }
        if (!atBorder() || lastBytes == 0) {
            return false;
        }
        answer.read(data, 0, lastBytes);
        return answer.isLast();
    }

    /// Tells whether the bytes so far end between two events: others may be sent here.
    public boolean atBorder() {
        return !isOpen && (place == Place.LINE || (place == Place.BOM && matched == 0));
    }

    /// Tells whether an event had an `error`.
    public boolean sawError() {
        return sawError;
    }

    /// Tells whether an event had something of an answer: text, reasoning, a refusal, a tool call.
    public boolean sawContent() {
        return contents > 0;
    }

    /// Returns how many events had something of an answer, counted up to the most that was asked
    /// for.
    public int contents() {
        return contents;
    }

    /// Returns how many events with data have ended, `[DONE]` not among them.
    public long events() {
        return events;
    }

    /// Returns the usage of the last event that had one.
    public @Nullable Usage usage() {
        return hasUsage ? new Usage(input, output, cached, reasoning) : null;
    }

    /// @param shift from a place in `bytes` to the place in the chunk
    /// @param one whether to stop at the end of an event
    /// @return where to read on
    private int scan(byte[] bytes, int from, int to, int shift, boolean one) {
        int i = from;
        while (i < to) {
            switch (place) {
                case VALUE -> {
                    int end = lineEnd(bytes, i, to);
                    keep(bytes, i, end);
                    i = end;
                    if (i < to) {
                        i = endLine(bytes[i], i);
                    }
                }
                case COMMENT, OTHER -> {
                    i = lineEnd(bytes, i, to);
                    if (i < to) {
                        i = endLine(bytes[i], i);
                        border = isOpen ? border : i + shift; // behind a comment
                    }
                }
                case LINE -> {
                    byte b = bytes[i];
                    if (b == '\n' && afterCr) {
                        afterCr = false;
                        i++;
                        border = isOpen ? border : i + shift;
                    } else if (b == '\n' || b == '\r') {
                        endEvent();
                        afterCr = b == '\r';
                        i++;
                        border = i + shift;
                        if (one) {
                            return i;
                        }
                    } else {
                        afterCr = false;
                        matched = 0;
                        place = b == ':' ? Place.COMMENT : Place.FIELD;
                        isOpen |= b != ':';
                    }
                }
                case FIELD -> i = field(bytes[i], i);
                case SPACE -> {
                    place = Place.VALUE;
                    if (bytes[i] == ' ') {
                        i++;
                    }
                }
                case BOM -> {
                    if (bytes[i] == BOM[matched]) {
                        i++;
                        matched++;
                        place = matched == BOM.length ? Place.LINE : Place.BOM;
                    } else {
                        // Part of a mark begins a field that nobody knows.
                        isOpen |= matched > 0;
                        place = matched > 0 ? Place.OTHER : Place.LINE;
                    }
                }
            }
        }
        return i;
    }

    /// Reads a byte of what may be the word `data`.
    ///
    /// @return where to read on
    private int field(byte b, int i) {
        if (matched < FIELD.length) {
            if (b == FIELD[matched]) {
                matched++;
                return i + 1;
            }
            place = Place.OTHER;
            return i;
        }
        if (b == ':') {
            beginData();
            place = Place.SPACE;
            return i + 1;
        }
        if (b == '\n' || b == '\r') {
            beginData(); // `data` alone is an empty line of data
            return endLine(b, i);
        }
        place = Place.OTHER;
        return i;
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long eight = (long) LONGS.get(bytes, i);
            long ends = zeros(eight ^ LINE_FEEDS) | zeros(eight ^ RETURNS);
            if (ends != 0) {
                return i + Long.numberOfTrailingZeros(ends) / Byte.SIZE;
            }
            i += Long.BYTES;
        }
        while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    /// Returns a bit in each byte that is zero, up to the first of them at least.
    private static long zeros(long bytes) {
        return (bytes - LOW_BITS) & ~bytes & HIGH_BITS;
    }

    /// Ends a line that was not empty.
    ///
    /// @return where to read on
    private int endLine(byte end, int i) {
        if (place == Place.VALUE && dataLines == 1 && isDone()) {
            done = true; // a stream may end here, without the empty line
        }
        place = Place.LINE;
        afterCr = end == '\r';
        return i + 1;
    }

    private void beginData() {
        if (dataLines++ > 0) {
            keep((byte) '\n');
        }
    }

    private void keep(byte b) {
        if (room(1) > 0) {
            data[dataBytes++] = b;
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        int kept = room(to - from);
        System.arraycopy(bytes, from, data, dataBytes, kept);
        dataBytes += kept;
    }

    /// Makes room for `wanted` bytes, or as many as are allowed.
    private int room(int wanted) {
        int kept = Math.min(wanted, eventBytesMax - dataBytes);
        isTooLarge |= kept < wanted;
        if (dataBytes + kept > data.length) {
            int doubled = Math.max(data.length * 2, dataBytes + kept);
            data = Arrays.copyOf(data, Math.min(doubled, eventBytesMax));
        }
        return kept;
    }

    private void endEvent() {
        ended = Ended.WITHOUT_DATA;
        if (dataLines > 0 && dataBytes > 0) {
            if (isDone()) {
                done = true;
                ended = Ended.DONE;
            } else {
                ended = isTooLarge ? Ended.TOO_LARGE : Ended.WITH_DATA;
                events++;
                lastBytes = isTooLarge ? 0 : dataBytes;
                look();
            }
        }
        dataBytes = 0;
        dataLines = 0;
        isTooLarge = false;
        isOpen = false;
    }

    private boolean isDone() {
        return dataBytes >= DONE.length
                && dataBytes <= DONE.length + 2
                && Arrays.equals(data, 0, DONE.length, DONE, 0, DONE.length)
                && isBlank(DONE.length);
    }

    private boolean isBlank(int from) {
        for (int i = from; i < dataBytes; i++) {
            if (data[i] != ' ' && data[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /// Looks into an event until enough content was seen; from then on only where its bytes have a
    /// name that matters. A quote inside of a text is escaped, so no text has one.
    private void look() {
        boolean counting = contents < contentsMax;
        if (isTooLarge) {
            contents += counting ? 1 : 0;
            return;
        }
        if (!counting && !mayMatter()) {
            return;
        }
        answer.read(data, 0, dataBytes);
        contents += counting && answer.hasContent() ? 1 : 0;
        sawError |= answer.isError();
        if (answer.hasUsage()) {
            hasUsage = true;
            input = answer.input();
            output = answer.output();
            cached = answer.cached();
            reasoning = answer.reasoning();
        }
    }

    /// Tells whether the data has a name that matters and a value that is not null.
    ///
    /// Source: R. N. Horspool, Practical fast searching in strings, 1980, for two words of one
    /// length.
    private boolean mayMatter() {
        int last = USAGE.length - 1;
        while (last < dataBytes) {
            byte b = data[last];
            if (b == '"') {
                int start = last - USAGE.length + 1;
                if ((isAt(USAGE, start) || isAt(ERROR, start)) && !isNull(last + 1)) {
                    return true;
                }
                last += USAGE.length - 1; // its first byte is a quote too
            } else {
                last += b < 0 ? USAGE.length : STEPS[b];
            }
        }
        return false;
    }

    private static byte[] steps() {
        byte[] steps = new byte[128];
        Arrays.fill(steps, (byte) USAGE.length);
        for (int i = 0; i < USAGE.length - 1; i++) {
            byte step = (byte) (USAGE.length - 1 - i);
            steps[USAGE[i]] = (byte) Math.min(steps[USAGE[i]], step);
            steps[ERROR[i]] = (byte) Math.min(steps[ERROR[i]], step);
        }
        return steps;
    }

    private boolean isAt(byte[] name, int i) {
        return Arrays.equals(data, i, i + name.length, name, 0, name.length);
    }

    /// Tells whether the value of the name that ends at `at` is null.
    private boolean isNull(int at) {
        int i = at;
        while (i < dataBytes && (data[i] == ':' || data[i] <= ' ')) {
            i++;
        }
        return i < dataBytes && data[i] == 'n';
    }
}
