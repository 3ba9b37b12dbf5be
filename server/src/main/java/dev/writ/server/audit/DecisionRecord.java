package dev.writ.server.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Canary;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.CanaryChoice;
import dev.writ.engine.routing.PassedOver;
import dev.writ.engine.routing.RequestHash;
import dev.writ.engine.routing.RoutedRequest;
import dev.writ.providers.openai.Usage;
import dev.writ.server.pipeline.Attempt;
import dev.writ.server.pipeline.Exchange;
import dev.writ.server.pipeline.Fault;
import dev.writ.server.pipeline.Mirror;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A decision record as a line of JSON. `docs/reference/decision-records.md` names the fields.
final class DecisionRecord {
    private static final JsonFactory JSON = new JsonFactory();
    private static final double NANOS_PER_MILLI = 1e6;

    private DecisionRecord() {}

    /// @param full with every fact that the policy reads; of texts the length only
    static byte[] of(Exchange exchange, Decision decision, boolean full, InstantSource clock) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("at", clock.instant().toString());
            json.writeStringField("request_id", exchange.requestId());
            json.writeStringField("policy", exchange.policy().snapshot().policy().id());
            if (exchange.policy().commit() != null) {
                json.writeStringField("commit", exchange.policy().commit());
            }
            caller(json, exchange.callerOrNull());
            json.writeStringField("endpoint", Objects.requireNonNull(exchange.endpoint()).word());
            decision(json, exchange, decision);
            outcome(json, exchange, decision);
            if (full) {
                facts(json, Objects.requireNonNull(exchange.factsOrNull()));
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] of(Mirror mirror, InstantSource clock) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("at", clock.instant().toString());
            json.writeStringField("request_id", mirror.requestId());
            json.writeBooleanField("mirror", true);
            json.writeStringField("policy", mirror.policy().snapshot().policy().id());
            if (mirror.policy().commit() != null) {
                json.writeStringField("commit", mirror.policy().commit());
            }
            caller(json, mirror.caller());
            json.writeStringField("endpoint", mirror.endpoint().word());
            json.writeStringField("route", mirror.route().name());
            Policy.Arm arm = mirror.arm();
            if (arm != null) {
                json.writeStringField("arm", arm.name());
            }
            outcome(json, mirror);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void outcome(JsonGenerator json, Mirror mirror) throws IOException {
        Policy.Model model = mirror.model();
        json.writeStringField("model", model.name());
        json.writeStringField("provider", model.provider().name());
        json.writeStringField("region", model.provider().region());
        json.writeStringField("end", mirror.end().name().toLowerCase(Locale.ROOT));
        if (mirror.status() > 0) {
            json.writeNumberField("status", mirror.status());
            json.writeNumberField("first_byte_ms", mirror.firstByte().toNanos() / NANOS_PER_MILLI);
        }
        Cause cause = mirror.cause();
        if (cause != null) {
            json.writeStringField("cause", cause.word());
        }
        json.writeNumberField("latency_ms", mirror.latency().toNanos() / NANOS_PER_MILLI);
        Usage usage = mirror.usage();
        if (usage != null) {
            json.writeNumberField("input_tokens", usage.inputTokens());
            json.writeNumberField("output_tokens", usage.outputTokens());
        }
        String cost = mirror.costDollars();
        if (cost != null) {
            json.writeStringField("cost_usd", cost);
        }
    }

    private static void caller(JsonGenerator json, @Nullable Caller caller) throws IOException {
        if (caller != null) {
            json.writeStringField("team", caller.team().name());
            switch (caller.shows()) {
                case Caller.Shows.AKey(Policy.Key key) -> json.writeStringField("key", key.name());
                case Caller.Shows.AToken(Policy.Identity identity) ->
                        json.writeStringField("identity", identity.name());
            }
            if (caller.user() != null) {
                json.writeStringField("user", caller.user());
            }
        }
    }

