package dev.writ.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.testing.TestFailure;
import dev.writ.engine.testing.TestRunner;
import dev.writ.server.serving.PromptSize;
import dev.writ.server.serving.ProviderVocabulary;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A running gateway and the runner of tests say the same of the same requests.
final class AgreementTest {
    /// Providers that always fail in one way each, so that the simulated ones behave as a test can
    /// say: `busy answers 503`, `broken answers 500`, `limits answers 429`, `no answers 404`.
    private static final String POLICY =
            """
            policy "agree" language 1
            provider fine   { kind simulated  region eu  reply "Hi." }
            provider leaks  { kind simulated  region eu  reply "The key is AKIA1234, keep it." }
            provider busy   { kind simulated  region us  fail 100% with 503 }
            provider broken { kind simulated  region us  fail 100% with 500 }
            provider limits { kind simulated  region us  fail 100% with 429 }
            provider no     { kind simulated  region us  fail 100% with 404 }
            provider sleepy { kind simulated  region us  latency 20s  reply "Late." }
            model late on sleepy "late" { }
            model trial on busy "trial" { }
            model strict on no "strict" { }
            model good on fine "good" { price $1.00 in, $2.00 out per 1M tokens }
            model other on fine "other" { }
            model leaky on leaks "leaky" { }
            model full on busy "full" { }
            model bad on broken "bad" { }
            model slow on limits "slow" { }
            model none on no "none" { }
            model plain on fine "plain" { can streaming }
            model tiny on fine "tiny" { context 5 tokens }
            pool mixed {
              40% good
              30% other
              30% full
              then bad on overloaded
              canary 50% to trial
              then other on server-error
            }
            pool wrong {
              first slow
              then bad on rate-limited
            }
            pool able {
              first plain
              then good
              canary 50% to strict
            }
            pool quick {
              first late
              then slow on timeout
              then good
              hedge after 50ms up to 100%
            }
            pool small {
              first tiny
              then good
            }
            route chat as "gpt-4o" {
              tools when request.tools present -> none
              long  when prompt.tokens > 40 -> pool wrong
              soon  when request.service_tier present -> pool quick
              json  when request.response_format present -> pool able
              seed  when request.seed present -> pool small
              fits  when request.top_p present -> tiny
              vip   when request.header("x-tier") else "" is "gold" -> good
              leak  when request.user else "" is "leak" -> leaky
              gone  when request.user else "" starts with "old" -> deny 410 "Gone."
              rest  otherwise -> pool mixed
            }
            route closed { any otherwise -> good }
            team dev {
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat when request.temperature else 1 < 2
            }
            rule words on request
              when prompt.text contains any ["secret", "password"] and not request.stream
              deny 451 "No."
            rule keys on stream
              when stream.text matches "AKIA[0-9]{4}"
              deny 452 "A key."
            rule fair on route
              when arm is rest and request.max_tokens else 0 > 4k
              deny 429 "Too much."
            """;

    /// What a request is: facts of a test, and the same in the words of the API.
    ///
    /// @param fact behind `case`
    /// @param json fields of the body
    private record Said(String fact, String json) {}

    @TempDir Path temp;

