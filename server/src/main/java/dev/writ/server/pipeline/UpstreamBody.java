package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.engine.Decision;
import dev.writ.providers.openai.Edits;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.server.serving.ModelUpstream;
import java.nio.ByteBuffer;
import java.util.List;

/// The body that a provider gets: the client's, with the provider's name of the model and with what
/// rules set. Everything else is passed on byte for byte.
final class UpstreamBody {
    private static final long MICROS = 1_000_000L;

    private UpstreamBody() {}

    static List<ByteBuffer> of(OpenAiRequest request, ModelUpstream upstream, Decision decision) {
        Edits edits = new Edits().model(upstream.upstreamModel());
        upstream.kind().fit(edits);
        if (decision.setsAnything()) {
            for (Settable field : Settable.values()) {
                if (decision.sets(field)) {
                    set(edits, field, upstream, decision);
                }
            }
        }
        return request.rewritten(edits);
    }

    private static void set(
            Edits edits, Settable field, ModelUpstream upstream, Decision decision) {
        switch (field) {
            case MAX_TOKENS ->
                    edits.maxTokens(decision.setNumber(field), upstream.kind().tokenField());
            case TEMPERATURE -> edits.decimalMicros("temperature", decision.setNumber(field));
            case TOP_P -> edits.decimalMicros("top_p", decision.setNumber(field));
            case SEED -> edits.number("seed", decision.setNumber(field) / MICROS);
            case REASONING_EFFORT -> edits.text("reasoning_effort", decision.setText(field));
            case SERVICE_TIER -> edits.text("service_tier", decision.setText(field));
            case USER -> edits.text("user", decision.setText(field));
            case PARALLEL_TOOL_CALLS -> edits.flag("parallel_tool_calls", decision.setFlag(field));
            case STORE -> edits.flag("store", decision.setFlag(field));
        }
    }
}
