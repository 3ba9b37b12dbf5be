package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.providers.openai.BadRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.server.serving.ProviderVocabulary;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Nothing of a request is left for the engine to take as unknown.
class RequestFactsTest {
    private static final String TEXT =
            """
            policy "all" language 1
            provider here { kind simulated  region eu }
            model near on here "near" { context 128k tokens }
            route chat { rest otherwise -> near }
            team dev {
              user alice
              key shared sha256 "0000000000000000000000000000000000000000000000000000000000000001"
              may use chat
            }
            identity sso { issuer "https://login.example/"  audience "writ"  team dev otherwise }
            rule caller on request
              when team is dev or team.region is eu or key is shared or identity is sso
                or (user present and user is alice) or caller.claim("site") present
              tag "caller"
            rule body on request
              when request.endpoint is chat or request.model is "x" or request.stream
                or request.max_tokens else 0 > 1 or request.temperature else 0 > 1
                or request.top_p else 0 > 1 or request.n else 1 > 1 or request.seed else 0 > 1
                or request.reasoning_effort present or request.service_tier present
                or request.user present or request.messages.count > 1 or request.tools present
                or request.tools.count > 1 or request.images present or request.images.count > 1
                or request.response_format present or request.bytes > 1 bytes
                or request.header("X-Tier") present or request.metadata("Project") present
              tag "body"
            rule prompt on request
              when prompt.tokens > 1 or prompt.text contains "x" tag "prompt"
            calendar sundays { open sunday }
            rule clock on request
              when time.hour > 1 or time.weekday is monday or calendar.sundays
              tag "clock"
            """;

    private static final Instant SUNDAY = Instant.parse("2026-01-04T23:59:59Z");

    private final PolicySnapshot snapshot = snapshot();

    @Test
    void everythingThatARequestHasIsRead() {
        Set<Attribute> all =
                Set.of(Attribute.values()).stream()
                        .filter(attribute -> attribute.from() == Phase.REQUEST)
                        .collect(Collectors.toSet());
        all.removeIf(snapshot::reads);
        assertEquals(Set.of(), all, "attributes that the policy of this test does not read");
    }

    @Test
    void whatABareRequestIsWithoutIsAbsentAndNothingIsUnknown() throws BadRequest {
        Map<String, String> facts =
                filled(
                        Endpoint.CHAT,
                        "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
                        Map.of());
        Set<String> absent = new TreeSet<>();
        facts.forEach(
                (path, value) -> {
                    if (value.equals("no " + path)) {
                        absent.add(path);
                    }
                });
        Set<String> optional = new TreeSet<>();
        for (Attribute attribute : Attribute.values()) {
            if (attribute.from() == Phase.REQUEST
                    && attribute.optional()
                    && attribute.arguments() == 0) {
                optional.add(attribute.path());
            }
        }
        optional.add("request.header(\"x-tier\")");
        optional.add("caller.claim(\"site\")");
        optional.add("request.metadata(\"Project\")");
        assertEquals(optional, absent);
        assertEquals(Set.of(), unknown(facts));
    }

    @Test
    void hoursAndWeekdaysAreThoseOfUtc() throws BadRequest {
        Map<String, String> facts =
                filled(
                        Endpoint.CHAT,
                        "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
                        Map.of());
        assertEquals("sunday", facts.get("time.weekday"));
        assertEquals("23", facts.get("time.hour"));
        assertEquals("yes", facts.get("calendar.sundays"));
    }

    @Test
    void nothingOfAnEmbeddingIsUnknown() throws BadRequest {
        assertEquals(
                Set.of(),
                unknown(
                        filled(
                                Endpoint.EMBEDDINGS,
                                "{\"model\":\"chat\",\"input\":\"hello\"}",
                                Map.of("x-tier", "gold"))));
    }

    private Map<String, String> filled(Endpoint endpoint, String body, Map<String, String> headers)
            throws BadRequest {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Facts facts = snapshot.newFacts();
        RequestFacts.fill(
                facts,
                snapshot,
                snapshot.callers().getFirst(),
                endpoint,
                OpenAiRequest.read(endpoint, bytes, bytes.length),
                headers::get,
                SUNDAY.toEpochMilli());
        Map<String, String> told = new TreeMap<>();
        facts.describe(told::put);
        return told;
    }

    private static Set<String> unknown(Map<String, String> facts) {
        return facts.keySet().stream()
                .filter(path -> facts.getOrDefault(path, "").startsWith("an unknown"))
                .collect(Collectors.toSet());
    }

    private static PolicySnapshot snapshot() {
        SourceTree tree = new SourceTree("all.writ", List.of(new Source("all.writ", TEXT)));
        return switch (Checker.check(tree, ProviderVocabulary.VOCABULARY)) {
            case CheckResult.Usable usable -> PolicySnapshot.compile(usable.policy());
            case CheckResult.Unusable unusable ->
                    throw new AssertionError(unusable.diagnostics().toString());
        };
    }
}
