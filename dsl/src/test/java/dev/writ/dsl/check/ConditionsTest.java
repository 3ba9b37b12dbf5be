package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Fact;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What conditions mean, written out with every bracket.
final class ConditionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # precedence: not, then and, then or
                    not request.stream and prompt.tokens > 1   | (not(request.stream) and prompt.tokens>1)
                    not (request.stream and prompt.tokens > 1) | not((request.stream and prompt.tokens>1))
                    request.stream or prompt.tokens > 1 and prompt.tokens < 9 | (request.stream or (prompt.tokens>1 and prompt.tokens<9))
                    (request.stream or prompt.tokens > 1) and prompt.tokens < 9 | ((request.stream or prompt.tokens>1) and prompt.tokens<9)
                    not not request.stream                     | request.stream
                    # numbers
                    prompt.tokens in 1..9                      | (prompt.tokens>=1 and prompt.tokens<9)
                    prompt.tokens not in 1..9                  | not((prompt.tokens>=1 and prompt.tokens<9))
                    prompt.tokens in [1, 9]                    | (prompt.tokens==1 or prompt.tokens==9)
                    prompt.tokens in [1]                       | prompt.tokens==1
                    prompt.tokens is 5                         | prompt.tokens==5
                    prompt.tokens is not 5                     | not(prompt.tokens==5)
                    5 < prompt.tokens                          | 5<prompt.tokens
                    prompt.tokens * 2 > 9                      | prompt.tokens*2/1>9
                    prompt.tokens * 50% > 9                    | prompt.tokens*1/2>9
                    prompt.tokens / 4 > 9                      | prompt.tokens*1/4>9
                    prompt.tokens + 5 - 2 > 9                  | ((prompt.tokens+5)-2)>9
                    request.max_tokens else 4 > 1              | request.max_tokens?4>1
                    # texts
                    request.model is "a"                       | request.model in {a}
                    request.model is not "a"                   | not(request.model in {a})
                    request.model in ["b", "a"]                | request.model in {a,b}
                    request.model not in ["b", "a"]            | not(request.model in {a,b})
                    request.model starts with "a"              | request.model starts a
                    request.model ends with "a"                | request.model ends a
                    request.model contains "a"                 | request.model contains [a]
                    request.model contains any ["a", "b"]      | request.model contains [a, b]
                    request.model matches "a+"                 | request.model matches a+
                    request.user else "z" is "a"               | request.user?z in {a}
                    # labels
                    team is dev                                | team in {dev}
                    team is "dev"                              | team in {dev}
                    team is not dev                            | not(team in {dev})
                    team.region is anywhere                    | team.region in {anywhere}
                    time.weekday in [monday, "sunday"]         | time.weekday in {monday,sunday}
                    time.weekday not in [monday, sunday]       | not(time.weekday in {monday,sunday})
                    key is laptop                              | key in {dev/laptop}
                    key is dev.laptop                          | key in {dev/laptop}
                    key is "dev/laptop"                        | key in {dev/laptop}
                    user else "bob" is alice                   | user in {alice}
                    user else "alice" is alice                 | (user in {alice} or not(user present))
                    # presence and flags
                    request.tools present                      | request.tools present
                    request.tools absent                       | not(request.tools present)
                    request.stream is true                     | request.stream
                    request.stream is false                    | not(request.stream)
                    request.stream is not true                 | not(request.stream)
                    """)
    void aConditionMeans(String written, String meaning) {
        assertEquals(meaning, text(TypesTest.when("request", written)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    route is chat              | route in {chat}
                    arm is big                 | arm in {chat/big}
                    arm is chat.big            | arm in {chat/big}
                    arm in [big, chat.rest]    | arm in {chat/big,chat/rest}
                    provider else "here" is there | provider in {there}
                    model else "far" is not near  | not(model in {near})
                    provider.region else "unknown" is eu | provider.region in {eu}
                    """)
    void namesOfThePolicyAreLabels(String written, String meaning) {
        assertEquals(meaning, text(TypesTest.when("response", written)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    prompt.tokens in []                | E0205 []
                    prompt.tokens in 9..1              | E0205 9..1
                    prompt.tokens in 9..9              | E0205 9..9
                    prompt.tokens in 1s..2s            | E0201 1s
                    prompt.tokens in 1..2s             | E0201 2s
                    prompt.tokens in [1, 2s]           | E0201 2s
                    prompt.tokens in request.n         | E0208 request.n
                    request.model in 1..2              | E0201 1
                    request.model is gpt               | E0201 gpt
                    request.model in ["a", b]          | E0201 b
                    request.model starts with ""       | E0205 ""
                    request.model contains any ["a", ""] | E0205 ""
                    request.model matches "(a"         | E0602 "(a"
                    request.model matches "(?=a)"      | E0602 "(?=a)"
                    request.model matches "(a)\\\\1"   | E0602 "(a)\\\\1"
                    team starts with "a"               | E0201 team
                    prompt.tokens contains "a"         | E0201 prompt.tokens
                    request.tools is "x"               | E0201 request.tools
                    "x" is "x"                         | E0201 "x"
                    team is prompt.tokens              | E0204 prompt.tokens
                    team is 5                          | E0201 5
                    team in [dev, ops]                 | E0204 ops
                    team is dve                        | E0204 dve
                    team.region is uk                  | E0204 uk
                    team.region is unknown             | E0204 unknown
                    key is phone                       | E0204 phone
                    key is dev.phone                   | E0204 dev.phone
                    key is ops.laptop                  | E0204 ops.laptop
                    request.endpoint is images         | E0204 images
                    time.weekday is sonday             | E0204 sonday
                    """)
    void whatMeansNothingIsToldAtItsPlace(String written, String told) {
        assertEquals(List.of(told), Checked.toldOfCondition("request", written));
    }

    @Test
    void aTeamOfAnotherFileNeedsAUse() {
        String other = "team ops { key k sha256 \"%s\"  may use chat }\n".formatted("b".repeat(64));
        assertEquals(
                List.of(), Checked.toldOf(other + "rule it on request when team is ops tag \"t\""));
        CheckResult result =
                Checked.check(
                        Map.of(
                                "policy.writ",
                                Checked.BASE + "rule it on request when team is ops tag \"t\"",
                                "teams.writ",
                                "policy \"teams\" language 1\nuse \"policy.writ\"\n" + other),
                        "policy.writ");
        assertEquals(List.of("E0204 ops"), Checked.told(result));
        assertEquals(
                List.of("Add `use \"teams.writ\"` to this file."),
                result.diagnostics().getFirst().hints());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    true                                                | W0232
                    1 < 2                                               | W0232
                    prompt.tokens present                               | W0232
                    prompt.tokens >= 0                                  | W0232
                    request.stream or not request.stream                | W0232
                    team is dev or team is not dev                      | W0232
                    request.endpoint in [chat, completions, embeddings] | W0232
                    time.weekday not in [monday, sunday] or time.weekday in [sunday, monday] | W0232
                    time.hour < 24                                      | W0232
                    time.hour in 0..24                                  | W0232
                    request.max_tokens present or request.max_tokens absent | W0232
                    request.model is not "a" or request.model is not "b" | W0232
                    prompt.tokens > 5 or prompt.tokens < 9              | W0232
                    false                                               | W0231
                    2 < 1                                               | W0231
                    prompt.tokens absent                                | W0231
                    prompt.tokens < 0                                   | W0231
                    request.stream and not request.stream               | W0231
                    team is dev and team is not dev                     | W0231
                    request.endpoint not in [chat, completions, embeddings] | W0231
                    time.hour >= 24                                     | W0231
                    request.model is "a" and request.model is "b"       | W0231
                    request.model is "a" and request.model not in ["a", "b"] | W0231
                    prompt.tokens > 9 and prompt.tokens < 5             | W0231
                    prompt.tokens > 8 and prompt.tokens < 9             | W0231
                    user else "bob" is alice and user absent            | W0231
                    time.weekday is monday and time.weekday is sunday   | W0231
                    # near misses
                    team is dev                                         |
                    team is not dev                                     |
                    request.endpoint in [chat, embeddings]              |
                    prompt.tokens > 0                                   |
                    prompt.tokens > 7 and prompt.tokens < 9             |
                    request.seed else 1 < 0                             |
                    request.max_tokens present and request.max_tokens < 0 |
                    request.temperature else 1 < 0                      |
                    request.messages.count > 8 and request.messages.count < 9 |
                    time.hour < 23                                      |
                    user else "alice" is alice and user absent          |
                    request.model is "a" or request.model is not "b"    |
                    request.model is "a" and request.model starts with "a" |
                    prompt.text contains "a" and not (prompt.text contains "a") |
                    prompt.tokens > request.messages.count * 0          | E0201
                    """)
    void whatIsAlwaysTheSameIsTold(String written, String id) {
        assertEquals(
                id == null ? List.of() : List.of(id),
                Checked.toldOfCondition("request", written).stream()
                        .map(told -> told.substring(0, 5))
                        .toList());
    }

    /// Returns the condition with every bracket; numbers in the unit of their type.
    private static String text(Condition condition) {
        return switch (condition) {
            case Condition.Constant constant -> String.valueOf(constant.value());
            case Condition.Not not -> "not(%s)".formatted(text(not.operand()));
            case Condition.All all -> joined(all.operands(), " and ");
            case Condition.Any any -> joined(any.operands(), " or ");
            case Condition.LabelIn in ->
                    "%s in {%s}"
                            .formatted(
                                    name(in.fact()),
                                    in.labels().stream()
                                            .mapToObj(
                                                    Objects.requireNonNull(in.fact().labels())
                                                                    .labels()
                                                            ::get)
                                            .collect(Collectors.joining(",")));
            case Condition.Flag flag -> name(flag.fact());
            case Condition.Present present -> name(present.fact()) + " present";
            case Condition.NumberCompare compare ->
                    text(compare.left()) + compare.comparison().symbol() + text(compare.right());
            case Condition.TextPasses(var _, Condition.TextTerm text, TextTest test) ->
                    name(text.fact())
                            + (text.fallback() == null ? "" : "?" + text.fallback())
                            + " "
                            + text(test);
        };
    }

    private static String joined(List<Condition> operands, String word) {
        return operands.stream()
                .map(ConditionsTest::text)
                .collect(Collectors.joining(word, "(", ")"));
    }

    private static String text(TextTest test) {
        return switch (test) {
            case TextTest.In in -> "in {%s}".formatted(String.join(",", new TreeSet<>(in.texts())));
            case TextTest.StartsWith starts -> "starts " + starts.prefix();
            case TextTest.EndsWith ends -> "ends " + ends.suffix();
            case TextTest.ContainsAny contains -> "contains " + contains.parts();
            case TextTest.Matches matches -> "matches " + matches.pattern();
        };
    }

    private static String text(NumberTerm term) {
        return switch (term) {
            case NumberTerm.Constant constant -> String.valueOf(constant.value());
            case NumberTerm.FactNumber number ->
                    name(number.fact())
                            + (number.fallback() == null ? "" : "?" + number.fallback());
            case NumberTerm.Plus plus -> "(%s+%s)".formatted(text(plus.left()), text(plus.right()));
            case NumberTerm.Minus minus ->
                    "(%s-%s)".formatted(text(minus.left()), text(minus.right()));
            case NumberTerm.Scaled scaled ->
                    "%s*%s/%s"
                            .formatted(
                                    text(scaled.operand()),
                                    scaled.numerator(),
                                    scaled.denominator());
        };
    }

    private static String name(Fact fact) {
        return fact.attribute().path();
    }
}
