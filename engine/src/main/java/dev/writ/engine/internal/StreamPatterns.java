package dev.writ.engine.internal;

import dev.writ.dsl.pattern.PatternShape;
import dev.writ.dsl.pattern.PatternShape.Choice;
import dev.writ.dsl.pattern.PatternShape.One;
import dev.writ.dsl.pattern.PatternShape.Place;
import dev.writ.dsl.pattern.PatternShape.Repeat;
import dev.writ.dsl.pattern.PatternShape.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Many patterns, to be looked for in texts that come in pieces.
///
/// One nondeterministic automaton of all patterns. A run is an attempt to match a pattern from some
/// place on; all runs go on at once, a character at a time, and of runs that come to the same state
/// the one that began first is kept. So the time a character takes is bounded by the size of the
/// patterns, nothing depends on where pieces are cut, and the oldest run tells from where on the
/// text may still turn out to be part of a match. What stands between two characters (`^`, `$`,
/// `\b`) is decided when the second is there.
///
/// A pattern that was found is looked for no more: only whether there is a match is asked.
///
/// Immutable. RE2J defines what patterns mean; `StreamPatternsTest` shows that both agree.
///
/// Source: Thompson, Regular Expression Search Algorithm, 1968; Cox, Regular Expression Matching:
/// the Virtual Machine Approach, 2009.
final class StreamPatterns {
    // Instructions.
    private static final byte CHARACTER = 0;
    private static final byte BRANCH = 1;
    private static final byte PLACE = 2;
    private static final byte MATCH = 3;

    /// No character: the text is at its end.
    private static final int END = -1;

    // What stands before a place, as far as patterns can ask.
    private static final int AT_BEGIN = 0;
    private static final int AFTER_NEWLINE = 1;
    private static final int AFTER_WORD = 2;
    private static final int AFTER_OTHER = 3;
    private static final int BEFORE_KINDS = 4;

    private static final int[] NONE = {};
    private static final Place.Kind[] PLACES = Place.Kind.values();

    private final byte[] operations;

    /// A character set, a kind of place, or nothing.
    private final int[] arguments;

    private final int[] nexts;

    /// The other way of a branch.
    private final int[] others;

    /// The pattern to which each instruction belongs.
    private final int[] owners;

    private final CharacterSet[] sets;
    private final int[] starts;

    /// From here the match is reached whatever comes.
    private final boolean[] isFound;

    /// The patterns that are found in every text.
    private final int[] everywhere;

    /// For what stands before a place and the ASCII character behind it: the instructions behind
    /// that character to which new runs come; for a pattern that is found `-1 - pattern`.
    private final int[][][] beginnings = new int[BEFORE_KINDS][CharacterSet.ASCII][];

    /// Patterns of which a run may begin with a character that is not ASCII.
    private final int[] beyondAscii;

    private StreamPatterns(Building built, int[] starts) {
        this.operations = Arrays.copyOf(built.operations, built.count);
        this.arguments = Arrays.copyOf(built.arguments, built.count);
        this.nexts = Arrays.copyOf(built.nexts, built.count);
        this.others = Arrays.copyOf(built.others, built.count);
        this.owners = Arrays.copyOf(built.owners, built.count);
        this.sets = built.sets.toArray(CharacterSet[]::new);
        this.starts = starts;
        this.isFound = found();
        List<Integer> always = new ArrayList<>();
        for (int pattern = 0; pattern < starts.length; pattern++) {
            if (isFound[starts[pattern]]) {
                always.add(pattern);
            }
        }
        this.everywhere = always.stream().mapToInt(Integer::intValue).toArray();
        Room room = new Room(this);
        for (int before = 0; before < BEFORE_KINDS; before++) {
            for (int c = 0; c < CharacterSet.ASCII; c++) {
                beginnings[before][c] = beginnings(before, c, room);
            }
        }
        this.beyondAscii = beyondAscii();
    }

    /// Compiles patterns; they are numbered from 0.
    static StreamPatterns of(List<String> patterns) {
        Building building = new Building();
        int[] starts = new int[patterns.size()];
        for (int pattern = 0; pattern < starts.length; pattern++) {
            starts[pattern] = building.add(pattern, PatternShape.of(patterns.get(pattern)));
        }
        return new StreamPatterns(building, starts);
    }

