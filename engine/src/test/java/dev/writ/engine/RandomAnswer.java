package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// An answer at random, whole as the tree sees it and in pieces as the index does.
final class RandomAnswer {
    private final RandomGenerator random;
    private final Policy.Model model;
    private final long tokens;

    /// Null for one that cannot be read.
    private final @Nullable String text;

    RandomAnswer(RandomGenerator random, RandomPolicy generator) {
        this.random = random;
        this.model = generator.model(random.nextInt(3));
        this.tokens = random.nextInt(8);
        StringBuilder written = new StringBuilder();
        for (int piece = random.nextInt(5); piece > 0; piece--) {
            written.append(generator.text());
        }
        this.text = random.nextInt(8) == 0 ? null : written.toString();
    }

    /// Fills what rules on stream see at its end.
    void fill(PolicySnapshot snapshot, Facts facts) {
        facts.putLabel(Attribute.PROVIDER, model.provider().name());
        facts.putLabel(Attribute.PROVIDER_REGION, model.provider().region());
        facts.putLabel(Attribute.MODEL, model.name());
        facts.putNumber(Attribute.STREAM_TOKENS, tokens);
        if (text == null) {
            facts.putUnknown(Attribute.STREAM_TEXT);
        } else {
            facts.putText(Attribute.STREAM_TEXT, text);
        }
    }

    /// Lets the index read it, a few characters at a time, or all at once.
    void read(
            PolicySnapshot snapshot,
            Caller caller,
            Facts facts,
            AnswerRoom room,
            Decision decision) {
        AnswerWatch watch = snapshot.watchAnswer(caller, facts, model, room);
        if (watch == null) {
            return;
        }
        watch.tokensAre(0);
        if (random.nextBoolean()) {
            watch.decide();
        }
        char[] chars = text == null ? new char[0] : text.toCharArray();
        int stepMax = 1 + random.nextInt(chars.length + 1);
        int at = 0;
        while (at < chars.length) {
            int to = Math.min(chars.length, at + 1 + random.nextInt(stepMax));
            watch.event();
            watch.text(0, 0, chars, at, to);
            watch.tokensAre(random.nextLong(tokens + 1));
            if (random.nextBoolean()) {
                watch.decide();
                watch.heldFrom();
            }
            at = to;
        }
        if (text == null) {
            watch.unreadable();
        }
        watch.tokensAre(tokens);
        watch.ended();
        watch.decide();
        watch.settle(decision);
    }
}
