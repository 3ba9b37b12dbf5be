package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.engine.routing.Attempts;
import dev.writ.providers.openai.Usage;
import java.util.List;

/// The end of every request: rules on response, the decision record, and everything given back.
final class Settle implements Phase {
    /// What a request is without that nobody answered, or nobody counted.
    private static final List<Attribute> ANSWER =
            List.of(
                    Attribute.PROVIDER,
                    Attribute.PROVIDER_REGION,
                    Attribute.MODEL,
                    Attribute.RESPONSE_FIRST_BYTE,
                    Attribute.RESPONSE_INPUT_TOKENS,
                    Attribute.RESPONSE_OUTPUT_TOKENS,
                    Attribute.RESPONSE_COST);

    private final BodyBudget budget;
    private final DeniedAnswers deniedAnswers;
    private final Settlement settlement;

    Settle(BodyBudget budget, DeniedAnswers deniedAnswers, Settlement settlement) {
        this.budget = budget;
        this.deniedAnswers = deniedAnswers;
        this.settlement = settlement;
    }

    @Override
    public Step run(Exchange exchange) {
        try {
            Decision decision = exchange.decisionOrNull();
            Facts facts = exchange.factsOrNull();
            Caller caller = exchange.callerOrNull();
            if (decision != null && facts != null && caller != null) {
                fill(facts, exchange, System.nanoTime());
                exchange.policy().snapshot().decideResponse(caller, facts, decision);
            }
            deniedAnswers.count(exchange);
            settlement.settled(exchange);
        } finally {
            budget.giveBack(exchange.heldBytes);
            exchange.heldBytes = 0;
            exchange.giveBench();
        }
        return Step.PROCEED;
    }

    private static void fill(Facts facts, Exchange exchange, long nowNanos) {
        for (int i = 0; i < ANSWER.size(); i++) {
            facts.putAbsent(ANSWER.get(i));
        }
        Policy.Model model = exchange.answeredByOrNull();
        Usage usage = exchange.usage;
        if (model != null) {
            facts.putLabel(Attribute.PROVIDER, model.provider().name());
            facts.putLabel(Attribute.PROVIDER_REGION, model.provider().region());
            facts.putLabel(Attribute.MODEL, model.name());
            facts.putNumber(
                    Attribute.RESPONSE_FIRST_BYTE,
                    exchange.firstByteNanos - exchange.startedNanos());
            if (usage != null) {
                facts.putNumber(Attribute.RESPONSE_INPUT_TOKENS, usage.inputTokens());
                facts.putNumber(Attribute.RESPONSE_OUTPUT_TOKENS, usage.outputTokens());
                if (model.price() != null) {
                    facts.putNumber(Attribute.RESPONSE_COST, Cost.nanos(model.price(), usage));
                }
            }
        }
        Attempts attempts = exchange.attemptsOrNull();
        facts.putNumber(
                Attribute.RESPONSE_ATTEMPTS,
                (attempts == null ? 0 : attempts.count()) * RequestFacts.MICROS);
        facts.putNumber(
                Attribute.RESPONSE_STATUS, exchange.http().getStatusCode() * RequestFacts.MICROS);
        facts.putNumber(Attribute.RESPONSE_LATENCY, nowNanos - exchange.startedNanos());
    }

    @Override
    public boolean always() {
        return true;
    }
}