    int count() {
        return starts.length;
    }

    /// Room to work in for one thread; whatever text it looks at.
    static final class Room {
        private final int[] seen;
        private final int[] reached;
        private final int[] stack;
        private int[] states = new int[8];
        private int[] origins = new int[8];
        private int count;
        private int stamp;

        Room(StreamPatterns of) {
            int size = of.operations.length;
            this.seen = new int[size];
            this.reached = new int[size];
            this.stack = new int[2 * size + 1];
        }

        void begin() {
            count = 0;
            stamp++;
            if (stamp == 0) {
                Arrays.fill(seen, 0);
                Arrays.fill(reached, 0);
                stamp = 1;
            }
        }
    }

    /// The runs in a text that comes in pieces.
    ///
    /// Positions count UTF-16 units from its beginning.
    final class Runs {
        private final long[] found = new long[(starts.length + 63) >> 6];

        /// The runs under way: where each is, and from where on it matches; the oldest first.
        private int[] states = NONE;

        private int[] origins = NONE;
        private int runs;

        private int foundCount;
        private int position;
        private int before = AT_BEGIN;
        private boolean wasWord;

        /// The first half of a surrogate pair whose second may come; 0 if there is none.
        private char half;

        Runs() {
            for (int pattern : everywhere) {
                found(pattern);
            }
        }

        boolean isFound(int pattern) {
            return (found[pattern >> 6] & 1L << pattern) != 0;
        }

        /// Returns how many patterns were found.
        int foundCount() {
            return foundCount;
        }

        private void found(int pattern) {
            if (!isFound(pattern)) {
                found[pattern >> 6] |= 1L << pattern;
                foundCount++;
            }
        }

        /// Reads on.
        void read(char[] chars, int from, int to, Room room) {
            for (int i = from; i < to; i++) {
                char c = chars[i];
                if (half != 0) {
                    char first = half;
                    half = 0;
                    if (Character.isLowSurrogate(c)) {
                        step(Character.toCodePoint(first, c), room);
                        continue;
                    }
                    step(first, room);
                }
                if (Character.isHighSurrogate(c)) {
                    half = c;
                } else {
                    step(c, room);
                }
            }
        }

        /// The text is at its end. Should it go on all the same, what was found stays found.
        void end(Room room) {
            if (half != 0) {
                char alone = half;
                half = 0;
                step(alone, room);
            }
            room.begin();
            for (int run = 0; run < runs; run++) {
                explore(states[run], origins[run], END, room);
            }
            for (int pattern = 0; pattern < starts.length; pattern++) {
                explore(starts[pattern], position, END, room);
            }
        }

        /// Forgets all runs: nothing more will be read.
        void stop() {
            runs = 0;
            half = 0;
        }

        /// Returns from where on the text may be part of a match that has not ended; its length if
        /// nothing may.
        ///
        /// @param asked whether a pattern counts
        int heldFrom(boolean[] asked) {
            for (int run = 0; run < runs; run++) {
                int owner = owners[states[run]];
                if (asked[owner] && !isFound(owner)) {
                    return origins[run];
                }
            }
            return position;
        }

        private void step(int c, Room room) {
            boolean idle =
                    runs == 0
                            && (c < CharacterSet.ASCII
                                    ? beginnings[before][c].length == 0
                                    : beyondAscii.length == 0);
            if (!idle) {
                room.begin();
                for (int run = 0; run < runs; run++) {
                    explore(states[run], origins[run], c, room);
                }
                beginRuns(c, room);
                keep(room);
            }
            position += Character.charCount(c);
            wasWord = isWord(c);
            before = c == '\n' ? AFTER_NEWLINE : wasWord ? AFTER_WORD : AFTER_OTHER;
        }

        private void beginRuns(int c, Room room) {
            if (c < CharacterSet.ASCII) {
                for (int next : beginnings[before][c]) {
                    if (next < 0) {
                        found(-1 - next);
                    } else {
                        reach(next, position, room);
                    }
                }
            } else {
                for (int pattern : beyondAscii) {
                    explore(starts[pattern], position, c, room);
                }
            }
        }

