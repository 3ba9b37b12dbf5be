package dev.writ.dsl.pattern;

import java.util.ArrayList;
import java.util.List;

/// What an RE2 pattern is made of.
///
/// Groups and laziness are left out: they say what is captured, not whether there is a match.
public sealed interface PatternShape {
    /// The number of repetitions that has no upper bound.
    int UNBOUNDED = -1;

    /// Longer than any text.
    long INFINITE = Long.MAX_VALUE;

    /// One character.
    ///
    /// @param re2 a pattern of RE2 for exactly this character, its flags included
    /// @param literal the only code point that it can be; -1 where there may be several
    /// @param isWide whether it may be a character of two UTF-16 units
    record One(String re2, int literal, boolean isWide) implements PatternShape {}

    /// A place between two characters.
    record Place(Kind kind) implements PatternShape {
        /// Which places.
        public enum Kind {
            TEXT_BEGIN,
            TEXT_END,
            LINE_BEGIN,
            LINE_END,
            WORD_BORDER,
            NO_WORD_BORDER
        }
    }

    /// One behind the other.
    record Sequence(List<PatternShape> parts) implements PatternShape {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /// One of these.
    record Choice(List<PatternShape> options) implements PatternShape {
        public Choice {
            options = List.copyOf(options);
        }
    }

    /// The same, several times.
    ///
    /// @param max at least `min`, or [#UNBOUNDED]
    record Repeat(PatternShape of, int min, int max) implements PatternShape {}

    /// Reads a pattern.
    ///
    /// @param pattern that RE2J compiles; what comes of any other is not defined
    static PatternShape of(String pattern) {
        return new PatternReader(pattern).read();
    }

    /// Returns the most UTF-16 units that a match can have, or [#INFINITE].
    default long longest() {
        return switch (this) {
            case One one -> one.isWide ? 2 : 1;
            case Place _ -> 0;
            case Sequence(List<PatternShape> parts) -> {
                long sum = 0;
                for (PatternShape part : parts) {
                    sum = sum(sum, part.longest());
                }
                yield sum;
            }
            case Choice(List<PatternShape> options) ->
                    options.stream().mapToLong(PatternShape::longest).max().orElse(0);
            case Repeat(PatternShape of, int _, int max) -> {
                long once = of.longest();
                yield once == 0 || max == 0
                        ? 0
                        : max == UNBOUNDED || once == INFINITE ? INFINITE : times(once, max);
            }
        };
    }

    /// Returns how many characters, places and branches there are when each repetition is written
    /// out.
    default long size() {
        return switch (this) {
            case One _, Place _ -> 1;
            case Sequence(List<PatternShape> parts) -> {
                long sum = 1;
                for (PatternShape part : parts) {
                    sum = sum(sum, part.size());
                }
                yield sum;
            }
            case Choice(List<PatternShape> options) -> {
                long sum = options.size();
                for (PatternShape option : options) {
                    sum = sum(sum, option.size());
                }
                yield sum;
            }
            case Repeat(PatternShape of, int min, int max) ->
                    times(sum(of.size(), 1), Math.max(1, max == UNBOUNDED ? min + 1 : max));
        };
    }

    /// Returns a pattern whose matches end where those of this one first can: somebody who reads
    /// from left to right need not read on to know that there is a match. `a[0-9]{2,}` becomes
    /// `a[0-9]{2}`.
    default PatternShape shortened() {
        if (isEmptyEverywhere()) {
            return nothing();
        }
        return switch (this) {
            case One _, Place _ -> this;
            case Sequence(List<PatternShape> parts) -> {
                List<PatternShape> left = new ArrayList<>(parts);
                PatternShape last = nothing();
                while (!left.isEmpty() && last.equals(nothing())) {
                    last = left.removeLast().shortened();
                }
                left.add(last);
                yield new Sequence(left);
            }
            case Choice(List<PatternShape> options) ->
                    new Choice(options.stream().map(PatternShape::shortened).toList());
            case Repeat(PatternShape of, int min, int _) ->
                    new Sequence(List.of(new Repeat(of, min - 1, min - 1), of.shortened()));
        };
    }

    private static PatternShape nothing() {
        return new Sequence(List.of());
    }

    /// Tells whether every place of every text has a match without a character.
    default boolean isEmptyEverywhere() {
        return switch (this) {
            case One _, Place _ -> false;
            case Sequence(List<PatternShape> parts) ->
                    parts.stream().allMatch(PatternShape::isEmptyEverywhere);
            case Choice(List<PatternShape> options) ->
                    options.stream().anyMatch(PatternShape::isEmptyEverywhere);
            case Repeat(PatternShape of, int min, int _) -> min == 0 || of.isEmptyEverywhere();
        };
    }

    private static long sum(long a, long b) {
        return a > INFINITE - b ? INFINITE : a + b;
    }

    private static long times(long a, long b) {
        return a > INFINITE / b ? INFINITE : a * b;
    }
}
