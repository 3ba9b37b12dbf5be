package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.AnswerRoom;
import dev.writ.engine.AnswerWatch;
import dev.writ.providers.openai.AnswerTexts;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.UsageReader;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the rules on stream say of an answer that is no stream, before anything of it is sent. Of a
/// stream they say it while it passes: see [StreamWatch].
final class JudgeAnswer implements Phase {
    private final GatewayLimits limits;

    JudgeAnswer(GatewayLimits limits) {
        this.limits = limits;
    }

    @Override
    public Step run(Exchange exchange) {
        if (!(exchange.completion() instanceof Completion.Whole(var head, ByteBuffer body))
                || head.status() >= 300) {
            return Step.PROCEED;
        }
        Policy.Model model = Objects.requireNonNull(exchange.answeredByOrNull());
        AnswerWatch rules = exchange.watchAnswer(model);
        if (rules == null) {
            return Step.PROCEED;
        }
        if (body.remaining() < limits.offloadBytes() || rules.decide() || !rules.reads()) {
            return judge(exchange, rules, body);
        }
        return exchange.offload(
                () -> {
                    AnswerRoom room = exchange.policy().snapshot().newAnswerRoom();
                    return judge(exchange, exchange.watchAnswer(model, room), body);
                });
    }

    private static Step judge(Exchange exchange, @Nullable AnswerWatch rules, ByteBuffer body) {
        if (rules == null) {
            return Step.PROCEED;
        }
        if (!rules.decide() && rules.reads()) {
            read(exchange, rules, body);
        }
        if (rules.denies()) {
            exchange.usage = UsageReader.read(body);
            return Step.refuse(exchange.deny(rules));
        }
        rules.settle(exchange.decision());
        return Step.PROCEED;
    }

    private static void read(Exchange exchange, AnswerWatch rules, ByteBuffer body) {
        rules.event();
        // Embeddings are numbers.
        boolean readable =
                exchange.endpoint() == Endpoint.EMBEDDINGS
                        || new AnswerTexts()
                                .read(
                                        body.array(),
                                        body.arrayOffset() + body.position(),
                                        body.arrayOffset() + body.limit(),
                                        new AnswerTexts.Sink() {
                                            @Override
                                            public void text(
                                                    int choice,
                                                    int field,
                                                    char[] chars,
                                                    int from,
                                                    int to) {
                                                rules.text(choice, field, chars, from, to);
                                            }

                                            @Override
                                            public void finished(int choice) {
                                                // All are, at the end of the answer.
                                            }
                                        });
        if (!readable) {
            rules.unreadable();
        }
        rules.ended();
        rules.decide();
    }

    @Override
    public Set<Slot> reads() {
        return Set.of(Slot.CALLER, Slot.REQUEST, Slot.DECISION, Slot.COMPLETION);
    }
}