        private void keep(Room room) {
            runs = room.count;
            if (states.length < runs) {
                int size = Math.max(8, 2 * runs);
                states = new int[size];
                origins = new int[size];
            }
            System.arraycopy(room.states, 0, states, 0, runs);
            System.arraycopy(room.origins, 0, origins, 0, runs);
        }

        /// Lets a run go on over a character, in every way.
        private void explore(int from, int origin, int c, Room room) {
            if (isFound(owners[from])) {
                return;
            }
            int height = 0;
            room.stack[height++] = from;
            while (height > 0) {
                int at = room.stack[--height];
                if (room.seen[at] == room.stamp) {
                    continue;
                }
                room.seen[at] = room.stamp;
                switch (operations[at]) {
                    case CHARACTER -> {
                        if (c != END && sets[arguments[at]].takes(c)) {
                            reach(nexts[at], origin, room);
                        }
                    }
                    case BRANCH -> {
                        room.stack[height++] = others[at];
                        room.stack[height++] = nexts[at];
                    }
                    case PLACE -> {
                        if (isPlace(arguments[at], before, wasWord, c)) {
                            room.stack[height++] = nexts[at];
                        }
                    }
                    default -> found(owners[at]);
                }
            }
        }

        private void reach(int next, int origin, Room room) {
            if (isFound[next]) {
                found(owners[next]);
            } else if (room.reached[next] != room.stamp && !isFound(owners[next])) {
                room.reached[next] = room.stamp;
                if (room.count == room.states.length) {
                    room.states = Arrays.copyOf(room.states, 2 * room.count);
                    room.origins = Arrays.copyOf(room.origins, 2 * room.count);
                }
                room.states[room.count] = next;
                room.origins[room.count++] = origin;
            }
        }
    }

    private static boolean isPlace(int kind, int before, boolean wasWord, int c) {
        return switch (PLACES[kind]) {
            case TEXT_BEGIN -> before == AT_BEGIN;
            case LINE_BEGIN -> before == AT_BEGIN || before == AFTER_NEWLINE;
            case TEXT_END -> c == END;
            case LINE_END -> c == END || c == '\n';
            case WORD_BORDER -> wasWord != isWord(c);
            case NO_WORD_BORDER -> wasWord == isWord(c);
        };
    }

    private static boolean isWord(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_';
    }

    // ── Tables ───────────────────────────────────────────────────────────────────────────────

    /// Marks the instructions from which nothing but branches leads to the match.
    private boolean[] found() {
        boolean[] found = new boolean[operations.length];
        boolean more = true;
        for (int at = 0; at < found.length; at++) {
            found[at] = operations[at] == MATCH;
        }
        // What follows was built before what it follows, but for loops; so this ends soon.
        while (more) {
            more = false;
            for (int at = 0; at < found.length; at++) {
                if (!found[at]
                        && operations[at] == BRANCH
                        && (found[nexts[at]] || found[others[at]])) {
                    found[at] = true;
                    more = true;
                }
            }
        }
        return found;
    }

    private int[] beginnings(int before, int c, Room room) {
        room.begin();
        int[] into = new int[8];
        int count = 0;
        for (int start : starts) {
            if (isFound[start]) {
                continue;
            }
            int height = 0;
            room.stack[height++] = start;
            while (height > 0) {
                int at = room.stack[--height];
                if (room.seen[at] == room.stamp) {
                    continue;
                }
                room.seen[at] = room.stamp;
                int reached = Integer.MIN_VALUE;
                switch (operations[at]) {
                    case CHARACTER -> {
                        if (sets[arguments[at]].takes(c)) {
                            reached = nexts[at];
                        }
                    }
                    case BRANCH -> {
                        room.stack[height++] = others[at];
                        room.stack[height++] = nexts[at];
                    }
                    case PLACE -> {
                        if (isPlace(arguments[at], before, before == AFTER_WORD, c)) {
                            room.stack[height++] = nexts[at];
                        }
                    }
                    default -> reached = -1 - owners[at];
                }
                if (reached != Integer.MIN_VALUE) {
                    into = count == into.length ? Arrays.copyOf(into, 2 * count) : into;
                    into[count++] = reached;
                }
            }
        }
        return count == 0 ? NONE : Arrays.copyOf(into, count);
    }

