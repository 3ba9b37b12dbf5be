package dev.writ.server.pipeline;

import java.util.concurrent.atomic.LongAdder;

/// How many answers of providers rules on stream have denied since the gateway began. Counted on
/// any thread.
public final class DeniedAnswers {
    private final LongAdder refused = new LongAdder();
    private final LongAdder cut = new LongAdder();

    /// Returns how many were denied before anything of them was sent.
    public long refused() {
        return refused.sum();
    }

    /// Returns how many were cut after their first byte.
    public long cut() {
        return cut.sum();
    }

    void count(Exchange exchange) {
        if (exchange.answerDenied()) {
            (exchange.reply() == null ? cut : refused).increment();
        }
    }
}
