package dev.writ.server.pipeline;

import dev.writ.engine.AnswerWatch;
import dev.writ.providers.openai.AnswerTexts;
import dev.writ.providers.openai.EventScanner;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The events of a stream that rules read before the client does.
///
/// An event waits until it has come whole, was read, and no denial can make something of its text
/// any more; so do the events behind it. When a rule denies, nothing is passed on that waits.
final class RuledEvents implements AnswerTexts.Sink {
    /// The largest event that is read. What is larger may be anything.
    static final int EVENT_BYTES_MAX = 1024 * 1024;

    /// The most that waits of events that have come whole. Where more would have to, it may be
    /// anything.
    static final int HELD_BYTES_MAX = 1024 * 1024;

    private static final int FIRST_BYTES = 4 * 1024;

    private final EventScanner scanner;
    private final AnswerWatch rules;
    private final AnswerTexts texts = new AnswerTexts();

    /// What waits lies in `[passed, to)`: what stands before was passed on.
    private byte[] bytes = new byte[FIRST_BYTES];

    private int passed;
    private int to;

    /// Where the event begins that has not come whole.
    private int wholeTo;

    /// Up to here it may be passed on.
    private int freeTo;

    /// Where each event ends that has come whole and is not free, and their numbers from
    /// `firstNumber` on.
    private int[] ends = new int[8];

    private int waiting;
    private long firstNumber = 1;

    /// @param scanner that looks at nothing else, and keeps [#EVENT_BYTES_MAX]
    /// @param rules that have been asked what they say of no answer at all
    RuledEvents(EventScanner scanner, AnswerWatch rules) {
        this.scanner = scanner;
        this.rules = rules;
    }

    /// Reads on.
    ///
    /// @return false if a rule denies; nothing is to be read any more then
    boolean read(ByteBuffer chunk) {
        forgetPassed();
        int at = to;
        append(chunk);
        while (at < to) {
            at = scanner.scanEvent(bytes, at, to);
            if (scanner.ended() == EventScanner.Ended.NOT) {
                break;
            }
            if (!read(at)) {
                return false;
            }
        }
        if (to - wholeTo > EVENT_BYTES_MAX || wholeTo - freeTo > HELD_BYTES_MAX) {
            rules.unreadable();
            return !rules.decide();
        }
        return true;
    }

    private boolean read(int end) {
        long number = rules.event();
        switch (scanner.ended()) {
            case WITH_DATA -> {
                if (!scanner.readTexts(texts, this)) {
                    rules.unreadable();
                }
            }
            case TOO_LARGE -> rules.unreadable();
            case DONE -> rules.ended();
            case WITHOUT_DATA, NOT -> {}
        }
        if (rules.decide()) {
            return false;
        }
        wholeTo = end;
        if (waiting == 0) {
            firstNumber = number;
        }
        ends = waiting == ends.length ? Arrays.copyOf(ends, 2 * waiting) : ends;
        ends[waiting++] = end;
        free(rules.heldFrom());
        return true;
    }

    /// Lets go of the events before one.
    private void free(long number) {
        int free = Math.clamp(number - firstNumber, 0, waiting);
        if (free > 0) {
            freeTo = ends[free - 1];
            firstNumber += free;
            waiting -= free;
            System.arraycopy(ends, free, ends, 0, waiting);
        }
    }

    @Override
    public void text(int choice, int field, char[] chars, int from, int end) {
        rules.text(choice, field, chars, from, end);
    }

    @Override
    public void finished(int choice) {
        rules.ended(choice);
    }

    private void forgetPassed() {
        if (passed > 0) {
            System.arraycopy(bytes, passed, bytes, 0, to - passed);
            to -= passed;
            wholeTo -= passed;
            freeTo -= passed;
            for (int i = 0; i < waiting; i++) {
                ends[i] -= passed;
            }
            passed = 0;
        }
    }

    private void append(ByteBuffer chunk) {
        int more = chunk.remaining();
        if (to + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(to + more, 2 * bytes.length));
        }
        chunk.get(bytes, to, more);
        to += more;
    }

    /// Returns what the client may have now; it stays as it is until more is read.
    ByteBuffer free() {
        ByteBuffer free = ByteBuffer.wrap(bytes, passed, freeTo - passed);
        passed = freeTo;
        return free;
    }

    /// Returns what waits of events that have come whole, whatever rules may make of it.
    ByteBuffer whole() {
        freeTo = wholeTo;
        waiting = 0;
        return free();
    }

    /// Returns the beginning of the event that has not come whole.
    ByteBuffer begun() {
        return ByteBuffer.wrap(bytes, wholeTo, to - wholeTo);
    }

    /// Tells whether an event waits that has come whole.
    boolean holds() {
        return wholeTo > passed;
    }
}
