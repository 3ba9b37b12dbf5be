package dev.writ.dsl.pattern;

import dev.writ.dsl.pattern.PatternShape.Choice;
import dev.writ.dsl.pattern.PatternShape.One;
import dev.writ.dsl.pattern.PatternShape.Place;
import dev.writ.dsl.pattern.PatternShape.Place.Kind;
import dev.writ.dsl.pattern.PatternShape.Repeat;
import dev.writ.dsl.pattern.PatternShape.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the structure of a pattern that RE2J has compiled, so nothing is refused here.
///
/// Classes are not looked into but for where they end.
///
/// Source: https://github.com/google/re2/wiki/Syntax, with Perl's flags, as RE2J reads it.
final class PatternReader {
    private static final int REPETITIONS_MAX = 1_000;

    /// How classes begin that have characters above U+FFFF without naming them.
    private static final List<String> WIDE = List.of("[^", "\\D", "\\S", "\\W");

    private final String pattern;
    private int at;

    private boolean foldsCase;
    private boolean isMultiline;
    private boolean dotTakesNewline;

    PatternReader(String pattern) {
        this.pattern = pattern;
    }

    PatternShape read() {
        PatternShape shape = choice();
        if (at < pattern.length()) {
            throw new IllegalArgumentException("RE2J must have compiled the pattern");
        }
        return shape;
    }

    private PatternShape choice() {
        List<PatternShape> options = new ArrayList<>();
        options.add(sequence());
        while (isAt("|")) {
            at++;
            options.add(sequence());
        }
        return options.size() == 1 ? options.getFirst() : new Choice(options);
    }

