package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.AnswerWatch;
import dev.writ.engine.Decision;
import dev.writ.engine.routing.Attempts;
import dev.writ.providers.openai.UsageReader;
import dev.writ.server.upstream.StreamOutcome;
import dev.writ.server.upstream.StreamPump;
import dev.writ.server.upstream.UpstreamHead;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/// Bytes to the client: a provider's answer as it came, or the gateway's own.
final class Respond implements Phase {
    static final HttpString REQUEST_ID = new HttpString("x-request-id");
    static final HttpString WRIT_REQUEST_ID = new HttpString("x-writ-request-id");
    static final HttpString POLICY = new HttpString("x-writ-policy");
    static final HttpString ROUTE = new HttpString("x-writ-route");
    static final HttpString MODEL = new HttpString("x-writ-model");
    static final HttpString COST = new HttpString("x-writ-cost-usd");

    /// What is passed on of a provider's headers. Others may tell of the gateway's account there.
    private static final HttpString[] PASSED_ON = {
        Headers.CONTENT_TYPE,
        Headers.CACHE_CONTROL,
        new HttpString("openai-processing-ms"),
        new HttpString("openai-version")
    };

    @Override
    public Step run(Exchange exchange) {
        HttpServerExchange http = exchange.http();
        if (http.isResponseStarted()) {
            return Step.PROCEED; // a bug struck in the middle of the answer
        }
        HeaderMap headers = http.getResponseHeaders();
        headers.put(REQUEST_ID, exchange.requestId());
        headers.put(WRIT_REQUEST_ID, exchange.requestId());
        headers.put(POLICY, exchange.policy().headerValue());
        Decision decision = exchange.decisionOrNull();
        if (decision != null) {
            Policy.Arm arm = decision.arm();
            headers.put(
                    ROUTE, arm == null ? decision.route().name() : exchange.policy().armLabel(arm));
        }
        Reply reply = exchange.reply();
        if (reply != null) {
            return switch (reply) {
                case Reply.Nothing _ -> {
                    http.setPersistent(false);
                    http.endExchange();
                    yield Step.PROCEED;
                }
                case Reply.Refusal(Fault fault) -> refuse(exchange, fault);
                case Reply.Json(ByteBuffer body) -> send(exchange, body);
            };
        }
        Policy.Model model = exchange.answeredByOrNull();
        if (model != null) {
            headers.put(MODEL, model.name());
        }
        Completion completion = exchange.completion();
        passOn(completion.head(), http);
        return switch (completion) {
            case Completion.Whole whole -> whole(exchange, whole);
            case Completion.Streamed streamed -> stream(exchange, streamed);
        };
    }

    private static void passOn(UpstreamHead head, HttpServerExchange http) {
        http.setStatusCode(head.status());
        for (HttpString name : PASSED_ON) {
            String value = head.headers().getFirst(name);
            if (value != null) {
                http.getResponseHeaders().put(name, value);
            }
        }
    }

    private static Step refuse(Exchange exchange, Fault fault) {
        Fault.Terms terms = fault.terms();
        ErrorAnswers.head(exchange.http(), terms);
        return send(exchange, ByteBuffer.wrap(ErrorAnswers.json(terms)));
    }

    private static Step send(Exchange exchange, ByteBuffer json) {
        exchange.http().getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        return write(exchange, json);
    }

    private static Step whole(Exchange exchange, Completion.Whole whole) {
        Policy.Model model = exchange.answeredByOrNull();
        if (whole.head().status() < 300) {
            exchange.usage = UsageReader.read(whole.body());
            if (exchange.usage != null && model != null && model.price() != null) {
                exchange.http()
                        .getResponseHeaders()
                        .put(COST, Cost.dollars(Cost.nanos(model.price(), exchange.usage)));
            }
        }
        return write(exchange, whole.body());
    }

    private static Step write(Exchange exchange, ByteBuffer body) {
        exchange.http().setResponseContentLength(body.remaining());
        exchange.http()
                .getResponseSender()
                .send(
                        body,
                        new IoCallback() {
                            @Override
                            public void onComplete(HttpServerExchange http, Sender sender) {
                                http.endExchange();
                                exchange.resume(Step.PROCEED);
                            }

                            @Override
                            public void onException(
                                    HttpServerExchange http, Sender sender, IOException e) {
                                exchange.outcome = Exchange.Outcome.CLIENT_GONE;
                                http.endExchange();
                                exchange.resume(Step.PROCEED);
                            }
                        });
        return Step.AWAIT;
    }

    private static Step stream(Exchange exchange, Completion.Streamed streamed) {
        StreamWatch watch = streamed.watch();
        Consumer<StreamOutcome> whenEnded =
                outcome -> {
                    exchange.usage = watch.usage();
                    ended(exchange, outcome, watch);
                    exchange.resume(Step.PROCEED);
                };
        AnswerWatch rules = watch.rules();
        if (rules != null) {
            watch.passOn(
                    () -> {
                        streamed.call().cancel();
                        return exchange.deny(rules).terms();
                    });
        }
        if (streamed.held() == null) {
            StreamPump.start(streamed.call(), exchange.http(), watch, whenEnded);
        } else {
            StreamPump.start(streamed.held(), exchange.http(), whenEnded);
        }
        return Step.AWAIT;
    }

    private static void ended(Exchange exchange, StreamOutcome outcome, StreamWatch watch) {
        Attempts attempts = Objects.requireNonNull(exchange.attemptsOrNull());
        Objects.requireNonNull(exchange.answer()).answered();
        AnswerWatch rules = watch.rules();
        if (rules != null && !watch.denied()) {
            rules.settle(exchange.decision());
        }
        switch (outcome) {
            case StreamOutcome.Completed _, StreamOutcome.Cut _ when watch.denied() -> {
                attempts.completed();
                exchange.outcome = Exchange.Outcome.CUT;
            }
            case StreamOutcome.Completed _ -> {
                if (watch.whole()) {
                    attempts.completed();
                } else {
                    attempts.failed(Cause.SERVER_ERROR);
                    exchange.outcome = Exchange.Outcome.BROKEN;
                }
            }
            case StreamOutcome.Broken(long _, var fault) -> {
                attempts.failed(UpstreamAttempts.cause(fault));
                exchange.outcome = Exchange.Outcome.BROKEN;
            }
            case StreamOutcome.ClientGone _, StreamOutcome.ClientStalled _, StreamOutcome.Cut _ -> {
                attempts.abandoned();
                exchange.outcome = Exchange.Outcome.CLIENT_GONE;
            }
        }
    }

    @Override
    public boolean always() {
        return true;
    }
}