    private static List<List<Said>> requests() {
        List<List<Said>> requests = new ArrayList<>();
        List<Said> prompts =
                List.of(
                        new Said("prompt \"Hello\"", "\"content\":\"Hello\""),
                        new Said("prompt \"a secret\"", "\"content\":\"a secret\""),
                        new Said(
                                "prompt \"%s\"".formatted("word ".repeat(60)),
                                "\"content\":\"%s\"".formatted("word ".repeat(60))));
        List<Said> fields =
                List.of(
                        new Said("request.n absent", ""),
                        new Said("request.temperature = 2", ",\"temperature\":2"),
                        new Said("request.max_tokens = 5k", ",\"max_tokens\":5000"),
                        new Said("request.user = \"old-1\"", ",\"user\":\"old-1\""),
                        new Said(
                                "request.user = \"leak\", response.text = \"The key is AKIA1234, keep it.\"",
                                ",\"user\":\"leak\""),
                        new Said(
                                "stream, request.user = \"leak\", response.text = \"The key is AKIA1234, keep it.\"",
                                ",\"user\":\"leak\",\"stream\":true"),
                        new Said("stream", ",\"stream\":true"),
                        new Said(
                                "tools [\"f\"]",
                                ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"),
                        new Said(
                                "request.response_format = \"json_object\"",
                                ",\"response_format\":{\"type\":\"json_object\"}"),
                        new Said(
                                "request.response_format = \"text\"",
                                ",\"response_format\":{\"type\":\"text\"}"),
                        new Said("request.service_tier = \"fast\"", ",\"service_tier\":\"fast\""),
                        new Said("request.seed = 7", ",\"seed\":7"),
                        new Said("request.top_p = 1", ",\"top_p\":1"),
                        new Said("request.header(\"x-tier\") = \"gold\"", ""));
        for (Said prompt : prompts) {
            for (Said field : fields) {
                requests.add(List.of(prompt, field));
            }
        }
        return requests;
    }

    @Test
    void gatewayAndTestsSayTheSame() throws Exception {
        List<String> lines = new ArrayList<>();
        // Breakers remember: each request goes to a gateway of its own state, so few of each.
        Map<String, String> came = new LinkedHashMap<>();
        try (TestGateway gateway = TestGateway.start(temp, POLICY)) {
            int number = 0;
            for (List<Said> request : requests()) {
                String id = "request-" + number++;
                HttpResponse<String> answer = send(gateway, request, id);
                String facts =
                        "request-id \"%s\", %s, %s"
                                .formatted(id, request.getFirst().fact(), request.getLast().fact());
                String outcome = outcome(answer);
                came.put(id, outcome);
                lines.add("  step %s => %s".formatted(facts, outcome));
            }
        }
        String test =
                """
                test "as the gateway" for team dev, route chat {
                  given provider busy answers 503, provider broken answers 500,
                    provider limits answers 429, provider no answers 404, provider sleepy slow 20s
                %s
                }
                """
                        .formatted(String.join("\n", lines));
        assertEquals(List.of(), failures(POLICY + test), () -> came.toString());
        // The requests must try more than one thing.
        assertEquals(true, came.values().stream().distinct().count() > 6, came.toString());
    }

    private static HttpResponse<String> send(TestGateway gateway, List<Said> request, String id)
            throws Exception {
        String body =
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",%s}]%s}"
                        .formatted(request.getFirst().json(), request.getLast().json());
        List<String> headers = new ArrayList<>(List.of("x-request-id", id));
        if (request.getLast().fact().contains("x-tier")) {
            headers.addAll(List.of("x-tier", "gold"));
        }
        return gateway.post("/v1/chat/completions", body, headers.toArray(String[]::new));
    }

    private static String outcome(HttpResponse<String> answer) {
        Map<String, String> writ = TestGateway.writHeaders(answer);
        String route = writ.getOrDefault("x-writ-route", "");
        String model = writ.get("x-writ-model");
        String outcome = String.format(Locale.ROOT, "status %d", answer.statusCode());
        if (route.contains("/")) {
            outcome += ", arm " + route.replace('/', '.');
        }
        return model == null ? outcome : outcome + ", model " + model;
    }

    private static List<String> failures(String text) {
        Source source = new Source("agree.writ", text);
        CheckResult result =
                Checker.check(
                        new SourceTree("agree.writ", List.of(source)),
                        ProviderVocabulary.VOCABULARY);
        if (!(result instanceof CheckResult.Usable usable)) {
            throw new AssertionError(result.diagnostics().stream().map(d -> d.headline()).toList());
        }
        Policy policy = usable.policy();
        PolicySnapshot snapshot = PolicySnapshot.compile(policy);
        TestRunner runner =
                new TestRunner(
                        snapshot,
                        prompt -> PromptSize.of(snapshot, prompt),
                        System::nanoTime,
                        null);
        return policy.tests().stream()
                .flatMap(test -> runner.run(test).failures().stream())
                .map(TestFailure::headline)
                .toList();
    }
}