    private PatternShape sequence() {
        List<PatternShape> parts = new ArrayList<>();
        while (at < pattern.length() && !isAt("|") && !isAt(")")) {
            if (isAt("\\Q")) {
                quoted(parts);
                repeatLast(parts);
                continue;
            }
            PatternShape part = part();
            if (part != null) {
                parts.add(part);
                repeatLast(parts);
            }
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
    }

    /// Repeats the last part if it is followed by how often.
    private void repeatLast(List<PatternShape> parts) {
        while (!parts.isEmpty()) {
            int[] bounds = repetition();
            if (bounds == null) {
                return;
            }
            parts.add(new Repeat(parts.removeLast(), bounds[0], bounds[1]));
        }
    }

    /// Reads one part; null for flags, which are none.
    private @Nullable PatternShape part() {
        char c = pattern.charAt(at);
        return switch (c) {
            case '(' -> group();
            case '[' -> one(classEnd());
            case '.' -> {
                at++;
                yield new One(dotTakesNewline ? "(?s:.)" : ".", -1, true);
            }
            case '^' -> {
                at++;
                yield new Place(isMultiline ? Kind.LINE_BEGIN : Kind.TEXT_BEGIN);
            }
            case '$' -> {
                at++;
                yield new Place(isMultiline ? Kind.LINE_END : Kind.TEXT_END);
            }
            case '\\' -> escape();
            default -> literal(pattern.codePointAt(at));
        };
    }

    private PatternShape literal(int point) {
        at += Character.charCount(point);
        String re2 = "\\x{%x}".formatted(point);
        return foldsCase
                ? new One("(?i:" + re2 + ")", -1, point > 0xffff)
                : new One(re2, point, point > 0xffff);
    }

    private void quoted(List<PatternShape> parts) {
        int end = pattern.indexOf("\\E", at + 2);
        int to = end < 0 ? pattern.length() : end;
        at += 2;
        while (at < to) {
            parts.add(literal(pattern.codePointAt(at)));
        }
        at = end < 0 ? to : end + 2;
    }

    private @Nullable PatternShape group() {
        boolean foldsCaseBefore = foldsCase;
        boolean isMultilineBefore = isMultiline;
        boolean dotTakesNewlineBefore = dotTakesNewline;
        at++;
        if (isAt("?P<") || isAt("?<")) {
            at = pattern.indexOf('>', at) + 1;
        } else if (isAt("?")) {
            at++;
            flags();
            if (isAt(")")) {
                at++;
                return null; // they hold up to the end of the group around them
            }
            at++; // the colon
        }
        PatternShape inside = choice();
        at++;
        foldsCase = foldsCaseBefore;
        isMultiline = isMultilineBefore;
        dotTakesNewline = dotTakesNewlineBefore;
        return inside;
    }

    private void flags() {
        boolean on = true;
        for (; !isAt(")") && !isAt(":"); at++) {
            switch (pattern.charAt(at)) {
                case '-' -> on = false;
                case 'i' -> foldsCase = on;
                case 'm' -> isMultiline = on;
                case 's' -> dotTakesNewline = on;
                default -> {} // U, which says what is captured
            }
        }
    }

    private PatternShape escape() {
        char kind = pattern.charAt(at + 1);
        Kind place =
                switch (kind) {
                    case 'A' -> Kind.TEXT_BEGIN;
                    case 'z' -> Kind.TEXT_END;
                    case 'b' -> Kind.WORD_BORDER;
                    case 'B' -> Kind.NO_WORD_BORDER;
                    default -> null;
                };
        if (place != null) {
            at += 2;
            return new Place(place);
        }
        return one(
                switch (kind) {
                    case 'p', 'P', 'x' ->
                            isAt("{", at + 2)
                                    ? pattern.indexOf('}', at) + 1
                                    : at + (kind == 'x' ? 4 : 3);
                    case '0', '1', '2', '3', '4', '5', '6', '7' -> octalEnd();
                    default -> at + 1 + Character.charCount(pattern.codePointAt(at + 1));
                });
    }

    private int octalEnd() {
        int end = at + 1;
        while (end < Math.min(at + 4, pattern.length())
                && pattern.charAt(end) >= '0'
                && pattern.charAt(end) <= '7') {
            end++;
        }
        return end;
    }

    private PatternShape one(int end) {
        String written = pattern.substring(at, end);
        at = end;
        boolean isWide =
                WIDE.stream().anyMatch(written::contains)
                        || written.contains("\\p")
                        || written.contains("\\P")
                        || written.contains("[:^")
                        || written.contains("\\x{")
                        || written.codePoints().anyMatch(point -> point > 0xffff);
        return new One(foldsCase ? "(?i:" + written + ")" : written, -1, isWide);
    }

    /// Returns where the class ends that begins here.
    private int classEnd() {
        int i = at + (isAt("[^") ? 2 : 1);
        boolean first = true;
        while (first || pattern.charAt(i) != ']') {
            first = false;
            if (isAt("[:", i) && pattern.indexOf(":]", i + 2) > 0) {
                i = pattern.indexOf(":]", i + 2) + 2;
            } else {
                i += pattern.charAt(i) == '\\' ? 2 : 1;
            }
        }
        return i + 1;
    }

    /// Reads how often; null where nothing says so.
    private int @Nullable [] repetition() {
        int[] bounds;
        if (isAt("*")) {
            bounds = new int[] {0, PatternShape.UNBOUNDED};
            at++;
        } else if (isAt("+")) {
            bounds = new int[] {1, PatternShape.UNBOUNDED};
            at++;
        } else if (isAt("?")) {
            bounds = new int[] {0, 1};
            at++;
        } else {
            bounds = counted();
        }
        if (bounds != null && isAt("?")) {
            at++;
        }
        return bounds;
    }

    /// Reads `{2}`, `{2,}` or `{2,3}`; braces around anything else are characters.
    private int @Nullable [] counted() {
        int close = isAt("{") ? pattern.indexOf('}', at) : -1;
        if (close < 0) {
            return null;
        }
        String inside = pattern.substring(at + 1, close);
        int comma = inside.indexOf(',');
        int min = number(comma < 0 ? inside : inside.substring(0, comma));
        int max =
                comma < 0
                        ? min
                        : comma == inside.length() - 1
                                ? PatternShape.UNBOUNDED
                                : number(inside.substring(comma + 1));
        if (min < 0 || (max < 0 && comma != inside.length() - 1)) {
            return null;
        }
        at = close + 1;
        return new int[] {min, max};
    }

    /// Returns a number without leading zeros, or -1.
    private static int number(String text) {
        if (text.isEmpty()
                || text.length() > 4
                || (text.length() > 1 && text.charAt(0) == '0')
                || text.chars().anyMatch(c -> c < '0' || c > '9')) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number > REPETITIONS_MAX ? -1 : number;
    }

    private boolean isAt(String text) {
        return isAt(text, at);
    }

    private boolean isAt(String text, int from) {
        return pattern.startsWith(text, from);
    }
}
