package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.ValueType;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.TreeEvaluator;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Conditions in the words of the language, and what a request had of what they read.
final class ConditionText {
    /// Characters of a text of the request that are shown at most.
    static final int SHOWN_CHARS_MAX = 60;

    private ConditionText() {}

    /// Returns the condition, in one line.
    static String of(Condition condition) {
        return switch (condition) {
            case Condition.Constant constant -> constant.value() ? "true" : "false";
            case Condition.Not not -> "not " + operand(not.operand());
            case Condition.All all -> joined(all.operands(), " and ");
            case Condition.Any any -> joined(any.operands(), " or ");
            case Condition.LabelIn in -> path(in.fact()) + labels(in.fact(), in.labels());
            case Condition.Flag flag -> path(flag.fact());
            case Condition.Present present -> path(present.fact()) + " present";
            case Condition.NumberCompare compare ->
                    term(compare.left())
                            + " "
                            + compare.comparison().symbol()
                            + " "
                            + term(compare.right());
            case Condition.TextPasses passes -> {
                String fallback = passes.text().fallback();
                yield path(passes.text().fact())
                        + (fallback == null ? "" : " else " + quoted(fallback))
                        + " "
                        + test(passes.test());
            }
        };
    }

    /// Returns what the request had of what an atom reads.
    static String had(Condition atom, FactValues facts) {
        return switch (atom) {
            case Condition.Constant constant -> constant.value() ? "true" : "false";
            case Condition.LabelIn in -> value(in.fact(), facts);
            case Condition.Flag flag -> value(flag.fact(), facts);
            case Condition.Present present -> value(present.fact(), facts);
            case Condition.TextPasses passes -> value(passes.text().fact(), facts);
            case Condition.NumberCompare compare -> {
                String left = number(compare.left(), facts);
                String right = number(compare.right(), facts);
                if (compare.right() instanceof NumberTerm.Constant) {
                    yield left;
                }
                yield compare.left() instanceof NumberTerm.Constant
                        ? right
                        : left + " and " + right;
            }
            case Condition.Not _, Condition.All _, Condition.Any _ ->
                    throw new IllegalArgumentException("only atoms have values of their own");
        };
    }

    /// Returns the value that a rule gave to a field.
    static String of(Policy.Settable field, SetValue value) {
        return switch (value) {
            case SetValue.OfNumber(long number) -> amount(field.type(), number);
            case SetValue.OfText(String text) -> quoted(text);
            case SetValue.OfFlag(boolean yes) -> yes ? "true" : "false";
        };
    }

    private static String joined(List<Condition> operands, String word) {
        return operands.stream().map(ConditionText::operand).collect(Collectors.joining(word));
    }

    private static String operand(Condition condition) {
        return switch (condition) {
            case Condition.All _, Condition.Any _ -> "(" + of(condition) + ")";
            case Condition.Constant _,
                    Condition.Not _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    of(condition);
        };
    }

    /// Returns how policies write it.
    static String path(Fact fact) {
        String argument = fact.argument();
        if (fact.attribute() == Attribute.CALENDAR) {
            return fact.attribute().path() + "." + argument;
        }
        return fact.attribute().path() + (argument == null ? "" : "(" + quoted(argument) + ")");
    }

    private static String labels(Fact fact, BitSet labels) {
        List<String> words = labels.stream().mapToObj(label -> word(fact, label)).toList();
        return words.size() == 1
                ? " is " + words.getFirst()
                : " in [" + String.join(", ", words) + "]";
    }

    private static String word(Fact fact, long label) {
        LabelSet set = fact.labels();
        return set == null || label < 0 || label >= set.size()
                ? (fact.attribute() == Attribute.KEY ? "no " : "another ") + fact.attribute().path()
                : set.labels().get((int) label);
    }

    private static String test(TextTest test) {
        return switch (test) {
            case TextTest.In in ->
                    in.texts().size() == 1
                            ? "is " + quoted(in.texts().iterator().next())
                            : "in [" + quoted(in.texts().stream().sorted().toList()) + "]";
            case TextTest.StartsWith starts -> "starts with " + quoted(starts.prefix());
            case TextTest.EndsWith ends -> "ends with " + quoted(ends.suffix());
            case TextTest.ContainsAny contains -> "contains any [" + quoted(contains.parts()) + "]";
            case TextTest.Matches matches -> "matches " + quoted(matches.pattern());
        };
    }

    private static String term(NumberTerm term) {
        return switch (term) {
            case NumberTerm.Constant constant -> amount(constant.type(), constant.value());
            case NumberTerm.FactNumber number -> {
                Long fallback = number.fallback();
                yield path(number.fact())
                        + (fallback == null ? "" : " else " + amount(number.type(), fallback));
            }
            case NumberTerm.Plus plus -> term(plus.left()) + " + " + term(plus.right());
            case NumberTerm.Minus minus -> term(minus.left()) + " - " + right(minus.right());
            case NumberTerm.Scaled scaled ->
                    right(scaled.operand())
                            + " * "
                            + decimal(
                                    new BigDecimal(scaled.numerator())
                                            .divide(
                                                    new BigDecimal(scaled.denominator()),
                                                    MathContext.DECIMAL64));
        };
    }

