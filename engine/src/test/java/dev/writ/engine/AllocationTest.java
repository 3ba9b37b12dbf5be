package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Policy;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Nothing is allocated for a request: not to find its caller, not to fill its facts, not to decide
/// it.
class AllocationTest {
    private static final int REQUESTS = 2_000;
    private static final int ROUNDS_MAX = 200;

    private static final String TEXT =
            """
            policy "all" language 1
            provider here { kind simulated  region eu }
            model near on here "near" { context 128k tokens  price $1.00 in, $2.00 out per 1M tokens }
            model far on here "far" { context 128k tokens }
            pool both { 70% near  30% far }
            route chat as "gpt" {
              big   when prompt.tokens > 100k tokens -> route slow
              tools when request.tools present and request.tools.count > 3 -> far
              night when time.hour in 0..5 or time.weekday in [saturday, sunday] -> pool both
              rest  otherwise -> near
            }
            route slow {
              gold when request.header("x-tier") else "" is "gold" -> near
              none otherwise -> deny 413 "Too long."
            }
            team dev {
              user alice
              key laptop sha256 "0000000000000000000000000000000000000000000000000000000000000001" for alice
              key shared sha256 "0000000000000000000000000000000000000000000000000000000000000002"
              may use chat when not request.stream or prompt.tokens < 150k tokens
              may use slow
            }
            team ops {
              key pager sha256 "0000000000000000000000000000000000000000000000000000000000000003"
              may use chat, slow
              stay in eu
            }
            rule secrets on request
              when prompt.text contains any ["password", "api key", "secret"] { tag "secret" audit full }
            rule begins on request
              when request.model starts with "gpt" or prompt.text ends with "please" tag "gpt"
            rule listed on request
              when request.metadata("project") else "" in ["apollo", "gemini"] tag "space"
            rule dev-only on request
              when team is dev and user present and user is alice and key is laptop deny 429 "Later."
            rule most on request
              when request.max_tokens else 0 > 4k set request.max_tokens = 4k
            rule tier on request
              when request.service_tier absent set request.service_tier = "flex"
            rule kept on request
              require request.metadata("project") present else deny 400 "No project."
            rule sums on request
              when prompt.tokens * 9_000_000_000_000_000_000 + (request.max_tokens else 0) * 50% > 1M tag "much"
            rule warm on request
              when request.temperature else 1.0 > 1.5 and request.top_p else 1.0 > 0.9 tag "warm"
            rule left on route
              when arm is big or route is slow { tag "slow" set request.seed = 7 }
            rule dear on response
              when response.cost else $0 > $0.01 or response.latency > 10s tag "dear"
            rule failed on response
              when provider present and provider is here and response.status >= 500 audit 10%
            """;

    private final PolicySnapshot snapshot = PolicySnapshot.compile(WrittenPolicy.of(TEXT));
    private final Facts facts = snapshot.newFacts();
    private final Decision decision = new Decision();
    private final List<Policy.Route> routes = snapshot.policy().routes();
    private final byte[][] digests = {digest(1), digest(2), digest(3), digest(4)};
    private final String[] prompts = {
        "My password is a secret, please", "Tell me more. ".repeat(1_000), ""
    };
    private final String[] words = {"gold", "apollo", "gpt-4", "chat", "monday", "here", "none"};
    private int denied;
    private int fired;

    /// All rounds are alike, so what a request allocates would show in every one of them. Only the
    /// JVM itself allocates in the first ones: it loads classes, links call sites, compiles.
    @Test
    void noRequestAllocates() {
        long allocated = allocatedByRequests();
        for (int round = 1; round < ROUNDS_MAX && allocated > 0; round++) {
            allocated = allocatedByRequests();
        }
        assertEquals(0, allocated, () -> "bytes allocated by %d requests".formatted(REQUESTS));
        assertTrue(denied > REQUESTS / 4 && denied < REQUESTS * 7 / 8, "some are denied");
        assertTrue(fired > REQUESTS, "rules fire");
    }

    private long allocatedByRequests() {
        ThreadMXBean threads =
                Objects.requireNonNull(ManagementFactory.getPlatformMXBean(ThreadMXBean.class));
        long before = threads.getCurrentThreadAllocatedBytes();
        handleRequests();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void handleRequests() {
        denied = 0;
        fired = 0;
        for (int request = 0; request < REQUESTS; request++) {
            Caller caller = snapshot.identify(digests[request % 4]);
            if (caller == null) {
                caller = Objects.requireNonNull(snapshot.identify(digests[0]));
            }
            Policy.Route route = routes.get(request / 4 % 2);
            facts.reset(caller);
            fillRequest(request);
            snapshot.decideRequest(caller, route, facts, decision);
            snapshot.decideRoute(caller, route, facts, decision);
            fillResponse(request);
            snapshot.decideResponse(caller, facts, decision);
            denied += decision.denied() ? 1 : 0;
            fired += decision.firedCount();
            facts.forget();
        }
    }

    private void fillRequest(int n) {
        facts.putLabel(Attribute.REQUEST_ENDPOINT, words[n % words.length]);
        facts.putText(Attribute.REQUEST_MODEL, words[n % 3]);
        facts.putFlag(Attribute.REQUEST_STREAM, n % 5 < 2);
        facts.putNumber(Attribute.PROMPT_TOKENS, n * 91L % 200_000);
        facts.putText(Attribute.PROMPT_TEXT, prompts[n % prompts.length]);
        facts.putNumber(Attribute.TIME_HOUR, n % 24 * 1_000_000L);
        facts.putLabel(Attribute.TIME_WEEKDAY, n % 8);
        facts.putNumber(Attribute.REQUEST_TOOLS_COUNT, n % 7 * 1_000_000L);
        if (n % 3 == 0) {
            facts.putCollection(Attribute.REQUEST_TOOLS);
            facts.putNumber(Attribute.REQUEST_MAX_TOKENS, n * 17L);
            facts.putNumber(Attribute.REQUEST_TEMPERATURE, n * 1_000L);
            facts.putUnknown(Attribute.REQUEST_TOP_P);
        } else {
            facts.putAbsent(Attribute.REQUEST_TOOLS);
        }
        List<Fact> named = snapshot.facts();
        for (int i = 0; i < named.size(); i++) {
            Fact fact = named.get(i);
            if (fact.attribute().arguments() > 0) {
                if (n % 11 == 0) {
                    facts.putUnknown(fact);
                } else if (n % 4 > 0) {
                    facts.putText(fact, words[n % 3]);
                } else {
                    facts.putAbsent(fact);
                }
            }
        }
    }

    private void fillResponse(int n) {
        facts.putLabel(Attribute.PROVIDER, words[5 + n % 2]);
        facts.putNumber(Attribute.RESPONSE_STATUS, (n % 4 == 0 ? 503 : 200) * 1_000_000L);
        facts.putNumber(Attribute.RESPONSE_LATENCY, n * 10_000_000L);
        facts.putNumber(Attribute.RESPONSE_COST, n * 10_000L);
    }

    private static byte[] digest(int last) {
        byte[] digest = new byte[32];
        digest[31] = (byte) last;
        return digest;
    }
}
