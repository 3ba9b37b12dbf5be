package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.syntax.Comparison;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExplainerTest {
    private final PolicySnapshot snapshot =
            new Acme()
                    .rule(
                            "one",
                            Phase.REQUEST,
                            Acme.all(
                                    Acme.label(Acme.TEAM, 0),
                                    Acme.compare(Acme.PROMPT_TOKENS, Comparison.GREATER, 50_000)),
                            Acme.deny("long"))
                    .rule(
                            "two",
                            Phase.REQUEST,
                            Acme.text(
                                    Acme.PROMPT,
                                    null,
                                    new TextTest.ContainsAny(List.of("password"))),
                            Acme.deny("secret"))
                    .rule(
                            "three",
                            Phase.REQUEST,
                            Acme.text(Acme.MODEL, null, new TextTest.In(Set.of("gpt-5"))),
                            Acme.deny("model"))
                    .snapshot();

    @Test
    void tellsHowFarTheNearestRuleWas() {
        Explanation explanation = explain(48_112, "my pass", "gpt-4o");
        Explanation.RuleLine nearest = explanation.nearMisses().getFirst();
        assertEquals("one", nearest.rule().name());
        assertEquals(
                "needed prompt.tokens > 50,000, had 48,112",
                Objects.requireNonNull(nearest.obstacle()).text());
    }

    @Test
    void showsNoPrompt() {
        String text = explain(1, "correct horse battery staple", "gpt-4o").text();
        assertFalse(text.contains("horse"), text);
        assertTrue(text.contains("had a text of 28 characters"), text);
    }

    @Test
    void whatAClientNamesCannotWriteLinesOrTurnThemAround() {
        String text = explain(1, "", "a\"b\n\u2028\u202e\u200b\ud800z").text();
        assertTrue(text.contains("had \"a\\\"b\\u000a\\u2028\\u202e\\u200b\\ud800z\""), text);
    }

    @Test
    void aLongNameIsCutBetweenCharacters() {
        String text = explain(1, "", "x".repeat(59) + "\ud83d\ude00" + "y").text();
        assertTrue(text.contains("had \"" + "x".repeat(59) + "…\""), text);
    }

    private Explanation explain(long tokens, String prompt, String model) {
        Caller caller = Objects.requireNonNull(snapshot.identify(Acme.digest(1)));
        Policy.Route route = Objects.requireNonNull(snapshot.route("chat"));
        Facts facts = snapshot.newFacts();
        facts.reset(caller);
        facts.putNumber(Attribute.PROMPT_TOKENS, tokens);
        facts.putText(Attribute.PROMPT_TEXT, prompt);
        facts.putText(Attribute.REQUEST_MODEL, model);
        facts.putFlag(Attribute.REQUEST_STREAM, false);
        facts.putAbsent(Acme.TIER);
        facts.putAbsent(Attribute.REQUEST_MAX_TOKENS);
        return Explainer.explain(snapshot, caller, route, facts);
    }
}
