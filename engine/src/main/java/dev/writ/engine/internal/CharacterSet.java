package dev.writ.engine.internal;

import com.google.re2j.Pattern;
import dev.writ.dsl.pattern.PatternShape;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The characters that one place of a pattern takes, as RE2J says.
///
/// RE2J is asked once about ASCII, and once about each page of 256 other characters that comes.
/// Threads share it.
final class CharacterSet {
    static final int ASCII = 128;

    /// Pages that are remembered; RE2J is asked each time about characters of others.
    static final int PAGES_MAX = 64;

    private static final int PAGE_BITS = 8;

    private final int literal;
    private final @Nullable Pattern pattern;
    private final long ascii;
    private final long asciiAbove;
    private final Map<Integer, long[]> pages = new ConcurrentHashMap<>();

    private CharacterSet(PatternShape.One one) {
        this.literal = one.literal();
        this.pattern = literal >= 0 ? null : Pattern.compile(one.re2());
        long low = 0;
        long high = 0;
        for (int point = 0; point < ASCII; point++) {
            if (takesAnew(point)) {
                low |= point < Long.SIZE ? 1L << point : 0;
                high |= point < Long.SIZE ? 0 : 1L << point;
            }
        }
        this.ascii = low;
        this.asciiAbove = high;
    }

    static CharacterSet of(PatternShape.One one) {
        return new CharacterSet(one);
    }

    /// Tells whether a code point is one of them; a half of a surrogate pair is one too.
    boolean takes(int point) {
        if (point < ASCII) {
            return ((point < Long.SIZE ? ascii : asciiAbove) & 1L << point) != 0;
        }
        if (literal >= 0) {
            return point == literal;
        }
        int page = point >> PAGE_BITS;
        long[] bits = pages.get(page);
        if (bits == null) {
            if (pages.size() >= PAGES_MAX) {
                return takesAnew(point);
            }
            bits = pages.computeIfAbsent(page, this::page);
        }
        int bit = point & (1 << PAGE_BITS) - 1;
        return (bits[bit >> 6] & 1L << bit) != 0;
    }

    /// Tells whether one that is not ASCII can be among them.
    boolean mayBeAboveAscii() {
        return literal < 0 || literal >= ASCII;
    }

    private long[] page(int page) {
        long[] bits = new long[(1 << PAGE_BITS) / Long.SIZE];
        for (int bit = 0; bit < 1 << PAGE_BITS; bit++) {
            if (takesAnew((page << PAGE_BITS) + bit)) {
                bits[bit >> 6] |= 1L << bit;
            }
        }
        return bits;
    }

    private boolean takesAnew(int point) {
        return pattern == null
                ? point == literal
                : pattern.matcher(Character.toString(point)).matches();
    }
}
