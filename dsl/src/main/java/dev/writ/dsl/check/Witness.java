package dev.writ.dsl.check;

import dev.writ.dsl.check.Case.Aspect;
import dev.writ.dsl.check.Case.Demand;
import dev.writ.dsl.check.Case.Demanded;
import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.ValueType;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// One request that fits a case, in the words of conditions: what shows people that something can
/// happen.
final class Witness {
    private static final int TOLD_MAX = 4;

    private static final Set<Attribute> CALLER =
            EnumSet.of(
                    Attribute.TEAM,
                    Attribute.TEAM_REGION,
                    Attribute.KEY,
                    Attribute.IDENTITY,
                    Attribute.USER);

    private final List<Fact> facts;

    /// @param facts of the policy, in slot order
    Witness(List<Fact> facts) {
        this.facts = facts;
    }

    /// Returns what a request of the first case has, such as
    /// `prompt.tokens is 50_001 and request.tools present`; the empty text if any request does.
    String of(Cases cases) {
        return words(cases, false);
    }

    /// Returns the same without what the case says of the caller.
    String withoutCaller(Cases cases) {
        return words(cases, true);
    }

    private String words(Cases cases, boolean withoutCaller) {
        if (cases.isEmpty()) {
            return "";
        }
        return cases.cases().getFirst().demands().entrySet().stream()
                .filter(e -> !withoutCaller || !CALLER.contains(fact(e).attribute()))
                .sorted(
                        Comparator.comparingInt(
                                        (Map.Entry<Demanded, Demand> e) -> e.getKey().slot())
                                .thenComparing(e -> e.getKey().aspect()))
                .map(this::told)
                .filter(words -> !words.isEmpty())
                .limit(TOLD_MAX)
                .collect(Collectors.joining(" and "));
    }

    private Fact fact(Map.Entry<Demanded, Demand> demand) {
        return facts.get(demand.getKey().slot());
    }

    private String told(Map.Entry<Demanded, Demand> entry) {
        Fact fact = fact(entry);
        String path = path(fact);
        return switch (entry.getValue()) {
            case Case.Places places -> label(path, fact, places);
            case Case.Between between ->
                    "%s is %s".formatted(path, amount(fact.attribute().type(), number(between)));
            case Case.Answer answer ->
                    entry.getKey().aspect() == Aspect.PRESENT
                            ? path + (answer.yes() ? " present" : " absent")
                            : (answer.yes() ? "" : "not ") + path;
            case Case.Texts texts ->
                    texts.inverted() || texts.texts().isEmpty()
                            ? ""
                            : "%s is \"%s\""
                                    .formatted(
                                            path,
                                            texts.texts().stream().sorted().toList().getFirst());
        };
    }

    private static String path(Fact fact) {
        String argument = fact.argument();
        Attribute attribute = fact.attribute();
        return argument == null ? attribute.path() : attribute.written().replace("NAME", argument);
    }

    private static String label(String path, Fact fact, Case.Places places) {
        LabelSet labels = fact.labels();
        if (labels == null) {
            return "";
        }
        BitSet allowed = (BitSet) places.places().clone();
        if (places.inverted()) {
            allowed.flip(0, labels.size() + (fact.attribute().optional() ? 1 : 0));
        }
        int first = allowed.nextSetBit(0);
        return first < 0
                ? ""
                : first >= labels.size()
                        ? path + " absent"
                        : "%s is %s".formatted(path, labels.labels().get(first));
    }

    /// Returns the bound that an author wrote, or nearly: the most telling number.
    private static long number(Case.Between between) {
        return between.low() > 0 || between.high() == Long.MAX_VALUE
                ? between.low() == Long.MIN_VALUE ? 0 : between.low()
                : between.high();
    }

    /// Returns a number as policies write it.
    private static String amount(ValueType type, long value) {
        return switch (type) {
            case NUMBER -> plain(BigDecimal.valueOf(value, 6));
            case TOKENS -> grouped(value) + " tokens";
            case BYTES -> grouped(value) + " bytes";
            case USD -> "$" + plain(BigDecimal.valueOf(value, 9));
            case PERCENT -> Amount.percent(value);
            case DURATION -> plain(BigDecimal.valueOf(value, 9)) + "s";
            case BOOL, TEXT, LABEL, COLLECTION -> Long.toString(value);
        };
    }

    private static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', '_');
    }

    private static String plain(BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }
}