    private static void decision(JsonGenerator json, Exchange exchange, Decision decision)
            throws IOException {
        json.writeStringField("route", decision.route().name());
        Policy.Arm arm = decision.arm();
        if (arm != null) {
            json.writeStringField("arm", arm.name());
        }
        json.writeBooleanField("denied", decision.denied());
        if (decision.denied()) {
            json.writeStringField("reason", decision.reason().name().toLowerCase(Locale.ROOT));
            json.writeStringField("reason_name", decision.reasonName());
        }
        json.writeArrayFieldStart("rules");
        for (int i = 0; i < decision.firedCount(); i++) {
            json.writeString(decision.fired(i).name());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("tags");
        for (int i = 0; i < decision.tagCount(); i++) {
            json.writeString(decision.tag(i));
        }
        json.writeEndArray();
        json.writeNumberField(
                "bucket",
                Attempts.bucket(RequestHash.of(exchange.policy().salt(), exchange.requestId())));
    }

    private static void outcome(JsonGenerator json, Exchange exchange, Decision decision)
            throws IOException {
        json.writeNumberField("status", exchange.http().getStatusCode());
        json.writeStringField(
                "outcome", exchange.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        Fault fault = exchange.fault();
        if (fault != null) {
            json.writeStringField("error", fault.terms().code());
        } else if (exchange.answerDenied()) {
            json.writeStringField(
                    "error", new Fault.PolicyDenied(decision.denial()).terms().code());
        }
        Policy.Model model = exchange.answeredByOrNull();
        if (model != null) {
            json.writeStringField("model", model.name());
            json.writeStringField("provider", model.provider().name());
            json.writeStringField("region", model.provider().region());
            json.writeNumberField(
                    "first_byte_ms",
                    (exchange.firstByteNanos() - exchange.startedNanos()) / NANOS_PER_MILLI);
        }
        Attempts attempts = exchange.attemptsOrNull();
        canary(json, exchange);
        json.writeNumberField("attempts", attempts == null ? 0 : attempts.count());
        if (attempts != null) {
            passedOver(json, attempts.passedOver());
        }
        tries(json, exchange.tries());
        json.writeNumberField(
                "latency_ms", (System.nanoTime() - exchange.startedNanos()) / NANOS_PER_MILLI);
        Usage usage = exchange.usageOrNull();
        if (usage != null) {
            json.writeNumberField("input_tokens", usage.inputTokens());
            json.writeNumberField("output_tokens", usage.outputTokens());
        }
    }

    /// Writes the canary of the pool, and on which side of its share the request was.
    private static void canary(JsonGenerator json, Exchange exchange) throws IOException {
        Decision decision = exchange.decisionOrNull();
        RoutedRequest routed = exchange.routedOrNull();
        Policy.Target target = decision == null ? null : decision.target();
        Canary canary = target == null ? null : CanaryChoice.canary(target);
        if (canary != null && routed != null) {
            json.writeObjectFieldStart("canary");
            json.writeStringField("model", canary.model().name());
            json.writeStringField("by", canary.by().word());
            json.writeNumberField("bucket", CanaryChoice.bucket(canary, routed));
            json.writeBooleanField("in", CanaryChoice.isIn(canary, routed));
            json.writeEndObject();
        }
    }

    private static void passedOver(JsonGenerator json, List<PassedOver> models) throws IOException {
        if (models.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("passed_over");
        for (PassedOver passed : models) {
            json.writeStartObject();
            json.writeStringField("model", passed.model().name());
            json.writeStringField("why", passed.why().words());
            if (passed.canary()) {
                json.writeBooleanField("canary", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void tries(JsonGenerator json, List<Attempt> tries) throws IOException {
        json.writeArrayFieldStart("tries");
        for (Attempt attempt : tries) {
            json.writeStartObject();
            json.writeStringField("model", attempt.model().name());
            json.writeStringField("provider", attempt.model().provider().name());
            json.writeStringField("end", attempt.end().name().toLowerCase(Locale.ROOT));
            switch (attempt.role()) {
                case CANARY -> json.writeBooleanField("canary", true);
                case HEDGE -> json.writeBooleanField("hedge", true);
                case FIRST, AGAIN, FALLBACK -> {}
            }
            Cause cause = attempt.cause();
            if (cause != null) {
                json.writeStringField("cause", cause.word());
            }
            json.writeNumberField("ms", attempt.time().toNanos() / NANOS_PER_MILLI);
            json.writeBooleanField("may_bill", attempt.mayBill());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void facts(JsonGenerator json, Facts facts) throws IOException {
        json.writeObjectFieldStart("facts");
        facts.describe(
                (name, value) -> {
                    try {
                        json.writeStringField(name, value);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        json.writeEndObject();
    }
}
