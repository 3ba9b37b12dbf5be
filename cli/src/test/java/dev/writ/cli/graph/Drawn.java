package dev.writ.cli.graph;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.server.serving.ProviderVocabulary;
import java.util.List;
import java.util.SplittableRandom;

/// Policies to draw.
final class Drawn {
    /// One of everything that is drawn.
    static final String EVERYTHING =
            """
            policy "all & \\"everything\\"" language 1
            provider paris { kind simulated region eu }
            secret K from env
            provider ohio  { kind openai region us key K timeout 30s }
            provider attic { kind simulated }
            model gpt   on ohio  "gpt-4.1"  { context 1M tokens price $2.00 in, $8.00 out per 1M tokens }
            model large on paris "large"    { price $0.075 in, $1 out per 1M tokens }
            model small on paris "small"    {}
            model `end` on attic "the <end>" {}
            pool shares  { 62.5% gpt 37.5% large then small on timeout, overloaded then `end` on unauthorized }
            pool ordered { first gpt then large retry 2 within 1500ms }
            pool quick   { choose fastest of large, small }
            route chat as "gpt-4o", "o3" {
              eu-bound when team.region is eu // they stay
                and prompt.tokens > 1k -> large
              eu-rest  when team.region is eu -> pool quick
              trial    when request.header("x-a") else "a  b" is "a  b" -> route trial
              night    when time.hour < 6 -> deny 503 "Come back."
              rest     otherwise -> pool shares
            }
            route trial { only otherwise -> pool ordered }
            route spare { only otherwise -> `end` }
            team clinic {
              user ada, grace
              key k sha256 "fd32c162b5c89ca6d021a555f0355cc2f4dd958353f195e1f023744ebd15a015"
              may use chat
              stay in eu
            }
            team lab {
              key k sha256 "742074a899a76483363b5c61dcf52c7163b3491c4c05573c509fca3470ee83b8"
              may use chat, trial
              may use spare when time.hour in 18..24
            }
            identity sso { issuer "https://login.example/" audience "writ" team lab otherwise }
            """;

    private Drawn() {}

    static Policy policy(String text) {
        SourceTree tree = new SourceTree("p.writ", List.of(new Source("p.writ", text)));
        return switch (Checker.check(tree, ProviderVocabulary.VOCABULARY)) {
            case CheckResult.Usable usable -> usable.policy();
            case CheckResult.Unusable unusable ->
                    throw new AssertionError(unusable.diagnostics().toString());
        };
    }

    /// Returns a policy whose parts are joined at random.
    static String random(long seed, int providers, int models, int pools, int routes) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder("policy \"random\" language 1\n");
        for (int i = 0; i < providers; i++) {
            text.append("provider p%d { kind simulated region r%d }\n".formatted(i, i % 3));
        }
        for (int i = 0; i < models; i++) {
            text.append(
                    "model m%d on p%d \"model-%d\" { context %dk tokens }\n"
                            .formatted(i, random.nextInt(providers), i, 1 + random.nextInt(999)));
        }
        for (int i = 0; i < pools; i++) {
            int first = random.nextInt(models);
            text.append(
                    "pool l%d { 70%% m%d 30%% m%d then m%d on timeout, server-error }\n"
                            .formatted(i, first, (first + 1) % models, (first + 2) % models));
        }
        for (int i = 0; i < routes; i++) {
            text.append("route t%d {\n".formatted(i));
            int arms = 1 + random.nextInt(6);
            for (int arm = 0; arm < arms; arm++) {
                String to =
                        switch (random.nextInt(3)) {
                            case 0 -> "m" + random.nextInt(models);
                            case 1 -> i + 1 < routes ? "route t" + (i + 1) : "m0";
                            default -> "pool l" + random.nextInt(pools);
                        };
                text.append(
                        "  a%d when prompt.tokens > %d and request.tools.count < %d -> %s\n"
                                .formatted(arm, 10_000 - arm, random.nextInt(1, 90), to));
            }
            text.append("  rest otherwise -> pool l%d\n}\n".formatted(i % pools));
        }
        text.append("team t { key k sha256 \"").append("0a".repeat(32)).append("\"\n  may use t0");
        for (int i = 1; i < routes; i++) {
            text.append(", t").append(i);
        }
        return text.append("\n}\n").toString();
    }
}
