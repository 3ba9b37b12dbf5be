package dev.writ.dsl.assist;

import dev.writ.dsl.check.Kind;
import dev.writ.dsl.check.PropertyWords;
import dev.writ.dsl.parse.Gap;
import dev.writ.dsl.parse.Gap.Frame;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a name that could stand somewhere would mean.
sealed interface Slot {
    /// Something that is declared.
    record Declared(Kind kind) implements Slot {}

    /// A word of a closed set.
    record Word(List<String> words, String noun) implements Slot {}

    /// A kind of provider.
    record ProviderKind() implements Slot {}

    /// A region of a provider.
    record Region() implements Slot {}

    /// A user of the team around it.
    record User() implements Slot {}

    /// An attribute of a request.
    record Attribute() implements Slot {}

    /// A field of a request that a rule may set.
    record Field() implements Slot {}

    /// A word that an attribute is compared with.
    ///
    /// @param attribute as written
    record Label(String attribute) implements Slot {}

    /// A name that its author invents.
    record Free() implements Slot {}

    /// Rules of the grammar that are parts of names only.
    Set<String> PARTS = Set.of("name", "qname", "word", "root", "path", "soft", "reserved");

    /// Words between the two sides of a comparison that names labels.
    Set<String> LABEL_TESTS = Set.of("is", "in", "not");

    /// Tells whether a gap is for a name or a part of one.
    static boolean isInName(Gap gap) {
        return gap.frames().stream().anyMatch(frame -> PARTS.contains(frame.rule()));
    }

    /// Returns what a name in a gap means.
    static Slot of(Gap gap) {
        Frame frame = null;
        for (Frame each : gap.frames()) {
            if (!PARTS.contains(each.rule())) {
                frame = each;
                break;
            }
        }
        if (frame == null) {
            return new Free();
        }
        String first = frame.before().isEmpty() ? "" : frame.before().getFirst();
        String last = withoutName(frame);
        return switch (frame.rule()) {
            case "target" ->
                    new Declared(
                            switch (last) {
                                case "pool" -> Kind.POOL;
                                case "route" -> Kind.ROUTE;
                                default -> Kind.MODEL;
                            });
            case "modelHead" -> last.equals("on") ? new Declared(Kind.PROVIDER) : new Free();
            case "providerProp" ->
                    switch (first) {
                        case "kind" -> new ProviderKind();
                        case "region" -> new Region();
                        case "key" -> new Declared(Kind.SECRET);
                        default -> new Free();
                    };
            case "timeoutPart" -> new Word(PropertyWords.TIMEOUTS, "timeout");
            case "modelProp" -> new Word(PropertyWords.CAPABILITIES, "ability of models");
            case "poolProp" ->
                    switch (first) {
                        case "then" -> new Word(PropertyWords.CAUSES, "cause of a failure");
                        case "canary" -> new Word(PropertyWords.SPLITS, "way to split requests");
                        default -> new Word(PropertyWords.STRATEGIES, "way to choose");
                    };
            case "ruleHead" ->
                    last.equals("on") ? new Word(PropertyWords.PHASES, "phase") : new Free();
            case "teamProp" ->
                    switch (first) {
                        case "may" -> new Declared(Kind.ROUTE);
                        case "stay" -> new Region();
                        case "key" -> last.equals("for") ? new User() : new Free();
                        default -> byWord(first);
                    };
            case "identityProp" -> first.equals("team") ? new Declared(Kind.TEAM) : new Free();
            case "effect" ->
                    switch (first) {
                        case "set", "clamp" -> new Field();
                        case "prepend", "append" ->
                                new Word(PropertyWords.ROLES, "role of a message");
                        case "audit" -> new Word(PropertyWords.AUDITS, "depth of an audit");
                        default -> byWord(first);
                    };
            case "fact" ->
                    gap.frames().stream().anyMatch(each -> each.rule().equals("path"))
                            ? new Attribute()
                            : isReference(gap) ? byWord(last) : new Free();
            case "days" -> new Word(PropertyWords.WEEKDAYS, "day of the week");
            case "test" -> label(gap);
            case "primary" -> isLabel(gap) ? label(gap) : new Attribute();
            default -> {
                if (last.equals("per")) {
                    yield new Word(PropertyWords.PERIODS, "period");
                }
                yield isReference(gap) ? byWord(last) : new Free();
            }
        };
    }

    /// Returns the last word before a name, without what of the name stands there.
    private static String withoutName(Frame frame) {
        List<String> before = frame.before();
        int end = before.size();
        while (end >= 2 && before.get(end - 1).equals(".")) {
            end -= 2;
        }
        return end == 0 ? "" : before.get(end - 1);
    }

    /// Tells whether a gap is for a name that may stand in another file: only those that are
    /// declared somewhere may.
    static boolean isReference(Gap gap) {
        return gap.frames().stream().anyMatch(frame -> frame.rule().equals("qname"));
    }

    /// Properties that the language grows are called like what they name.
    private static Slot byWord(String word) {
        for (Kind kind : Kind.values()) {
            if (kind.noun().equals(word)) {
                return new Declared(kind);
            }
        }
        return new Free();
    }

    private static boolean isLabel(Gap gap) {
        for (Frame frame : gap.frames()) {
            if (frame.rule().equals("test") && !frame.isNew()) {
                return LABEL_TESTS.contains(frame.before().getFirst());
            }
        }
        return false;
    }

    private static Slot label(Gap gap) {
        String left = compared(gap);
        return left == null ? new Attribute() : new Label(left);
    }

    /// Returns the attribute on the left of the comparison around a gap, or null.
    static @Nullable String compared(Gap gap) {
        boolean inTest = false;
        for (Frame frame : gap.frames()) {
            if (frame.rule().equals("test") && !frame.isNew()) {
                inTest = true;
            } else if (inTest && frame.rule().equals("comparison")) {
                StringBuilder path = new StringBuilder();
                for (String token : frame.before()) {
                    boolean dot = token.equals(".");
                    boolean part = path.isEmpty() || dot || path.charAt(path.length() - 1) == '.';
                    if (!part || !isWordOrDot(token)) {
                        break;
                    }
                    path.append(token.toLowerCase(Locale.ROOT));
                }
                return path.toString();
            }
        }
        return null;
    }

    private static boolean isWordOrDot(String token) {
        return token.equals(".") || Character.isLetter(token.codePointAt(0));
    }
}
