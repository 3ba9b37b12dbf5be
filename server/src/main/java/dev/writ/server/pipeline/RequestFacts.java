package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.engine.Caller;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.server.serving.PromptSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What policies can ask of a request before it is sent: from the caller, the body, the headers and
/// the clock to facts. The gateway and `writ explain` both fill them here.
public final class RequestFacts {
    private static final long MILLIS_PER_HOUR = 3_600_000L;
    private static final long MILLIS_PER_DAY = 24 * MILLIS_PER_HOUR;

    /// 1 January 1970 was a Thursday; the labels begin with Monday.
    private static final int FIRST_WEEKDAY = 3;

    static final long MICROS = 1_000_000L;

    private RequestFacts() {}

    /// Finds a header by its name in lower case.
    @FunctionalInterface
    public interface Headers {
        /// Returns its first value, or null if there is none.
        @Nullable String header(String name);
    }

    /// Fills the facts anew, as the gateway does: where the exact size of the prompt makes no
    /// difference to any decision, `prompt.tokens` is an upper bound.
    ///
    /// @param epochMillis the time of the request
    public static void fill(
            Facts facts,
            PolicySnapshot snapshot,
            Caller caller,
            Endpoint endpoint,
            OpenAiRequest request,
            Headers headers,
            long epochMillis) {
        facts.reset(caller);
        facts.putLabel(Attribute.REQUEST_ENDPOINT, endpoint.word());
        facts.putText(Attribute.REQUEST_MODEL, request.model());
        facts.putFlag(Attribute.REQUEST_STREAM, request.stream());
        number(facts, Attribute.REQUEST_MAX_TOKENS, request.maxTokens());
        number(facts, Attribute.REQUEST_TEMPERATURE, request.temperatureMicros());
        number(facts, Attribute.REQUEST_TOP_P, request.topPMicros());
        count(facts, Attribute.REQUEST_N, request.n());
        count(facts, Attribute.REQUEST_SEED, request.seed());
        text(facts, Attribute.REQUEST_REASONING_EFFORT, request.reasoningEffort());
        text(facts, Attribute.REQUEST_SERVICE_TIER, request.serviceTier());
        text(facts, Attribute.REQUEST_USER, request.user());
        text(facts, Attribute.REQUEST_RESPONSE_FORMAT, request.responseFormat());
        count(facts, Attribute.REQUEST_MESSAGES_COUNT, request.messageCount());
        count(facts, Attribute.REQUEST_TOOLS_COUNT, request.toolCount());
        count(facts, Attribute.REQUEST_IMAGES_COUNT, request.imageCount());
        collection(facts, Attribute.REQUEST_TOOLS, request.hasTools());
        collection(facts, Attribute.REQUEST_IMAGES, request.imageCount() > 0);
        facts.putNumber(Attribute.REQUEST_BYTES, request.length());
        if (snapshot.reads(Attribute.PROMPT_TOKENS)) {
            facts.putNumber(Attribute.PROMPT_TOKENS, PromptSize.of(snapshot, request));
        }
        if (snapshot.reads(Attribute.PROMPT_TEXT)) {
            facts.putText(Attribute.PROMPT_TEXT, request.promptText());
        }
        long hour = Math.floorMod(epochMillis, MILLIS_PER_DAY) / MILLIS_PER_HOUR;
        facts.putNumber(Attribute.TIME_HOUR, hour * MICROS);
        facts.putLabel(
                Attribute.TIME_WEEKDAY,
                (int)
                        Math.floorMod(
                                Math.floorDiv(epochMillis, MILLIS_PER_DAY) + FIRST_WEEKDAY, 7L));
        snapshot.fillCalendars(facts, epochMillis);
        named(facts, snapshot.facts(), request, headers);
    }

    /// Fills the facts anew, with the exact size of the prompt wherever a policy reads it: for
    /// people, who want to know by how much a rule was missed.
    public static void fillExactly(
            Facts facts,
            PolicySnapshot snapshot,
            Caller caller,
            Endpoint endpoint,
            OpenAiRequest request,
            Headers headers,
            long epochMillis) {
        fill(facts, snapshot, caller, endpoint, request, headers, epochMillis);
        if (snapshot.reads(Attribute.PROMPT_TOKENS)) {
            facts.putNumber(Attribute.PROMPT_TOKENS, request.promptTokens());
        }
    }

    /// Fills headers and metadata.
    private static void named(Facts facts, List<Fact> all, OpenAiRequest request, Headers headers) {
        for (int i = 0; i < all.size(); i++) {
            Fact fact = all.get(i);
            String name = fact.argument();
            if (name == null) {
                continue;
            }
            if (fact.attribute() == Attribute.REQUEST_HEADER) {
                text(facts, fact, headers.header(name));
            } else if (fact.attribute() == Attribute.REQUEST_METADATA) {
                text(facts, fact, request.metadata(name));
            }
        }
    }

    private static void text(Facts facts, Fact fact, @Nullable String value) {
        if (value == null) {
            facts.putAbsent(fact);
        } else {
            facts.putText(fact, value);
        }
    }

    private static void number(Facts facts, Attribute attribute, long value) {
        if (value == OpenAiRequest.ABSENT) {
            facts.putAbsent(attribute);
        } else {
            facts.putNumber(attribute, value);
        }
    }

    /// Fills a number that counts whole things: numbers of policies are millionths.
    private static void count(Facts facts, Attribute attribute, long value) {
        if (value == OpenAiRequest.ABSENT) {
            facts.putAbsent(attribute);
        } else {
            facts.putNumber(attribute, saturated(value));
        }
    }

    private static long saturated(long count) {
        return count > Long.MAX_VALUE / MICROS
                ? Long.MAX_VALUE
                : count < Long.MIN_VALUE / MICROS ? Long.MIN_VALUE : count * MICROS;
    }

    private static void collection(Facts facts, Attribute attribute, boolean has) {
        if (has) {
            facts.putCollection(attribute);
        } else {
            facts.putAbsent(attribute);
        }
    }

    private static void text(Facts facts, Attribute attribute, @Nullable String value) {
        if (value == null) {
            facts.putAbsent(attribute);
        } else {
            facts.putText(attribute, value);
        }
    }
}
