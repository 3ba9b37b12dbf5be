package dev.writ.server.serving;

import dev.writ.providers.openai.OpenAiRequest;
import java.util.concurrent.atomic.AtomicBoolean;

/// Whether prompts can be counted yet. What counts them takes about a second to load, which neither
/// the start nor an I/O thread waits for.
final class Tokenizer {
    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static volatile boolean ready;

    private Tokenizer() {}

    /// Begins to load it, if nobody has.
    static void prepare() {
        if (STARTED.compareAndSet(false, true)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("writ-tokenizer")
                    .start(
                            () -> {
                                OpenAiRequest.prepareTokenizer();
                                ready = true;
                            });
        }
    }

    static boolean isReady() {
        return ready;
    }
}
