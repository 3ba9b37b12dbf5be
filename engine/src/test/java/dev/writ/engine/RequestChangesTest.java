package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Settable;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What bounds and messages of a policy do to a request.
final class RequestChangesTest {
    private static final String POLICY =
            """
            policy "p" language 1
            provider p { kind simulated  timeout 5s }
            model m on p "m" { context 128k tokens }
            route chat { only otherwise -> m }
            team dev {
              user alice
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" for alice
              key server sha256 "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
              may use chat
            }
            rule cap on request clamp request.max_tokens to 10..4k
            rule low on request when request.stream clamp request.max_tokens to 100
            rule cool on request clamp request.temperature to 0..0.5
            rule high on request when request.n else 1 > 1 set request.max_tokens = 9k
            rule wide on request clamp request.top_p to 0..1
            rule house on request {
              append user "Sign as {team}."
              prepend system "{user else nobody} asks at {time.hour}, {prompt.tokens} tokens, {request.stream}."
            }
            """;

    private final PolicySnapshot snapshot = PolicySnapshot.compile(WrittenPolicy.of(POLICY));
    private final Facts facts = snapshot.newFacts();
    private final Decision decision = new Decision();
    private Caller caller = snapshot.callers().getFirst();

    @BeforeEach
    void fill() {
        facts.reset(caller);
        facts.putAbsent(Attribute.REQUEST_MAX_TOKENS);
        facts.putAbsent(Attribute.REQUEST_TEMPERATURE);
        facts.putAbsent(Attribute.REQUEST_TOP_P);
        facts.putAbsent(Attribute.REQUEST_N);
        facts.putFlag(Attribute.REQUEST_STREAM, false);
        facts.putNumber(Attribute.TIME_HOUR, 7_000_000);
        facts.putNumber(Attribute.PROMPT_TOKENS, 1_234);
    }

    private Decision decide() {
        Policy.Route route = snapshot.policy().routes().getFirst();
        snapshot.decideRequest(caller, route, facts, decision);
        return decision;
    }

    @Test
    void aNumberWithinItsBoundsStays() {
        facts.putNumber(Attribute.REQUEST_MAX_TOKENS, 4_000);
        facts.putNumber(Attribute.REQUEST_TEMPERATURE, 0);
        decide();
        assertFalse(decision.sets(Settable.MAX_TOKENS));
        assertFalse(decision.sets(Settable.TEMPERATURE));
    }

    @Test
    void aNumberOutsideIsMovedToTheNearestBound() {
        facts.putNumber(Attribute.REQUEST_MAX_TOKENS, 5_000);
        assertEquals(4_000, decide().setNumber(Settable.MAX_TOKENS));
        facts.putNumber(Attribute.REQUEST_MAX_TOKENS, 1);
        assertEquals(10, decide().setNumber(Settable.MAX_TOKENS));
    }

    @Test
    void aMissingNumberIsTakenAsWhatProvidersTake() {
        decide();
        assertEquals(4_000, decision.setNumber(Settable.MAX_TOKENS));
        assertEquals(500_000, decision.setNumber(Settable.TEMPERATURE));
        assertFalse(decision.sets(Settable.TOP_P));
    }

    @Test
    void theNarrowestBoundsCountAndAnUnknownConditionNarrows() {
        facts.putFlag(Attribute.REQUEST_STREAM, true);
        assertEquals(100, decide().setNumber(Settable.MAX_TOKENS));
        fill();
        facts.putUnknown(Attribute.REQUEST_STREAM);
        assertEquals(100, decide().setNumber(Settable.MAX_TOKENS));
    }

    @Test
    void whatRulesSetIsBoundedToo() {
        facts.putNumber(Attribute.REQUEST_N, 2_000_000);
        assertEquals(4_000, decide().setNumber(Settable.MAX_TOKENS));
    }

    @Test
    void messagesAreFilledFromFacts() {
        assertEquals(List.of("Sign as dev.", "alice asks at 7, 1,234 tokens, no."), messages());
        caller = snapshot.callers().get(1);
        fill();
        assertEquals("nobody asks at 7, 1,234 tokens, no.", messages().get(1));
        assertEquals(false, decision.message(0).first());
        assertEquals(true, decision.message(1).first());
    }

    @Test
    void whatIsShownMustBeExact() {
        assertEquals(Long.MIN_VALUE, snapshot.promptTokensExactFrom());
    }

    private List<String> messages() {
        decide();
        return decision.verdict().messages().stream().map(m -> facts.text(m.text())).toList();
    }
}