    /// Returns the patterns that a character that is not ASCII can begin, or end at once.
    private int[] beyondAscii() {
        Room room = new Room(this);
        List<Integer> patterns = new ArrayList<>();
        for (int pattern = 0; pattern < starts.length; pattern++) {
            room.begin();
            boolean may = false;
            int height = 0;
            room.stack[height++] = starts[pattern];
            while (height > 0) {
                int at = room.stack[--height];
                if (room.seen[at] == room.stamp) {
                    continue;
                }
                room.seen[at] = room.stamp;
                switch (operations[at]) {
                    case CHARACTER -> may |= sets[arguments[at]].mayBeAboveAscii();
                    case BRANCH -> {
                        room.stack[height++] = others[at];
                        room.stack[height++] = nexts[at];
                    }
                    case PLACE -> room.stack[height++] = nexts[at];
                    default -> may = true;
                }
            }
            if (may && !isFound[starts[pattern]]) {
                patterns.add(pattern);
            }
        }
        return patterns.stream().mapToInt(Integer::intValue).toArray();
    }

    // ── Compiling ────────────────────────────────────────────────────────────────────────────

    /// Instructions while they are made: what comes later in a pattern is made first.
    private static final class Building {
        private byte[] operations = new byte[64];
        private int[] arguments = new int[64];
        private int[] nexts = new int[64];
        private int[] others = new int[64];
        private int[] owners = new int[64];
        private int count;
        private int owner;
        private final List<CharacterSet> sets = new ArrayList<>();
        private final Map<String, Integer> setNumbers = new HashMap<>();

        int add(int pattern, PatternShape shape) {
            owner = pattern;
            return build(shape, emit(MATCH, 0, 0, 0));
        }

        private int emit(byte operation, int argument, int next, int other) {
            if (count == operations.length) {
                operations = Arrays.copyOf(operations, 2 * count);
                arguments = Arrays.copyOf(arguments, 2 * count);
                nexts = Arrays.copyOf(nexts, 2 * count);
                others = Arrays.copyOf(others, 2 * count);
                owners = Arrays.copyOf(owners, 2 * count);
            }
            operations[count] = operation;
            arguments[count] = argument;
            nexts[count] = next;
            others[count] = other;
            owners[count] = owner;
            return count++;
        }

        /// @param next what follows the shape
        /// @return where it begins
        private int build(PatternShape shape, int next) {
            return switch (shape) {
                case One one -> emit(CHARACTER, set(one), next, 0);
                case Place place -> emit(PLACE, kind(place), next, 0);
                case Sequence(List<PatternShape> parts) -> {
                    int begin = next;
                    for (PatternShape part : parts.reversed()) {
                        begin = build(part, begin);
                    }
                    yield begin;
                }
                case Choice(List<PatternShape> options) -> {
                    int begin = build(options.getLast(), next);
                    for (PatternShape option : options.subList(0, options.size() - 1).reversed()) {
                        begin = emit(BRANCH, 0, build(option, next), begin);
                    }
                    yield begin;
                }
                case Repeat(PatternShape of, int min, int max) -> {
                    int begin = max == PatternShape.UNBOUNDED ? loop(of, next) : next;
                    for (int i = min; i < max; i++) {
                        begin = emit(BRANCH, 0, build(of, begin), next);
                    }
                    for (int i = 0; i < min; i++) {
                        begin = build(of, begin);
                    }
                    yield begin;
                }
            };
        }

        private int loop(PatternShape of, int next) {
            int loop = emit(BRANCH, 0, 0, next);
            int body = build(of, loop); // may move the arrays
            nexts[loop] = body;
            return loop;
        }

        // The number lives no longer than the enum.
        @SuppressWarnings("EnumOrdinal")
        private static int kind(Place place) {
            return place.kind().ordinal();
        }

        private int set(One one) {
            return setNumbers.computeIfAbsent(
                    one.re2(),
                    _ -> {
                        sets.add(CharacterSet.of(one));
                        return sets.size() - 1;
                    });
        }
    }
}
