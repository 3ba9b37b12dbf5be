package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.policy.Template.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `clamp`, `prepend` and `append`.
final class RequestChangesTest {
    private static Policy policy(String effects) {
        return Checked.usable(Checked.BASE + "rule it on route { " + effects + " }\n");
    }

    private static List<Effect> effects(String effects) {
        return policy(effects).rules().getFirst().effects();
    }

    private static List<String> told(String effect) {
        return Checked.toldOf("rule it on request " + effect + "\n");
    }

    @Test
    void clampsAreInTheUnitOfTheirField() {
        Policy policy =
                policy("clamp request.max_tokens to 1..4k  clamp request.temperature to 0.5");
        assertEquals(
                List.of(
                        new Effect.Clamp(Settable.MAX_TOKENS, 1, 4_000),
                        new Effect.Clamp(Settable.TEMPERATURE, Long.MIN_VALUE, 500_000)),
                policy.rules().getFirst().effects());
        assertEquals(
                List.of(Attribute.REQUEST_MAX_TOKENS, Attribute.REQUEST_TEMPERATURE),
                policy.facts().stream()
                        .map(fact -> fact.attribute())
                        .filter(attribute -> attribute != Attribute.PROMPT_TOKENS)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clamp request.seed to 1..2       | E0205 request.seed",
                "clamp request.user to 4          | E0205 request.user",
                "clamp prompt.tokens to 4         | E0105 prompt.tokens",
                "clamp request.max_tokns to 4     | E0105 request.max_tokns",
                "clamp request.max_tokens to $4   | E0201 $4",
                "clamp request.max_tokens to 9..4 | E0205 9",
                "clamp request.max_tokens to 1.5  | E0205 1.5",
            })
    void aClampNeedsAFieldWithBoundsInItsUnit(String effect, String expected) {
        assertEquals(List.of(expected), told(effect));
    }

    @Test
    void messagesHaveHolesThatFactsFill() {
        Effect effect = effects("prepend system \"{{{team}}}, {user else nobody}.\"").getFirst();
        Policy.Message message = ((Effect.AddMessage) effect).message();
        assertEquals(true, message.first());
        assertEquals(Policy.Message.Role.SYSTEM, message.role());
        assertEquals(
                List.of("{", "team", "}, ", "user else nobody", "."),
                message.text().parts().stream()
                        .map(
                                part ->
                                        switch (part) {
                                            case Part.Fixed(String text) -> text;
                                            case Part.Hole(var fact, String fallback) ->
                                                    fact.attribute().path()
                                                            + (fallback == null
                                                                    ? ""
                                                                    : " else " + fallback);
                                        })
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "prepend sytem \"x\"               | E0004 sytem",
                "append system \"{prompt.text}\"   | E0240 prompt.text",
                "append system \"{request.tools}\" | E0240 request.tools",
                "append system \"{user}\"          | E0202 user",
                "append system \"{taem}\"          | E0105 taem",
                "append system \"{model}\"         | E0106 model",
                "append system \"{}\"              | E0240",
                "append system \"a { b\"           | E0240 {",
                "append system \"a } b\"           | E0240 }",
            })
    void aHoleNeedsWhatEveryRequestHasAndNoClientWrites(String effect, String expected) {
        assertEquals(List.of(expected), told(effect).stream().map(String::strip).toList());
    }

    @Test
    void anEscapeMovesNothing() {
        assertEquals(List.of("E0105 \"a\\n{taem}\""), told("append user \"a\\n{taem}\""));
    }

    @Test
    void bothComeTooLateOnResponse() {
        assertEquals(
                List.of("E0322 clamp request.max_tokens to 4", "E0322 append user \"x\""),
                Checked.toldOf(
                        """
                        rule it on response {
                          clamp request.max_tokens to 4
                          append user "x"
                        }
                        """));
    }
}
