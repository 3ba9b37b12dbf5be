package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class TypesTest {
    /// An attribute of each type, as a condition `on response` can read it.
    private static final Map<ValueType, String> OF_TYPE =
            Map.of(
                    ValueType.BOOL, "request.stream",
                    ValueType.NUMBER, "request.messages.count",
                    ValueType.TOKENS, "prompt.tokens",
                    ValueType.USD, "(response.cost else $1)",
                    ValueType.DURATION, "response.latency",
                    ValueType.BYTES, "request.bytes",
                    ValueType.TEXT, "request.model",
                    ValueType.LABEL, "team",
                    ValueType.COLLECTION, "request.tools");

    private static final List<String> LITERALS =
            List.of("5", "5 tokens", "5 bytes", "5 requests", "$5", "5%", "5s", "\"dev\"", "true");

    private static final Map<ValueType, Set<String>> HAS_ORDER_WITH =
            Map.of(
                    ValueType.NUMBER, Set.of("5"),
                    ValueType.TOKENS, Set.of("5", "5 tokens"),
                    ValueType.USD, Set.of("$5"),
                    ValueType.DURATION, Set.of("5s"),
                    ValueType.BYTES, Set.of("5 bytes"));

    private static final Map<ValueType, Set<String>> CAN_BE =
            Map.of(
                    ValueType.BOOL, Set.of("true"),
                    ValueType.NUMBER, Set.of("5"),
                    ValueType.TOKENS, Set.of("5", "5 tokens"),
                    ValueType.USD, Set.of("$5"),
                    ValueType.DURATION, Set.of("5s"),
                    ValueType.BYTES, Set.of("5 bytes"),
                    ValueType.TEXT, Set.of("\"dev\""),
                    ValueType.LABEL, Set.of("\"dev\""));

    static Stream<Arguments> typesAndLiterals() {
        return OF_TYPE.keySet().stream()
                .sorted()
                .flatMap(type -> LITERALS.stream().map(literal -> Arguments.of(type, literal)));
    }

    @ParameterizedTest
    @MethodSource("typesAndLiterals")
    void onlyLikeAmountsHaveAnOrder(ValueType type, String literal) {
        boolean fits = HAS_ORDER_WITH.getOrDefault(type, Set.of()).contains(literal);
        for (String order : List.of("<", "<=", ">", ">=", "==", "!=")) {
            String condition = "%s %s %s".formatted(OF_TYPE.get(type), order, literal);
            String turned = "%s %s %s".formatted(literal, order, OF_TYPE.get(type));
            assertEquals(fits ? List.of() : List.of("E0201"), ids(condition), condition);
            assertEquals(fits ? List.of() : List.of("E0201"), ids(turned), turned);
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndLiterals")
    void onlyLikeValuesCanBeOneAnother(ValueType type, String literal) {
        boolean fits = CAN_BE.getOrDefault(type, Set.of()).contains(literal);
        String is = "%s is %s".formatted(OF_TYPE.get(type), literal);
        String in = "%s in [%s]".formatted(OF_TYPE.get(type), literal);
        assertEquals(fits, ids(is).isEmpty() || ids(is).equals(List.of("W0232")), is);
        boolean flag = type == ValueType.BOOL;
        assertEquals(fits && !flag, ids(in).isEmpty() || ids(in).equals(List.of("W0232")), in);
    }

    @ParameterizedTest
    @MethodSource("typesAndLiterals")
    void onlyLikeAmountsAddUp(ValueType type, String literal) {
        boolean fits = HAS_ORDER_WITH.getOrDefault(type, Set.of()).contains(literal);
        String attribute = OF_TYPE.get(type);
        for (String operator : List.of("+", "-")) {
            String condition = "%s %s %s > %s".formatted(attribute, operator, literal, attribute);
            assertEquals(fits ? List.of() : List.of("E0201"), ids(condition), condition);
        }
    }

    @ParameterizedTest
    @MethodSource("typesAndLiterals")
    void amountsScaleByNumbersAndShares(ValueType type, String literal) {
        boolean fits = type.isNumeric() && Set.of("5", "5%").contains(literal);
        String attribute = OF_TYPE.get(type);
        String product = "%s * %s > %s".formatted(attribute, literal, attribute);
        assertEquals(fits ? List.of() : List.of("E0201"), ids(product), product);
        String quotient = "%s / %s < %s".formatted(attribute, literal, attribute);
        boolean divides = type.isNumeric() && literal.equals("5");
        assertEquals(divides ? List.of() : List.of("E0201"), ids(quotient), quotient);
    }

    private static List<String> ids(String condition) {
        return Checked.toldOfCondition("response", condition).stream()
                .map(told -> told.substring(0, 5))
                .toList();
    }

    @Test
    void everyTypeOfAnAttributeIsTested() {
        for (Attribute attribute : Attribute.values()) {
            assertTrue(OF_TYPE.containsKey(attribute.type()), attribute::path);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prompt.tokens > 4k             | 4000
                    prompt.tokens > 1_000          | 1000
                    prompt.tokens > 1.5M tokens    | 1500000
                    request.messages.count > 2.5   | 2500000
                    request.bytes > 64k bytes      | 64000
                    response.latency > 1.5s        | 1500000000
                    response.latency > 40ms        | 40000000
                    response.latency > 2min        | 120000000000
                    response.latency > 1h          | 3600000000000
                    response.cost else $9 > $0.15  | 150000000
                    response.cost else $9 > $2_000 | 2000000000000
                    prompt.tokens > 2 + 3 * 4      | 14
                    prompt.tokens > (2 + 3) * 4    | 20
                    prompt.tokens > 10 - 2 - 3     | 5
                    prompt.tokens > 100 * 50%      | 50
                    prompt.tokens > 100 / 4        | 25
                    prompt.tokens > 10k tokens + 5 | 10005
                    """)
    void amountsAreCountedInTheUnitOfTheirType(String condition, long value) {
        Condition.NumberCompare compare = (Condition.NumberCompare) when("response", condition);
        assertEquals(value, ((NumberTerm.Constant) compare.right()).value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prompt.tokens > 1.5               | E0205 1.5
                    request.bytes > 0.5 bytes         | E0205 0.5 bytes
                    request.messages.count > 0.0000001 | E0205 0.0000001
                    request.messages.count > 0.000001 |
                    prompt.tokens > 10_000_000_000G   | E0205 10_000_000_000G
                    prompt.tokens > 9_000_000_000G    |
                    prompt.tokens > 5 / 0             | E0205 0
                    prompt.tokens / 0 > 5             | E0205 0
                    prompt.tokens > 5 / (3 - 3)       | E0205 3 - 3
                    response.cost else $0.0000000001 > $1 | E0205 $0.0000000001
                    """)
    void whatIsTooFineOrTooLargeIsTold(String condition, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                Checked.toldOfCondition("response", condition));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    response.latency > 30             | Write `30s`.
                    request.bytes > 30                | Write `30 bytes`.
                    response.cost else $1 > 30        | Write `$30`.
                    request.model == "gpt"            | Write `request.model is "gpt"`.
                    request.model != "gpt"            | Write `request.model is not "gpt"`.
                    team == "dev"                     | Write `team is "dev"`.
                    request.stream == true            | Write `request.stream is true`.
                    request.model is gpt              | Write `"gpt"`.
                    request.stream is 1               | Write `request.stream` or `not request.stream`.
                    request.tools is 1                | Ask for it: `request.tools present`.
                    response.cost else 5 > $1         | Write `$5`.
                    """)
    void aHintShowsHowToWriteIt(String condition, String hint) {
        Diagnostic wrong =
                Checked.only(
                        Checked.BASE
                                + "rule it on response when %s tag \"t\"".formatted(condition));
        assertEquals(List.of(hint), wrong.hints());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prompt.tokens                     | E0203 prompt.tokens
                    prompt.tokens + 1                 | E0203 prompt.tokens + 1
                    request.model                     | E0203 request.model
                    team                              | E0203 team
                    request.tools                     | E0203 request.tools
                    "x"                               | E0203 "x"
                    5                                 | E0203 5
                    5s                                | E0203 5s
                    ["x"]                             | E0203 ["x"]
                    prompt.tokens > 1 and request.model | E0203 request.model
                    not prompt.tokens                 | E0203 prompt.tokens
                    request.stream                    |
                    not request.stream                |
                    (prompt.tokens > 1) > 2           | E0201 prompt.tokens > 1
                    request.stream + 1 > 2            | E0201 1
                    [1] > 2                           | E0201 [1]
                    """)
    void onlyAYesOrNoIsACondition(String condition, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                Checked.toldOfCondition("response", condition));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    request.header("x-tier") else "" is "gold"   |
                    request.header("X-Tier") present             |
                    request.metadata("Team") present             |
                    request.header present                       | E0201 request.header
                    request.header() present                     | E0201 request.header()
                    request.header("a", "b") present             | E0201 request.header("a", "b")
                    request.header(5) present                    | E0201 request.header(5)
                    request.header("") present                   | E0205 ""
                    request.header("x tier") present             | E0205 "x tier"
                    request.metadata("") present                 | E0205 ""
                    request.model("x") is "y"                    | E0201 request.model("x")
                    """)
    void headersAndMetadataAreReadByName(String condition, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                Checked.toldOfCondition("request", condition));
    }

    @Test
    void headerNamesAreOneInAnyCaseMetadataKeysAreNot() {
        Policy policy =
                Checked.usable(
                        Checked.BASE
                                + """
                                rule it on request
                                  when request.header("X-A") present and request.header("x-a") present
                                    and request.metadata("A") present and request.metadata("a") present
                                  tag "t"
                                """);
        assertEquals(
                List.of("x-a", "A", "a"),
                policy.facts().stream()
                        .map(fact -> fact.argument())
                        .filter(argument -> argument != null)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    request.modle is "x"       | E0105 request.modle | Did you mean `request.model`?
                    request.nothing > 1        | E0105 request.nothing | To choose from: `request.endpoint`, `request.model`, `request.stream`, `request.max_tokens`, `request.temperature` and 15 more.
                    tokens > 1                 | E0105 tokens | To choose from: `team`, `key`, `identity`, `user`, `caller` and 10 more.
                    dev                        | E0105 dev | Write `team is dev`.
                    chat and request.stream    | E0105 chat | Write `route is chat`.
                    far                        | E0105 far | Write `model is far`.
                    """)
    void anUnknownAttributeIsToldWithWhatThereIs(String condition, String told, String hint) {
        String text = Checked.BASE + "rule it on response when %s tag \"t\"".formatted(condition);
        assertEquals(List.of(told), Checked.told(text));
        assertEquals(List.of(hint), Checked.only(text).hints());
    }

    /// Returns the condition of a rule.
    static Condition when(String phase, String condition) {
        return Checked.usable(
                        Checked.BASE
                                + "rule it on %s when %s tag \"t\"".formatted(phase, condition))
                .rules()
                .getLast()
                .when();
    }

    @Test
    void aSettableFieldTakesItsTypeOnly() {
        List<String> wrong = new ArrayList<>();
        for (Policy.Settable field : Policy.Settable.values()) {
            for (String literal : LITERALS) {
                boolean fits = CAN_BE.getOrDefault(field.type(), Set.of()).contains(literal);
                List<String> told =
                        Checked.toldOf(
                                "rule it on request set %s = %s".formatted(field.path(), literal));
                if (!told.equals(fits ? List.of() : List.of("E0201 " + literal))) {
                    wrong.add("%s = %s: %s".formatted(field.path(), literal, told));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }
}