    private static String right(NumberTerm term) {
        return switch (term) {
            case NumberTerm.Plus _, NumberTerm.Minus _ -> "(" + term(term) + ")";
            case NumberTerm.Constant _, NumberTerm.FactNumber _, NumberTerm.Scaled _ -> term(term);
        };
    }

    private static String number(NumberTerm term, FactValues facts) {
        OptionalLong value = TreeEvaluator.evaluate(term, facts);
        if (value.isPresent()) {
            return amount(term.type(), value.getAsLong());
        }
        Set<String> missing = new LinkedHashSet<>();
        addMissing(term, facts, missing);
        return String.join(", ", missing);
    }

    private static void addMissing(NumberTerm term, FactValues facts, Set<String> missing) {
        switch (term) {
            case NumberTerm.Constant _ -> {}
            case NumberTerm.FactNumber number -> {
                if (TreeEvaluator.evaluate(number, facts).isEmpty()) {
                    missing.add(value(number.fact(), facts));
                }
            }
            case NumberTerm.Plus plus -> {
                addMissing(plus.left(), facts, missing);
                addMissing(plus.right(), facts, missing);
            }
            case NumberTerm.Minus minus -> {
                addMissing(minus.left(), facts, missing);
                addMissing(minus.right(), facts, missing);
            }
            case NumberTerm.Scaled scaled -> addMissing(scaled.operand(), facts, missing);
        }
    }

    /// Returns what the request has of it; of texts that clients write, the length only.
    static String value(Fact fact, FactValues facts) {
        int slot = fact.slot();
        if (!facts.isPresent(slot)) {
            return (facts.isAbsent(slot) ? "no " : "an unknown ") + path(fact);
        }
        ValueType type = fact.attribute().type();
        return switch (type) {
            case LABEL -> word(fact, facts.number(slot));
            case BOOL -> facts.number(slot) != 0 ? "yes" : "no";
            case COLLECTION -> "some";
            case TEXT ->
                    facts.hasText(slot)
                            ? text(fact.attribute(), facts.text(slot))
                            : length(facts.number(slot));
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> amount(type, facts.number(slot));
        };
    }

    /// Shows a text only where it is a name that the API defines; a prompt, a header or a user
    /// must not get into logs by way of an explanation.
    private static String text(Attribute attribute, String text) {
        boolean shown =
                attribute == Attribute.REQUEST_MODEL
                        || attribute == Attribute.REQUEST_REASONING_EFFORT
                        || attribute == Attribute.REQUEST_SERVICE_TIER
                        || attribute == Attribute.REQUEST_RESPONSE_FORMAT;
        if (!shown) {
            return length(text.length());
        }
        return shown(text);
    }

    private static String length(long characters) {
        return String.format(Locale.ROOT, "a text of %,d characters", characters);
    }

    /// Returns the beginning of a text in quotes.
    static String shown(String text) {
        if (text.length() <= SHOWN_CHARS_MAX) {
            return quoted(text);
        }
        boolean splits = Character.isHighSurrogate(text.charAt(SHOWN_CHARS_MAX - 1));
        return quoted(text.substring(0, SHOWN_CHARS_MAX - (splits ? 1 : 0)) + "…");
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(ConditionText::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            if (character == '"' || character == '\\') {
                quoted.append('\\').appendCodePoint(character);
            } else if (isUnseen(character)) {
                for (; at < next; at++) {
                    quoted.append("\\u").append("%04x".formatted((int) text.charAt(at)));
                }
            } else {
                quoted.appendCodePoint(character);
            }
            at = next;
        }
        return quoted.append('"').toString();
    }

    /// Tells whether a character shows nothing of itself or changes how others are shown.
    static boolean isUnseen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    true;
            default -> false;
        };
    }

    /// Returns the amount in the unit that people use.
    private static String amount(ValueType type, long value) {
        return switch (type) {
            case NUMBER -> decimal(BigDecimal.valueOf(value, 6));
            case TOKENS -> String.format(Locale.ROOT, "%,d", value);
            case BYTES -> String.format(Locale.ROOT, "%,d bytes", value);
            case USD -> "$" + decimal(BigDecimal.valueOf(value, 9));
            case PERCENT -> decimal(BigDecimal.valueOf(value, 2)) + "%";
            case DURATION ->
                    Math.abs((double) value) >= 1e9
                            ? decimal(BigDecimal.valueOf(value, 9)) + "s"
                            : decimal(BigDecimal.valueOf(value, 6)) + "ms";
            case BOOL, TEXT, LABEL, COLLECTION -> Long.toString(value);
        };
    }

    private static String decimal(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return String.format(Locale.ROOT, "%,." + Math.max(0, stripped.scale()) + "f", stripped);
    }
}
